// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Ports, tunnels, peers and reasons of one reading; see stats_show.h. */
#include <stdlib.h>
#include <string.h>

#include "cmd/stats_show.h"
#include "stats/peers.h"
#include "util/names.h"

/* What sum_show() fills. */
#define SUM_COLS \
	{ "received", "RECEIVED", PN_RIGHT }, \
	{ "forwarded", "= FORWARDED", PN_RIGHT }, \
	{ "passed", "+ PASSED", PN_RIGHT }, \
	{ "dropped", "+ DROPPED", PN_RIGHT }, \
	{ "bytes", "BYTES", PN_RIGHT }, \
	PN_COL_END

static const struct pn_col port_cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "hook", "HOOK", PN_LEFT },
	SUM_COLS
};

static const struct pn_table port_table = {
	.key = "ports", .none = "No port is attached.", .cols = port_cols,
};

static const struct pn_col tunnel_cols[] = {
	{ "tunnel", "TUNNEL", PN_LEFT },
	{ "kind", "KIND", PN_LEFT },
	{ "key", "VNI/KEY", PN_RIGHT },
	SUM_COLS
};

static const struct pn_table tunnel_table = {
	.key = "tunnels", .none = "No tunnel is known to the data plane.", .cols = tunnel_cols,
};

static const struct pn_col peer_cols[] = {
	{ "peer", "PEER", PN_LEFT },
	SUM_COLS
};

static const struct pn_table peer_table = {
	.key = "peers", .none = "No peer is proven on an attached port.", .cols = peer_cols,
};

static const struct pn_col reason_cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "reason", "REASON", PN_LEFT },
	{ "verdict", "VERDICT", PN_LEFT },
	{ "packets", "PACKETS", PN_RIGHT },
	{ "bytes", "BYTES", PN_RIGHT },
	{ "meaning", "MEANING", PN_LEFT },
	PN_COL_END
};

static const struct pn_table reason_table = {
	.key = "reasons", .none = "No packet yet.", .cols = reason_cols,
};

/* What the text shows of a counter: itself, or its growth per second. */
static unsigned long long rate(const struct pn_stats_shown *s, uint64_t now, uint64_t before)
{
	if (!s->before)
		return now;
	return now < before ? 0 : (now - before) / s->seconds + 0.5;
}

static void count_show(const struct pn_stats_shown *s, const char *key, const struct pn_count *now,
		       const struct pn_count *before)
{
	struct pn_out *o = s->ctx->out;

	pn_out_object(o, key);
	pn_out_u64(o, "packets", now->packets);
	pn_out_u64(o, "bytes", now->bytes);
	pn_out_end(o);
	pn_out_text(o, key, "%llu", rate(s, now->packets, before->packets));
}

/* received = forwarded + passed + dropped, and the bytes of the first. */
static void sum_show(const struct pn_stats_shown *s, const struct pn_count *received,
		     const struct pn_count *verdict, const struct pn_count *received_before,
		     const struct pn_count *verdict_before)
{
	unsigned int v;

	count_show(s, "received", received, received_before);
	for (v = 0; v < PN_VERDICTS; v++)
		count_show(s, pn_verdict_done[v], &verdict[v], &verdict_before[v]);
	pn_out_text(s->ctx->out, "bytes", "%llu",
		    rate(s, received->bytes, received_before->bytes));
}

static const struct pn_stats_port *port_before(const struct pn_stats_shown *s, uint32_t ifindex)
{
	static const struct pn_stats_port none;
	unsigned int i;

	for (i = 0; s->before && i < s->before->n_ports; i++)
		if (s->before->port[i].ifindex == ifindex)
			return &s->before->port[i];
	return &none;
}

