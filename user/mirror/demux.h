/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What pn_demux shall hold, collected by whoever knows a part of it (tunnels,
 * VLAN devices, bridge VLANs, addresses) and then written as a difference. A
 * key of a tunnel that more than one device would answer to is left out.
 */
#ifndef PN_MIRROR_DEMUX_H
#define PN_MIRROR_DEMUX_H

#include <stdbool.h>
#include <stddef.h>

#include "mirror/table.h"

struct demux_entry {
	__u64 key;
	union pn_value value;
};

struct demux_list {
	struct demux_entry *v;
	size_t n, cap;
	bool oom;
};

void demux_add(struct demux_list *list, __u64 key, union pn_value value);
static inline void demux_add_index(struct demux_list *list, __u64 key, __u16 index)
{
	demux_add(list, key, (union pn_value){ .index = index });
}

static inline void demux_add_tunnel(struct demux_list *list, __u64 key, __u32 tunnel)
{
	demux_add(list, key, (union pn_value){ .tunnel = tunnel });
}

/* Make the table hold the list and nothing else; number of keys without room. */
__u64 demux_write(struct pn_table *table, struct demux_list *list);
void demux_free(struct demux_list *list);

#endif
