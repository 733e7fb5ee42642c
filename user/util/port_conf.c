// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The words of a port's configuration; see port_conf.h. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "util/port_conf.h"

const char *const pn_hook_words[] = {
	[PN_HOOK_AUTO] = "auto",
	[PN_HOOK_XDP] = "xdp",
	[PN_HOOK_TC] = "tc",
	NULL,
};

const char *const pn_mode_words[] = {
	[PN_MODE_AUTO] = "auto",
	[PN_MODE_NATIVE] = "native",
	[PN_MODE_GENERIC] = "generic",
	NULL,
};

const char *const pn_checksum_words[] = {
	[PN_CSUM_FULL] = "full",
	[PN_CSUM_INNER] = "inner",
	[PN_CSUM_LEAVE] = "pass",
	NULL,
};

const char *const pn_gate_words[] = {
#define PN_GATE(id, bit, name, text, cure) [bit] = name,
#include <penstock/gates.def>
#undef PN_GATE
	NULL,
};

int pn_word_index(const char *const *words, const char *word)
{
	int i;

	for (i = 0; words[i]; i++) {
		if (!strcmp(words[i], word))
			return i;
	}
	return -ENOENT;
}
