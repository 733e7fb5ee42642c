/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Generic netlink: families by name, headers of messages. Knows no family. */
#ifndef PN_NL_GENL_H
#define PN_NL_GENL_H

#include "nl/sock.h"

/*
 * The number of a family; asking may load its module. -ENOENT: this kernel has
 * none. @nl is a socket of NETLINK_GENERIC.
 */
int pn_genl_family(struct pn_nl *nl, const char *name, uint16_t *family);
/* The same of a family that is there: no module is loaded by asking. */
int pn_genl_family_loaded(struct pn_nl *nl, const char *name, uint16_t *family);
/* Start a message; attributes follow. */
void pn_genl_msg(struct pn_msg *m, uint16_t family, uint8_t cmd, uint8_t version);
/* Index the attributes of a message that came; -EBADMSG when it is too short. */
int pn_genl_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb, unsigned int max);

#endif
