/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Everything that the kernel tells of the links and addresses of some network
 * namespaces, as text, one line per attribute: to see that nothing changed.
 * Left out are counters, timers and what follows from them.
 */
#ifndef PN_TEST_STATE_H
#define PN_TEST_STATE_H

#include <stdbool.h>

/* @names: namespaces below /run/netns; NULL: the current one. To be freed. */
char *state_dump(const char *const *names, unsigned int n);

/* A check inside a case: shows the first lines that differ. */
bool state_same(const char *before, const char *after);

#endif
