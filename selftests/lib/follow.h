/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The mirror filling the maps of a data plane under test, in process: what the
 * maps hold is then what penstock makes of a namespace, gates included.
 */
#ifndef PN_TEST_FOLLOW_H
#define PN_TEST_FOLLOW_H

#include "fast.h"
#include "mirror/mirror.h"

struct follow {
	struct pn_mirror *m;
	struct fast *fast;
	const struct netns *ns;
};

/* Empty the maps of @fast, follow @ns, and attach @fast to @dev, whose gates
 * @ignore are open. 0 or -errno. */
int follow_open(struct follow *f, struct fast *fast, const struct netns *ns, const char *dev,
		uint32_t ignore);
/* Detaches, too. */
void follow_close(struct follow *f);

/* Read everything anew: what happened before is in the maps afterwards. */
int follow_sync(struct follow *f);

#endif
