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

/* Name of the bridge with number @fid: the master of any of its ports. */
static const char *bridge_name(const struct pn_view *v, uint16_t fid)
{
	uint32_t i;

	for (i = 1; i < PN_MAX_PORTS; i++)
		if (v->maps.ports[i].ifindex && v->maps.ports[i].fid == fid)
			return pn_links_bridge(&v->links, v->maps.ports[i].ifindex);
	return NULL;
}

/* What is the same for every entry, and the bridge of the last one. */
struct shown {
	struct pn_out *o;
	const struct pn_view *v;
	struct pn_peer_names peers;
	uint16_t fid;
	const char *bridge;
};

static void slot_show(struct shown *s, const struct pn_slot *slot)
{
	uint64_t mac = slot->key >> 16;
	uint16_t fid = slot->key & 0xffff;
	struct pn_out *o = s->o;

	if (fid != s->fid)
		s->bridge = bridge_name(s->v, fid);
	s->fid = fid;
	pn_out_row(o);
	pn_out_fmt(o, "mac", "%02x:%02x:%02x:%02x:%02x:%02x", (int)(mac >> 40) & 255,
		   (int)(mac >> 32) & 255, (int)(mac >> 24) & 255, (int)(mac >> 16) & 255,
		   (int)(mac >> 8) & 255, (int)mac & 255);
	pn_show_str(o, "bridge", s->bridge);
	pn_show_str(o, "device", pn_view_port_name(s->v, slot->index));
	vtep_show(o, &s->peers, slot->vtep);
	flags_show(o, slot->flags);
	pn_out_row_end(o);
}

/* By bridge, then MAC. */
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
		if (ret || !slots) {
			ret = pn_err_set(&ctx->err, PN_EXIT_KERNEL, ENOMEM, "fdb",
					 "out of memory");
			goto out;
		}
	}
	pn_out_table(ctx->out, &table);
	for (i = 0; i < n; i++)
		slot_show(&s, &slots[i]);
	pn_out_table_end(ctx->out);
out:
	free(slots);
	pn_peer_names_free(&s.peers);
	return ret;
}
