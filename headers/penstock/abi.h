/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the data plane and the loader share: the contents of the maps (those of
 * shapers: shaper.h).
 *
 * All tables but the counters are arrays that user space maps into memory and
 * writes; the data plane only reads them (and stamps FDB slots). A look-up in
 * an array is inlined by the JIT, where a hash map's costs a call and 30 ns.
 * The hashed tables are bucketed cuckoo tables: a key lives in one of two
 * buckets, wherever a slot is free, so a reader looks at two cache lines at
 * most and a writer never has to stop the readers.
 *
 * Writing order (x86 stores are not reordered): a slot is filled value first,
 * key last; it is freed key first. A reader takes the key, the value, and the
 * key again. A reader that misses a moving entry passes the packet, which is
 * always right.
 *
 * Fixed-width types, no implicit padding. A change of layout changes
 * PN_ABI_VERSION.
 */
#ifndef PENSTOCK_ABI_H
#define PENSTOCK_ABI_H

#include <linux/types.h>

#include <penstock/limits.h>

#define PN_ABI_VERSION	4

/* --- verdicts, reasons, gates ------------------------------------------- */

enum pn_verdict { PN_FORWARD = 0, PN_PASS = 1, PN_DROP = 2 };
#define PN_VERDICTS 3

enum pn_reason {
	PN_R_NONE = 0,		/* undecided; never counted */
#define PN_REASON(id, number, name, verdict, text) PN_R_##id = number,
#include <penstock/reasons.def>
#undef PN_REASON
};

enum pn_gate {			/* bits of the gate words below */
#define PN_GATE(id, bit, name, text, cure) PN_GATE_##id = 1u << (bit),
#include <penstock/gates.def>
#undef PN_GATE
};

/* Where a gate stands: each place has a word of its own in struct pn_port. */
enum pn_place {
	PN_PLACE_PORT = 0,	/* every frame that arrives on the device */
	PN_PLACE_OUTER4 = 1,	/* tunnel packets to this host over IPv4 */
	PN_PLACE_OUTER6 = 2,	/* the same over IPv6 */
	PN_PLACE_BRIDGE = 3,	/* frames that enter the bridge here */
	PN_PLACE_TAGGED = 4,	/* those of them that carry a VLAN tag */
	PN_PLACE_EGRESS = 5,	/* frames that would leave here */
};
#define PN_PLACES 6

/* --- ports -------------------------------------------------------------- */

/*
 * Map pn_ports, array, by port index (stable while the device exists; 0 is
 * never used). A port is a device that frames arrive on or leave by: an
 * attached port, a bridge port, a tunnel device, a VLAN device of an attached
 * port. Written by the mirror; missing devices are all zero (ifindex 0).
 */
struct pn_port {
	__u32	ifindex;
	__u32	flags;			/* PN_PORT_* */
	__u32	max_len;		/* longest frame it may send: MTU + 14 + 4, bytes */
	__u16	fid;			/* bridge it is a port of, 1..; 0: none */
	__u8	mac[6];			/* its own address */
	__u32	gate[PN_PLACES];	/* closed gates that are not ignored, enum pn_gate */
	__u32	ignored;		/* gates that the operator ignores, enum pn_gate */
	__u16	pvid;			/* PN_PORT_VLANS: VID of what comes untagged; 0: none */
	__u16	vlan_proto;		/* PN_PORT_VLANS: TPID of the bridge's VLANs, host order */
	__u32	reserved[3];
};

#define PN_PORT_UP		(1u << 0)	/* admin and carrier up (and its bridge, if any) */
#define PN_PORT_FORWARDING	(1u << 1)	/* bridge port state is forwarding */
#define PN_PORT_HAIRPIN		(1u << 2)
#define PN_PORT_ISOLATED	(1u << 3)
#define PN_PORT_LOCKED		(1u << 4)
#define PN_PORT_LEARNING	(1u << 5)	/* bridge port learns sources */
#define PN_PORT_XDP_TARGET	(1u << 6)	/* pn_devmap holds it, and it takes XDP frames */
#define PN_PORT_TC_TARGET	(1u << 7)	/* frames may be redirected to its egress at tc */
#define PN_PORT_SETS_PROTO	(1u << 8)	/* its driver derives skb->protocol anew (veth) */
#define PN_PORT_NEIGH_PROXY	(1u << 9)	/* the bridge may answer ARP/ND itself */
/*
 * The bridge filters by VLAN: what a frame belongs to is said by its VLAN's
 * membership (PN_DEMUX_BRVLAN), whose fid is that of the bridge and the VID.
 */
