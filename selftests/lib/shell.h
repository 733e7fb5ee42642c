/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Commands of the system in a namespace: what is built by hand, to compare with. */
#ifndef PN_TEST_SHELL_H
#define PN_TEST_SHELL_H

#include "netns.h"

/* Bails out if it fails. */
void shell_in(const struct netns *ns, const char *command);

/*
 * The hand-made way to shape what arrives on @dev: IFB device @ifb with an HTB
 * class of @rate ("500mbit") and @burst, and everything of @dev redirected there.
 */
void shell_ifb_htb(const struct netns *ns, const char *dev, const char *ifb, const char *rate,
		   const char *burst);

#endif
