/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel's numbers about devices in iproute2's words. */
#ifndef PN_VIEW_WORDS_H
#define PN_VIEW_WORDS_H

#include <stddef.h>
#include <stdint.h>

#define PN_FLAG_BITS 19		/* IFF_UP .. IFF_ECHO */
#define PN_XDP_FEATURES 7

/* "ether", "loopback", "ipgre" ...; NULL: a type without a word. */
const char *pn_arphrd_word(uint16_t type);
/* By bit; NULL: a bit without a word. */
extern const char *const pn_iff_words[PN_FLAG_BITS];
extern const char *const pn_xdp_feature_words[PN_XDP_FEATURES];
/* "UP", "DOWN", "LOWERLAYERDOWN" ... */
const char *pn_operstate_word(uint8_t state);

#endif
