// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * IPsec: inbound policies that a tunnel's packet could match. Forward policies
 * are not met by packets for this host, nor by bridged frames; a policy that
 * allows without a template refuses nobody.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "mirror/gate_detect.h"

/* Is there a tunnel whose UDP port the selector covers? */
static bool selector_covers(const struct pn_gates *g, const struct xfrm_selector *sel,
			    bool v6)
{
	const struct gate_dev *d;
	uint16_t mask = ntohs(sel->dport_mask);

	if (sel->proto && sel->proto != IPPROTO_UDP)
		return false;
	for (d = g->devs; d < g->devs + g->n_devs; d++)
		if ((v6 ? d->udp6 : d->udp4) && d->udp_port &&
		    (d->udp_port & mask) == (ntohs(sel->dport) & mask))
			return true;
	return false;
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

static int policy_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct xfrm_userpolicy_info *pol = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[XFRMA_MAX + 1];
	struct gate_run *run = data;
	char text[110];
	bool v6;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*pol) || pol->dir != XFRM_POLICY_IN)
		return 0;
	pn_attrs_parse(tb, XFRMA_MAX, pol + 1,
		       mnl_nlmsg_get_payload_len(nlh) - sizeof(*pol));
	v6 = pol->sel.family == AF_INET6;
	if (pol->action == XFRM_POLICY_ALLOW && !tb[XFRMA_TMPL])
		return 0;
	if (!policy_plain(tb) || !selector_covers(run->g, &pol->sel, v6))
		return 0;
	selector_print(&pol->sel, text, sizeof(text));
	pn_gate_found(run, pol->sel.ifindex,
		      PN_GATE_AT(v6 ? PN_PLACE_OUTER6 : PN_PLACE_OUTER4),
		      "policy in %s", text);
	return 0;
}

static int default_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct xfrm_userpolicy_default *def = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*def) &&
	    def->in == XFRM_USERPOLICY_BLOCK)
		pn_gate_found(data, 0, GATE_AT_OUTER, "default policy in block");
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
