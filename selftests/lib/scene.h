/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The topology of the conformance tables, once: peer P -veth- device under
 * test D, with one device configuration in D. In the bridged form vx is a port
 * of a bridge whose other port leads to a workload, and every MAC is known; in
 * the routed form D forwards, and the inner destinations are behind a next hop
 * that is known. So the data plane has somewhere to go. Knows nothing of BPF.
 */
#ifndef PN_TEST_SCENE_H
#define PN_TEST_SCENE_H

#include "rows.h"
#include "wire.h"

#define SCENE_IN_DST  "02:aa:00:00:00:04" /* the workload */
#define SCENE_OUT_MAC "02:bb:00:00:00:02" /* the device towards it, where it is routed */

struct scene {
	const struct config *config;
	enum form form;
	bool bridged;	      /* form is FORM_BRIDGED */
	struct netns d;	      /* under test: d, vx (and br0, w) */
	struct netns p;	      /* peer: p */
	struct netns e;	      /* workload: e, unless plain */
	struct wire wire_p;   /* where packets are injected; answers come */
	struct wire wire_out; /* plain: vx itself; else e */
};

/* Modules that no link type brings along; they may be missing. Once. */
void scene_modules(void);

/* 0, or -errno; -EOPNOTSUPP: this kernel lacks what config->needs names. */
int scene_open(struct scene *s, enum config_id config, enum form form);
void scene_close(struct scene *s);

/* The way of the inner destinations of the tables out of w; 6to4 and 6rd by way of a next hop. */
int scene_routes(const struct netns *ns);

/* What came out where. Answers to P are ICMP errors only, with the fields that
 * differ between two equal kernels (the IP identification) set to zero. */
#define SEEN_MAX 8

struct seen {
	int n;
	struct {
		const char *dev;
		struct pkt p;
		struct wire_meta meta;
	} f[SEEN_MAX];
};

void scene_see(struct scene *s, struct seen *seen);
/* Compares two; prints the difference as failures of the open case. */
bool seen_same(const struct seen *got, const struct seen *want);

/* Counter deltas against "Name+1 vx.rx_bytes+52"; what is watched and not
 * named must not have moved. */
bool counts_check(const struct counters *before, const struct counters *after,
		  const char *want);

/* The watched counters moved alike in two namespaces. */
bool counts_same(const struct counters *before, const struct counters *after,
		 const struct counters *want_before, const struct counters *want_after);

#endif
