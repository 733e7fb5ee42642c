// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The shared maps; see maps.h. One row per map. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plane/maps.h"

struct map_row {
	enum bpf_map_type type;
	uint32_t value_size;
	uint32_t entries;
	uint32_t key_size;	/* 0: a 32-bit number */
	size_t entries_at;	/* of the number in struct pn_abi; 0: entries */
	uint32_t flags;
};

#define SIZED(field) .entries_at = offsetof(struct pn_abi, field)

static const struct map_row rows[PN_MAPS] = {
	[PN_MAP_PORTS] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_port), PN_MAX_PORTS,
			   .flags = BPF_F_MMAPABLE },
	[PN_MAP_TUNNELS] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_tunnel),
			     SIZED(tunnels), .flags = BPF_F_MMAPABLE },
	[PN_MAP_FDB] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_bucket), SIZED(fdb_buckets),
			 .flags = BPF_F_MMAPABLE },
	[PN_MAP_DEMUX] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_bucket),
			   SIZED(demux_buckets), .flags = BPF_F_MMAPABLE },
	[PN_MAP_ENDPOINTS] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_endpoint_bucket),
			       SIZED(endpoint_buckets), .flags = BPF_F_MMAPABLE },
	[PN_MAP_CONTROL] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_control), 1,
			     .flags = BPF_F_MMAPABLE },
	[PN_MAP_DEVMAP] = { BPF_MAP_TYPE_DEVMAP, sizeof(uint32_t), PN_MAX_PORTS },
	[PN_MAP_DEVMAP_FRAGS] = { BPF_MAP_TYPE_DEVMAP, sizeof(uint32_t), PN_MAX_PORTS },
	[PN_MAP_TUN_STATS] = { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct pn_tunnel_stats),
			       SIZED(tunnels) },
	[PN_MAP_PEER_STATS] = { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct pn_tunnel_stats),
				SIZED(peers) },
	[PN_MAP_PEERS] = { BPF_MAP_TYPE_LPM_TRIE, sizeof(uint32_t), PN_PEERS_MAX,
			   .key_size = sizeof(struct pn_peer_key),
			   .flags = BPF_F_NO_PREALLOC },
	[PN_MAP_SHAPERS] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_shaper), SIZED(shapers),
			     .flags = BPF_F_MMAPABLE },
	[PN_MAP_MASKS] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_match_mask), PN_MAX_MASKS,
			   .flags = BPF_F_MMAPABLE },
	[PN_MAP_MATCHES] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_match), SIZED(shapers),
			     .flags = BPF_F_MMAPABLE },
	[PN_MAP_MATCH_KEYS] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_match_bucket),
				SIZED(match_buckets), .flags = BPF_F_MMAPABLE },
	[PN_MAP_SHAPER_STATS] = { BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct pn_shaper_stats),
				 SIZED(shapers) },
	[PN_MAP_SOURCES] = { BPF_MAP_TYPE_LRU_HASH, sizeof(struct pn_source), SIZED(sources),
			     .key_size = sizeof(struct pn_source_key) },
	[PN_MAP_SPREAD] = { BPF_MAP_TYPE_ARRAY, sizeof(uint64_t), PN_SPREAD_MAX,
			    .flags = BPF_F_MMAPABLE },
	[PN_MAP_SHAPER_CONF] = { BPF_MAP_TYPE_ARRAY, sizeof(struct pn_shaper_conf),
				 SIZED(shapers), .flags = BPF_F_MMAPABLE },
};

const char *const pn_map_names[PN_MAPS + 1] = {
	[PN_MAP_PORTS] = "pn_ports",
	[PN_MAP_TUNNELS] = "pn_tunnels",
	[PN_MAP_FDB] = "pn_fdb",
	[PN_MAP_DEMUX] = "pn_demux",
	[PN_MAP_ENDPOINTS] = "pn_endpoints",
	[PN_MAP_CONTROL] = "pn_control",
	[PN_MAP_DEVMAP] = "pn_devmap",
	[PN_MAP_DEVMAP_FRAGS] = "pn_devmap_frags",
	[PN_MAP_TUN_STATS] = "pn_tun_stats",
	[PN_MAP_PEER_STATS] = "pn_peer_stats",
	[PN_MAP_PEERS] = "pn_peers",
	[PN_MAP_SHAPERS] = "pn_shapers",
	[PN_MAP_MASKS] = "pn_masks",
	[PN_MAP_MATCHES] = "pn_matches",
	[PN_MAP_MATCH_KEYS] = "pn_match_keys",
	[PN_MAP_SHAPER_STATS] = "pn_shaper_stats",
	[PN_MAP_SOURCES] = "pn_sources",
	[PN_MAP_SPREAD] = "pn_spread",
	[PN_MAP_SHAPER_CONF] = "pn_shaper_conf",
};

