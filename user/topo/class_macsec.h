/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Types of the fields of macsec objects. A key is text in `str`; nothing ever
 * formats it, and what the kernel tells has none, so none differs from any.
 */
#ifndef PN_TOPO_CLASS_MACSEC_H
#define PN_TOPO_CLASS_MACSEC_H

#include "topo/class.h"

extern const struct pn_field_type pn_field_macsec_pn, pn_field_macsec_key_id,
	pn_field_macsec_key, pn_field_macsec_salt;

/* Pairs of hexadecimal digits into @to; how many bytes, or -EINVAL. */
int pn_hex_parse(const char *text, uint8_t *to, size_t max);

#endif
