/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Network namespaces by the names ip-netns(8) gives them. */
#ifndef PN_UTIL_NETNS_H
#define PN_UTIL_NETNS_H

#include "util/err.h"

/* Descriptor of namespace @name (a name, or a path with a slash), or -errno. */
int pn_netns_open(const char *name, struct pn_err *err);

/* Move the calling thread there. 0 or -errno. */
int pn_netns_enter(const char *name, struct pn_err *err);

#endif
