// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Is the packet one of a shaper whose queue is at this filter's IFB device?
 * Then the filter's action (mirred) sends it there; this program says in which
 * class it waits, or until when. Attached behind the port's program, and not in
 * direct-action mode: its result is no verdict, and 0 leaves the packet alone.
 */
#include "lib/ctx_tc.h"
#include "lib/shaper.h"

#include "lib/edt.h"

#define FILTER_NONE	0
#define FILTER_MATCH	(-1)	/* cls_bpf: the class that the filter was given */

const volatile __u32 pn_shape_ifb;	/* index of the device */

/* What the port's program at tc has found out already; at XDP it leaves no note. */
static __always_inline __u32 shaper_look(struct __sk_buff *skb)
{
	struct packet *pkt = packet_new();

	if (!pkt)
		return 0;
	pkt->len = ctx_len(skb);
	pkt->port = pn_conf.port;
	return shaper_find(skb, pkt);
}

SEC("tc")
int tc_shape(struct __sk_buff *skb)
{
	struct pn_shaper *shaper;
	__u32 index;

	if (!pn_conf.masks)
		return FILTER_NONE;
	if (!ctx_noted(skb, &index))
		index = shaper_look(skb);
	shaper = shaper_get(index);
	if (!shaper || shaper->action != PN_SHAPER_SHAPE || shaper->ifb != pn_shape_ifb)
		return FILTER_NONE;
	if (shaper->minor)
		skb->priority = shaper->minor;
	else if (shaper->flags & PN_SHAPER_F_EDT)
		edt_stamp(skb, index, sizeof(struct pn_ethhdr) + 40);
	return FILTER_MATCH;
}

char _license[] SEC("license") = "Dual BSD/GPL";
