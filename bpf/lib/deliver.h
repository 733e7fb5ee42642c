/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * At tc, what is not forwarded for a reason that lies behind the tunnel device
 * need not travel through its driver: the packet is stripped and goes on at the
 * device's ingress, where the kernel finds that reason again. Only if that is
 * all that the driver would have done, counters apart.
 */
#ifndef PN_BPF_DELIVER_H
#define PN_BPF_DELIVER_H

#include "lib/nest.h"

/* Gates that leave open what the device is, or that may be for the outer packet. */
#define DELIVER_UNSURE \
	(PN_GATE_RESYNC | PN_GATE_TUNNEL_CONFIG | PN_GATE_XFRM | PN_GATE_SOCKET)

/* Not static: verified once. */
__attribute__((noinline)) int deliver(ctx_t *ctx, struct packet *pkt, __u32 reason)
{
	struct pn_tunnel *tunnel;

	if (!pkt)
		return PN_R_SHORT;
	tunnel = tunnel_get(pkt->tunnel);
	if (!tunnel || (tunnel->flags & PN_TUNNEL_F_EXTERNAL) ||
	    ((tunnel->gate[0] | tunnel->gate[1]) & DELIVER_UNSURE))
		return reason;
	if (!ctx_may_deliver(ctx, pkt->bare, pkt->end - pkt->inner) || outer_prove(ctx, pkt))
		return reason;
	pkt->exit = EXIT_DELIVER;
	return PN_R_NONE;
}

/* All checks are done: what the driver takes off and writes. */
static __always_inline enum pn_reason deliver_rewrite(ctx_t *ctx, const struct packet *pkt,
						      int *action)
{
	struct pn_tunnel *tunnel = tunnel_get(pkt->tunnel);
	int err;

	if (!tunnel || (pkt->len > pkt->end && ctx_trim(ctx, pkt->len, pkt->end)))
		return PN_R_HELPER;
	if (pkt->bare)
		err = ctx_strip_ip(ctx, pkt->inner, pkt->proto);
	else
		err = ctx_strip(ctx, pkt->inner);
	if (err)
		return PN_R_HELPER;
	if (pkt->ecn_rewrite)
		inner_write_ecn(ctx, pkt);
	return ctx_deliver(ctx, tunnel->ifindex, action) ? PN_R_DELIVERED : PN_R_EGRESS_GONE;
}

#endif