#define PN_PORT_VLANS		(1u << 10)
#define PN_PORT_VLAN_TUNNEL	(1u << 11)	/* takes the VID from the tunnel's VNI */

/* --- hashed tables ------------------------------------------------------ */

/*
 * A 64-bit key with a 64-bit value. key 0: free.
 *   pn_fdb    what the bridge (and the vxlan device) know of a MAC
 *   pn_demux  what in a header leads to which device
 */
struct pn_slot {
	__u64	key;
	__u16	index;		/* fdb: egress port index; demux: see PN_DEMUX_* */
	__u8	flags;		/* fdb: PN_FDB_* */
	__u8	stamp;		/* fdb: epoch of the last frame left to the kernel */
	union {
		__u32	vtep;	/* fdb: remote VTEP that the tunnel device knows for it; 0: none */
		__u32	tunnel;	/* demux: entry of pn_tunnels */
	};
};

struct pn_bucket {
	struct pn_slot slot[PN_BUCKET_SLOTS];
};

/* pn_fdb key: the MAC as a big-endian number in the upper 48 bits, fid in the lower 16. */
#define PN_FDB_KEY(mac48, fid)	(((__u64)(mac48) << 16) | (fid))

#define PN_FDB_LOCAL	(1u << 0)	/* up to the bridge device: never forwarded */
#define PN_FDB_REFRESH	(1u << 1)	/* ages in the kernel: a frame per epoch goes there */
#define PN_FDB_LOCKED	(1u << 2)	/* NTF_EXT_LOCKED: no right to a locked port */
#define PN_FDB_STAYS	(1u << 3)	/* permanent or sticky: never moves to another port */
/*
 * Set by the data plane when the MAC turns up as a source on another port: the
 * kernel alone decides about it until the mirror writes the slot anew, or the
 * MAC is heard on its old port again. So a MAC that moves is never sent to its
 * old place, whether a daemon runs or not.
 */
#define PN_FDB_MOVED	(1u << 4)

/*
 * pn_demux keys: what they are about in the top byte, enum pn_demux_type.
 *
 * A key that leads to a tunnel holds what the driver compares, and is there
 * only if nothing else in this namespace could take such a packet; value:
 * @tunnel, and in @index the VID that a bridge gives to frames of this VNI
 * (PN_PORT_VLAN_TUNNEL; 0: none). A remote is in it by its number (struct
 * pn_endpoint.vtep), the rest (local address, UDP port) stands in struct
 * pn_tunnel. The others say in @index what is noted beside them.
 */
enum pn_demux_type {
	PN_DEMUX_VXLAN = 1,	/* PN_DEMUX_KEY_UDP: family, UDP port, VNI */
	PN_DEMUX_VLAN = 2,	/* PN_DEMUX_KEY_VLAN; index: the VLAN device's port index */
	/*
	 * PN_DEMUX_KEY_UDP with VNI 0; index: PN_UDP_INDEX(), tunnel: the external
	 * device that takes every VNI of the port which has no key of its own
	 */
	PN_DEMUX_UDP_PORT = 3,

