/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Filters at the ingress of a device that ask a program whether a packet is
 * theirs, and send it to the egress of another device (cls_bpf with a mirred
 * action). Found again by their priority. Knows no program.
 */
#ifndef PN_NL_FILTER_H
#define PN_NL_FILTER_H

#include "nl/sock.h"

#define PN_NL_FILTER_NAME	48

/* Ours: behind the port's program (49152), and known by the beginning of the name. */
#define PN_NL_FILTER_PRIO	49153
#define PN_NL_FILTER_OURS	"penstock-shape-"

struct pn_nl_filter {
	uint32_t ifindex;	/* the device */
	uint32_t prio, handle;	/* where it is in the list, and which it is */
	uint32_t to;		/* the device that it sends to */
	int prog_fd;		/* of one to be made */
	uint32_t prog_id;	/* of one that is there */
	char name[PN_NL_FILTER_NAME];
};

/* A place for filters; one that is there is taken. 1: it was made, 0, or -errno. */
int pn_nl_filter_place(struct pn_nl *nl, uint32_t ifindex);
/* Remove it, unless somebody has a filter there, at ingress or egress: 1. 0 or -errno. */
int pn_nl_filter_unplace(struct pn_nl *nl, uint32_t ifindex);
/* Make it, or exchange the one of this priority and handle at once. */
int pn_nl_filter_set(struct pn_nl *nl, const struct pn_nl_filter *f);
/* -ENOENT: there was none. */
int pn_nl_filter_del(struct pn_nl *nl, const struct pn_nl_filter *f);
/* Those of a device and priority; the count, at most @max, or -errno. */
int pn_nl_filter_list(struct pn_nl *nl, uint32_t ifindex, uint32_t prio,
		      struct pn_nl_filter *to, unsigned int max);

#endif
