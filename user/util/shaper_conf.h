/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the operator wants of one shaper: the same struct comes from the `shapers`
 * section of a topology file, goes to the layer that compiles shapers to maps,
 * and stays in a map beside them, by which they are shown without the file. So
 * it has no pointers; what is not said is zero.
 */
#ifndef PN_UTIL_SHAPER_CONF_H
#define PN_UTIL_SHAPER_CONF_H

#include <linux/types.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include <penstock/shaper.h>

#include "util/prefix.h"

#define PN_SHAPER_NAME	32
#define PN_SHAPER_DEVS	16	/* of one shaper's `match` */
#define PN_SHAPER_CPUS	256

/* The words of the file, bits of pn_shaper_conf.said. */
enum pn_shaper_word {
	PN_SW_NAME, PN_SW_PARENT, PN_SW_RATE, PN_SW_CEIL, PN_SW_BURST, PN_SW_CBURST,
	PN_SW_ACTION, PN_SW_ECN, PN_SW_REMARK, PN_SW_PER, PN_SW_OVERHEAD, PN_SW_MPU,
	PN_SW_LINKLAYER, PN_SW_LENGTH, PN_SW_QDISC, PN_SW_LIMIT, PN_SW_IFB, PN_SW_SPREAD,
	PN_SW_MATCH,		/* there is one; without, a shaper is only a parent */
	PN_SW_DEV, PN_SW_VLAN, PN_SW_KIND, PN_SW_VNI, PN_SW_KEY, PN_SW_PEER, PN_SW_LOCAL,
	PN_SW_SRC, PN_SW_DST, PN_SW_DSCP, PN_SW_PROTO, PN_SW_SPORT, PN_SW_DPORT, PN_SW_MARK,
	PN_SHAPER_WORDS,
};
#define PN_SW(word)	(1ull << PN_SW_##word)

enum pn_shaper_per {
	PN_PER_NONE,
	PN_PER_SRC,
	PN_PER_MAC,
};

enum pn_shaper_qdisc {
	PN_QDISC_HTB,
	PN_QDISC_TBF,
	PN_QDISC_FQ,
	PN_QDISC_FQ_CODEL,
	PN_QDISC_CAKE,
};

struct pn_shaper_conf {
	char name[PN_SHAPER_NAME];	/* "": none */
	char parent[PN_SHAPER_NAME];
	__u64 file;			/* number of the topology file; see cmd/request.h */
	__u64 said;			/* PN_SW() */
	__u64 rate, ceil;		/* bytes a second; ceil 0: as rate */
	__u32 burst, cburst;		/* bytes; 0: see pn_shaper_burst() */
	__u32 limit;			/* of the qdisc, its unit */
	__u32 order;			/* place in the file, from 0 */
	__s16 overhead;
	__u16 mpu;
	__u8 action;			/* enum pn_shaper_action; NONE: only a parent */
	__u8 per;			/* enum pn_shaper_per */
	__u8 qdisc;			/* enum pn_shaper_qdisc */
	__u8 remark;			/* DSCP */
	__u8 ecn, atm, l3;
	__u8 spread_all;		/* over all CPUs that are online */
	__u64 spread[PN_SHAPER_CPUS / 64]; /* or over these */
	char ifb[IFNAMSIZ];		/* shape: filled in from the topmost ancestor */
	__u32 minor;			/* shape: of its class there; 0: none */

	/* The match. */
	__u8 kind;			/* enum pn_tunnel_kind */
	__u8 proto, dscp;
	__u8 n_dev;			/* 0: every port */
	__u16 vlan, sport, dport;
	__u16 reserved;
	__u32 key, mark;
	struct pn_prefix peer, local, src, dst;
	char dev[PN_SHAPER_DEVS][IFNAMSIZ];
};

/* Ended by NULL; the index is the value of the enum. */
extern const char *const pn_shaper_action_words[];
extern const char *const pn_shaper_outcome_words[];
extern const char *const pn_shaper_per_words[];
extern const char *const pn_shaper_qdisc_words[];
extern const char *const pn_tunnel_kind_words[];

/*
 * What a packet must be: @mask and @want. @port: index of the port, 0 for every
 * port. @mask->order is left alone.
 */
void pn_shaper_flow(const struct pn_shaper_conf *c, uint16_t port, struct pn_match_mask *mask,
		    struct pn_flow *want);

/*
 * Bytes of a bucket at @rate that nothing is said of: what comes in 10 ms, but
 * at least two frames of @frame bytes.
 */
uint32_t pn_shaper_burst(uint64_t rate, uint32_t frame);

/* The ceiling in bytes a second, whether it was said or not. */
uint64_t pn_shaper_ceil(const struct pn_shaper_conf *c);

#endif