	/* PN_DEMUX_KEY_VTEP: remote, and VNI or GRE key */
	PN_DEMUX_GENEVE = 4,
	PN_DEMUX_GRETAP = 5,	/* Ethernet in GRE over IPv4, no key in the packet */
	PN_DEMUX_GRETAP_KEY = 6, /* with a key; over IPv6 always, no key being key 0 there */
	PN_DEMUX_ERSPAN1 = 7,	/* ERSPAN type I: GRE of 4 bytes over IPv4, no ERSPAN header */
	PN_DEMUX_GRE = 8,	/* anything else in GRE, as GRETAP */
	PN_DEMUX_GRE_KEY = 9,
	PN_DEMUX_IPV4 = 10,	/* IP protocol 4: ipip, sit, ip6tnl; the key is 0 */
	PN_DEMUX_IPV6 = 11,	/* IP protocol 41: sit, ip6tnl; the key is 0 */
	/*
	 * Any packet from this remote to a VTI; @tunnel says which. The kernel asks
	 * a VTI first: a tunnel to the same remote has no key IPV4 or IPV6 if the
	 * VTI could take its packets.
	 */
	PN_DEMUX_VTI = 12,

	PN_DEMUX_IFINDEX = 13,	/* PN_DEMUX_KEY_WORD(ifindex); index: port index */
	PN_DEMUX_LOCAL4 = 14,	/* PN_DEMUX_KEY_WORD(address as in memory): an address of ours */
	PN_DEMUX_BRVLAN = 16,	/* PN_DEMUX_KEY_BRVLAN; index: fid, flags: PN_BRVLAN_* */

	PN_DEMUX_IP_PROTO = 15,	/* PN_DEMUX_KEY_UDP with an IP protocol: a tunnel's; index: 1 */
};
#define PN_DEMUX_KEY_UDP(type, v6, dport, vni) \
	((__u64)(type) << 56 | (__u64)!!(v6) << 48 | (__u64)(dport) << 24 | (vni))
#define PN_DEMUX_KEY_VLAN(port, ad, vid) \
	((__u64)PN_DEMUX_VLAN << 56 | (__u64)(port) << 32 | (__u64)!!(ad) << 16 | (vid))
#define PN_DEMUX_KEY_BRVLAN(port, vid) \
	((__u64)PN_DEMUX_BRVLAN << 56 | (__u64)(port) << 32 | (vid))
#define PN_DEMUX_KEY_VTEP(type, vtep, key) \
	((__u64)(type) << 56 | (__u64)(vtep) << 32 | (__u32)(key))
#define PN_DEMUX_KEY_WORD(type, word)	((__u64)(type) << 56 | (__u32)(word))

/* A bridge port's membership in a VLAN; without a slot it is no member. */
#define PN_BRVLAN_UNTAGGED	(1u << 0)	/* frames leave here without the tag */
#define PN_BRVLAN_FORWARDING	(1u << 1)	/* the VLAN's state on this port is forwarding */

/* Who listens on a UDP port, and for FOU the IP protocol of what is inside. */
enum pn_udp_service {
	PN_UDP_NONE = 0, PN_UDP_VXLAN = 1, PN_UDP_GENEVE = 2, PN_UDP_FOU = 3, PN_UDP_GUE = 4,
	PN_UDP_GPE = 5,		/* VXLAN-GPE */
};
#define PN_UDP_INDEX(service, protocol)	((service) | (protocol) << 8)
#define PN_UDP_SERVICE(index)		((__u8)(index))
#define PN_UDP_PROTOCOL(index)		((index) >> 8)

/*
 * VTEP numbers have 24 bits. ANY stands for a source that is nobody's remote,
 * where `peers` allows such; tunnels without a remote have it in their keys.
 */
#define PN_VTEP_MAX	0xfffffeu
#define PN_VTEP_ANY	0xffffffu

/*
 * Map pn_endpoints: outer addresses proven by the mirror for an ingress port:
 * @dst is an address of this host, @src is a peer (a tunnel's remote or a VTEP
 * of an FDB), neither martian nor ours, and the reverse path filter takes it.
 * IPv4 addresses are v4-mapped (::ffff:a.b.c.d). gen 0: free; it is set last
 * and differs for every writing, so a reader can prove that nothing moved.
 *
 * With @src all zero (IPv4: ::ffff:0.0.0.0) and @vtep PN_VTEP_ANY it says that
 * @dst is an address of this host on this port, and nothing of the source.
 * These exist for ports whose `peers` are not `known`, or that are strict.
 *
 * With @dst all zero (IPv4: ::ffff:0.0.0.0) and @port 0 it says that @src is a
 * peer, wherever its packets come from: it is no stranger. These exist, one for
 * each peer, as long as the former do.
 */
