// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The words of reasons.def, gates.def and ineligible.def; see names.h. */
#include "util/names.h"

const struct pn_reason_info pn_reason_info[PN_MAX_REASONS] = {
#define PN_REASON(id, number, name, verdict, text) [number] = { name, PN_##verdict, text },
#include <penstock/reasons.def>
#undef PN_REASON
};

const struct pn_gate_info pn_gate_info[PN_GATES] = {
#define PN_GATE(id, bit, name, text, cure) [bit] = { name, text, cure },
#include <penstock/gates.def>
#undef PN_GATE
};

const struct pn_why_info pn_why_info[PN_WHYS] = {
#define PN_INELIGIBLE(id, number, name, text) [number] = { name, text },
#include <penstock/ineligible.def>
#undef PN_INELIGIBLE
};

const char *const pn_verdict_names[PN_VERDICTS] = {
	[PN_FORWARD] = "forward", [PN_PASS] = "pass", [PN_DROP] = "drop",
};

const char *const pn_verdict_done[PN_VERDICTS] = {
	[PN_FORWARD] = "forwarded", [PN_PASS] = "passed", [PN_DROP] = "dropped",
};

const char *const pn_place_names[PN_PLACES] = {
	[PN_PLACE_PORT] = "port",
	[PN_PLACE_OUTER4] = "tunnels over IPv4",
	[PN_PLACE_OUTER6] = "tunnels over IPv6",
	[PN_PLACE_BRIDGE] = "bridge",
	[PN_PLACE_TAGGED] = "tagged frames",
	[PN_PLACE_EGRESS] = "egress",
};

const char *const pn_place_keys[PN_PLACES] = {
	[PN_PLACE_PORT] = "port",	[PN_PLACE_OUTER4] = "outer4",
	[PN_PLACE_OUTER6] = "outer6",	[PN_PLACE_BRIDGE] = "bridge",
	[PN_PLACE_TAGGED] = "tagged",	[PN_PLACE_EGRESS] = "egress",
};

const char *const pn_tunnel_kinds[PN_TUNNEL_KINDS] = {
	[PN_TUNNEL_NONE] = "none",
#define PN_TUNNEL_KIND(id, number, name, ...) [number] = name,
#include <penstock/tunnels.def>
#undef PN_TUNNEL_KIND
};
