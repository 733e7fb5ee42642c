/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel tells of its CPUs (NETLINK_KOBJECT_UEVENT). Knows nothing of other devices. */
#ifndef PN_NL_UEVENT_H
#define PN_NL_UEVENT_H

#include <stdbool.h>

/* A socket to wait on, or -errno. */
int pn_uevent_open(void);

/* Take what there is: did a CPU come or go, or may it have? */
bool pn_uevent_cpus(int fd);

#endif