struct pn_endpoint {
	__u32	gen;
	__u16	port;		/* L3 ingress port index (a VLAN device has its own) */
	__u16	family;		/* 4 or 6 */
	__be32	src[4];
	__be32	dst[4];
	__u32	vtep;		/* number of @src as in struct pn_slot.vtep, never 0 */
	__u32	rpf;		/* enum pn_rpf that the port asks, where @src is any */
	__u32	reserved[4];
};

/* Reverse path filter, as net.ipv4.conf.*.rp_filter. */
enum pn_rpf { PN_RPF_OFF = 0, PN_RPF_STRICT = 1, PN_RPF_LOOSE = 2 };

struct pn_endpoint_bucket {
	struct pn_endpoint slot[PN_BUCKET_SLOTS];
};

/* --- tunnels ------------------------------------------------------------ */

enum pn_tunnel_kind {
	PN_TUNNEL_NONE = 0,
#define PN_TUNNEL_KIND(id, number, ...) PN_TUNNEL_##id = number,
#include <penstock/tunnels.def>
#undef PN_TUNNEL_KIND
};
#define PN_TUNNEL_KINDS 13

/*
 * Map pn_tunnels, array, by tunnel index (0 is never used): every tunnel
 * device, eligible or not.
 */
struct pn_tunnel {
	__u32	ifindex;	/* of the tunnel device; 0: free */
	__u16	port;		/* its entry in pn_ports; 0: none (not Ethernet, not nested) */
	__u8	kind;		/* enum pn_tunnel_kind */
	__u8	flags;		/* PN_TUNNEL_F_* */
	__u32	id;		/* VNI, or GRE key in host order */
	__u16	dport;		/* UDP port of VXLAN and GENEVE, host order */
	__u8	mac[6];		/* the device's own */
	__be32	local[4];	/* the only outer destination it takes; all zero: any */
	/*
	 * Closed gates (enum pn_gate) that inner IPv4 and IPv6 packets would meet
	 * behind the device: its own ingress, routing, and for kinds that have no
	 * entry in pn_ports its being down.
	 */
	__u32	gate[2];
	__u32	next;		/* tunnel of the same key with another local; 0: none */
	__be32	rd_prefix[2];	/* 6rd (RFC 5969): the first 64 bits of the prefix */
	__be32	rd_relay;	/* the IPv4 bits that the inner addresses leave out */
	__u8	rd_prefix_len;	/* 0: sources are not checked (sit with a remote) */
	__u8	rd_relay_len;
	__u8	rpf;		/* enum pn_rpf of the tunnel device, for inner IPv4 */
	__u8	why;		/* enum pn_ineligible: no key leads here; 0: eligible */
};
#define PN_TUNNEL_F_NONE	0
#define PN_TUNNEL_F_LEARNING	(1u << 0)	/* the device learns (source MAC, VTEP) */
#define PN_TUNNEL_F_ZERO_CSUM6	(1u << 1)	/* takes a zero UDP checksum over IPv6 */
#define PN_TUNNEL_F_ICSUM	(1u << 2)	/* takes GRE with a checksum, and only that */
#define PN_TUNNEL_F_COUNT_ETH	(1u << 3)	/* its driver counts the inner Ethernet header */
#define PN_TUNNEL_F_OWN_MAC	(1u << 4)	/* its driver drops frames from its own address */
#define PN_TUNNEL_F_ETHER	(1u << 5)	/* Ethernet frames inside */
#define PN_TUNNEL_F_EXTERNAL	(1u << 6)	/* what it receives carries metadata */

enum pn_ineligible {
	PN_WHY_NONE = 0,
#define PN_INELIGIBLE(id, number, name, text) PN_WHY_##id = number,
#include <penstock/ineligible.def>
#undef PN_INELIGIBLE
};

/* Longest chain of @next that is followed. */
#define PN_TUNNEL_CHAIN	4

/* --- counters ----------------------------------------------------------- */

struct pn_count {
	__u64	packets;
	__u64	bytes;
};

