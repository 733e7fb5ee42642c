/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Values that are lists, for this layer only. A list is never copied: it is
 * the file's text or the kernel's nest, walked item by item.
 */
#ifndef PN_LINK_LIST_H
#define PN_LINK_LIST_H

#include "link/row.h"

/* -EINVAL, or -ERANGE: a number too big, too many items. */
int pn_list_parse(const struct pn_row *row, const char *text, struct pn_value *v);
char *pn_list_format(const struct pn_row *row, const struct pn_value *v, char *buf,
		     size_t len);
bool pn_list_equal(const struct pn_row *row, const struct pn_value *a,
		   const struct pn_value *b);
const char *pn_list_accepts(const struct pn_row *row);
void pn_list_encode(const struct pn_row *row, const struct pn_value *v, struct pn_msg *m);

/* Of single values, that items share with rows of their type. */
int pn_mac_parse(const char *text, struct pn_value *v);
int pn_ip_parse(const char *text, int family, struct pn_value *v);

#endif
