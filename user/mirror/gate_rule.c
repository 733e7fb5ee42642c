// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Routing: rules that select by tunnel id, which make every tunnel device
 * attach metadata to its packets; and the kernel's own opinion about the
 * source of an outer packet, rp_filter included.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "mirror/gate_detect.h"

/* --- rules -------------------------------------------------------------- */

/*
 * What a packet's rule may ask for and the fast path's look-up does not say,
 * or not always as the kernel does. Ports and protocol it does say.
 */
static const struct {
	unsigned int attr;
	const char *name;
} rule_asks[] = {
	{ FRA_TUN_ID, "tun_id" },
	{ FRA_UID_RANGE, "uidrange" },
};

/* One of those that the kernel makes by itself. */
static bool rule_plain(const struct nlattr **tb, const struct fib_rule_hdr *hdr)
{
	uint32_t priority = pn_attr_u32(tb[FRA_PRIORITY], 0);

	return (priority == 0 || priority == 32766 || priority == 32767) && !hdr->src_len &&
	       !hdr->dst_len && !tb[FRA_IIFNAME] && !tb[FRA_OIFNAME] && !tb[FRA_FWMARK];
}

static void rule_asks_find(struct gate_run *run, const struct nlattr **tb, bool v6)
{
	const struct gate_dev *d = tb[FRA_IIFNAME] && pn_attr_str(tb[FRA_IIFNAME]) ?
		pn_gate_dev_by_name(run->g, pn_attr_str(tb[FRA_IIFNAME])) : NULL;
	struct pn_gate_finding f = {
		.ifindex = d ? d->ifindex : 0,
		.gate = PN_GATE_ROUTING,
		.places = PN_GATE_AT(v6 ? PN_PLACE_ROUTED6 : PN_PLACE_ROUTED4),
	};
	size_t i;

	/* Its device is not here, and so is none of its packets. */
	if (tb[FRA_IIFNAME] && !d)
		return;
	for (i = 0; i < sizeof(rule_asks) / sizeof(rule_asks[0]); i++)
		if (tb[rule_asks[i].attr])
			pn_gate_found_as(run, &f, "ip rule %u selects by %s",
					 pn_attr_u32(tb[FRA_PRIORITY], 0), rule_asks[i].name);
}

static int rule_seen(const struct nlmsghdr *nlh, void *data)
{
	static const struct pn_gate_finding tunnels = {
		.places = PN_GATE_AT(PN_PLACE_PORT),
		.proto = PN_GATE_TUNNELS,
	};
	const struct fib_rule_hdr *hdr = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[FRA_MAX + 1];
	struct gate_run *run = data;

	pn_attrs_parse(tb, FRA_MAX, hdr + 1,
		       mnl_nlmsg_get_payload_len(nlh) - sizeof(*hdr));
	if (!rule_plain(tb, hdr))
		run->g->custom_rules[hdr->family == AF_INET6] = true;
	rule_asks_find(run, tb, hdr->family == AF_INET6);
	/* The header's id travels with the packet, and more is taken of it. */
	if (tb[FRA_TUN_ID])
		pn_gate_found_as(run, &tunnels, "ip rule %u selects by tun_id",
				 pn_attr_u32(tb[FRA_PRIORITY], 0));
	return 0;
}

int pn_gate_detect_rules(struct gate_run *run)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct fib_rule_hdr hdr = { 0 };
	struct pn_msg m;
	size_t i;
	int rc;

	memset(run->g->custom_rules, 0, sizeof(run->g->custom_rules));
	for (i = 0; i < sizeof(families); i++) {
		hdr.family = families[i];
		pn_msg_init(&m, RTM_GETRULE, 0);
		pn_msg_extra(&m, &hdr, sizeof(hdr));
		rc = pn_gate_dump(run, &run->g->rtnl, &m, rule_seen, run);
		/* A family without policy routing has no rules. */
		if (rc < 0 && rc != -EAFNOSUPPORT && rc != -EOPNOTSUPP)
			return rc;
	}
	return 0;
}

/* --- sources ------------------------------------------------------------ */

struct route_answer {
	uint8_t type;
	uint32_t oif;
	uint8_t source[16];	/* as long as the family's addresses */
};

static int route_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[RTA_MAX + 1];
	struct route_answer *answer = data;
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	if (len < sizeof(*rtm))
		return 0;
	pn_attrs_parse(tb, RTA_MAX, rtm + 1, len - sizeof(*rtm));
	answer->type = rtm->rtm_type;
	answer->oif = pn_attr_u32(tb[RTA_OIF], 0);
	if (tb[RTA_PREFSRC] && pn_attr_len(tb[RTA_PREFSRC]) <= sizeof(answer->source))
		memcpy(answer->source, pn_attr_data(tb[RTA_PREFSRC]),
		       pn_attr_len(tb[RTA_PREFSRC]));
	return 0;
}

