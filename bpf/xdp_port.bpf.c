// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Entry at XDP: one instance per port, specialised by pn_conf. */
#include "lib/ctx_xdp.h"
#include "lib/pipeline.h"

SEC("xdp")
int xdp_port(struct xdp_md *ctx)
{
	struct packet *pkt = packet_new();
	enum pn_reason reason;
	enum pn_verdict verdict;
	int action = XDP_PASS;

	if (!pkt)
		return XDP_PASS;
	if (pn_conf.stage == PN_STAGE_SPREAD)
		spread_arrived();
	reason = pipeline(ctx, pkt, &action);
	verdict = reason_verdict(reason);
	if (pn_conf.masks && verdict == PN_PASS) {
		reason = shape_passed(ctx, pkt, reason);
		if (pn_conf.spread)
			reason = spread_passed(pkt, reason, &action);
		verdict = reason_verdict(reason);
	}
	if (pn_conf.spread && !reason)
		return action;	/* it is on its way to another CPU, which counts it */
	count(pkt, reason, verdict);
	if (verdict == PN_FORWARD)
		return action;
	return verdict == PN_PASS ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
