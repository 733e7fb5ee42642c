// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * IPsec: inbound policies that a tunnel's packet could match, forward and
 * outbound ones that routed inner packets could. Bridged frames meet neither; a
 * policy that allows without a template refuses nobody.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "mirror/gate_detect.h"

/* sit hands on packets of protocol 41 without asking for a policy. */
static bool service_asks(const struct gate_service *s)
{
	return s->v6 || s->proto != IPPROTO_IPV6;
}

static bool selector_covers(const struct xfrm_selector *sel, const struct gate_service *s,
			    bool v6)
{
	uint16_t mask = ntohs(sel->dport_mask);

	if (s->v6 != v6 || !service_asks(s) || (sel->proto && sel->proto != s->proto))
		return false;
	return s->proto != IPPROTO_UDP ||
	       (s->port & mask) == (ntohs(sel->dport) & mask);
}

static void selector_print(const struct xfrm_selector *sel, char *buf, size_t size)
{
	char src[INET6_ADDRSTRLEN] = "?", dst[INET6_ADDRSTRLEN] = "?";

	inet_ntop(sel->family, &sel->saddr, src, sizeof(src));
	inet_ntop(sel->family, &sel->daddr, dst, sizeof(dst));
	snprintf(buf, size, "src %s/%u dst %s/%u", src, sel->prefixlen_s, dst,
		 sel->prefixlen_d);
}

/* Policies of a mark or of an xfrm interface do not see plain packets. */
static bool policy_plain(const struct nlattr **tb)
{
	struct xfrm_mark mark = { 0 };

	if (pn_attr_len(tb[XFRMA_MARK]) >= sizeof(mark))
		memcpy(&mark, pn_attr_data(tb[XFRMA_MARK]), sizeof(mark));
	return !(mark.v & mark.m) && !pn_attr_u32(tb[XFRMA_IF_ID], 0);
}

/* A policy of an IP protocol closes the tunnels of that protocol, one of UDP all of a place. */
static void policy_in(struct gate_run *run, const struct xfrm_selector *sel, bool v6,
		      const char *text)
{
	const struct gate_service *s, *end = run->g->services + run->g->n_services;
	struct pn_gate_finding f;

	for (s = run->g->services; s < end; s++) {
		if (!selector_covers(sel, s, v6))
			continue;
		f = (struct pn_gate_finding){ .ifindex = sel->ifindex };
		if (s->proto == IPPROTO_UDP) {
			f.places = PN_GATE_AT(v6 ? PN_PLACE_OUTER6 : PN_PLACE_OUTER4);
		} else {
			f.ifindex = 0;
			f.places = PN_GATE_AT(PN_PLACE_PORT);
			f.proto = s->proto;
			f.v6 = v6;
		}
		pn_gate_found_as(run, &f, "policy in %s", text);
	}
}

static int policy_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct xfrm_userpolicy_info *pol = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[XFRMA_MAX + 1];
	struct gate_run *run = data;
	char text[110];
	bool v6;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*pol))
		return 0;
	pn_attrs_parse(tb, XFRMA_MAX, pol + 1,
		       mnl_nlmsg_get_payload_len(nlh) - sizeof(*pol));
	v6 = pol->sel.family == AF_INET6;
	if (pol->action == XFRM_POLICY_ALLOW && !tb[XFRMA_TMPL])
		return 0;
	if (!policy_plain(tb))
		return 0;
	selector_print(&pol->sel, text, sizeof(text));
	if (pol->dir == XFRM_POLICY_IN)
		policy_in(run, &pol->sel, v6, text);
	else if (pol->dir == XFRM_POLICY_FWD || pol->dir == XFRM_POLICY_OUT)
		pn_gate_found(run, pol->dir == XFRM_POLICY_FWD ? pol->sel.ifindex : 0,
			      PN_GATE_AT(v6 ? PN_PLACE_ROUTED6 : PN_PLACE_ROUTED4),
			      "policy %s %s", pol->dir == XFRM_POLICY_FWD ? "fwd" : "out", text);
	return 0;
}

static int default_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct xfrm_userpolicy_default *def = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*def))
		return 0;
	if (def->in == XFRM_USERPOLICY_BLOCK)
		pn_gate_found(data, 0, GATE_AT_OUTER, "default policy in block");
	if (def->fwd == XFRM_USERPOLICY_BLOCK || def->out == XFRM_USERPOLICY_BLOCK)
		pn_gate_found(data, 0, GATE_AT_ROUTED, "default policy %s block",
			      def->fwd == XFRM_USERPOLICY_BLOCK ? "fwd" : "out");
	return 0;
}

int pn_gate_detect_xfrm(struct gate_run *run)
{
	struct xfrm_userpolicy_default def = { 0 };
	struct xfrm_userpolicy_id id = { 0 };
	struct pn_msg m;
	int rc;

	if (run->g->xfrm.fd < 0)
		return 0;
	pn_msg_init(&m, XFRM_MSG_GETPOLICY, 0);
	pn_msg_extra(&m, &id, sizeof(id));
	rc = pn_gate_dump(run, &run->g->xfrm, &m, policy_seen, run);
	if (rc)
		return rc == -ENOPROTOOPT ? 0 : rc;
	pn_msg_init(&m, XFRM_MSG_GETDEFAULT, 0);
	pn_msg_extra(&m, &def, sizeof(def));
	rc = pn_nl_get(&run->g->xfrm, &m, default_seen, run, NULL);
	pn_msg_fini(&m);
	/* EINVAL: before 5.14 there was no default to set. */
	return rc == -EINVAL ? 0 : rc;
}
