/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* FNV-1a of 32 bits: for names that must be the same in every run of the program. */
#ifndef PN_UTIL_HASH_H
#define PN_UTIL_HASH_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t pn_fnv1a(const void *data, size_t len)
{
	const uint8_t *byte = data;
	uint32_t hash = 0x811c9dc5;

	while (len--)
		hash = (hash ^ *byte++) * 0x01000193;
	return hash;
}

#endif
