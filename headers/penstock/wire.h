/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Headers as they are on the wire, byte order in the type. Shared by the data
 * plane and its tests, so that they cannot disagree about bytes. Bit fields of
 * the first bytes are read as bytes, which spares every endianness question.
 */
#ifndef PENSTOCK_WIRE_H
#define PENSTOCK_WIRE_H

#include <linux/types.h>

#define PN_ETH_ALEN	6

#define PN_ETHERTYPE_IPV4	0x0800
#define PN_ETHERTYPE_ARP	0x0806
#define PN_ETHERTYPE_8021Q	0x8100
#define PN_ETHERTYPE_IPV6	0x86dd
#define PN_ETHERTYPE_8021AD	0x88a8
#define PN_ETHERTYPE_MRP	0x88e3	/* IEC 62439-2 */
#define PN_ETHERTYPE_CFM	0x8902	/* IEEE 802.1ag */

struct pn_ethhdr {
	__u8	dst[PN_ETH_ALEN];
	__u8	src[PN_ETH_ALEN];
	__be16	type;
} __attribute__((packed));

struct pn_vlanhdr {		/* IEEE 802.1Q, behind the TPID */
	__be16	tci;		/* PCP 3, DEI 1, VID 12 bits */
	__be16	type;		/* EtherType of what follows */
};
#define PN_VID_MASK	0x0fff

struct pn_ipv4hdr {		/* RFC 791 */
	__u8	ver_ihl;
	__u8	tos;		/* DSCP 6, ECN 2 bits */
	__be16	tot_len;
	__be16	id;
	__be16	frag;		/* reserved, DF, MF, offset 13 bits */
	__u8	ttl;
	__u8	protocol;
	__be16	csum;
	__be32	src;
	__be32	dst;
};
#define PN_IPV4_MF_OFFSET	0x3fff

struct pn_ipv6hdr {		/* RFC 8200 */
	__be32	ver_tc_flow;	/* version 4, traffic class 8, flow label 20 bits */
	__be16	payload_len;
	__u8	nexthdr;
	__u8	hop_limit;
	__be32	src[4];
	__be32	dst[4];
};

#define PN_IPPROTO_ICMP		1
#define PN_IPPROTO_IPIP		4
#define PN_IPPROTO_TCP		6
#define PN_IPPROTO_UDP		17
#define PN_IPPROTO_DCCP		33
#define PN_IPPROTO_IPV6		41
#define PN_IPPROTO_ROUTING	43
#define PN_IPPROTO_FRAGMENT	44
#define PN_IPPROTO_GRE		47
#define PN_IPPROTO_ESP		50
#define PN_IPPROTO_AH		51
#define PN_IPPROTO_ICMPV6	58
#define PN_IPPROTO_DSTOPTS	60
#define PN_IPPROTO_COMP		108
#define PN_IPPROTO_SCTP		132
#define PN_IPPROTO_UDPLITE	136
#define PN_IPPROTO_MPLS		137

struct pn_encap_limit {		/* RFC 2473, alone in an IPv6 destination options header */
	__u8	nexthdr;
	__u8	len;		/* 0: this header has 8 bytes */
	__u8	type;		/* PN_ENCAP_LIMIT */
	__u8	type_len;	/* 1 */
	__u8	limit;
	__u8	pad[3];		/* PadN with one byte */
};
#define PN_ENCAP_LIMIT		4

struct pn_udphdr {		/* RFC 768 */
	__be16	src;
	__be16	dst;
	__be16	len;
	__be16	csum;
};

struct pn_vxlanhdr {		/* RFC 7348 */
	__be32	flags;		/* PN_VXLAN_FLAGS, everything else is reserved */
	__be32	vni;		/* VNI 24 bits, reserved 8 bits */
};
#define PN_VXLAN_FLAGS		0x08000000	/* the I bit, nothing else */
#define PN_VXLAN_GPE_FLAGS	0x0c000000	/* I and P: the last byte names what is inside */
#define PN_VXLAN_GPE_NEXT	0x000000ff
#define PN_VXLAN_GPE_IPV4	1
#define PN_VXLAN_GPE_IPV6	2

struct pn_genevehdr {		/* RFC 8926 */
	__u8	ver_optlen;	/* version 2, option length 6 bits, in 4 bytes */
	__u8	flags;		/* O 0x80, C 0x40, reserved */
	__be16	proto;
	__be32	vni;		/* VNI 24 bits, reserved 8 bits */
};
#define PN_GENEVE_VERSION	0xc0
#define PN_GENEVE_OPTLEN	0x3f
#define PN_GENEVE_CONTROL	0x80
#define PN_GENEVE_CRITICAL	0x40

struct pn_grehdr {		/* RFC 2784, RFC 2890 */
	__be16	flags;
	__be16	proto;
};
#define PN_GRE_CSUM	0x8000
#define PN_GRE_KEY	0x2000
#define PN_GRE_SEQ	0x1000
#define PN_PROTO_TEB	0x6558	/* transparent Ethernet bridging */
#define PN_PROTO_ERSPAN	0x88be	/* types I and II */
#define PN_PROTO_ERSPAN2 0x22eb	/* type III */

struct pn_guehdr {		/* draft-ietf-intarea-gue, variant 0 */
	__u8	ver_hlen;	/* version 2, control 1, option length 5 bits, in 4 bytes */
	__u8	proto;		/* IP protocol of what follows */
	__be16	flags;
};

#define PN_ECN_MASK	3
#define PN_ECN_NOT_ECT	0
#define PN_ECN_ECT_1	1
#define PN_ECN_ECT_0	2
#define PN_ECN_CE	3

#endif
