// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Ports of the pins and the mirror together; see follow.h. */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/follow.h"
#include "cmd/shaping.h"
#include "cmd/shaping_ports.h"
#include "cmd/targets.h"
#include "mirror/model.h"
#include "plane/choice.h"
#include "plane/device.h"
#include "plane/shapers.h"
#include "util/log.h"

static int devmap_set(void *ctx, __u16 port, __u32 ifindex)
{
	struct pn_follow *f = ctx;

	return pn_maps_devmap_set(&f->plane.maps, port, ifindex);
}

static void count_anew(void *ctx, enum pn_counted what, __u32 number)
{
	struct pn_follow *f = ctx;

	pn_maps_count_anew(&f->plane.maps, what == PN_COUNTED_PEER ? PN_MAP_PEER_STATS :
			   PN_MAP_TUN_STATS, number);
}

/* GRO is switched on at a peer only where some port sends by XDP. */
static __u32 target(void *ctx, __u32 ifindex, const char *kind)
{
	struct pn_follow *f = ctx;
	struct pn_target_dev t = { .ifindex = ifindex, .netnsid = -1, .cure = true };
	__u32 flags = pn_targets_tc(ifindex);
	const struct pn_dev *dev;
	const char *why;

	/* Asked while the mirror opens: it is asked again when that is done. */
	if (!f->mirror || !f->xdp)
		return flags;
	dev = pn_model_dev(pn_mirror_model(f->mirror), ifindex);
	if (!dev)
		return flags;
	t.link = dev->link;
	t.netnsid = dev->netnsid;
	if (pn_targets_xdp(&t, &why))
		return flags | PN_PORT_XDP_TARGET;
	pn_log(PN_LOG_DEBUG, "%s: %s", dev->name, why);
	return flags;
}

static void link_changed(void *ctx, __u32 ifindex, const char *name, bool gone)
{
	struct pn_follow *f = ctx;
	unsigned int k;
	int i;

	for (i = 0; i < f->n_records; i++)
		if (f->record[i].ifindex == ifindex || !strcmp(f->record[i].dev, name))
			f->dirty = true;
	f->dirty = f->dirty || f->n_ifbs == PN_FOLLOW_IFBS;
	for (k = 0; k < f->n_ifbs; k++)
		if (!strcmp(f->ifb[k], name))
			f->dirty = true;
}

static void maps_of(struct pn_follow *f, struct pn_mirror_maps *out)
{
	const struct pn_maps *m = &f->plane.maps;

	*out = (struct pn_mirror_maps){
		.ports = m->ports,
		.tunnels = m->tunnels,
		.fdb = m->fdb,
		.demux = m->demux,
		.endpoints = m->endpoints,
		.control = m->control,
		.seed = m->abi.seed,
		.tunnels_max = m->abi.tunnels,
		.fdb_mask = m->abi.fdb_buckets - 1,
		.demux_mask = m->abi.demux_buckets - 1,
		.endpoint_mask = m->abi.endpoint_buckets - 1,
		.devmap_set = devmap_set,
		.count_anew = count_anew,
		.ctx = f,
	};
}

int pn_follow_start(struct pn_follow *f, struct pn_err *err)
{
	struct pn_mirror_opts opts = { .target = target, .link = link_changed, .ctx = f };
	struct pn_mirror_maps maps;
	int ret = pn_pins_follow(&f->plane.pins);

	if (ret) {
		pn_err_set(err, PN_EXIT_KERNEL, -ret, f->plane.pins.dir,
			   "another `penstock run` follows the kernel already");
		pn_err_hint(err, "stop it first (traffic goes on meanwhile), or use attach");
		return ret;
	}
	maps_of(f, &maps);
	f->mirror = pn_mirror_open(&maps, &opts, err);
	return f->mirror ? 0 : -errno;
}