static uint32_t row_entries(const struct map_row *row, const struct pn_abi *abi)
{
	uint32_t n = row->entries;

	if (row->entries_at)
		memcpy(&n, (const char *)abi + row->entries_at, sizeof(n));
	return n;
}

static uint32_t row_key_size(const struct map_row *row)
{
	return row->key_size ? row->key_size : sizeof(uint32_t);
}

/* What is pinned under the name is what the row says, or nobody touches it. */
static bool map_fits(int fd, const struct map_row *row, const struct pn_abi *abi)
{
	struct bpf_map_info info = { 0 };
	uint32_t len = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &len) && info.type == row->type &&
	       info.key_size == row_key_size(row) && info.value_size == row->value_size &&
	       info.max_entries == row_entries(row, abi) &&
	       (info.map_flags & BPF_F_MMAPABLE) == (row->flags & BPF_F_MMAPABLE);
}

static int map_make(const struct pn_pins *pins, enum pn_map i, struct pn_err *err)
{
	const struct map_row *row = &rows[i];
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = row->flags);
	uint32_t entries = row_entries(row, &pins->abi);
	char name[64];
	int fd, ret;

	fd = bpf_map_create(row->type, pn_map_names[i], row_key_size(row), row->value_size,
			    entries, &opts);
	if (fd < 0) {
		ret = pn_err_set(err, PN_EXIT_KERNEL, errno, pn_map_names[i],
				 "the kernel makes no map of %u entries of %u bytes: %s",
				 entries, row->value_size, strerror(errno));
		if (ret == -EPERM)
			pn_err_hint(err, "penstock needs root, or CAP_BPF and CAP_NET_ADMIN");
		else if (ret == -ENOMEM)
			pn_err_hint(err, "ask for less: --fdb-max, --tunnel-max, --shaper-max");
		return ret;
	}
	snprintf(name, sizeof(name), "maps/%s", pn_map_names[i]);
	ret = pn_pins_put(pins, name, fd);
	if (!ret)
		return fd;
	close(fd);
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, pn_map_names[i], "cannot be pinned: %s",
			  strerror(-ret));
}

static int map_open(struct pn_maps *m, const struct pn_pins *pins, enum pn_map i,
		    struct pn_err *err)
{
	char name[64];
	int fd, ret;

	snprintf(name, sizeof(name), "maps/%s", pn_map_names[i]);
	fd = pn_pins_get(pins, name);
	if (fd == -ENOENT && pins->writing) {
		m->fresh = true;
		return map_make(pins, i, err);
	}
	if (fd < 0)
		return pn_err_set(err, PN_EXIT_KERNEL, -fd, pn_map_names[i],
				  "the pinned map cannot be opened: %s", strerror(-fd));
	if (map_fits(fd, &rows[i], &pins->abi))
		return fd;
	close(fd);
	ret = pn_err_set(err, PN_EXIT_KERNEL, EPROTO, pn_map_names[i],
			 "what is pinned under this name is another map");
	pn_err_hint(err, "penstock detach --all, then attach anew");
	return ret;
}

/*
 * A descriptor without the right to write cannot be mapped, not even to read:
 * such a reader gets a copy of this moment.
 */
static int map_copy(struct pn_maps *m, enum pn_map i, void *mem, struct pn_err *err)
{
	uint32_t left = row_entries(&rows[i], &m->abi), n, out;
	uint32_t *keys = calloc(left, sizeof(*keys));
	char *to = mem;
	int ret = keys ? 0 : -ENOMEM;
	bool first = true;

	while (!ret && left) {
		n = left;
		ret = bpf_map_lookup_batch(m->fd[i], first ? NULL : &out, &out, keys, to, &n,
					   NULL) ? -errno : 0;
		first = false;
		to += (size_t)n * rows[i].value_size;
		left -= n;
	}
	free(keys);
	if (!ret || (ret == -ENOENT && !left))
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, pn_map_names[i],
			  "cannot be read: %s", strerror(-ret));
}

