/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the stations know of the packet at hand. Offsets and copies only:
 * packet pointers do not survive a packet-changing helper.
 */
#ifndef PN_BPF_PACKET_H
#define PN_BPF_PACKET_H

#include <bpf/bpf_endian.h>

#include <penstock/shaper.h>
#include <penstock/wire.h>

#include "lib/table.h"

/* Bytes that the stations may read in place: two tags, IPv6, VXLAN, inner IPv6 and TCP. */
#define PIPELINE_PULL	160

enum outer_csum {
	OUTER_CSUM_NONE,	/* no field, or zero: nothing to prove */
	OUTER_CSUM_UDP,
	OUTER_CSUM_GRE,
	OUTER_CSUM_BOTH, /* GRE in FOU or GUE: of interest to shapers only */
};

enum retag {
	RETAG_KEEP,
	RETAG_POP,
	RETAG_PUSH,
};

/* What becomes of a packet that was inside a tunnel. */
enum exit {
	EXIT_STRIP,	/* its frame leaves as it is */
	EXIT_ROUTE,	/* with another Ethernet header, one hop older */
	EXIT_DELIVER,	/* it goes on behind the tunnel device (tc) */
};

/* An inner IP header, as far as routing goes. */
struct inner_net {
	struct bpf_fib_lookup fib;
	__u32 end;	/* offset behind its last byte */
	__u8 ttl;
	bool odd;	/* its route depends on more than its header */
};

/* Where the headers are that shapers look at, offsets in the frame; 0: there are none. */
struct flow_at {
	__u16 outer;	/* IP header of the frame */
	__u16 inner;	/* of what the outermost tunnel carries, or the frame's own */
	__u16 l4;	/* what the frame's carries: UDP, GRE */
	__u8 outer_family; /* 4 or 6 */
	__u8 family;	/* of the inner one */
	__u8 csum;	/* enum outer_csum, over the inner packet */
	bool tunnel;
	bool known;	/* all of this, where it was not asked for by a match */
};

struct packet {
	__u32 len;		/* whole frame as it arrived, bytes */

	/* the outer headers, where there is a tunnel */
	struct outer_pair pair;
	__u16 port;		/* L3 ingress: index of the VLAN device behind a tag */
	__u16 family;		/* 4 or 6 */
	__u8 tos;		/* DS field of the outer header */
	__u8 l4proto;		/* behind FOU and GUE: of what they carry */
	__u8 csum;		/* enum outer_csum */
	__u16 udp_dport;	/* host order */
	__u16 udp_len;
	__u16 l3;		/* offset of the IP header */
	__u16 l4;		/* offset of what it carries: the UDP or GRE header */
	__u16 inner;		/* offset of the inner frame; 0: not decapsulated */
	__u32 end;		/* offset behind the last byte that counts */
	__u32 vtep;		/* number of the remote */

	/* the tunnel */
	__u8 type;		/* enum pn_demux_type: what is looked up, with the key */
	__u32 key;		/* VNI or GRE key */
	__u32 tunnel;		/* its index; 0: none found */
	bool bare;		/* an IP packet is inside, without Ethernet */
	bool tunnel_learns;
	__u8 uncounted;		/* bytes of the inner frame that its driver does not count */

	/* the frame that is bridged */
	__u64 dst48, src48;	/* MACs as numbers */
	__u16 proto;		/* its EtherType, host order */
	bool ecn_rewrite;
	__u8 inner_tos;		/* what the inner DS field becomes */

	/* its VLAN, where the bridge filters by VLAN */
	__u16 fid;		/* what the FDB is asked for */
	__u16 vid;
	__u16 tci, tpid;	/* of the tag it has, or gets */
	__u8 retag;		/* enum retag */

	/* where it goes */
	__u16 egress;		/* port index; 0: nowhere yet */
	__u8 exit;		/* enum exit */
	__u8 level;		/* tunnels that were around this one, in pn_levels */
	bool behind;		/* the driver takes it; what follows is behind its device */
	bool proven;		/* the outer checksum holds */
	bool shaped;		/* its shaper has had it */
	__u32 cpu;		/* where its shaper spreads it to, + 1; 0: nowhere */
	struct pn_ethhdr eth;	/* EXIT_ROUTE: what stands in front */
	__u32 keep;		/* EXIT_ROUTE: offset behind the last byte */
	struct inner_net net;	/* only routing clears it, and nobody what follows */

	/* what shapers see of it */
	struct pn_flow flow;
	struct flow_at at;
	__u64 now;		/* ns */
	bool forwards;		/* what the decision was */
	__u32 shaper;		/* its index; 0: none */
};

/*
 * The packet at hand, on this CPU; each program has its own. It is no variable
 * on the stack because the verifier does not follow what is written to a map:
 * with packet_settle() all ways that lead to a place are one there, and the
 * stations need not be functions of their own. A return costs 15 ns and more
 * where the CPU must not predict it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct packet);
} pn_packet SEC(".maps");

static __always_inline struct packet *packet_clear(__u32 index)
{
	struct packet *pkt = bpf_map_lookup_elem(&pn_packet, &index);

	if (pkt)
		__builtin_memset(pkt, 0, offsetof(struct packet, net));
	return pkt;
}

static __always_inline struct packet *packet_new(void)
{
	return packet_clear(0);
}

/* For a second look at it that leaves what was decided alone: see flow_walk(). */
static __always_inline struct packet *packet_spare(void)
{
	__u32 one = 1;

	return bpf_map_lookup_elem(&pn_packet, &one);
}

/* What the compiler has of the packet in registers is in memory from here on. */
static __always_inline void packet_settle(void)
{
	asm volatile("" : : : "memory");
}

/* Six bytes of a MAC address and the two behind them, as one number. */
static __always_inline __u64 load_be64(const void *p)
{
	return bpf_be64_to_cpu(*(const __be64 *)p);
}

#endif
