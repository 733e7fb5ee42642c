// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A mirror over the maps of a data plane under test; see follow.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "follow.h"
#include "tap.h"

static int devmap_set(void *ctx, __u16 port, __u32 ifindex)
{
	struct fast *fast = ctx;
	__u32 key = port;

	if (fast->devmap_fd < 0)
		return 0;
	if (!ifindex)
		return bpf_map_delete_elem(fast->devmap_fd, &key);
	return bpf_map_update_elem(fast->devmap_fd, &key, &ifindex, 0);
}

static __u32 target(void *ctx, __u32 ifindex, const char *kind)
{
	if (strcmp(kind, "veth"))
		return 0;
	return PN_PORT_XDP_TARGET | PN_PORT_TC_TARGET | PN_PORT_SETS_PROTO;
}

static struct pn_mirror_maps maps_of(struct fast *fast)
{
	return (struct pn_mirror_maps){
		.ports = fast->ports,
		.tunnels = fast->tunnels,
		.fdb = fast->fdb.buckets,
		.demux = fast->demux.buckets,
		.endpoints = fast->pairs.buckets,
		.control = fast->control,
		.seed = fast->fdb.seed,
		.tunnels_max = PN_TUNNEL_MAX_DEFAULT,
		.fdb_mask = fast->fdb.mask,
		.demux_mask = fast->demux.mask,
		.endpoint_mask = fast->pairs.mask,
		.devmap_set = devmap_set,
		.ctx = fast,
	};
}

static int mirror_make(struct follow *f, const char *dev, uint32_t ignore)
{
	struct pn_mirror_maps maps = maps_of(f->fast);
	struct pn_mirror_opts opts = { .target = target };
	struct pn_mirror_port port = { .ignore = ignore, .xdp = f->fast->opts.hook == FAST_XDP };
	struct pn_err err = {};
	__u16 index;
	int ret;

	f->m = pn_mirror_open(&maps, &opts, &err);
	if (!f->m)
		return -errno;
	port.ifindex = if_nametoindex(dev);
	index = pn_mirror_port_index(f->m, port.ifindex);
	if (index != (f->fast->opts.port ? f->fast->opts.port : W_WIRE)) {
		tap_diag("%s is port %u, the program was made for another", dev, index);
		return -EINVAL;
	}
	ret = pn_mirror_set_ports(f->m, &port, 1, &err);
	ret = ret ? ret : pn_mirror_sync(f->m, &err);
	if (ret)
		tap_diag("mirror: %s: %s", err.object, err.text);
	return ret;
}

int follow_open(struct follow *f, struct fast *fast, const struct netns *ns, const char *dev,
		uint32_t ignore)
{
	static const struct world empty;
	int ret = netns_enter(ns);

	f->m = NULL;
	f->fast = fast;
	f->ns = ns;
	if (ret)
		return ret;
	memset(fast->ports, 0, sizeof(*fast->ports) * PN_MAX_PORTS);
	memset(fast->tunnels, 0, sizeof(*fast->tunnels) * PN_TUNNEL_MAX_DEFAULT);
	fast_world(fast, &empty);
	ret = mirror_make(f, dev, ignore);
	netns_leave();
	return ret ? ret : fast_attach(fast, ns, dev);
}

void follow_close(struct follow *f)
{
	fast_detach(f->fast);
	if (f->m)
		pn_mirror_close(f->m);
	f->m = NULL;
}

int follow_sync(struct follow *f)
{
	struct pn_err err = {};
	int ret = netns_enter(f->ns);

	if (ret)
		return ret;
	ret = pn_mirror_sync(f->m, &err);
	netns_leave();
	if (ret)
		tap_diag("mirror: %s: %s", err.object, err.text);
	return ret;
}
