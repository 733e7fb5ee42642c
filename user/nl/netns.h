/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Named network namespaces, as `ip netns` makes them: a bind mount below
 * /run/netns. A descriptor keeps its namespace alive, so callers close it as
 * soon as they have what they entered for.
 */
#ifndef PN_NL_NETNS_H
#define PN_NL_NETNS_H

#include <stdbool.h>

#include "util/err.h"

#define PN_NETNS_DIR "/run/netns"

bool pn_netns_exists(const char *name);
int pn_netns_create(const char *name, struct pn_err *err);
int pn_netns_delete(const char *name, struct pn_err *err);
/*
 * The names below PN_NETNS_DIR, sorted and ended by NULL: one block for free().
 * NULL: out of memory.
 */
char **pn_netns_names(void);
/* A descriptor, or -errno. */
int pn_netns_open(const char *name, struct pn_err *err);
/* The namespace the calling thread is in: a descriptor, or -errno. */
int pn_netns_self(void);

/*
 * Move the calling thread into @fd; *@home is what brings it back. Leaving
 * cannot fail: a thread left in the wrong namespace would do harm, so the
 * process aborts.
 */
int pn_netns_enter(int fd, int *home);
void pn_netns_leave(int home);

#endif
