/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which tunnel device takes which packet, as far as the kernel's order leaves
 * no doubt: the devices are brought in, every packet that one of them is meant
 * for is put through the kernel's look-ups, and a device gets the packets that
 * it wins on every ingress port. For the kinds that compare addresses: GENEVE,
 * GRE, ERSPAN, IP in IP, sit, ip6tnl, vti. Pure: knows devices, no maps.
 *
 * What decides a look-up and is not told by the kernel is the age of devices:
 * where that would matter nobody wins.
 */
#ifndef PN_MIRROR_RIVALS_H
#define PN_MIRROR_RIVALS_H

#include <penstock/abi.h>

#include "mirror/model.h"

/* Look-up tables of the kernel: which devices compete with each other. */
enum rival_table {
	RIVAL_NO_TABLE = 0,
	RIVAL_GRE4,
	RIVAL_GRETAP4,
	RIVAL_ERSPAN4,
	RIVAL_IPIP,
	RIVAL_SIT,
	RIVAL_VTI4,
	RIVAL_GRE6,		/* ip6gre, ip6gretap and ip6erspan */
	RIVAL_IP6TNL,
	RIVAL_VTI6,
	RIVAL_GENEVE,
};
#define RIVAL_TABLES 11

/* Packets of one kind: a type of key, and the tables that are asked, in order. */
struct rival_class {
	__u8 type;		/* enum pn_demux_type */
	bool v6, keyed, ether;
	__u8 proto;		/* outer protocol that modes are about, 0: none */
	__u8 tables[3];		/* enum rival_table */
};
#define RIVAL_CLASSES 14
extern const struct rival_class rival_classes[RIVAL_CLASSES];

struct rival {
	const struct pn_dev_tunnel *t;
	__u32 tunnel;		/* number of the device, the caller's */
	__u8 table;
	bool able;		/* nothing else is against its getting packets */
	__u16 won;		/* classes of packets that it gets, bits */
	__u16 heads;		/* those where the key leads to it at once */
	struct rival *next;	/* in its chain, the same in all classes */
	bool chained;
	__u32 key;		/* as its table compares it */
	bool keyed;
	__u32 same_pair, same_remote;	/* hash chains: place + 1 of the next */
};

struct rivals {
	struct rival *v;
	size_t n, cap;
	__u32 *pairs, *remotes;	/* hashes of (remote, local), and of remote */
	__u32 mask;
	__u32 *ingress;		/* ifindexes of L3 ports, sorted */
	size_t n_ingress;
	__u8 shapes[RIVAL_TABLES];	/* what devices of the table name, enum rival_shape bits */
	bool external[RIVAL_TABLES];	/* a device takes what is left over */
	bool lost[RIVAL_CLASSES];	/* some device with a remote has not won there */
	bool oom;
	__u64 work;		/* steps, for tests */
};

/* @ingress: ifindexes of the L3 ports, copied. Check oom at the end. */
void rivals_init(struct rivals *s, const __u32 *ingress, size_t n);
void rivals_fini(struct rivals *s);

/*
 * A device that is up and in this namespace, able to get packets or not; @t
 * stays the caller's. One without a remote is only able where packets of
 * everybody are taken.
 */
void rivals_add(struct rivals *s, const struct pn_dev_tunnel *t, __u32 tunnel, bool able);

/* Fills in won, heads and next. */
void rivals_judge(struct rivals *s);

/* Table of a kind; RIVAL_NO_TABLE: it does not compete here. */
enum rival_table rival_table_of(const struct pn_dev_tunnel *t);

static inline bool rival_has(const struct in6_addr *addr)
{
	return !IN6_IS_ADDR_UNSPECIFIED(addr);
}

/* --- rival_lookup.c: what the kernel would find ---------------------------- */

#define RIVALS_WALK_MAX	64	/* steps along a hash chain; more is in doubt */

/* A packet of a class; an address that is NULL is nobody's. */
struct rival_packet {
	const struct rival_class *class;
	__u32 key;
	const struct in6_addr *remote, *local;
};

/* All devices have been brought in. False: no memory. */
bool rivals_index(struct rivals *s);
/* Who gets it whatever port it comes in by; NULL: that depends, or is in doubt. */
struct rival *rivals_winner(struct rivals *s, const struct rival_packet *p);
/* Packets of the class are meant for the device, or swallowed by it. */
bool rival_takes_part(const struct rival *r, const struct rival_class *c);
/* Devices of a table with the key and remote of @like, and others: place + 1, 0: none. */
__u32 rivals_of_remote(struct rivals *s, int table, const struct rival *like);
bool rival_same_remote(const struct rival *a, const struct rival *b);

/* --- rival_chains.c: devices that share a key, and differ by their local address --- */

struct rival_link {
	struct rival *r;
	int class;
};

/* @r and whoever else won the class with its remote and key. */
void rival_chain(struct rivals *s, struct rival *r, int class);
/* Those without a remote, of classes that share a type. */
void rival_chain_any(struct rival_link *v, size_t n);

#endif
