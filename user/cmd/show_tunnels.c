// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock show tunnels: tunnel devices, accelerated or why not. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "cmd/show.h"
#include "util/names.h"

static const struct pn_col cols[] = {
	{ "tunnel", "TUNNEL", PN_LEFT },
	{ "kind", "KIND", PN_LEFT },
	{ "vni", "VNI", PN_RIGHT },
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

static const struct pn_stats_tunnel *counters_find(const struct pn_stats *stats,
						   uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < stats->n_tunnels; i++)
		if (stats->tunnel[i].ifindex == ifindex)
			return &stats->tunnel[i];
	return NULL;
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

/* Can its packets come in anywhere? Those of IPv4 and IPv6 have gates of their own. */
static bool is_reachable(const struct pn_view *v, const struct pn_link_info *link)
{
	bool v6 = strchr(link->vxlan.local, ':') || strchr(link->vxlan.remote, ':');
	enum pn_place outer = v6 ? PN_PLACE_OUTER6 : PN_PLACE_OUTER4;
	unsigned int i;

	for (i = 0; i < v->n_records; i++) {
		const struct pn_port *port = pn_view_port(v, v->record[i].ifindex, NULL);

		if (v->record[i].state == PN_PORT_ATTACHED && port &&
		    !port->gate[PN_PLACE_PORT] && !port->gate[outer])
			return true;
	}
	return false;
}

/* Text as the maps have addresses: IPv4 is v4-mapped. */
static bool addr_parse(const char *text, struct in6_addr *addr)
{
	char mapped[INET6_ADDRSTRLEN + sizeof("::ffff:")];

	snprintf(mapped, sizeof(mapped), "%s%s", strchr(text, ':') ? "" : "::ffff:", text);
	return inet_pton(AF_INET6, mapped, addr) == 1;
}

/* Is the device's own remote a peer, on any port? A group and no remote need not be. */
static bool remote_is_peer(const struct pn_view *v, const struct pn_link_info *link)
{
	const struct pn_endpoint_bucket *bucket = v->maps.endpoints;
	struct in6_addr remote;
	unsigned int i, s;

	if (!addr_parse(link->vxlan.remote, &remote) || IN6_IS_ADDR_MULTICAST(&remote) ||
	    (IN6_IS_ADDR_V4MAPPED(&remote) && IN_MULTICAST(ntohl(remote.s6_addr32[3]))))
		return true;
	for (i = 0; i < v->maps.abi.endpoint_buckets; i++)
		for (s = 0; s < PN_BUCKET_SLOTS; s++)
			if (bucket[i].slot[s].gen &&
			    !memcmp(bucket[i].slot[s].src, &remote, sizeof(remote)))
				return true;
	return false;
}

/* Why the kernel does the work; NULL: penstock does, unless a gate is closed. */
static const char *obstacle_find(const struct pn_view *v, const struct pn_link_info *link,
				 const struct pn_stats_tunnel *counters)
{
	if (!v->n_records)
		return "no port is attached that its packets could arrive on";
	if (!counters)
		return v->followed ? "not a tunnel that can be accelerated" :
				     "not known to the data plane: no daemon follows the kernel";
	if (!(link->flags & IFF_UP))
		return "the device is down";
	if (!pn_links_bridge(&v->links, link->ifindex))
		return "not a port of a bridge: the kernel routes";
	if (!is_reachable(v, link))
		return "gates close all attached ports to it (see 'penstock show ports')";
	if (!remote_is_peer(v, link))
		return "its remote is no proven peer: no route back through an attached port, "
		       "or refused by rp_filter (gate rp-filter)";
	return NULL;
}

static void state_show(struct pn_out *o, const struct pn_view *v,
		       const struct pn_link_info *link, const struct pn_stats_tunnel *counters,
		       const struct pn_gates *gates)
{
	static const struct pn_port unknown;
	const struct pn_port *port = pn_view_port(v, link->ifindex, NULL);
	const char *obstacle = obstacle_find(v, link, counters);

	pn_show_gates(o, port ? port : &unknown,
		      1u << PN_PLACE_PORT | 1u << PN_PLACE_BRIDGE, gates);
	pn_out_bool(o, "accelerated", !obstacle && port && !port->gate[PN_PLACE_PORT] &&
				      !port->gate[PN_PLACE_BRIDGE]);
	pn_show_str(o, "obstacle", obstacle);
	if (obstacle) {
		pn_out_tone(o, PN_TONE_WARN);
		pn_out_text(o, "gates", "kernel");
		pn_out_note(o, "left to the kernel: %s", obstacle);
	}
}

static void tunnel_show(struct pn_out *o, const struct pn_view *v,
			const struct pn_link_info *link, const struct pn_stats *stats,
			const struct pn_gates *gates)
{
	static const struct pn_stats_tunnel none;
	const struct pn_stats_tunnel *counters = counters_find(stats, link->ifindex);
	unsigned int verdict;

	pn_out_row(o);
	pn_out_str(o, "tunnel", link->name);
	pn_out_u64(o, "ifindex", link->ifindex);
	pn_out_str(o, "kind", link->kind);
	pn_out_u64(o, "vni", link->vxlan.id);
	pn_out_u64(o, "port", link->vxlan.dport);
	pn_show_str(o, "local", link->vxlan.local);
	pn_show_str(o, "remote", link->vxlan.remote);
	pn_show_str(o, "bridge", pn_links_bridge(&v->links, link->ifindex));
	for (verdict = 0; verdict < PN_VERDICTS; verdict++)
		verdict_show(o, verdict, counters ? &counters->verdict[verdict] :
						    &none.verdict[verdict]);
	state_show(o, v, link, counters, gates);
	pn_out_row_end(o);
}

int pn_show_tunnels(struct pn_run *ctx, const struct pn_view *v)
{
	struct pn_gates *gates;
	struct pn_stats stats;
	unsigned int i;
	int ret = pn_view_stats(v, &stats, &ctx->err);

	if (ret)
		return ret;
	gates = pn_show_gates_ask(v);
	pn_out_table(ctx->out, &table);
	for (i = 0; i < v->links.n; i++)
		if (!strcmp(v->links.link[i].kind, "vxlan"))
			tunnel_show(ctx->out, v, &v->links.link[i], &stats, gates);
	pn_out_table_end(ctx->out);
	pn_gates_close(gates);
	pn_stats_fini(&stats);
	return 0;
}