/*
 * Map pn_port_stats, per-CPU array of one, one map per attached port: bytes of
 * the frame as it arrived (no FCS). The sum over all reasons is what the port
 * received.
 */
struct pn_port_stats {
	struct pn_count reason[PN_MAX_REASONS];
};

/*
 * Map pn_tun_stats, per-CPU array by tunnel index: packets whose tunnel was
 * found, by verdict. Bytes as the kernel's device counts them: the inner packet
 * behind its Ethernet header, if it has one; gretap and erspan count that too.
 *
 * Map pn_peer_stats, by VTEP number as far as it reaches: the packets of proven
 * peers among them, in bytes as they arrived.
 */
struct pn_tunnel_stats {
	struct pn_count verdict[PN_VERDICTS];
};

/* --- control ------------------------------------------------------------ */

/*
 * Map pn_control, array of one, memory-mapped. The epoch is the clock of FDB
 * ageing: a BPF timer advances it every @epoch_ns, whether a daemon runs or
 * not, and the data plane reads a byte where a clock read would cost 35 ns.
 */
struct pn_control {
	__u32	epoch;		/* written by the timer only */
	__u32	beat;		/* likewise: the uptime in PN_BEAT_NS, for neighbours */
	__u64	epoch_ns;	/* a quarter of the shortest bridge ageing time */
};

/*
 * How often a packet to a neighbour is left to the kernel. It believes in one
 * for 15 to 45 s without a sign of life, and then asks when there is traffic.
 */
#define PN_BEAT_NS	5000000000ull

/* --- explain ------------------------------------------------------------ */

/*
 * Map pn_explain, array of one: what the last packet of an explaining twin met.
 * Not shared and not pinned: it ends with the twin.
 */
struct pn_explain {
	__u32	reason;		/* enum pn_reason */
	__u32	tunnel;		/* tunnel index, 0: none; the innermost where they are nested */
	__u16	egress;		/* port index, 0: none */
	__u8	outcome;	/* @shaper: enum pn_shaper_outcome, as it would be now */
	__u8	lender;		/* levels above @shaper that its rate came from; 0: its own */
	__u32	shaper;		/* shaper index that it fell to, 0: none */
	__u32	bytes;		/* that it would be charged there */
};

/* --- per-program configuration (.rodata of the entry programs) ---------- */

enum pn_csum_mode { PN_CSUM_FULL = 0, PN_CSUM_INNER = 1, PN_CSUM_LEAVE = 2 };

/* Whose packets are terminated; what others send is passed, or dropped if strict. */
enum pn_peers {
	PN_PEERS_KNOWN = 0,	/* remotes, and VTEPs of FDBs */
	PN_PEERS_ANY = 1,	/* anybody that the tunnel itself takes packets from */
	PN_PEERS_LISTED = 2,	/* sources in pn_peers */
};

/*
 * Map pn_peers, LPM trie: prefixes of the ports whose peers are listed. The
 * prefix length counts the port's 32 bits and 96 more for IPv4.
 */
struct pn_peer_key {
	__u32	prefix_len;
	__u32	port;		/* port index of the attached port */
	__be32	addr[4];
};

/* Families of tunnels that a program knows, bits of pn_conf.families. */
#define PN_FAMILY_VXLAN		(1u << 0)
#define PN_FAMILY_GENEVE	(1u << 1)
#define PN_FAMILY_GRE		(1u << 2)	/* gre, gretap, erspan and their IPv6 kinds */
#define PN_FAMILY_IPIP		(1u << 3)	/* ipip, sit, ip6tnl */
#define PN_FAMILY_FOU		(1u << 4)	/* FOU and GUE */
#define PN_FAMILY_ALL		0x1fu

