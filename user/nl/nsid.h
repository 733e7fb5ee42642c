/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Network namespaces by the number that this one has given them, as it stands
 * beside the link of a veth or vxlan device.
 */
#ifndef PN_NL_NSID_H
#define PN_NL_NSID_H

#include <stddef.h>
#include <stdint.h>

struct pn_nl;

/* The number that the namespace of @nl has given to that of @fd; -1: none. */
int32_t pn_nsid_of(struct pn_nl *nl, int fd);

/*
 * A descriptor of the namespace called @nsid here, or -ENOENT: it has no name
 * below /run/netns and no process that we may look at. The caller closes it
 * soon, for it keeps the namespace alive.
 */
int pn_netns_by_id(int32_t nsid);

/* The name that it, or this one, has below /run/netns; 0, or -ENOENT and "". */
int pn_netns_name_by_id(int32_t nsid, char *name, size_t size);
int pn_netns_self_name(char *name, size_t size);

#endif