static int tunnel_compare(const void *a, const void *b)
{
	const struct pn_stats_tunnel *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

/* A number that another device has by now counts from nothing. */
static const struct pn_stats_tunnel *tunnel_before(const struct pn_stats_shown *s,
						   const struct pn_stats_tunnel *now)
{
	static const struct pn_stats_tunnel none;
	const struct pn_stats_tunnel *before = NULL;

	if (s->before && s->before->n_tunnels)
		before = bsearch(now, s->before->tunnel, s->before->n_tunnels, sizeof(*now),
				 tunnel_compare);
	return before && before->ifindex == now->ifindex ? before : &none;
}

static int peer_compare(const void *a, const void *b)
{
	const struct pn_stats_peer *x = a, *y = b;

	return memcmp(&x->addr, &y->addr, sizeof(x->addr));
}

/* The same of an address that came back with another number. */
static const struct pn_stats_peer *peer_before(const struct pn_stats_shown *s,
					       const struct pn_stats_peer *now)
{
	static const struct pn_stats_peer none;
	const struct pn_stats_peer *before = NULL;

	if (s->before && s->before->n_peers)
		before = bsearch(now, s->before->peer, s->before->n_peers, sizeof(*now),
				 peer_compare);
	return before && before->number == now->number ? before : &none;
}

void pn_stats_show_ports(const struct pn_stats_shown *s)
{
	struct pn_out *o = s->ctx->out;
	unsigned int i;

	pn_out_table(o, &port_table);
	for (i = 0; i < s->now->n_ports; i++) {
		const struct pn_stats_port *port = &s->now->port[i];
		const struct pn_stats_port *before = port_before(s, port->ifindex);

		pn_out_row(o);
		pn_out_str(o, "device", port->device);
		pn_out_u64(o, "ifindex", port->ifindex);
		pn_out_str(o, "hook", port->hook);
		sum_show(s, &port->received, port->verdict, &before->received,
			 before->verdict);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
}

/* A VNI or a GRE key: text has one column for both. */
static void key_show(struct pn_out *o, const struct pn_stats_tunnel *t)
{
	if (t->has_vni)
		pn_out_u64(o, "vni", t->id);
	else
		pn_out_null(o, "vni");
	if (t->has_key)
		pn_out_u64(o, "key", t->id);
	else
		pn_out_null(o, "key");
	if (t->has_vni)
		pn_out_text(o, "key", "%u", t->id);
	if (t->dport)
		pn_out_u64(o, "port", t->dport);
	else
		pn_out_null(o, "port");
}

void pn_stats_show_tunnels(const struct pn_stats_shown *s)
{
	struct pn_out *o = s->ctx->out;
	unsigned int i;

	pn_out_table(o, &tunnel_table);
	for (i = 0; i < s->now->n_tunnels; i++) {
		const struct pn_stats_tunnel *t = &s->now->tunnel[i];
		const struct pn_stats_tunnel *before = tunnel_before(s, t);

		pn_out_row(o);
		pn_out_str(o, "tunnel", t->device);
		pn_out_u64(o, "ifindex", t->ifindex);
		pn_out_str(o, "kind", t->kind);
		key_show(o, t);
		sum_show(s, &t->received, t->verdict, &before->received, before->verdict);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
}

void pn_stats_show_peers(const struct pn_stats_shown *s)
{
	struct pn_out *o = s->ctx->out;
	char text[INET6_ADDRSTRLEN];
	unsigned int i;

	pn_out_table(o, &peer_table);
	for (i = 0; i < s->now->n_peers; i++) {
		const struct pn_stats_peer *p = &s->now->peer[i];
		const struct pn_stats_peer *before = peer_before(s, p);

		pn_out_row(o);
		pn_out_str(o, "peer", pn_peer_text(&p->addr, text));
		pn_out_u64(o, "number", p->number);
		sum_show(s, &p->received, p->verdict, &before->received, before->verdict);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
}

static void reason_show(const struct pn_stats_shown *s, const struct pn_stats_port *port,
			const struct pn_stats_port *before, unsigned int number)
{
	static const enum pn_tone tones[PN_VERDICTS] = {
		[PN_FORWARD] = PN_TONE_GOOD, [PN_PASS] = PN_TONE_PLAIN,
		[PN_DROP] = PN_TONE_BAD,
	};
	const struct pn_reason_info *reason = &pn_reason_info[number];
	const struct pn_count *now = &port->reason[number];
	const struct pn_count *was = &before->reason[number];
	struct pn_out *o = s->ctx->out;

	pn_out_row(o);
	pn_out_str(o, "device", port->device);
	pn_out_str(o, "reason", reason->name);
	pn_out_u64(o, "number", number);
	pn_out_tone(o, tones[reason->verdict]);
	pn_out_str(o, "verdict", pn_verdict_names[reason->verdict]);
	pn_out_u64(o, "packets", rate(s, now->packets, was->packets));
	pn_out_u64(o, "bytes", rate(s, now->bytes, was->bytes));
	pn_out_str(o, "meaning", reason->text);
	pn_out_row_end(o);
}

void pn_stats_show_reasons(const struct pn_stats_shown *s)
{
	unsigned int i, r;

	pn_out_table(s->ctx->out, &reason_table);
	for (i = 0; i < s->now->n_ports; i++) {
		const struct pn_stats_port *port = &s->now->port[i];
		const struct pn_stats_port *before = port_before(s, port->ifindex);

		for (r = 0; r < PN_MAX_REASONS; r++)
			if (pn_reason_info[r].name && (s->all || port->reason[r].packets))
				reason_show(s, port, before, r);
	}
	pn_out_table_end(s->ctx->out);
}

void pn_stats_show_all(const struct pn_stats_shown *s)
{
	pn_out_group(s->ctx->out);
	pn_stats_show_ports(s);
	pn_stats_show_tunnels(s);
	pn_stats_show_reasons(s);
	pn_out_group_end(s->ctx->out);
}