void pn_follow_stop(struct pn_follow *f)
{
	if (f->mirror)
		pn_mirror_close(f->mirror);
	f->mirror = NULL;
	free(f->record);
	f->record = NULL;
	f->n_records = 0;
}

/* A number may have gone to another device; a renamed one keeps its link. */
static bool record_there(const struct pn_follow *f, const struct pn_record *r)
{
	struct pn_device dev;

	if (pn_device_by_index(r->ifindex, &dev))
		return false;
	return !strcmp(dev.name, r->dev) ||
	       (r->state == PN_PORT_ATTACHED && pn_port_alive(&f->plane.pins, r));
}

/* The device of a record, which may have gone, come back, or been renamed. */
static void record_place(struct pn_follow *f, struct pn_record *r)
{
	struct pn_pins *pins = &f->plane.pins;
	struct pn_err ignored = { 0 };
	uint32_t ifindex;

	if (record_there(f, r)) {
		if (r->state == PN_PORT_WAITING)
			r->state = PN_PORT_WANTED;
		return;
	}
	if (r->state != PN_PORT_WAITING) {
		pn_log(PN_LOG_WARN, "%s: the device is gone; waiting for it", r->dev);
		pn_port_wait(pins, r);
	}
	ifindex = if_nametoindex(r->dev);
	if (!ifindex)
		return;
	if (!pn_port_return(pins, r, ifindex))
		r->state = PN_PORT_WANTED;
	else	/* somebody has attached the new device meanwhile */
		pn_shaping_detach(pins, r->ifindex, &ignored);
}

static bool is_wanted(const struct pn_record *r)
{
	return r->state == PN_PORT_WANTED || r->state == PN_PORT_ATTACHED;
}

/* A port that could not be changed is still attached as it was. */
static bool is_present(const struct pn_follow *f, const struct pn_record *r)
{
	return is_wanted(r) || (r->state == PN_PORT_FAILED && r->prog_id &&
				pn_port_alive(&f->plane.pins, r));
}

/* Before a port is attached, where it will probably be. */
static bool record_xdp(const struct pn_record *r)
{
	struct pn_choice choice[PN_CHOICES];
	struct pn_port_conf conf;
	struct pn_device dev;

	if (r->state != PN_PORT_WANTED)
		return r->hook == PN_HOOK_XDP;
	pn_record_conf(r, &conf);
	if (pn_device_by_index(r->ifindex, &dev) || pn_choose(&conf, &dev, choice, NULL) < 1)
		return false;
	return choice[0].hook == PN_HOOK_XDP;
}

/* Our own programs at tc are no gate. */
static int programs_tell(struct pn_follow *f, struct pn_err *err)
{
	__u32 *ids = calloc(f->n_records + 1, sizeof(*ids));
	size_t n = 0;
	int i, ret;

	if (!ids)
		return pn_err_memory(err, NULL);
	for (i = 0; i < f->n_records; i++)
		if (f->record[i].prog_id)
			ids[n++] = f->record[i].prog_id;
	ret = pn_mirror_set_programs(f->mirror, ids, n, err);
	free(ids);
	return ret;
}

static int mirror_tell(struct pn_follow *f, struct pn_err *err)
{
	struct pn_mirror_port *ports = calloc(f->n_records + 1, sizeof(*ports));
	bool xdp = false;
	size_t n = 0;
	int i, ret;

	if (!ports)
		return pn_err_memory(err, NULL);
	for (i = 0; i < f->n_records; i++) {
		const struct pn_record *r = &f->record[i];

		if (!is_present(f, r))
			continue;
		ports[n++] = (struct pn_mirror_port){ .ifindex = r->ifindex, .ignore = r->ignore,
						      .xdp = record_xdp(r), .peers = r->peers,
						      .strict = r->strict,
						      .nesting = r->nesting };
		xdp |= ports[n - 1].xdp;
	}
	/* Whether XDP sends at all decides what targets are asked, and cured. */
	if (xdp != f->xdp)
		pn_mirror_retarget(f->mirror);
	f->xdp = xdp;
	ret = pn_mirror_set_ports(f->mirror, ports, n, err);
	free(ports);
	if (!ret)
		ret = programs_tell(f, err);
	return ret ? ret : pn_mirror_sync(f->mirror, err);
}

