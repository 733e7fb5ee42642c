/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The words of reasons.def, gates.def and ineligible.def as tables: what commands print, JSON
 * keys and metric labels are made of.
 */
#ifndef PN_UTIL_NAMES_H
#define PN_UTIL_NAMES_H

#include <penstock/abi.h>

struct pn_reason_info {
	const char *name;	/* NULL: the number is not in use */
	enum pn_verdict verdict;
	const char *text;
};

struct pn_why_info {
	const char *name;	/* NULL: the number is not in use */
	const char *text;
};

struct pn_gate_info {
	const char *name;	/* NULL: the bit is not in use */
	const char *text;
	const char *cure;
};

#define PN_GATES 32
#define PN_WHYS 64

extern const struct pn_reason_info pn_reason_info[PN_MAX_REASONS];
extern const struct pn_gate_info pn_gate_info[PN_GATES];
extern const struct pn_why_info pn_why_info[PN_WHYS];	/* by enum pn_ineligible */
extern const char *const pn_verdict_names[PN_VERDICTS];	/* forward, pass, drop */
extern const char *const pn_verdict_done[PN_VERDICTS];	/* forwarded, passed, dropped */
extern const char *const pn_place_names[PN_PLACES];	/* for people */
extern const char *const pn_place_keys[PN_PLACES];	/* for JSON */
extern const char *const pn_tunnel_kinds[PN_TUNNEL_KINDS];

#endif
