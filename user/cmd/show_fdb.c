// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock show fdb: where the data plane would send a MAC address. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/show.h"
#include "stats/peers.h"

static const struct pn_col cols[] = {
	{ "mac", "MAC", PN_LEFT },
	{ "bridge", "BRIDGE", PN_LEFT },
	{ "vlan", "VLAN", PN_RIGHT },
	{ "device", "DEVICE", PN_LEFT },
	{ "vtep", "VTEP", PN_LEFT },
	{ "flags", "FLAGS", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = {
	.key = "fdb",
	.none = "No forwarding entry.",
	.cols = cols,
};

static const struct {
	uint8_t bit;
	const char *name;
} flags[] = {
	{ PN_FDB_LOCAL, "local" }, { PN_FDB_REFRESH, "ages" }, { PN_FDB_LOCKED, "locked" },
	{ PN_FDB_STAYS, "stays" }, { PN_FDB_MOVED, "moved" },
};

/* A slot's VTEP is a number; the endpoints know its address. */
static void vtep_show(struct pn_out *o, const struct pn_peer_names *names, uint32_t number)
{
	const struct pn_peer_name *peer = pn_peer_names_find(names, number);
	char text[INET6_ADDRSTRLEN];

	if (peer)
		pn_out_str(o, "vtep", pn_peer_text(&peer->addr, text));
	else
		pn_out_null(o, "vtep");
}

static void flags_show(struct pn_out *o, uint8_t bits)
{
	char text[64] = "";
	unsigned int i;

	pn_out_array(o, "flags");
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!(bits & flags[i].bit))
			continue;
		pn_out_str(o, NULL, flags[i].name);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
			 text[0] ? "," : "", flags[i].name);
	}
	pn_out_end(o);
	pn_out_text(o, "flags", "%s", text[0] ? text : "-");
}

/* What a number of the FDB stands for: a bridge, or a VLAN of one that filters. */
struct table_name {
	const char *bridge;
	uint16_t vid;	/* 0: the bridge knows no VLANs */
};

#define FIDS	65536

static void port_name(const struct pn_view *v, struct table_name *names, uint32_t index,
		      uint16_t fid, uint16_t vid)
{
	uint32_t ifindex = index < PN_MAX_PORTS ? v->maps.ports[index].ifindex : 0;

	if (ifindex && fid && !names[fid].bridge)
		names[fid] = (struct table_name){ pn_links_bridge(&v->links, ifindex), vid };
}

/* By number: any port of the bridge, any member of the VLAN knows. NULL: out of memory. */
static struct table_name *names_read(const struct pn_view *v)
{
	struct table_name *names = calloc(FIDS, sizeof(*names));
	uint32_t i, b, s;

	for (i = 1; names && i < PN_MAX_PORTS; i++)
		port_name(v, names, i, v->maps.ports[i].fid, 0);
	for (b = 0; names && b < v->maps.abi.demux_buckets; b++) {
		for (s = 0; s < PN_BUCKET_SLOTS; s++) {
			struct pn_slot slot = v->maps.demux[b].slot[s];

			if (slot.key >> 56 == PN_DEMUX_BRVLAN)
				port_name(v, names, (uint16_t)(slot.key >> 32), slot.index,
					  slot.key & 0xfff);
		}
	}
	return names;
}

/* What is the same for every entry. */
struct shown {
	struct pn_out *o;
	const struct pn_view *v;
	struct pn_peer_names peers;
	struct table_name *names;
};

static void slot_show(struct shown *s, const struct pn_slot *slot)
{
	const struct table_name *name = &s->names[slot->key & 0xffff];
	uint64_t mac = slot->key >> 16;
	struct pn_out *o = s->o;

	pn_out_row(o);
	pn_out_fmt(o, "mac", "%02x:%02x:%02x:%02x:%02x:%02x", (int)(mac >> 40) & 255,
		   (int)(mac >> 32) & 255, (int)(mac >> 24) & 255, (int)(mac >> 16) & 255,
		   (int)(mac >> 8) & 255, (int)mac & 255);
	pn_show_str(o, "bridge", name->bridge);
	if (name->vid)
		pn_out_u64(o, "vlan", name->vid);
	else
		pn_out_null(o, "vlan");
	pn_show_str(o, "device", pn_view_port_name(s->v, slot->index));
	vtep_show(o, &s->peers, slot->vtep);
	flags_show(o, slot->flags);
	pn_out_row_end(o);
}

/* By bridge or VLAN, then MAC. */
static int slot_compare(const void *a, const void *b)
{
	uint64_t x = ((const struct pn_slot *)a)->key, y = ((const struct pn_slot *)b)->key;

	x = x << 48 | x >> 16;
	y = y << 48 | y >> 16;
	return x < y ? -1 : x > y;
}

/* A sorted copy of the slots in use: the writer goes on meanwhile. */
static struct pn_slot *slots_copy(const struct pn_maps *m, size_t *n)
{
	size_t room = (size_t)m->abi.fdb_buckets * PN_BUCKET_SLOTS;
	struct pn_slot *copy = malloc(room * sizeof(*copy) + 1);
	uint32_t b, s;

	*n = 0;
	for (b = 0; copy && b < m->abi.fdb_buckets; b++) {
		for (s = 0; s < PN_BUCKET_SLOTS; s++) {
			struct pn_slot slot = m->fdb[b].slot[s];

			if (slot.key)
				copy[(*n)++] = slot;
		}
	}
	if (copy)
		qsort(copy, *n, sizeof(*copy), slot_compare);
	return copy;
}

int pn_show_fdb(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	struct shown s = { .o = ctx->out, .v = v };
	struct pn_slot *slots = NULL;
	size_t n = 0, i;
	int ret = 0;

	if (v->pinned) {
		ret = pn_peer_names_read(&s.peers, &v->maps);
		slots = slots_copy(&v->maps, &n);
		s.names = names_read(v);
		if (ret || !slots || !s.names) {
			ret = pn_err_memory(&ctx->err, "fdb");
			goto out;
		}
	}
	pn_out_table(ctx->out, &table);
	for (i = 0; i < n; i++)
		slot_show(&s, &slots[i]);
	pn_out_table_end(ctx->out);
out:
	free(s.names);
	free(slots);
	pn_peer_names_free(&s.peers);
	return ret;
}
