/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Commands in a namespace that have to succeed: of the system, for what is built
 * by hand, and ours.
 */
#ifndef PN_TEST_SHELL_H
#define PN_TEST_SHELL_H

#include "netns.h"

/* Bails out if it fails. */
void shell_in(const struct netns *ns, const char *command);

/* `penstock` with the words of @line; bails out unless it exits with 0. */
void shell_penstock(const struct netns *ns, const char *line);

/*
 * The hand-made way to shape what arrives on @dev: IFB device @ifb with an HTB
 * class of @rate ("500mbit") and @burst, and everything of @dev redirected there.
 */
void shell_ifb_htb(const struct netns *ns, const char *dev, const char *ifb, const char *rate,
		   const char *burst);

#endif
