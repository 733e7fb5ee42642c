/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One configuration three times: the kernel alone, and twins with the data
 * plane at XDP and at tc, their maps filled by the mirror. The same packets go
 * to all of them; what comes out and what is counted can be compared.
 */
#ifndef PN_TEST_TWINS_H
#define PN_TEST_TWINS_H

#include "fast.h"
#include "follow.h"
#include "scene.h"

enum { TWIN_KERNEL = FAST_HOOKS,
       TWINS };

struct twins {
	int first; /* of those that are there */
	bool uncounted; /* counters are not read: that is most of the time a packet takes */
	enum form form;
	struct settle marker;
	struct fast fast[FAST_HOOKS];
	struct follow follow[FAST_HOOKS];
	struct scene scene[TWINS];
	struct seen seen[TWINS];
	struct counters before[TWINS], after[TWINS];
	struct pn_port_stats was[FAST_HOOKS];
};

/* The programs and the marker, once; bails out. */
void twins_init(struct twins *t);
void twins_exit(struct twins *t);

/* The namespaces of a configuration; as scene_open(). */
int twins_open(struct twins *t, enum config_id config, enum form form);
void twins_close(struct twins *t);

/* Send to all of them and wait; what came out is in @seen, counters beside it. */
int twins_send(struct twins *t, const struct pkt *p, int n);

/* Packets that left for each reason since the last send. */
int twins_reasons(struct twins *t, enum fast_hook hook, uint64_t reasons[PN_MAX_REASONS]);

#endif
