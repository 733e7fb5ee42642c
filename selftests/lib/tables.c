// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Maps of the data plane by hand; see tables.h. */
#include <bpf/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "pkt.h"
#include "tables.h"
#include "tap.h"

#define BUCKETS_SMALL 64
#define KICKS	      2000 /* moves before a table counts as full */

static uint32_t buckets_for(uint32_t entries)
{
	uint32_t n = BUCKETS_SMALL;

	while (n * PN_BUCKET_SLOTS < entries + entries / 10)
		n *= 2;
	return n;
}

static void map_size(struct bpf_object *obj, const char *name, uint32_t n)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);

	if (!map || bpf_map__set_max_entries(map, n))
		tap_bail("map %s cannot be given %u entries", name, n);
}

void tables_size(struct bpf_object *obj, struct pn_conf *conf, uint32_t macs)
{
	uint32_t fdb = buckets_for(macs);

	conf->seed = 0x70656e73746f636bull;
	conf->fdb_mask = fdb - 1;
	conf->demux_mask = BUCKETS_SMALL - 1;
	conf->endpoint_mask = BUCKETS_SMALL - 1;
	conf->families = PN_FAMILY_ALL;
	conf->nesting = 1;
	map_size(obj, "pn_fdb", fdb);
	map_size(obj, "pn_demux", BUCKETS_SMALL);
	map_size(obj, "pn_endpoints", BUCKETS_SMALL);
}

static void *map_memory(struct bpf_object *obj, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);
	size_t size;
	void *mem;

	if (!map)
		tap_bail("no map %s", name);
	size = ((bpf_map__value_size(map) + 7ul) & ~7ul) * bpf_map__max_entries(map);
	size = (size + 4095) & ~4095ul;
	mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (mem == MAP_FAILED)
		tap_bail("map %s cannot be mapped into memory", name);
	return mem;
}

void tables_open(struct tables *t, struct bpf_object *obj,
		 const struct pn_conf *conf)
{
	struct bpf_map *devmap = bpf_object__find_map_by_name(obj, "pn_devmap");

	t->conf = *conf;
	t->devmap = devmap ? bpf_map__fd(devmap) : -1;
	t->ports = map_memory(obj, "pn_ports");
	t->tunnels = map_memory(obj, "pn_tunnels");
	t->fdb = map_memory(obj, "pn_fdb");
	t->demux = map_memory(obj, "pn_demux");
	t->endpoints = map_memory(obj, "pn_endpoints");
}

static struct pn_slot *slot_free(struct pn_bucket *b)
{
	for (int i = 0; i < PN_BUCKET_SLOTS; i++)
		if (!b->slot[i].key)
			return &b->slot[i];
	return NULL;
}

/* Cuckoo: when both buckets are full, one entry moves to its other bucket. */
static void slot_put(struct pn_bucket *table, uint32_t mask, uint64_t seed,
		     struct pn_slot entry)
{
	for (int i = 0; i < KICKS; i++) {
		uint64_t hash = pn_hash64(entry.key, seed);
		struct pn_bucket *b[2] = {
			&table[PN_HASH_FIRST(hash) & mask],
			&table[PN_HASH_SECOND(hash) & mask],
		};
		struct pn_slot *slot = slot_free(b[0]), moved;

		if (!slot)
			slot = slot_free(b[1]);
		if (slot) {
			*slot = entry;
			return;
		}
		slot = &b[rand() & 1]->slot[rand() % PN_BUCKET_SLOTS];
		moved = *slot;
		*slot = entry;
		entry = moved;
	}
	tap_bail("no room for a key in a table of %u buckets", mask + 1);
}

void tables_port(struct tables *t, uint16_t index, const struct pn_port *port)
{
	uint32_t key = index, ifindex = port->ifindex;

	t->ports[index] = *port;
	if (t->devmap >= 0 && (port->flags & PN_PORT_XDP_TARGET) &&
	    bpf_map_update_elem(t->devmap, &key, &ifindex, 0))
		tap_bail("no redirection to device %u", ifindex);
}

void tables_tunnel(struct tables *t, const struct tables_tunnel *tun)
{
	struct pn_tunnel *to = &t->tunnels[tun->index];
	struct pn_slot port = {
		.key = PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, tun->v6, tun->dport, 0),
		.index = PN_UDP_VXLAN,
	};
	struct pn_slot vni = {
		.key = PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, tun->v6, tun->dport, tun->vni),
		.tunnel = tun->index,
	};

	to->ifindex = 0x10000 + tun->index;
	to->port = tun->port;
	to->kind = PN_TUNNEL_VXLAN;
	to->flags = PN_TUNNEL_F_ETHER | PN_TUNNEL_F_OWN_MAC | PN_TUNNEL_F_ZERO_CSUM6;
	to->id = tun->vni;
	to->dport = tun->dport;
	pkt_mac(to->mac, tun->mac);
	slot_put(t->demux, t->conf.demux_mask, t->conf.seed, port);
	slot_put(t->demux, t->conf.demux_mask, t->conf.seed, vni);
}

void tables_endpoint(struct tables *t, uint16_t port, const char *src,
		     const char *dst)
{
	struct pkt_addr a = pkt_addr(src, dst);
	struct pn_endpoint ep = {
		.gen = 1,
		.port = port,
		.family = a.v6 ? 6 : 4,
		.vtep = 1,
	};
	struct pn_endpoint_bucket *b;
	uint64_t hash;

	if (a.v6) {
		memcpy(ep.src, a.src, 16);
		memcpy(ep.dst, a.dst, 16);
	} else {
		memcpy(&ep.src[3], a.src, 4);
		memcpy(&ep.dst[3], a.dst, 4);
		pkt_put16((uint8_t *)ep.src + 10, 0xffff);
		pkt_put16((uint8_t *)ep.dst + 10, 0xffff);
	}
	hash = pn_hash_endpoint(ep.src, ep.dst, port, t->conf.seed);
	b = &t->endpoints[PN_HASH_FIRST(hash) & t->conf.endpoint_mask];
	for (int i = 0; i < PN_BUCKET_SLOTS; i++) {
		if (b->slot[i].gen)
			continue;
		b->slot[i] = ep;
		return;
	}
	tap_bail("no room for endpoint %s", src);
}

void tables_fdb(struct tables *t, uint64_t mac48, uint16_t fid, uint16_t port,
		uint8_t flags)
{
	struct pn_slot slot = {
		.key = PN_FDB_KEY(mac48, fid),
		.index = port,
		.flags = flags,
		.vtep = 1,
	};

	slot_put(t->fdb, t->conf.fdb_mask, t->conf.seed, slot);
}

uint64_t tables_mac48(const char *text)
{
	uint8_t m[6];

	pkt_mac(m, text);
	return (uint64_t)pkt_get16(m) << 32 | pkt_get32(m + 2);
}
