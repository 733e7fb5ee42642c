/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Capture files as tcpdump writes them (classic pcap, Ethernet, micro- or
 * nanoseconds, either byte order). A file is checked as it is read: whatever
 * is wrong with it has a sentence and the number of the packet.
 */
#ifndef PN_UTIL_PCAP_H
#define PN_UTIL_PCAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "util/err.h"

#define PN_PCAP_FRAME_MAX 262144	/* longest frame, as for tcpdump */

struct pn_pcap_frame {
	uint32_t sec, frac;	/* time, in the file's own resolution */
	uint32_t len;
	uint8_t data[PN_PCAP_FRAME_MAX];
};

struct pn_pcap {
	FILE *f;
	const char *path;
	bool swapped, nano;
	unsigned int n;		/* packets so far */
};

int pn_pcap_open(struct pn_pcap *p, const char *path, struct pn_err *err);
/* 1: a packet, 0: the end, or -errno with a sentence. */
int pn_pcap_next(struct pn_pcap *p, struct pn_pcap_frame *frame, struct pn_err *err);
void pn_pcap_close(struct pn_pcap *p);

/* A new file with the resolution of @like. */
int pn_pcap_create(struct pn_pcap *p, const char *path, const struct pn_pcap *like,
		   struct pn_err *err);
int pn_pcap_write(struct pn_pcap *p, const struct pn_pcap_frame *when, const void *data,
		  uint32_t len, struct pn_err *err);
/* Write what is buffered; the file is whole only if this returned 0. */
int pn_pcap_finish(struct pn_pcap *p, struct pn_err *err);

#endif