static void record_failed(struct pn_follow *f, struct pn_record *r, const struct pn_err *err)
{
	pn_log(PN_LOG_WARN, "%s: %s", r->dev, err->text);
	pn_record_fail(r, err);
	pn_record_write(&f->plane.pins, r);
}

/*
 * True where the port is now attached otherwise than the mirror was told: at
 * another hook, or at tc by a program that it would take for somebody else's.
 */
static bool record_attach(struct pn_follow *f, struct pn_record *r, bool adopt)
{
	bool xdp = record_xdp(r);
	struct pn_record before = *r;
	struct pn_port_conf conf;
	struct pn_err err = { 0 };
	__u16 index = pn_mirror_port_index(f->mirror, r->ifindex);
	int ret;

	if (r->state == PN_PORT_ATTACHED && !adopt && r->conf.port == index &&
	    !pn_shapers_changed(&r->conf, &f->plane.maps) && pn_port_alive(&f->plane.pins, r))
		return false;
	pn_record_conf(r, &conf);
	r->conf.port = index;
	ret = index ? pn_port_attach(&f->plane, &conf, r, &err) :
	      pn_err_set(&err, PN_EXIT_KERNEL, ENOSPC, r->dev,
			 "there is no room for another port (%u)", PN_MAX_PORTS);
	if (ret) {
		if (pn_record_read(&f->plane.pins, before.ifindex, r))
			*r = before;
		record_failed(f, r, &err);
		return true;
	}
	return (r->hook == PN_HOOK_XDP) != xdp ||
	       (!xdp && r->prog_id != before.prog_id);
}

/* Before a program that is to know of it is attached. */
static int shapers_compile(struct pn_follow *f, struct pn_err *err)
{
	struct pn_shape_port *port = calloc(f->n_records + 1, sizeof(*port));
	unsigned int n = 0;
	uint16_t index;
	int i, ret;

	if (!port)
		return pn_err_memory(err, NULL);
	for (i = 0; i < f->n_records; i++) {
		if (!is_present(f, &f->record[i]))
			continue;
		index = pn_mirror_port_index(f->mirror, f->record[i].ifindex);
		if (index)
			pn_shaping_port(&port[n++], &f->record[i], index);
	}
	f->n_ifbs = pn_shape_ifbs(&f->plane.maps, f->ifb, PN_FOLLOW_IFBS);
	ret = pn_shape_compile(&f->plane.maps, port, n, err);
	free(port);
	return ret;
}

int pn_follow_ports(struct pn_follow *f, bool adopt, struct pn_err *err)
{
	bool again = false;
	int i, ret;

	free(f->record);
	f->n_records = 0;
	f->dirty = false;
	ret = pn_record_list(&f->plane.pins, &f->record);
	if (ret < 0)
		return pn_err_set(err, PN_EXIT_KERNEL, -ret, f->plane.pins.dir,
				  "the records of the ports cannot be read: %s", strerror(-ret));
	f->n_records = ret;
	for (i = 0; i < f->n_records; i++)
		record_place(f, &f->record[i]);
	ret = mirror_tell(f, err);
	if (!ret)
		ret = shapers_compile(f, err);
	for (i = 0; i < f->n_records && !ret; i++)
		if (is_wanted(&f->record[i]))
			again |= record_attach(f, &f->record[i], adopt);
	if (!ret)
		ret = pn_shaping_redirect(&f->plane, adopt, err);
	return !ret && again ? mirror_tell(f, err) : ret;
}

void pn_follow_retarget(struct pn_follow *f)
{
	if (f->xdp)
		pn_mirror_retarget(f->mirror);
}