static int map_memory(struct pn_maps *m, const struct pn_pins *pins, enum pn_map i,
		      struct pn_err *err)
{
	long page = sysconf(_SC_PAGESIZE);
	size_t size = (size_t)rows[i].value_size * row_entries(&rows[i], &pins->abi);
	int prot = PROT_READ | (pins->writing ? PROT_WRITE : 0);
	void *mem;

	if (!(rows[i].flags & BPF_F_MMAPABLE))
		return 0;
	size = (size + page - 1) / page * page;
	mem = mmap(NULL, size, prot, MAP_SHARED, m->fd[i], 0);
	if (mem == MAP_FAILED && !pins->writing) {
		mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (mem != MAP_FAILED && map_copy(m, i, mem, err)) {
			munmap(mem, size);
			return -EIO;
		}
	}
	if (mem == MAP_FAILED)
		return pn_err_set(err, PN_EXIT_KERNEL, errno, pn_map_names[i],
				  "cannot be mapped into memory: %s", strerror(errno));
	m->mem[i] = mem;
	m->mem_size[i] = size;
	return 0;
}

int pn_maps_open(struct pn_maps *m, const struct pn_pins *pins, struct pn_err *err)
{
	int i, ret;

	*m = (struct pn_maps){ .abi = pins->abi };
	for (i = 0; i < PN_MAPS; i++)
		m->fd[i] = -1;
	for (i = 0; i < PN_MAPS; i++) {
		ret = map_open(m, pins, i, err);
		if (ret < 0)
			goto fail;
		m->fd[i] = ret;
		ret = map_memory(m, pins, i, err);
		if (ret)
			goto fail;
	}
	m->ports = m->mem[PN_MAP_PORTS];
	m->tunnels = m->mem[PN_MAP_TUNNELS];
	m->fdb = m->mem[PN_MAP_FDB];
	m->demux = m->mem[PN_MAP_DEMUX];
	m->endpoints = m->mem[PN_MAP_ENDPOINTS];
	m->control = m->mem[PN_MAP_CONTROL];
	m->shapers = m->mem[PN_MAP_SHAPERS];
	m->masks = m->mem[PN_MAP_MASKS];
	m->matches = m->mem[PN_MAP_MATCHES];
	m->match_keys = m->mem[PN_MAP_MATCH_KEYS];
	m->spread = m->mem[PN_MAP_SPREAD];
	m->shaper_conf = m->mem[PN_MAP_SHAPER_CONF];
	return 0;
fail:
	pn_maps_close(m);
	return ret;
}

void pn_maps_close(struct pn_maps *m)
{
	int i;

	for (i = 0; i < PN_MAPS; i++) {
		if (m->mem[i])
			munmap(m->mem[i], m->mem_size[i]);
		m->mem[i] = NULL;
		if (m->fd[i] >= 0)
			close(m->fd[i]);
		m->fd[i] = -1;
	}
}

static int devmap_set(int fd, uint32_t port, uint32_t ifindex)
{
	int ret;

	if (ifindex)
		return bpf_map_update_elem(fd, &port, &ifindex, BPF_ANY) ? -errno : 0;
	ret = bpf_map_delete_elem(fd, &port) ? -errno : 0;
	return ret == -ENOENT ? 0 : ret;
}

int pn_maps_devmap_set(const struct pn_maps *m, uint32_t port, uint32_t ifindex)
{
	int ret = devmap_set(m->fd[PN_MAP_DEVMAP], port, ifindex);

	return ret ? ret : devmap_set(m->fd[PN_MAP_DEVMAP_FRAGS], port, ifindex);
}

void pn_maps_count_anew(const struct pn_maps *m, enum pn_map map, uint32_t number)
{
	int cpus = libbpf_num_possible_cpus();
	struct pn_tunnel_stats *zero = cpus > 0 ? calloc(cpus, sizeof(*zero)) : NULL;

	_Static_assert(sizeof(*zero) % 8 == 0, "the kernel has no gaps between CPUs' copies");
	if (zero)
		bpf_map_update_elem(m->fd[map], &number, zero, BPF_ANY);
	free(zero);
}

int pn_maps_port_stats(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "pn_port_stats", sizeof(uint32_t),
				sizeof(struct pn_port_stats), 1, NULL);

	return fd < 0 ? -errno : fd;
}
