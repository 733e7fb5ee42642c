/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is known of one attached port, kept in its own pinned map so that any
 * later run, and whoever shows the state, knows it too: what was wanted, what
 * was done and why, or what stands in the way. `attach` beside a running
 * daemon is a record in state wanted: the daemon does the rest.
 */
#ifndef PN_PLANE_RECORD_H
#define PN_PLANE_RECORD_H

#include <linux/types.h>
#include <penstock/abi.h>

#include "plane/pins.h"
#include "util/port_conf.h"

enum pn_port_state {
	PN_PORT_WANTED,		/* asked for, not done yet */
	PN_PORT_ATTACHED,
	PN_PORT_WAITING,	/* the device is away; attached when it returns */
	PN_PORT_FAILED,		/* see text and hint */
};

extern const char *const pn_port_state_words[];

struct pn_record {
	__u32	version;	/* PN_RECORD_VERSION */
	__u32	ifindex;
	char	dev[16];
	__u8	state;		/* enum pn_port_state */
	__u8	hook, mode;	/* as done: never auto once attached */
	__u8	want_hook, want_mode;
	__u8	checksum, shared;
	__u8	dispatched;	/* attached behind a dispatcher */
	__u8	tcx;		/* tc by a link, not by a clsact filter */
	__u8	peers;		/* enum pn_peers */
	__u8	strict, nesting;
	__u8	n_prefixes;
	__u8	placed;		/* we made the clsact qdisc, for it or its shapers */
	struct pn_prefix prefix[PN_PORT_PREFIXES];	/* whose packets, where peers are listed */
	__u64	file;		/* number of the topology file that lists it; 0: none */
	__u32	ignore;		/* PN_GATE_* */
	__u32	prog_id;
	__u32	object;		/* pn_program_object() of it */
	__u32	tc_handle, tc_prio;	/* of the clsact filter */
	__u32	code, sys;	/* failed: as in struct pn_err */
	struct pn_conf conf;	/* what the program was specialised with */
	char	why[160];	/* why this hook and mode */
	char	text[384];	/* failed or waiting: the sentence */
	char	hint[256];
};
#define PN_RECORD_VERSION 5
#define PN_RECORD_OFFLOAD "offload"	/* the pin of the counters in the device */

void pn_record_name(uint32_t ifindex, const char *what, char name[PN_PINS_PATH]);

/* 0 or -errno; -EPROTO: not a record of this version. */
int pn_record_read(const struct pn_pins *p, uint32_t ifindex, struct pn_record *r);
/* Writes DIR/ports/IFINDEX/info and makes the directory. */
int pn_record_write(const struct pn_pins *p, const struct pn_record *r);

/* All records, oldest ifindex first; *out is the caller's to free. The count or -errno. */
int pn_record_list(const struct pn_pins *p, struct pn_record **out);
/* The record of a device by name, whether or not it is there now. */
int pn_record_find(const struct pn_pins *p, const char *dev, struct pn_record *r);

/* From and to the operator's words. */
void pn_record_want(struct pn_record *r, const struct pn_port_conf *conf);
void pn_record_conf(const struct pn_record *r, struct pn_port_conf *conf);
void pn_record_fail(struct pn_record *r, const struct pn_err *err);
/* Go back to wanting what @before wanted; what has been done since stays known. 0 or -errno. */
int pn_record_restore(const struct pn_pins *p, const struct pn_record *before);

#endif
