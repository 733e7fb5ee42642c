/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One TCP stream between two namespaces, as fast as it goes, for a while. */
#ifndef PN_TEST_STREAM_H
#define PN_TEST_STREAM_H

#include "netns.h"

struct stream_run {
	const struct netns *from, *to;
	const char *addr;	/* of @to */
	unsigned int warm_up_ms, ms;
};

struct stream_result {
	double bits;		/* a second, at the receiver, of payload */
	double retransmits;	/* segments a second, at the sender */
};

/* Bails out if there is no connection. */
void stream_run(const struct stream_run *run, struct stream_result *result);

#endif
