// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The ends of a port's life: gone, back, detached, and the directory with the last; attach.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plane/attach.h"
#include "plane/clock.h"
#include "plane/hook.h"
#include "plane/peers.h"
#include "plane/shared.h"

/*
 * The programs keep what they know of a packet in memory of the CPU (bpf/lib/packet.h).
 * On PREEMPT_RT softirqs are threads, and one may run while another waits there.
 */
static int preemption_check(struct pn_err *err)
{
	FILE *f = fopen("/sys/kernel/realtime", "re");
	bool realtime = f && fgetc(f) == '1';

	if (f)
		fclose(f);
	if (!realtime)
		return 0;
	pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, "kernel",
		   "it is a PREEMPT_RT one, where programs on one CPU could mix up their packets");
	pn_err_hint(err, "boot a kernel without PREEMPT_RT");
	return -EOPNOTSUPP;
}

int pn_plane_open(struct pn_plane *plane, const char *dir, const struct pn_sizes *sizes,
		  struct pn_err *err)
{
	int ret = preemption_check(err);

	if (!ret)
		ret = pn_pins_create(&plane->pins, dir, sizes, err);
	if (ret)
		return ret;
	ret = pn_maps_open(&plane->maps, &plane->pins, err);
	if (ret) {
		pn_pins_close(&plane->pins);
		return ret;
	}
	ret = pn_clock_start(&plane->pins, &plane->maps, err);
	if (ret)
		pn_plane_close(plane);
	return ret;
}

void pn_plane_close(struct pn_plane *plane)
{
	pn_maps_close(&plane->maps);
	pn_pins_close(&plane->pins);
}

static void pin_remove(const struct pn_pins *pins, uint32_t ifindex, const char *what)
{
	char name[PN_PINS_PATH];

	pn_record_name(ifindex, what, name);
	pn_pins_remove(pins, name);
}

static void filter_of(const struct pn_record *r, struct pn_hook_at *at)
{
	*at = (struct pn_hook_at){ .hook = r->hook, .mode = r->mode, .tcx = r->tcx, .link_fd = -1,
				   .tc_handle = r->tc_handle, .tc_prio = r->tc_prio };
}

static bool has_filter(const struct pn_record *r)
{
	return r->hook == PN_HOOK_TC && !r->tcx && r->tc_handle;
}

/* What no pin holds: a clsact filter, a place in a dispatcher. Only if it is still ours. */
static void unpinned_remove(const struct pn_record *r)
{
	struct pn_hook_at at;

	filter_of(r, &at);
	if (has_filter(r) && pn_hook_filter_prog(&at, r->ifindex) == r->prog_id)
		pn_hook_detach(&at, r->ifindex);
	if (r->dispatched && r->prog_id)
		pn_shared_detach(r->ifindex, r->prog_id);
}

int pn_port_detach(struct pn_pins *pins, uint32_t ifindex, struct pn_err *err)
{
	static const char *const pinned[] = { "link", "prog", "stats", PN_RECORD_OFFLOAD,
					      "info", "link_new", "prog_new", "stats_new",
					      PN_RECORD_OFFLOAD "_new" };
	struct pn_record r;
	char name[PN_PINS_PATH];
	uint16_t peers = 0;
	unsigned int i;
	int ret;

	if (!pn_record_read(pins, ifindex, &r)) {
		if (r.prog_id)
			unpinned_remove(&r);
		peers = r.conf.port;
	}
	for (i = 0; i < sizeof(pinned) / sizeof(pinned[0]); i++)
		pin_remove(pins, ifindex, pinned[i]);
	pn_peers_forget(pins, peers);
	pn_record_name(ifindex, NULL, name);
	ret = pn_pins_rmdir(pins, name);
	if (!ret || ret == -ENOENT)
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, name, "cannot be removed from %s: %s",
			  pins->dir, strerror(-ret));
}

bool pn_port_alive(const struct pn_pins *pins, const struct pn_record *r)
{
	uint32_t ifindex = 0, prog = 0;
	char name[PN_PINS_PATH];
	struct pn_hook_at at;
	int fd;

	if (r->dispatched)
		return pn_shared_attached(r->ifindex, r->prog_id);
	filter_of(r, &at);
	if (has_filter(r))
		return pn_hook_filter_prog(&at, r->ifindex) == r->prog_id;
	pn_record_name(r->ifindex, "link", name);
	fd = pn_pins_get(pins, name);
	if (fd < 0)
		return false;
	if (pn_hook_link_info(fd, &ifindex, &prog))
		ifindex = 0;
	close(fd);
	return ifindex == r->ifindex;
}

int pn_port_wait(struct pn_pins *pins, struct pn_record *r)
{
	pin_remove(pins, r->ifindex, "link");
	pin_remove(pins, r->ifindex, "prog");
	pin_remove(pins, r->ifindex, PN_RECORD_OFFLOAD);
	pn_peers_forget(pins, r->conf.port);
	r->conf.port = 0;	/* soon the number of another device */
	r->state = PN_PORT_WAITING;
	r->prog_id = r->tc_handle = r->tc_prio = 0;
	r->placed = 0;
	snprintf(r->text, sizeof(r->text), "the device is gone");
	snprintf(r->hint, sizeof(r->hint), "it is attached again when it returns; "
		 "penstock detach %.15s to forget it", r->dev);
	return pn_record_write(pins, r);
}

int pn_port_return(struct pn_pins *pins, struct pn_record *r, uint32_t ifindex)
{
	char from[PN_PINS_PATH], to[PN_PINS_PATH];
	int ret;

	if (ifindex == r->ifindex)
		return 0;
	pn_record_name(r->ifindex, NULL, from);
	pn_record_name(ifindex, NULL, to);
	ret = pn_pins_rename(pins, from, to);
	if (!ret)
		r->ifindex = ifindex;
	return ret;
}

void pn_plane_poke(const struct pn_pins *pins)
{
	pn_pins_mkdir(pins, "ports/poke");
	pn_pins_rmdir(pins, "ports/poke");
}

void pn_plane_tidy(struct pn_pins *pins)
{
	static const char *names[PN_MAPS + 2];
	int i;

	for (i = 0; i < PN_MAPS; i++)
		names[i] = pn_map_names[i];
	names[PN_MAPS] = PN_CLOCK_MAP;
	pn_pins_destroy(pins, names);
}
