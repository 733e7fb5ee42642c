/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The data plane under test: one program (XDP or tc) with maps of its own,
 * filled from a struct world, run by BPF_PROG_TEST_RUN or attached to a
 * device. Nothing is pinned; it goes when it is closed.
 */
#ifndef PN_TEST_FAST_H
#define PN_TEST_FAST_H

#include <bpf/libbpf.h>

#include "mirror/pairs.h"
#include "mirror/table.h"
#include "netns.h"
#include "pkt.h"
#include "world.h"

enum fast_hook { FAST_XDP,
		 FAST_TC,
		 FAST_HOOKS };

extern const char *const fast_hooks[FAST_HOOKS];

struct fast_opts {
	enum fast_hook hook;
	enum pn_csum_mode checksum;
	bool explain; /* reasons from pn_explain, nothing counted */
	bool frags;
	uint16_t port;	   /* 0: W_WIRE */
	uint8_t peers;	   /* enum pn_peers */
	uint8_t strict;
	uint8_t nesting;   /* 0: 1 */
	uint32_t families; /* 0: all */
	uint32_t room;	   /* tunnels, keys and peers that fit; 0: what rows need */
	uint16_t masks;	   /* shapers (shaped.h): pn_conf.masks and parts */
	uint32_t parts;
	uint32_t shapers;  /* that fit; 0: a few */
	uint32_t sources;  /* that pn_sources holds; 0: as many as by default */
	bool spread;	   /* some of them are spread over CPUs (spreading.h) */
};

struct fast {
	struct fast_opts opts;
	void *skel;
	struct bpf_object *obj;
	struct bpf_link *link;
	struct netns tc_ns; /* where tc is attached */
	int tc_ifindex;
	int prog_fd;
	int stats_fd, tun_stats_fd, explain_fd, devmap_fd, peers_fd;
	struct pn_port *ports;
	struct pn_tunnel *tunnels;
	struct pn_control *control;
	void *mem[8];
	size_t mem_size[8];
	struct pn_table fdb, demux;
	struct pn_pairs pairs;
	int cpus;
	struct pn_port_stats last; /* counters after the run before */
	uint32_t gso_size;	   /* of the frames run, tc only */
	uint32_t mark;		   /* likewise */
};

struct fast_result {
	int action; /* XDP_* or TC_ACT_* */
	enum pn_verdict verdict;
	enum pn_reason reason;
	uint16_t egress, tunnel; /* explain only */
	uint32_t shaper;	 /* likewise */
};

/* 0, or -errno after tap_diag(). */
int fast_open(struct fast *f, const struct fast_opts *opts);
void fast_close(struct fast *f);

/* Replace everything in the maps. */
void fast_world(struct fast *f, const struct world *w);

/* Run one frame (14 bytes at least); out gets the bytes that result. What the
 * action and the reason say must agree, else -EPROTO. */
int fast_run(struct fast *f, const struct pkt *in, struct pkt *out, struct fast_result *res);

/* Counters, summed over CPUs; of one tunnel by index. */
int fast_stats(struct fast *f, struct pn_port_stats *sum);
int fast_tunnel_stats(struct fast *f, uint32_t tunnel, struct pn_tunnel_stats *sum);
/* Which single reason was counted since the last call; PN_R_NONE: none or
 * several. */
enum pn_reason fast_counted(struct fast *f);

/* On a device, at the hook it was opened for; one at a time. */
int fast_attach(struct fast *f, const struct netns *ns, const char *dev);
void fast_detach(struct fast *f);

/* The reason a row's packet must leave for at this hook, with somewhere to go:
 * the row's own, but where tc cannot do what XDP can, PN_R_HELPER. */
enum pn_reason fast_reason(const struct row *row, enum fast_hook hook);

/* Was this a packet that keeps a neighbour of the kernel's young? The next one is not. */
bool fast_refreshed(const struct row *row, enum pn_reason reason);

/* Verified instructions; 0 if the kernel does not tell. */
uint32_t fast_insns(const struct fast *f);

enum pn_verdict reason_verdict(enum pn_reason reason);
const char *reason_name(enum pn_reason reason);

#endif
