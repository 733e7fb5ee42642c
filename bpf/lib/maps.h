/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * All maps of the data plane; contents and writers are described in abi.h.
 * Sizes of the hashed tables are set by the loader (masks in pn_conf). Arrays
 * throughout: they are full by construction, and a table without room for a
 * key makes its packets pass, never fail.
 */
#ifndef PN_BPF_MAPS_H
#define PN_BPF_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <penstock/shaper.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PN_MAX_PORTS);
	__type(key, __u32);
	__type(value, struct pn_port);
} pn_ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PN_TUNNEL_MAX_DEFAULT);
	__type(key, __u32);
	__type(value, struct pn_tunnel);
} pn_tunnels SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pn_bucket);
} pn_fdb SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pn_bucket);
} pn_demux SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pn_endpoint_bucket);
} pn_endpoints SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pn_control);
} pn_control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pn_port_stats);
} pn_port_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PN_TUNNEL_MAX_DEFAULT);
	__type(key, __u32);
	__type(value, struct pn_tunnel_stats);
} pn_tun_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PN_ENDPOINT_MAX_DEFAULT);
	__type(key, __u32);
	__type(value, struct pn_tunnel_stats);
} pn_peer_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, PN_PEERS_MAX);
	__type(key, struct pn_peer_key);
	__type(value, __u32);
} pn_peers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PN_SHAPER_MAX_DEFAULT);
	__type(key, __u32);
	__type(value, struct pn_shaper);
} pn_shapers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PN_MAX_MASKS);
	__type(key, __u32);
	__type(value, struct pn_match_mask);
} pn_masks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PN_SHAPER_MAX_DEFAULT);
	__type(key, __u32);
	__type(value, struct pn_match);
} pn_matches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pn_match_bucket);
} pn_match_keys SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PN_SHAPER_MAX_DEFAULT);
	__type(key, __u32);
	__type(value, struct pn_shaper_stats);
} pn_shaper_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PN_SOURCE_MAX_DEFAULT);
	__type(key, struct pn_source_key);
	__type(value, struct pn_source);
} pn_sources SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pn_explain);
} pn_explain SEC(".maps");

/*
 * When a neighbour was last left to the kernel: a tag of 24 bits and the beat.
 * Each program has its own, for it is the kernel's view that counts, not ours.
 */
#define PN_NEIGH_BUCKETS	4096
#define PN_NEIGH_WAYS		4

struct pn_neigh_bucket {
	__u32	stamp[PN_NEIGH_WAYS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PN_NEIGH_BUCKETS);
	__type(key, __u32);
	__type(value, struct pn_neigh_bucket);
} pn_neigh_stamps SEC(".maps");

/* A tunnel around the one that is looked at, for as long as a packet takes. */
struct pn_level {
	__u32	tunnel;
	__u32	vtep;
	__u32	end;
	__u16	inner;
	__u16	proto;
	__u8	inner_tos;
	__u8	uncounted;
	__u8	bare;
	__u8	ecn_rewrite;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PN_MAX_NESTING);
	__type(key, __u32);
	__type(value, struct pn_level);
} pn_levels SEC(".maps");

static __always_inline struct pn_port *port_lookup(__u32 index)
{
	return bpf_map_lookup_elem(&pn_ports, &index);
}

#endif
