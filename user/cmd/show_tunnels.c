// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock show tunnels: tunnel devices of every kind, accelerated or why not.
 * The devices are the kernel's; what the mirror thinks of one stands in its
 * record. With many of them every look-up is by number or in a sorted table.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/show.h"
#include "stats/peers.h"
#include "util/names.h"

static const struct pn_col cols[] = {
	{ "tunnel", "TUNNEL", PN_LEFT },
	{ "kind", "KIND", PN_LEFT },
	{ "key", "VNI/KEY", PN_RIGHT },
	{ "port", "PORT", PN_RIGHT },
	{ "local", "LOCAL", PN_LEFT },
	{ "remote", "REMOTE", PN_LEFT },
	{ "bridge", "BRIDGE", PN_LEFT },
	{ "forwarded", "FORWARDED", PN_RIGHT },
	{ "passed", "PASSED", PN_RIGHT },
	{ "gates", "STATE", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = {
	.key = "tunnels",
	.none = "No tunnel device.",
	.cols = cols,
};

/* What is the same for all devices. */
struct shown {
	struct pn_out *o;
	const struct pn_view *v;
	const struct pn_stats *stats;
	struct pn_gates *gates;
	struct pn_peer_names peers;	/* proven remotes */
	bool outer[2];			/* some attached port is open to tunnels over IPv4, IPv6 */
};

/* One device. */
struct device {
	const struct pn_link_info *link;
	const struct pn_tunnel *tunnel;	/* NULL: not in the maps */
	const struct pn_port *port;	/* the same */
	const struct pn_stats_tunnel *counters;
	const char *bridge;		/* NULL: its packets are routed */
};

static int index_compare(const void *a, const void *b)
{
	const struct pn_stats_tunnel *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

static void device_find(const struct shown *s, const struct pn_link_info *link,
			struct device *d)
{
	static const struct pn_stats_tunnel none;
	struct pn_stats_tunnel key = { 0 };

	*d = (struct device){
		.link = link,
		.tunnel = pn_view_tunnel(s->v, link->ifindex, &key.index),
		.port = pn_view_port(s->v, link->ifindex, NULL),
		.bridge = pn_links_bridge(&s->v->links, link->ifindex),
	};
	if (d->tunnel && s->stats->n_tunnels)
		d->counters = bsearch(&key, s->stats->tunnel, s->stats->n_tunnels, sizeof(key),
				      index_compare);
	if (!d->counters)
		d->counters = &none;
}

/* --- what it is ------------------------------------------------------------ */

/* A VNI or a key: text has one column for both. */
static void key_show(struct pn_out *o, const struct pn_tunnel_attrs *t)
{
	if (t->has_vni)
		pn_out_u64(o, "vni", t->vni);
	else
		pn_out_null(o, "vni");
	if (t->has_key)
		pn_out_u64(o, "key", t->key);
	else
		pn_out_null(o, "key");
	if (t->has_vni)
		pn_out_text(o, "key", "%u", t->vni);
}

static void port_show(struct pn_out *o, const struct pn_tunnel_attrs *t)
{
	if (t->port)
		pn_out_u64(o, "port", t->port);
	else
		pn_out_null(o, "port");
	if (!t->encap) {
		pn_out_null(o, "encap");
		return;
	}
	pn_out_object(o, "encap");
	pn_out_str(o, "type", t->encap);
	pn_out_u64(o, "sport", t->encap_sport);
	pn_out_u64(o, "dport", t->encap_dport);
	pn_out_end(o);
	pn_out_text(o, "port", "%s %u", t->encap, t->encap_dport);
}

/* No address is any. */
static void address_show(struct pn_out *o, const char *key, const char *text)
{
	pn_show_str(o, key, text);
	if (!text[0])
		pn_out_text(o, key, "any");
}

static void attrs_show(const struct shown *s, const struct device *d)
{
	const struct pn_tunnel_attrs *t = &d->link->tunnel;
	struct pn_out *o = s->o;

	pn_out_str(o, "tunnel", d->link->name);
	pn_out_u64(o, "ifindex", d->link->ifindex);
	pn_out_str(o, "kind", d->link->kind);
	pn_show_str(o, "mode", t->mode);
	key_show(o, t);
	port_show(o, t);
	address_show(o, "local", t->local);
	address_show(o, "remote", t->remote);
	pn_show_str(o, "link", pn_links_name(&s->v->links, t->link));
	pn_out_bool(o, "external", t->external);
	pn_out_bool(o, "up", d->link->flags & IFF_UP);
	pn_show_str(o, "bridge", d->bridge);
	pn_out_bool(o, "routed", !d->bridge);
	if (!d->bridge)
		pn_out_text(o, "bridge", "routed");
}

static void verdict_show(struct pn_out *o, enum pn_verdict verdict,
			 const struct pn_count *count)
{
	pn_out_object(o, pn_verdict_done[verdict]);
	pn_out_u64(o, "packets", count->packets);
	pn_out_u64(o, "bytes", count->bytes);
	pn_out_end(o);
	pn_out_text(o, pn_verdict_done[verdict], "%llu", (unsigned long long)count->packets);
}

/* --- who does its work ------------------------------------------------------ */

/* Text as the maps have addresses: IPv4 is v4-mapped. */
static bool addr_parse(const char *text, struct in6_addr *addr)
{
	char mapped[INET6_ADDRSTRLEN + sizeof("::ffff:")];

	snprintf(mapped, sizeof(mapped), "%s%s", strchr(text, ':') ? "" : "::ffff:", text);
	return inet_pton(AF_INET6, mapped, addr) == 1;
}

/* Is the device's own remote a peer, on any port? A group and no remote need not be. */
static bool remote_is_peer(const struct shown *s, const struct pn_tunnel_attrs *t)
{
	struct in6_addr remote;

	return !addr_parse(t->remote, &remote) || IN6_IS_ADDR_MULTICAST(&remote) ||
	       (IN6_IS_ADDR_V4MAPPED(&remote) && IN_MULTICAST(ntohl(remote.s6_addr32[3]))) ||
	       pn_peer_names_has(&s->peers, &remote);
}

/* What the mirror says of the device as a whole; NULL: it can be accelerated. */
static const struct pn_why_info *why_find(const struct device *d)
{
	static const struct pn_why_info newer = { "unknown", "a reason of another version" };

	if (!d->tunnel || !d->tunnel->why)
		return NULL;
	return d->tunnel->why < PN_WHYS && pn_why_info[d->tunnel->why].name ?
	       &pn_why_info[d->tunnel->why] : &newer;
}

/* Why the kernel does the work; NULL: penstock does, unless a gate is closed. */
static const char *obstacle_find(const struct shown *s, const struct device *d)
{
	const struct pn_why_info *why = why_find(d);

	if (!s->v->n_records)
		return "no port is attached that its packets could arrive on";
	if (!d->tunnel)
		return s->v->followed ? "not known to the data plane: a table is full" :
			"not known to the data plane: no daemon follows the kernel";
	if (why)
		return why->text;
	if (!(d->link->flags & IFF_UP))
		return "the device is down";
	if (!s->outer[d->link->tunnel.ipv6])
		return "gates close all attached ports to it (see 'penstock show ports')";
	if (!remote_is_peer(s, &d->link->tunnel))
		return "its remote is no proven peer: no route back through an attached port, "
		       "or refused by rp_filter (gate rp-filter)";
	return NULL;
}

static bool is_open(const struct device *d)
{
	if (!d->bridge)
		return !d->tunnel->gate[0] || !d->tunnel->gate[1];
	return d->port && !d->port->gate[PN_PLACE_PORT] && !d->port->gate[PN_PLACE_BRIDGE];
}

/* Gates of a device that is left to the kernel as a whole say nothing more. */
static void gates_show(const struct shown *s, const struct device *d)
{
	static const struct pn_port unknown;

	if (why_find(d))
		pn_show_gates(s->o, &unknown, 0, NULL);
	else if (!d->bridge && d->tunnel)
		pn_show_route_gates(s->o, d->tunnel, s->gates);
	else
		pn_show_gates(s->o, d->port ? d->port : &unknown,
			      1u << PN_PLACE_PORT | 1u << PN_PLACE_BRIDGE, s->gates);
}

static void why_show(struct pn_out *o, const struct device *d, const struct pn_why_info *why)
{
	if (d->tunnel)
		pn_out_bool(o, "eligible", !why);
	else
		pn_out_null(o, "eligible");
	if (!why) {
		pn_out_null(o, "ineligible");
		return;
	}
	pn_out_object(o, "ineligible");
	pn_out_str(o, "name", why->name);
	pn_out_str(o, "what", why->text);
	pn_out_end(o);
}

static void state_show(const struct shown *s, const struct device *d)
{
	const struct pn_why_info *why = why_find(d);
	const char *obstacle = obstacle_find(s, d);
	struct pn_out *o = s->o;

	why_show(o, d, why);
	gates_show(s, d);
	pn_out_bool(o, "accelerated", !obstacle && is_open(d));
	pn_show_str(o, "obstacle", obstacle);
	if (!obstacle)
		return;
	pn_out_tone(o, PN_TONE_WARN);
	pn_out_text(o, "gates", "%s", why && obstacle == why->text ? why->name : "kernel");
	pn_out_note(o, "left to the kernel: %s", obstacle);
}

static void tunnel_show(const struct shown *s, const struct pn_link_info *link)
{
	unsigned int verdict;
	struct device d;

	device_find(s, link, &d);
	pn_out_row(s->o);
	attrs_show(s, &d);
	for (verdict = 0; verdict < PN_VERDICTS; verdict++)
		verdict_show(s->o, verdict, &d.counters->verdict[verdict]);
	state_show(s, &d);
	pn_out_row_end(s->o);
}

/* Can packets of tunnels come in anywhere? Those over IPv4 and IPv6 have gates of their own. */
static void outer_find(struct shown *s)
{
	unsigned int i;

	for (i = 0; i < s->v->n_records; i++) {
		const struct pn_record *r = &s->v->record[i];
		const struct pn_port *port = pn_view_port(s->v, r->ifindex, NULL);

		if (r->state != PN_PORT_ATTACHED || !port || port->gate[PN_PLACE_PORT])
			continue;
		s->outer[0] |= !port->gate[PN_PLACE_OUTER4];
		s->outer[1] |= !port->gate[PN_PLACE_OUTER6];
	}
}

static bool is_asked_for(const struct pn_link_info *link, const char *only)
{
	return link->tunnel.known &&
	       (!only || !strcmp(link->name, only) || !strcmp(link->kind, only));
}

static int only_check(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	unsigned int i;
	int ret;

	if (!only || pn_tunnel_kind_known(only))
		return 0;
	for (i = 0; i < v->links.n; i++)
		if (is_asked_for(&v->links.link[i], only))
			return 0;
	ret = pn_err_set(&ctx->err, PN_EXIT_USAGE, ENODEV, only,
			 "is neither a tunnel device here nor a kind of tunnels");
	pn_err_hint(&ctx->err, "'penstock show tunnels' lists them all");
	return ret;
}

int pn_show_tunnels(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	struct shown s = { .o = ctx->out, .v = v };
	struct pn_stats stats;
	unsigned int i;
	int ret = only_check(ctx, v, only);

	if (!ret)
		ret = pn_view_stats(v, &stats, &ctx->err);
	if (ret)
		return ret;
	s.stats = &stats;
	if (v->pinned && pn_peer_names_read(&s.peers, &v->maps)) {
		pn_stats_fini(&stats);
		return pn_err_memory(&ctx->err, NULL);
	}
	outer_find(&s);
	s.gates = pn_show_gates_ask(v);
	pn_out_table(s.o, &table);
	for (i = 0; i < v->links.n; i++)
		if (is_asked_for(&v->links.link[i], only))
			tunnel_show(&s, &v->links.link[i]);
	pn_out_table_end(s.o);
	pn_gates_close(s.gates);
	pn_peer_names_free(&s.peers);
	pn_stats_fini(&stats);
	return 0;
}
