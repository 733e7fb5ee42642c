/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Gates: what of the kernel the fast path would jump over, found by asking the
 * kernel over sockets of our own in the watched network namespace. The caller
 * polls pn_gates_fd(), calls pn_gates_update(), and copies the words into the
 * ports' entries. Knows devices by ifindex only; which of them are ports, and
 * which gates an operator ignores, is the caller's business.
 *
 * One thread. What is absent from a kernel is no gate; what cannot be found
 * out is a closed one whose text says why.
 */
#ifndef PN_MIRROR_GATE_H
#define PN_MIRROR_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <penstock/abi.h>

#include "util/err.h"

struct in6_addr;
struct pn_gates;

/* Engines; what one of them jumps over, the other may not (see docs/gates.md). */
#define PN_GATE_XDP	(1u << 0)
#define PN_GATE_TC	(1u << 1)
#define PN_GATE_BOTH	(PN_GATE_XDP | PN_GATE_TC)

/*
 * Places that no port has: what inner packets of a tunnel meet that is no
 * bridge port. They are in pn_tunnel.gate.
 */
#define PN_PLACE_ROUTED4	6
#define PN_PLACE_ROUTED6	7
#define PN_GATE_PLACES		8

#define PN_GATE_TUNNELS		255

#define PN_GATE_AT(place)	(1u << (place))

struct pn_gate_finding {
	uint32_t ifindex;	/* 0: every device */
	uint32_t gate;		/* one PN_GATE_* bit of abi.h */
	uint8_t places;		/* PN_GATE_AT(PN_PLACE_*); 0: removes peers, closes no word */
	uint8_t engines;	/* PN_GATE_XDP, PN_GATE_TC */
	uint8_t proto;		/* only of tunnels of this outer protocol (PN_GATE_TUNNELS: all) */
	bool v6;		/* and of this outer family */
	char text[126];		/* what exactly was found */
};

/* @netns_fd: the namespace to watch, negative: the caller's own; not kept. */
struct pn_gates *pn_gates_open(int netns_fd, struct pn_err *err);
void pn_gates_close(struct pn_gates *g);

/*
 * Which engine is attached to a device (0: none any more). A device without
 * one is jumped over as a whole: a tunnel device, a VLAN device of a port.
 */
int pn_gates_set_engine(struct pn_gates *g, uint32_t ifindex, unsigned int engine);
/* Ids of our own tc programs, which are no gate. Replaces the former list. */
int pn_gates_set_ours(struct pn_gates *g, const uint32_t *prog_ids, size_t n);

/* Readable when something may have changed; poll it for at most the timeout (ms). */
int pn_gates_fd(const struct pn_gates *g);
int pn_gates_timeout(const struct pn_gates *g);
/* How often to look at what is not notified; 1000 ms unless said otherwise. */
void pn_gates_set_poll(struct pn_gates *g, unsigned int ms);

/*
 * Look again at what was notified and at what is due; the first call looks at
 * everything. Never blocks for long; returns PN_GATES_* bits or -errno.
 */
#define PN_GATES_WORDS	(1 << 0)	/* words or findings differ from before */
#define PN_GATES_ROUTES	(1 << 1)	/* ask pn_gate_rp_accepts() anew for every pair */
int pn_gates_update(struct pn_gates *g, struct pn_err *err);

/* The closed gates of a device at a place, nothing ignored yet. */
uint32_t pn_gate_word(const struct pn_gates *g, uint32_t ifindex, unsigned int place);

/*
 * Call @cb for each finding that concerns @ifindex (0: all of them); a
 * negative return stops and is returned. Findings of an engine that is not
 * attached there are left out, so that what is told is what is in the words.
 */
typedef int (*pn_gate_cb)(const struct pn_gate_finding *f, void *data);
int pn_gate_findings(const struct pn_gates *g, uint32_t ifindex, pn_gate_cb cb,
		     void *data);

/*
 * Would the kernel take a packet from @src to @dst that arrives on @ifindex as
 * one for this host? It is asked itself, by an input route look-up: 0 yes,
 * -EXDEV refused by rp_filter, another -errno: no (martian, not local ...).
 * Addresses are 4 or 16 bytes, as @family says. A refusal by rp_filter becomes
 * a finding, until pn_gate_rp_forget(), which the caller does before it asks
 * for all pairs anew.
 */
int pn_gate_rp_accepts(struct pn_gates *g, uint32_t ifindex, int family,
		       const void *src, const void *dst);
void pn_gate_rp_forget(struct pn_gates *g);

/*
 * Where packets from here to @dst go, v4-mapped for IPv4: out of which device,
 * and from which address. 0 or -errno.
 */
int pn_gate_route(struct pn_gates *g, const struct in6_addr *dst, uint32_t *oif,
		  struct in6_addr *source);

/*
 * What the kernel asks of the source of a packet that arrives on @ifindex, as
 * far as a route look-up can tell; it may be more than rp_filter says.
 */
enum pn_rpf pn_gate_rpf(const struct pn_gates *g, uint32_t ifindex);
/* Is it rp_filter that asks? */
bool pn_gate_rp_filters(const struct pn_gates *g, uint32_t ifindex);
/*
 * All sources that are neither martian nor ours get the same answer from
 * pn_gate_rp_accepts() on @ifindex. Known only where routes are wanted.
 */
bool pn_gate_sources_alike(const struct pn_gates *g, uint32_t ifindex, int family);
/* Somebody goes by pn_gate_rpf() even where no tunnel is routed. */
void pn_gates_want_routes(struct pn_gates *g, bool want);

/* The gates in @word as "netfilter, tap"; returns @buf. */
const char *pn_gate_names(uint32_t word, char *buf, size_t size);

#endif
