/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The mirror: kernel state into the contents of the maps. What the maps hold
 * is a function of kernel state and of the list of attached ports;
 * notifications only say what to look at again, and a re-dump is always right.
 *
 * One mirror follows one network namespace, the one it was opened in. It is
 * used from one thread; its reader thread is its own affair. It knows no BPF
 * and prints nothing.
 */
#ifndef PN_MIRROR_MIRROR_H
#define PN_MIRROR_MIRROR_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "mirror/maps.h"
#include "util/err.h"

struct pn_mirror;

/* A port that frames are taken from. */
struct pn_mirror_port {
	__u32 ifindex;
	__u32 ignore;		/* gates that the operator opened, enum pn_gate */
	bool xdp;		/* attached at XDP; else at tc */
	__u8 peers;		/* enum pn_peers */
	bool strict;		/* tunnel packets of others are dropped */
	__u8 nesting;		/* tunnels that are taken off one packet; 0 means 1 */
};

struct pn_mirror_opts {
	int rcvbuf;		/* of the notification socket, bytes; 0: 64 MiB */
	/*
	 * What may be redirected to a device: PN_PORT_XDP_TARGET,
	 * PN_PORT_TC_TARGET, PN_PORT_SETS_PROTO. @kind is the kernel's word
	 * ("veth"), "" for a device that has none. Asked whenever a port's link
	 * changes and by pn_mirror_retarget(). NULL: tc everywhere.
	 */
	__u32 (*target)(void *ctx, __u32 ifindex, const char *kind);
	/*
	 * A device came, changed its name, or went (@name is then its last).
	 * Called from pn_mirror_sync() and pn_mirror_handle(). May be NULL.
	 */
	void (*link)(void *ctx, __u32 ifindex, const char *name, bool gone);
	void *ctx;
};

/* What happened so far, and what does not fit; for `show` and `stats`. */
struct pn_mirror_counts {
	__u64 events;		/* notifications taken in */
	__u64 overruns;		/* times that some were lost */
	__u64 resyncs;		/* dumps because of that */
	__u64 resync_ns;	/* duration of the last dump */
	__u64 fdb_entries;	/* bridge FDB entries known of the kernel */
	__u64 tunnel_entries;	/* VXLAN FDB entries known */
	__u64 fdb_full;		/* entries without room in their map now: */
	__u64 demux_full;
	__u64 endpoints_full;
	__u64 ports_full;
	__u64 tunnels_full;
	__u64 fdb_used;		/* slots in use */
	__u64 demux_used;
	__u64 endpoints_used;
	__u64 memory;		/* bytes held for FDB entries by this process */
};

/*
 * Start to listen, in the current network namespace. Nothing is written
 * before pn_mirror_sync(), but ports that the maps already hold keep their
 * index. @maps and @opts are copied. NULL with errno and @err.
 */
struct pn_mirror *pn_mirror_open(const struct pn_mirror_maps *maps,
				 const struct pn_mirror_opts *opts,
				 struct pn_err *err);
void pn_mirror_close(struct pn_mirror *m);

/*
 * The index of @ifindex in pn_ports, given to it now if it has none, and kept
 * while the device exists. 0: no room, or no such device.
 */
__u16 pn_mirror_port_index(struct pn_mirror *m, __u32 ifindex);

/* All ports that frames are taken from; replaces the list before. Copied. */
int pn_mirror_set_ports(struct pn_mirror *m, const struct pn_mirror_port *ports,
			size_t n, struct pn_err *err);

/* Ask opts.target again for every port. */
void pn_mirror_retarget(struct pn_mirror *m);

/* Read everything and write the maps; returns when they are as the kernel is. */
int pn_mirror_sync(struct pn_mirror *m, struct pn_err *err);

/* Readable when pn_mirror_handle() has work. One for the mirror's lifetime. */
int pn_mirror_fd(const struct pn_mirror *m);

/* Do what there is to do without waiting. 0, or -errno if the kernel refused. */
int pn_mirror_handle(struct pn_mirror *m, struct pn_err *err);

/* False while a dump or a check of endpoints is under way. */
bool pn_mirror_settled(const struct pn_mirror *m);

void pn_mirror_counts(const struct pn_mirror *m, struct pn_mirror_counts *counts);

/* Ids of our own programs, which are no gate at tc. Replaces the list before. */
int pn_mirror_set_programs(struct pn_mirror *m, const __u32 *prog_ids, size_t n,
			   struct pn_err *err);

struct pn_gates;
/* What closes the gates, in words (mirror/gate.h); the mirror goes on owning it. */
const struct pn_gates *pn_mirror_gates(const struct pn_mirror *m);

struct pn_model;
/* The kernel state known, for gates and `show`. */
const struct pn_model *pn_mirror_model(const struct pn_mirror *m);

#endif
