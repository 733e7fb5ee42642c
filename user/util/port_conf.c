// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The words of a port's configuration; see port_conf.h. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
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
	[PN_MODE_OFFLOAD] = "offload",
	NULL,
};

const char *const pn_checksum_words[] = {
	[PN_CSUM_FULL] = "full",
	[PN_CSUM_INNER] = "inner",
	[PN_CSUM_LEAVE] = "pass",
	NULL,
};

const char *const pn_peers_words[] = {
	[PN_PEERS_KNOWN] = "known",
	[PN_PEERS_ANY] = "any",
	[PN_PEERS_LISTED] = "listed",
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

static bool is_word(const char *text)
{
	return !strcmp(text, pn_peers_words[PN_PEERS_KNOWN]) ||
	       !strcmp(text, pn_peers_words[PN_PEERS_ANY]);
}

int pn_port_peers_add(struct pn_port_peers *peers, const char *text, char *why, size_t size)
{
	struct pn_prefix prefix;
	unsigned int i;

	if (is_word(text)) {
		snprintf(why, size, "stands alone: beside prefixes there are only prefixes");
		return -EINVAL;
	}
	if (pn_prefix_parse(text, &prefix, why, size))
		return -EINVAL;
	for (i = 0; i < peers->n; i++) {
		if (!pn_prefix_same(&peers->prefix[i], &prefix))
			continue;
		snprintf(why, size, "is given twice");
		return -EINVAL;
	}
	if (peers->n == PN_PORT_PREFIXES) {
		snprintf(why, size, "is one too many: a port has at most %d prefixes",
			 PN_PORT_PREFIXES);
		return -EINVAL;
	}
	peers->mode = PN_PEERS_LISTED;
	peers->prefix[peers->n++] = prefix;
	return 0;
}
