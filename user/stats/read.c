// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From the per-CPU maps to sums; see view.h and stats.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stats/peers.h"
#include "stats/shapers.h"
#include "stats/view.h"
#include "util/names.h"

/* Room for one value of each CPU, as the kernel lays them out. */
struct copies {
	unsigned int cpus;
	size_t stride;
	void *mem;
};

static int copies_init(struct copies *c, size_t size)
{
	int cpus = libbpf_num_possible_cpus();

	if (cpus < 0)
		return cpus;
	c->cpus = cpus;
	c->stride = (size + 7) & ~(size_t)7;
	c->mem = calloc(cpus, c->stride);
	return c->mem ? 0 : -ENOMEM;
}

static void name_copy(const struct pn_view *v, uint32_t ifindex, const char *fallback,
		      char name[IFNAMSIZ])
{
	const char *now = pn_links_name(&v->links, ifindex);

	snprintf(name, IFNAMSIZ, "%s", now ? now : fallback);
}

static void gates_copy(const struct pn_view *v, const struct pn_record *r,
		       struct pn_stats_port *port)
{
	const struct pn_port *entry = pn_view_port(v, r->ifindex, &port->index);

	if (!entry)
		return;
	memcpy(port->gate, entry->gate, sizeof(port->gate));
	port->ignored = entry->ignored;
}

static int port_read(const struct pn_view *v, const struct pn_record *r,
		     const struct copies *c, struct pn_stats_port *port)
{
	char pin[PN_PINS_PATH];
	uint32_t zero = 0;
	int fd, ret;

	pn_record_name(r->ifindex, "stats", pin);
	fd = pn_pins_get(&v->pins, pin);
	if (fd < 0)
		return fd;
	ret = bpf_map_lookup_elem(fd, &zero, c->mem) ? -errno : 0;
	close(fd);
	if (ret)
		return ret;
	memset(port, 0, sizeof(*port));
	port->ifindex = r->ifindex;
	port->hook = pn_hook_words[r->hook];
	name_copy(v, r->ifindex, r->dev, port->device);
	gates_copy(v, r, port);
	pn_stats_add_port(port, c->mem, c->cpus, c->stride);
	return 0;
}

/* A port without counters was never attached, or is just being detached. */
static int ports_read(const struct pn_view *v, struct pn_stats *stats)
{
	struct copies c = { 0 };
	unsigned int i;
	int ret = copies_init(&c, sizeof(struct pn_port_stats));

	if (!ret) {
		stats->port = calloc(v->n_records + 1, sizeof(*stats->port));
		ret = stats->port ? 0 : -ENOMEM;
	}
	for (i = 0; !ret && i < v->n_records; i++) {
		ret = port_read(v, &v->record[i], &c, &stats->port[stats->n_ports]);
		if (!ret)
			stats->n_ports++;
		else if (ret == -ENOENT)
			ret = 0;
	}
	free(c.mem);
	return ret;
}

/* As the kernel has it now; a device that is gone is what it was to the mirror. */
static void tunnel_describe(const struct pn_view *v, const struct pn_tunnel *tunnel,
			    struct pn_stats_tunnel *t)
{
	const struct pn_link_info *link = pn_links_find(&v->links, tunnel->ifindex);
	const char *kind = tunnel->kind < PN_TUNNEL_KINDS ? pn_tunnel_kinds[tunnel->kind] :
							    pn_tunnel_kinds[PN_TUNNEL_NONE];
	bool udp = tunnel->kind == PN_TUNNEL_VXLAN || tunnel->kind == PN_TUNNEL_GENEVE;

	t->ifindex = tunnel->ifindex;
	t->id = tunnel->id;
	t->dport = tunnel->dport;
	t->has_vni = udp && !(link && link->tunnel.known && !link->tunnel.has_vni);
	t->has_key = !udp && (link ? link->tunnel.has_key : tunnel->id != 0);
	snprintf(t->kind, sizeof(t->kind), "%s", link ? link->kind : kind);
	name_copy(v, tunnel->ifindex, "?", t->device);
}

static int tunnel_read(const struct pn_view *v, uint32_t index, const struct copies *c,
		       struct pn_stats_tunnel *t)
{
	if (bpf_map_lookup_elem(v->maps.fd[PN_MAP_TUN_STATS], &index, c->mem))
		return -errno;
	memset(t, 0, sizeof(*t));
	t->index = index;
	tunnel_describe(v, &v->maps.tunnels[index], t);
	pn_stats_add_verdicts(t->verdict, &t->received, c->mem, c->cpus, c->stride);
	return 0;
}

