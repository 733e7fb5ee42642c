// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Routes that are more than a way: what a look-up from a program is told of
 * them is not what the kernel does itself. Whole tables are read once; after
 * that a notification says what came, and only what went makes them be read
 * again, as seldom as that costs.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "mirror/gate_detect.h"

#define READ_SHARE	20	/* one part in so many of a processor */

static void route_print(char *to, const struct rtmsg *rtm, const struct nlattr *dst)
{
	char addr[INET6_ADDRSTRLEN] = "";

	if (pn_attr_len(dst) < (rtm->rtm_family == AF_INET6 ? 16 : 4))
		snprintf(to, GATE_ODD_TEXT, "default");
	else if (inet_ntop(rtm->rtm_family, pn_attr_data(dst), addr, sizeof(addr)))
		snprintf(to, GATE_ODD_TEXT, "%s/%u", addr, rtm->rtm_dst_len);
}

/* The kernel goes by it when it forwards, a program's look-up only where it is locked. */
static bool has_mtu(const struct rtmsg *rtm, const struct nlattr *metrics)
{
	const struct nlattr *tb[RTAX_MAX + 1];

	if (!metrics || rtm->rtm_family != AF_INET)
		return false;
	pn_attrs_nested(tb, RTAX_MAX, metrics);
	return tb[RTAX_MTU] && !(pn_attr_u32(tb[RTAX_LOCK], 0) & 1u << RTAX_MTU);
}

/* Local or broadcast, and not because an address is. */
static bool is_own(const struct rtmsg *rtm)
{
	return rtm->rtm_family == AF_INET && rtm->rtm_protocol != RTPROT_KERNEL &&
	       (rtm->rtm_type == RTN_LOCAL || rtm->rtm_type == RTN_BROADCAST);
}

bool pn_gate_route_odd(struct pn_gates *g, const struct nlmsghdr *nlh)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[RTA_MAX + 1];
	bool mtu, several, own;

	/* What the kernel has learnt of one destination. */
	if (rtm->rtm_flags & RTM_F_CLONED)
		return false;
	pn_attrs_parse(tb, RTA_MAX, rtm + 1, mnl_nlmsg_get_payload_len(nlh) - sizeof(*rtm));
	own = is_own(rtm);
	mtu = has_mtu(rtm, tb[RTA_METRICS]);
	several = tb[RTA_MULTIPATH] || tb[RTA_NH_ID];
	if (!own && !mtu && !several)
		return false;
	if (nlh->nlmsg_type == RTM_DELROUTE) {
		g->odd.went = true;
		return true;
	}
	g->odd.local |= own;
	if (mtu)
		route_print(g->odd.mtu, rtm, tb[RTA_DST]);
	if (several)
		route_print(g->odd.several[rtm->rtm_family == AF_INET6], rtm, tb[RTA_DST]);
	return true;
}

static int route_seen(const struct nlmsghdr *nlh, void *data)
{
	struct gate_run *run = data;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(struct rtmsg))
		pn_gate_route_odd(run->g, nlh);
	return 0;
}

static int routes_dump(struct gate_run *run, uint8_t family)
{
	struct rtmsg rtm = { .rtm_family = family };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETROUTE, 0);
	pn_msg_extra(&m, &rtm, sizeof(rtm));
	rc = pn_gate_dump(run, &run->g->rtnl, &m, route_seen, run);
	/* A table that changes all the time: what came meanwhile was notified. */
	return rc == -EINTR || rc == -EAFNOSUPPORT || rc == -EOPNOTSUPP ? 0 : rc;
}

static int routes_read(struct gate_run *run)
{
	uint64_t start = pn_gate_clock_ms(), cost;
	int rc;

	memset(&run->g->odd, 0, sizeof(run->g->odd));
	rc = routes_dump(run, AF_INET);
	if (!rc)
		rc = routes_dump(run, AF_INET6);
	cost = pn_gate_clock_ms() - start;
	run->g->odd.known = !rc;
	run->g->odd.read_at = start + READ_SHARE * cost;
	return rc;
}

static void mtu_find(struct gate_run *run)
{
	if (run->g->odd.mtu[0])
		pn_gate_found(run, 0, PN_GATE_AT(PN_PLACE_ROUTED4),
			      "the route to %s has an mtu", run->g->odd.mtu);
}

static void several_find(struct gate_run *run)
{
	static const char *const policy[] = {
		"/proc/sys/net/ipv4/fib_multipath_hash_policy",
		"/proc/sys/net/ipv6/fib_multipath_hash_policy",
	};
	struct pn_gate_finding f = { .gate = PN_GATE_MULTIPATH };
	int v6;

	for (v6 = 0; v6 < 2; v6++) {
		f.places = PN_GATE_AT(v6 ? PN_PLACE_ROUTED6 : PN_PLACE_ROUTED4);
		if (run->g->odd.several[v6][0] && pn_gate_proc_number(policy[v6], 0))
			pn_gate_found_as(run, &f, "%s is set, and the route to %s may have "
					 "several next hops", strrchr(policy[v6], '/') + 1,
					 run->g->odd.several[v6]);
	}
}

/* Something is routed, or sources are not asked one by one. */
static bool routes_matter(const struct pn_gates *g)
{
	const struct gate_dev *d;

	for (d = g->devs; d < g->devs + g->n_devs && !g->want_routes; d++)
		if (d->tunnel && !d->master)
			return true;
	return g->want_routes;
}

void pn_gates_want_routes(struct pn_gates *g, bool want)
{
	if (want != g->want_routes)
		g->dirty |= GATE_SRC_ODD;
	g->want_routes = want;
}

int pn_gate_detect_routes(struct gate_run *run)
{
	struct gate_odd *odd = &run->g->odd;
	bool due = pn_gate_clock_ms() >= odd->read_at;
	int rc;

	if (!routes_matter(run->g)) {
		odd->known = false;
		return 0;
	}
	if (!odd->known || (odd->went && due)) {
		rc = routes_read(run);
		if (rc < 0)
			return rc;
	}
	mtu_find(run);
	several_find(run);
	return 0;
}
