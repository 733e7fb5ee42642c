/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A namespace to try gates in, and what every case of a gate does: close it,
 * see the word and the sentence, open it again; or see that it stays open.
 *
 * The host: wire port w, bridge br with ports b and vx (vxlan, port 4789), a
 * vxlan device "down" (port 4795) that is, and one over IPv6, "six" (4796); the
 * peers of w and b elsewhere.
 */
#ifndef PN_TEST_GATE_H
#define PN_TEST_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "mirror/gate.h"
#include "netns.h"

enum gate_how {
	EVENT = 1 << 0,	 /* closes and opens with the notification */
	POLLED = 1 << 1, /* closes and opens within the poll interval */
	NEAR = 1 << 2,	 /* must not close */
	BY_XDP = 1 << 3, /* with this engine attached to the device */
	BY_TC = 1 << 4,
};

struct gate_case {
	const char *name;
	unsigned int how;
	const char *dev;
	unsigned int place; /* PN_PLACE_* */
	uint32_t gate;
	const char *text; /* part of the sentence */
};

/* A case by shell commands. */
struct gate_row {
	const char *name;
	unsigned int how;
	const char *on; /* in the host's namespace */
	const char *off;
	const char *dev;
	unsigned int place;
	uint32_t gate;
	const char *text;
	const char *with; /* kind of a tunnel device tu that is made first; NULL: none */
};

#define CHAIN(family, name, hook, rest) \
	"nft 'table " family " t { chain " name " { type filter hook " hook \
	" priority 0; " rest " }; }'"
#define POLICY "ip xfrm policy add src 10.0.0.0/24 dst 10.0.0.1/32 "
#define TMPL " tmpl src 10.0.0.2 dst 10.0.0.1 proto esp mode transport"
#define NO_POLICY "ip xfrm policy flush"
#define AT(place) PN_PLACE_##place
#define IS(gate) PN_GATE_##gate

struct gate_host {
	struct netns ns, peer;
	struct pn_gates *gates;
};

/* Bails out where it cannot be made. */
void gate_host_open(struct gate_host *h);
void gate_host_close(struct gate_host *h);

/* Exit status of a shell command in the host's namespace; its noise is kept back. */
int gate_sh(const struct gate_host *h, const char *command);

/* Open a case: its engine attached, its gate open. */
void gate_begin(struct gate_host *h, const struct gate_case *c);
/* Close it; the engine is detached. */
void gate_end(struct gate_host *h, const struct gate_case *c);

/* What closes the gate was done: it closes, and a finding says so. */
void gate_closes(struct gate_host *h, const struct gate_case *c);
/* What closed it was undone. */
void gate_opens(struct gate_host *h, const struct gate_case *c);
/* A fresh look at everything finds nothing. */
void gate_stays_open(struct gate_host *h, const struct gate_case *c);

/* One row, with all of this. */
void gate_row_run(struct gate_host *h, const struct gate_row *r);

/* Is there such a finding? *@last, 128 bytes: one of that gate, for a diagnosis. */
bool gate_told(const struct pn_gates *g, uint32_t ifindex, uint32_t gate,
	       const char *text, char *last);

#endif
