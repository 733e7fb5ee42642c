/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What this kernel can do, found out by doing it: our own programs, on the
 * loopback of a network namespace that lives as long as the probe.
 */
#ifndef PN_PLANE_PROBE_H
#define PN_PLANE_PROBE_H

#include "util/err.h"

enum pn_probe {
	PN_PROBE_XDP,		/* the XDP program loads */
	PN_PROBE_TC,		/* the tc program loads */
	PN_PROBE_GENERIC,	/* an XDP link in generic mode */
	PN_PROBE_TCX,		/* tc by a link, 6.6 and later */
	PN_PROBE_CLSACT,	/* tc by a filter */
	PN_PROBES,
};

/* 0: it works; else -errno of what refused, and a sentence where there is one. */
int pn_probe(enum pn_probe what, struct pn_err *err);

#endif
