/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a mirror over plain memory (mirrored.h) says of tunnels, and conditions to wait for. */
#ifndef PN_TEST_MIRRORED_KEYS_H
#define PN_TEST_MIRRORED_KEYS_H

#include "mirrored.h"

/* The record of a tunnel device, or NULL. */
const struct pn_tunnel *mirrored_tunnel(const struct mirrored *t, const char *dev);
/* The slot of a key in pn_demux, or NULL. */
const struct pn_slot *mirrored_key(const struct mirrored *t, uint64_t key);

/* For mirrored_await(). @arg: a key, or a slot whose key and index are wanted. */
bool mirrored_key_there(struct mirrored *t, void *arg);
bool mirrored_key_gone(struct mirrored *t, void *arg);
bool mirrored_key_index(struct mirrored *t, void *arg);

#endif
