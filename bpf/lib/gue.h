/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * FOU and GUE (net/ipv4/fou_core.c): a UDP port behind which an IP protocol
 * stands, or a header that names one. What the kernel does then is to take the
 * packet for one of that protocol with the outer addresses; so do we.
 */
#ifndef PN_BPF_GUE_H
#define PN_BPF_GUE_H

#include "lib/packet.h"

/* GUE without flags, control messages and options; variant 1 has no header at all. */
static __always_inline enum pn_reason gue_parse(struct cursor *cur, struct packet *pkt,
						__u32 *off)
{
	struct pn_guehdr *gue = cursor_take(cur, sizeof(*gue));

	if (!gue || pkt->end < *off + sizeof(*gue))
		return PN_R_SHORT;
	if (gue->ver_hlen >> 6 == 1) {
		pkt->l4proto = PN_IPPROTO_IPIP;
		if (gue->ver_hlen >> 4 == 6)
			pkt->l4proto = PN_IPPROTO_IPV6;
		else if (gue->ver_hlen >> 4 != 4)
			return PN_R_TUNNEL_FLAGS;
		return PN_R_NONE;
	}
	if (gue->ver_hlen || gue->flags || !gue->proto)
		return PN_R_TUNNEL_FLAGS;
	pkt->l4proto = gue->proto;
	*off += sizeof(*gue);
	return PN_R_NONE;
}

#endif
