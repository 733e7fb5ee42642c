// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Names and verdicts of reasons.def, for tests; see fast.h. */
#include "fast.h"

enum pn_verdict reason_verdict(enum pn_reason reason)
{
	switch (reason) {
#define PN_REASON(id, number, name, verdict, text) \
	case PN_R_##id: \
		return PN_##verdict;
#include <penstock/reasons.def>
#undef PN_REASON
	default:
		return PN_PASS;
	}
}

const char *reason_name(enum pn_reason reason)
{
	switch (reason) {
#define PN_REASON(id, number, name, verdict, text) \
	case PN_R_##id: \
		return name;
#include <penstock/reasons.def>
#undef PN_REASON
	default:
		return "none";
	}
}