static int tunnels_read(const struct pn_view *v, struct pn_stats *stats)
{
	struct copies c = { 0 };
	uint32_t i;
	int ret = copies_init(&c, sizeof(struct pn_tunnel_stats));

	if (!ret) {
		stats->tunnel = calloc(v->tunnels.n + 1, sizeof(*stats->tunnel));
		ret = stats->tunnel ? 0 : -ENOMEM;
	}
	for (i = 1; !ret && i < v->maps.abi.tunnels && stats->n_tunnels < v->tunnels.n; i++) {
		if (!v->maps.tunnels[i].ifindex)
			continue;
		ret = tunnel_read(v, i, &c, &stats->tunnel[stats->n_tunnels]);
		stats->n_tunnels += !ret;
	}
	free(c.mem);
	return ret;
}

static int peer_read(const struct pn_view *v, const struct pn_peer_name *name,
		     const struct copies *c, struct pn_stats_peer *p)
{
	uint32_t number = name->number;

	memset(p, 0, sizeof(*p));
	p->number = number;
	p->addr = name->addr;
	if (number >= v->maps.abi.peers)	/* there are more of them than counters */
		return 0;
	if (bpf_map_lookup_elem(v->maps.fd[PN_MAP_PEER_STATS], &number, c->mem))
		return -errno;
	pn_stats_add_verdicts(p->verdict, &p->received, c->mem, c->cpus, c->stride);
	return 0;
}

static int peers_read(const struct pn_view *v, struct pn_stats *stats)
{
	struct pn_peer_names names;
	struct copies c = { 0 };
	unsigned int i;
	int ret = pn_peer_names_read(&names, &v->maps);

	if (ret)
		return ret;
	ret = copies_init(&c, sizeof(struct pn_tunnel_stats));
	if (!ret) {
		stats->peer = calloc(names.n + 1, sizeof(*stats->peer));
		ret = stats->peer ? 0 : -ENOMEM;
	}
	for (i = 0; !ret && i < names.n; i++) {
		ret = peer_read(v, &names.by_addr[i], &c, &stats->peer[i]);
		stats->n_peers += !ret;
	}
	pn_peer_names_free(&names);
	free(c.mem);
	return ret;
}

static uint64_t slots_count(const struct pn_bucket *bucket, uint32_t buckets)
{
	uint64_t used = 0;
	uint32_t b, s;

	for (b = 0; b < buckets; b++)
		for (s = 0; s < PN_BUCKET_SLOTS; s++)
			used += bucket[b].slot[s].key != 0;
	return used;
}

static uint64_t endpoints_count(const struct pn_endpoint_bucket *bucket, uint32_t buckets)
{
	uint64_t used = 0;
	uint32_t b, s;

	for (b = 0; b < buckets; b++)
		for (s = 0; s < PN_BUCKET_SLOTS; s++)
			used += bucket[b].slot[s].gen != 0;
	return used;
}

static void tables_count(const struct pn_maps *m, struct pn_stats_map *map)
{
	map[0] = (struct pn_stats_map){
		"fdb", slots_count(m->fdb, m->abi.fdb_buckets),
		(uint64_t)m->abi.fdb_buckets * PN_BUCKET_SLOTS };
	map[1] = (struct pn_stats_map){
		"demux", slots_count(m->demux, m->abi.demux_buckets),
		(uint64_t)m->abi.demux_buckets * PN_BUCKET_SLOTS };
	map[2] = (struct pn_stats_map){
		"endpoints", endpoints_count(m->endpoints, m->abi.endpoint_buckets),
		(uint64_t)m->abi.endpoint_buckets * PN_BUCKET_SLOTS };
}

int pn_view_stats(const struct pn_view *v, struct pn_stats *stats, struct pn_err *err)
{
	int ret;

	memset(stats, 0, sizeof(*stats));
	if (!v->pinned)
		return 0;
	stats->pinned = true;
	stats->followed = v->followed;
	ret = ports_read(v, stats);
	if (!ret)
		ret = tunnels_read(v, stats);
	if (!ret)
		ret = peers_read(v, stats);
	if (!ret)
		ret = pn_stats_shapers(v, stats);
	if (ret) {
		pn_stats_fini(stats);
		return pn_err_set(err, PN_EXIT_KERNEL, -ret, v->pins.dir,
				  "the counters cannot be read: %s", strerror(-ret));
	}
	tables_count(&v->maps, stats->map);
	return 0;
}
