/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the operator wants of one port: the same struct comes from the `ports`
 * section of a topology file and from the options of `attach`, and goes to
 * the layers that attach and mirror. The word tables are the only place where
 * the words are spelt.
 */
#ifndef PN_UTIL_PORT_CONF_H
#define PN_UTIL_PORT_CONF_H

#include <linux/types.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include <penstock/abi.h>

#include "util/prefix.h"

#define PN_PORT_PREFIXES 64	/* of one port's `peers` */

enum pn_hook {
	PN_HOOK_AUTO,
	PN_HOOK_XDP,
	PN_HOOK_TC,
};

enum pn_mode {
	PN_MODE_AUTO,
	PN_MODE_NATIVE,
	PN_MODE_GENERIC,
	PN_MODE_OFFLOAD,	/* in the device: counts, drops what strict says; no more */
};

/* Whose tunnel packets are taken. */
struct pn_port_peers {
	enum pn_peers mode;
	bool strict;		/* those of others are dropped */
	unsigned int n;		/* prefixes; some if and only if PN_PEERS_LISTED */
	struct pn_prefix prefix[PN_PORT_PREFIXES];
};

struct pn_port_conf {
	char dev[IFNAMSIZ];
	enum pn_hook hook;
	enum pn_mode mode;
	enum pn_csum_mode checksum;
	uint32_t ignore;	/* PN_GATE_* */
	bool shared;		/* beside other XDP programs */
	unsigned int nesting;	/* tunnels that are taken off one packet; 0: 1 */
	struct pn_port_peers peers;
	unsigned int line;	/* place in the topology file; 0: command line */
	unsigned int column;
};

/* Ended by NULL; the index is the value of the enum. */
extern const char *const pn_hook_words[];
extern const char *const pn_mode_words[];
extern const char *const pn_checksum_words[];
extern const char *const pn_peers_words[];
/* Names of the gates, ended by NULL; the index is the bit. */
extern const char *const pn_gate_words[];

/* Index of @word in such a table, or -ENOENT. */
int pn_word_index(const char *const *words, const char *word);

/*
 * One more prefix, as @text has it. 0, or -EINVAL with the rest of a sentence
 * about @text in @why.
 */
int pn_port_peers_add(struct pn_port_peers *peers, const char *text, char *why, size_t size);

#endif
