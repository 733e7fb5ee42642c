/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ECN at the tunnel's egress: RFC 6040 as include/net/inet_ecn.h has it. */
#ifndef PN_BPF_ECN_H
#define PN_BPF_ECN_H

#include "lib/csum.h"

/*
 * ECN of the inner header after decapsulation. False: the kernel would log or
 * drop, so the packet is its own. Not-ECT inside takes no mark from outside.
 */
static __always_inline bool ecn_combine(__u8 outer, __u8 inner, __u8 *result)
{
	*result = inner;
	if (inner == PN_ECN_NOT_ECT)
		return outer == PN_ECN_NOT_ECT;
	if (outer == PN_ECN_CE)
		*result = PN_ECN_CE;
	else if (outer == PN_ECN_ECT_1 && inner == PN_ECN_ECT_0)
		*result = PN_ECN_ECT_1;
	return true;
}

/*
 * Write @tos into the DS field, and the change into the header checksum as
 * IP_ECN_set_ce() and IP_ECN_set_ect1() do: the same sum in another order can
 * end in the other zero of ones' complement, which is right, but not equal.
 */
static __always_inline void ipv4_set_tos(struct pn_ipv4hdr *ip, __u8 tos)
{
	int up = (int)tos - ip->tos;
	__u32 sum = ip->csum + bpf_htons(up > 0 ? 0xffff - up : -up);

	ip->tos = tos;
	ip->csum = (sum & 0xffff) + (sum >> 16);
}

static __always_inline __u8 ipv6_tclass(const struct pn_ipv6hdr *ip)
{
	return bpf_ntohl(ip->ver_tc_flow) >> 20;
}

static __always_inline void ipv6_set_tclass(struct pn_ipv6hdr *ip, __u8 tclass)
{
	ip->ver_tc_flow = (ip->ver_tc_flow & ~bpf_htonl(0x0ff00000)) |
			  bpf_htonl((__u32)tclass << 20);
}

#endif