struct pn_conf {
	__u64	seed;		/* of the hashes; the same for all programs of a pin directory */
	__u32	fdb_mask;	/* buckets - 1 */
	__u32	demux_mask;
	__u32	endpoint_mask;
	__u16	port;		/* this port's entry in pn_ports */
	__u8	checksum;	/* enum pn_csum_mode */
	__u8	frags;		/* 1: frames may come in several buffers (xdp.frags) */
	__u8	explain;	/* 1: count nothing, write pn_explain instead */
	__u8	peers;		/* enum pn_peers */
	__u8	strict;		/* 1: tunnel packets of others are dropped */
	__u8	nesting;	/* tunnels that are taken off one packet, 1..PN_MAX_NESTING */
	__u32	families;	/* PN_FAMILY_* */
	__u32	match_mask;	/* buckets - 1 of pn_match_keys */
	__u32	parts;		/* PN_PART_* (shaper.h): what this port's shapers look at */
	__u16	masks;		/* bits: entries of pn_masks (shaper.h) to try; 0: no shaper */
	__u8	spread;		/* 1: some of its shapers are spread over CPUs */
	__u8	stage;		/* enum pn_stage */
	__u32	cpus;		/* hash of the CPUs in its cpumap: others, another program */
};

enum pn_stage {
	PN_STAGE_PORT = 0,	/* at the port's hook: everything */
	PN_STAGE_SPREAD = 1,	/* on another CPU (cpumap), behind the shapers */
};

/*
 * Map pn_abi, array of one, pinned beside the others: who made these pins. A
 * loader whose record differs touches nothing.
 */
struct pn_abi {
	__u32	version;	/* PN_ABI_VERSION */
	__u32	fdb_buckets;
	__u32	demux_buckets;
	__u32	endpoint_buckets;
	__u32	tunnels;	/* entries of pn_tunnels and pn_tun_stats */
	__u32	peers;		/* entries of pn_peer_stats */
	__u32	shapers;	/* entries of pn_shapers, pn_shaper_stats and pn_matches */
	__u32	match_buckets;
	__u32	sources;	/* entries of pn_sources */
	__u32	reserved;
	__u64	seed;
	__u64	netns_cookie;	/* of the network namespace that the ifindexes are of */
	__u16	size_port, size_slot, size_endpoint, size_tunnel;
	__u16	size_port_stats, size_tunnel_stats, size_control, size_conf;
	__u16	size_shaper, size_match, size_shaper_stats, size_source;
};

/* --- hashing, the same on both sides ------------------------------------ */

static inline __attribute__((always_inline)) __u64 pn_hash64(__u64 key, __u64 seed)
{
	key = (key ^ seed) * 0x9e3779b97f4a7c15ull;
	key ^= key >> 32;
	return key * 0xd6e8feb86659fd93ull;
}

/* A key's two buckets are these bits of its hash, masked. */
#define PN_HASH_FIRST(hash)	((__u32)((hash) >> 40))
#define PN_HASH_SECOND(hash)	((__u32)((hash) >> 12))

static inline __attribute__((always_inline)) __u64
pn_hash_endpoint(const __be32 *src, const __be32 *dst, __u16 port, __u64 seed)
{
	/* the last byte of an address is its highest here: spread it before it is hashed */
	__u64 key = (__u64)src[3] * 0xff51afd7ed558ccdull + dst[3];

	key ^= ((__u64)(src[0] ^ dst[0]) << 32 | (src[1] ^ dst[1])) * 0x9e3779b97f4a7c15ull;
	key ^= ((__u64)src[2] << 32 | dst[2]) * 0xc2b2ae3d27d4eb4full;
	return pn_hash64(key ^ ((__u64)port << 16), seed);
}

#define PN_ASSERT_SIZE(type, size) \
	_Static_assert(sizeof(struct type) == (size), #type " is " #size " bytes")

PN_ASSERT_SIZE(pn_port, 64);
PN_ASSERT_SIZE(pn_slot, 16);
PN_ASSERT_SIZE(pn_bucket, 64);
PN_ASSERT_SIZE(pn_endpoint, 64);
PN_ASSERT_SIZE(pn_tunnel, 64);
PN_ASSERT_SIZE(pn_count, 16);
PN_ASSERT_SIZE(pn_control, 16);
PN_ASSERT_SIZE(pn_explain, 20);
PN_ASSERT_SIZE(pn_conf, 48);
PN_ASSERT_SIZE(pn_abi, 80);

#endif
