// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Entry at tc ingress (tcx or clsact): the same pipeline for ports that carry
 * local TCP. TC_ACT_UNSPEC leaves the packet to the next program or filter.
 */
#include "lib/ctx_tc.h"
#include "lib/pipeline.h"

SEC("tc")
int tc_port(struct __sk_buff *skb)
{
	struct packet *pkt = packet_new();
	enum pn_reason reason;
	enum pn_verdict verdict;
	int action = TC_ACT_UNSPEC;

	if (!pkt)
		return TC_ACT_UNSPEC;
	reason = pipeline(skb, pkt, &action);
	verdict = reason_verdict(reason);
	if (pn_conf.masks && verdict == PN_PASS) {
		reason = shape_passed(skb, pkt, reason);
		verdict = reason_verdict(reason);
	}
	count(pkt, reason, verdict);
	if (verdict == PN_FORWARD)
		return action;
	return verdict == PN_PASS ? TC_ACT_UNSPEC : TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