/* A packet that arrives on @iif from @src, or one from here (@iif 0). */
struct route_question {
	uint32_t iif;
	int family;
	const void *src, *dst;
};

/* Type of the route, or -errno. */
static int route_ask_all(struct pn_gates *g, const struct route_question *q,
			 struct route_answer *answer)
{
	size_t len = q->family == AF_INET6 ? 16 : 4;
	struct rtmsg rtm = {
		.rtm_family = q->family,
		.rtm_src_len = q->iif ? len * 8 : 0,
		.rtm_dst_len = len * 8,
	};
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETROUTE, 0);
	pn_msg_extra(&m, &rtm, sizeof(rtm));
	pn_msg_put(&m, RTA_DST, q->dst, len);
	if (q->iif) {
		pn_msg_put(&m, RTA_SRC, q->src, len);
		pn_msg_put_u32(&m, RTA_IIF, q->iif);
	}
	memset(answer, 0, sizeof(*answer));
	rc = pn_nl_get(&g->rtnl, &m, route_seen, answer, NULL);
	pn_msg_fini(&m);
	return rc ? rc : answer->type;
}

static int route_ask(struct pn_gates *g, uint32_t iif, int family, const void *src,
		     const void *dst)
{
	const struct route_question q = { iif, family, src, dst };
	struct route_answer answer;

	return route_ask_all(g, &q, &answer);
}

int pn_gate_route(struct pn_gates *g, const struct in6_addr *dst, uint32_t *oif,
		  struct in6_addr *source)
{
	bool v4 = IN6_IS_ADDR_V4MAPPED(dst);
	const struct route_question q = { 0, v4 ? AF_INET : AF_INET6, NULL,
					  &dst->s6_addr[v4 ? 12 : 0] };
	struct route_answer answer;
	int rc = route_ask_all(g, &q, &answer);

	*oif = rc < 0 ? 0 : answer.oif;
	*source = *dst;
	if (rc < 0)
		memset(source, 0, sizeof(*source));
	else
		memcpy(&source->s6_addr[v4 ? 12 : 0], answer.source, v4 ? 4 : 16);
	return rc < 0 ? rc : 0;
}

/*
 * Newer kernels (6.14) say EINVAL of every source they refuse. What is not
 * refused for itself, as an address of ours or of no station, is by rp_filter.
 */
static bool source_refused_by_rp(struct pn_gates *g, int family, const void *src)
{
	const uint8_t *a = src;
	int type;

	if (family != AF_INET || !a[0] || a[0] == 127 || a[0] >= 224)
		return false;
	type = route_ask(g, 0, family, NULL, src);
	return type != RTN_LOCAL && type != RTN_BROADCAST && type != RTN_MULTICAST;
}

/*
 * With rules or local addresses of somebody's own it does, and refuses those
 * that are its own. To ask for a way back is more than that.
 */
bool pn_gate_sources_looked_up(const struct pn_gates *g)
{
	return g->custom_rules[0] || g->odd.local;
}

static int32_t rp_filter(const struct pn_gates *g, uint32_t ifindex)
{
	const struct gate_dev *d = pn_gate_dev(g, ifindex);
	int32_t own = d ? d->rp_filter : 0;

	return own > g->rp_filter_all ? own : g->rp_filter_all;
}

bool pn_gate_rp_filters(const struct pn_gates *g, uint32_t ifindex)
{
	return rp_filter(g, ifindex);
}

enum pn_rpf pn_gate_rpf(const struct pn_gates *g, uint32_t ifindex)
{
	int32_t both = rp_filter(g, ifindex);

	if (both == 1)
		return PN_RPF_STRICT;
	return both || pn_gate_sources_looked_up(g) ? PN_RPF_LOOSE : PN_RPF_OFF;
}

bool pn_gate_sources_alike(const struct pn_gates *g, uint32_t ifindex, int family)
{
	if (!g->want_routes || !g->odd.known || g->custom_rules[family == AF_INET6])
		return false;
	return family == AF_INET6 || pn_gate_rpf(g, ifindex) == PN_RPF_OFF;
}

int pn_gate_rp_accepts(struct pn_gates *g, uint32_t ifindex, int family,
		       const void *src, const void *dst)
{
	char peer[INET6_ADDRSTRLEN];
	int rc = route_ask(g, ifindex, family, src, dst);

	if (rc >= 0)
		return rc == RTN_LOCAL ? 0 : -EADDRNOTAVAIL;
	if (rc == -EINVAL && source_refused_by_rp(g, family, src))
		rc = -EXDEV;
	if (rc == -EXDEV && inet_ntop(family, src, peer, sizeof(peer)))
		pn_gate_peer_refused(g, ifindex, peer);
	return rc;
}
