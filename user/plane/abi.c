// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The record beside the pins; see abi.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <penstock/shaper.h>

#include "plane/abi.h"
#include "plane/hook.h"
#include "plane/program.h"
#include "plane/record.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71	/* 5.14 */
#endif

/* Two-choice buckets of four fill to 95 %; a tenth more stays clear of that. */
uint32_t pn_abi_buckets(uint32_t entries)
{
	uint64_t want = ((uint64_t)entries * 11 / 10 + PN_BUCKET_SLOTS - 1) / PN_BUCKET_SLOTS;
	uint32_t n = 64;

	while (n < want)
		n *= 2;
	return n;
}

static uint64_t netns_cookie(void)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return 0;
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len))
		cookie = 0;
	close(fd);
	return cookie;
}

static uint32_t entries_or(uint32_t entries, uint32_t none)
{
	return entries ? entries : none;
}

/* Every tunnel has a key, and every device that packets may leave by another. */
static uint32_t sizes_demux(const struct pn_sizes *sizes)
{
	if (sizes->demux)
		return sizes->demux;
	return sizes->tunnels > PN_DEMUX_MAX_DEFAULT / 2 ?
		       sizes->tunnels + PN_DEMUX_MAX_DEFAULT : PN_DEMUX_MAX_DEFAULT;
}

/* A tunnel has a remote of its own, and this host more than one address. */
static uint32_t sizes_endpoints(const struct pn_sizes *sizes)
{
	if (sizes->endpoints)
		return sizes->endpoints;
	return sizes->tunnels > PN_ENDPOINT_MAX_DEFAULT / 2 ?
		       2 * sizes->tunnels + PN_ENDPOINT_MAX_DEFAULT : PN_ENDPOINT_MAX_DEFAULT;
}

void pn_abi_fill(struct pn_abi *abi, const struct pn_sizes *sizes)
{
	static const struct pn_sizes none;

	sizes = sizes ? sizes : &none;
	*abi = (struct pn_abi){
		.version = PN_ABI_VERSION,
		.fdb_buckets = pn_abi_buckets(entries_or(sizes->fdb, PN_FDB_MAX_DEFAULT)),
		.demux_buckets = pn_abi_buckets(sizes_demux(sizes)),
		.endpoint_buckets = pn_abi_buckets(sizes_endpoints(sizes)),
		.tunnels = entries_or(sizes->tunnels, PN_TUNNEL_MAX_DEFAULT),
		.peers = sizes_endpoints(sizes),
		.shapers = entries_or(sizes->shapers, PN_SHAPER_MAX_DEFAULT),
		.match_buckets =
			pn_abi_buckets(entries_or(sizes->shapers, PN_SHAPER_MAX_DEFAULT)),
		.sources = PN_SOURCE_MAX_DEFAULT,
		.netns_cookie = netns_cookie(),
		.size_port = sizeof(struct pn_port),
		.size_slot = sizeof(struct pn_slot),
		.size_endpoint = sizeof(struct pn_endpoint),
		.size_tunnel = sizeof(struct pn_tunnel),
		.size_port_stats = sizeof(struct pn_port_stats),
		.size_tunnel_stats = sizeof(struct pn_tunnel_stats),
		.size_control = sizeof(struct pn_control),
		.size_conf = sizeof(struct pn_conf),
		.size_shaper = sizeof(struct pn_shaper),
		.size_match = sizeof(struct pn_match),
		.size_shaper_stats = sizeof(struct pn_shaper_stats),
		.size_source = sizeof(struct pn_source),
	};
}

static int abi_differs(const struct pn_pins *p, struct pn_err *err, const char *what)
{
	int ret = pn_err_set(err, PN_EXIT_KERNEL, EPROTO, p->dir,
			     "the pins were made by another version of penstock (%s)", what);

	pn_err_hint(err, "detach with that version, or remove them: penstock detach --all");
	return ret;
}

static int abi_read(struct pn_pins *p, struct pn_err *err)
{
	struct bpf_map_info info = { 0 };
	uint32_t len = sizeof(info), key = 0;
	int fd = pn_pins_get(p, "abi");
	int ret = fd;

	if (fd < 0)
		return fd;
	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		ret = abi_differs(p, err, "the record is no map");
	else if (info.type != BPF_MAP_TYPE_ARRAY || info.value_size != sizeof(p->abi))
		ret = abi_differs(p, err, "another shape of the record");
	else
		ret = bpf_map_lookup_elem(fd, &key, &p->abi) ? -errno : 0;
	close(fd);
	return ret;
}

static int netns_differs(const struct pn_pins *p, struct pn_err *err)
{
	int ret = pn_err_set(err, PN_EXIT_KERNEL, EXDEV, p->dir,
			     "the pins belong to another network namespace");

	pn_err_hint(err, "use penstock -n NETNS for that one, or --bpffs DIR with a directory "
		    "for each namespace; if it is gone, penstock detach --all removes them");
	return ret;
}

/*
 * Is the port's program still on a device? A link whose device, or whole
 * namespace, is gone says so by ifindex 0; without a link the program itself
 * ends with what it was attached to.
 */
static bool port_works(const struct pn_pins *p, uint32_t index)
{
	struct pn_program_info info;
	uint32_t ifindex = 0, prog;
	char name[PN_PINS_PATH];
	struct pn_record r;
	int fd;

	pn_record_name(index, "link", name);
	fd = pn_pins_get(p, name);
	if (fd >= 0) {
		if (pn_hook_link_info(fd, &ifindex, &prog))
			ifindex = index;
		close(fd);
		return ifindex;
	}
	return !pn_record_read(p, index, &r) && r.prog_id &&
	       !pn_program_info_by_id(r.prog_id, &info);
}

static bool ports_dead(const struct pn_pins *p)
{
	uint32_t index[PN_MAX_PORTS];
	int i, n = pn_pins_numbers(p, "ports", index, PN_MAX_PORTS);

	for (i = 0; i < n; i++)
		if (port_works(p, index[i]))
			return false;
	return true;
}

/* Pins that cannot be understood may be removed, if they are asked to be. */
int pn_abi_check_netns(struct pn_pins *p, struct pn_err *err)
{
	struct pn_err other = { 0 };

	if (abi_read(p, &other) || p->abi.netns_cookie == netns_cookie() || ports_dead(p))
		return 0;
	return netns_differs(p, err);
}

/* Everything but the numbers that each pin directory chooses for itself. */
static int abi_compare(const struct pn_pins *p, struct pn_err *err)
{
	struct pn_abi ours;
	char what[64];

	pn_abi_fill(&ours, NULL);
	if (p->abi.version != ours.version) {
		snprintf(what, sizeof(what), "ABI %u, this one has %u", p->abi.version,
			 ours.version);
		return abi_differs(p, err, what);
	}
	ours.fdb_buckets = p->abi.fdb_buckets;
	ours.demux_buckets = p->abi.demux_buckets;
	ours.endpoint_buckets = p->abi.endpoint_buckets;
	ours.tunnels = p->abi.tunnels;
	ours.peers = p->abi.peers;
	ours.shapers = p->abi.shapers;
	ours.match_buckets = p->abi.match_buckets;
	ours.sources = p->abi.sources;
	ours.seed = p->abi.seed;
	ours.netns_cookie = p->abi.netns_cookie;
	if (memcmp(&ours, &p->abi, sizeof(ours)))
		return abi_differs(p, err, "other sizes of the same ABI");
	return 0;
}

int pn_abi_check(struct pn_pins *p, struct pn_err *err)
{
	int ret = abi_read(p, err);

	if (ret == -ENOENT) {
		ret = pn_err_set(err, PN_EXIT_KERNEL, ENOENT, p->dir,
				 "no port is attached: there are no pins");
		pn_err_hint(err, "penstock attach DEV, or --bpffs if they are elsewhere");
		return ret;
	}
	if (ret)
		return pn_err_set(err, PN_EXIT_KERNEL, -ret, p->dir,
				  "the record of the pins cannot be read: %s", strerror(-ret));
	ret = abi_compare(p, err);
	if (!ret && p->abi.netns_cookie != netns_cookie())
		ret = netns_differs(p, err);
	return ret;
}

static int abi_create(struct pn_pins *p, const struct pn_sizes *sizes, struct pn_err *err)
{
	uint32_t key = 0;
	int ret = -EIO;
	int fd;

	pn_abi_fill(&p->abi, sizes);
	if (getrandom(&p->abi.seed, sizeof(p->abi.seed), 0) != sizeof(p->abi.seed))
		return pn_err_set(err, PN_EXIT_KERNEL, EIO, p->dir, "no random seed");
	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "pn_abi", sizeof(key), sizeof(p->abi), 1, NULL);
	if (fd >= 0) {
		ret = bpf_map_update_elem(fd, &key, &p->abi, BPF_ANY) ? -errno : 0;
		if (!ret)
			ret = pn_pins_put(p, "abi", fd);
		close(fd);
	} else {
		ret = -errno;
	}
	if (!ret)
		return 0;
	ret = pn_err_set(err, PN_EXIT_KERNEL, -ret, p->dir, "cannot make the first map: %s",
			 strerror(-ret));
	if (ret == -EPERM)
		pn_err_hint(err, "penstock needs root, or CAP_BPF and CAP_NET_ADMIN");
	return ret;
}

/* A size that was asked for must be the one that is there. */
static int sizes_check(const struct pn_pins *p, const struct pn_sizes *sizes, struct pn_err *err)
{
	int ret;

	if (sizes && sizes->fdb && pn_abi_buckets(sizes->fdb) != p->abi.fdb_buckets)
		ret = pn_err_set(err, PN_EXIT_KERNEL, EEXIST, "--fdb-max",
				 "the maps are made, with room for %u FDB entries",
				 p->abi.fdb_buckets * PN_BUCKET_SLOTS);
	else if (sizes && sizes->tunnels && sizes->tunnels != p->abi.tunnels)
		ret = pn_err_set(err, PN_EXIT_KERNEL, EEXIST, "--tunnel-max",
				 "the maps are made, with room for %u tunnels",
				 p->abi.tunnels);
	else if (sizes && sizes->shapers && sizes->shapers != p->abi.shapers)
		ret = pn_err_set(err, PN_EXIT_KERNEL, EEXIST, "--shaper-max",
				 "the maps are made, with room for %u shapers",
				 p->abi.shapers);
	else
		return 0;
	pn_err_hint(err, "penstock detach --all first: a new size needs new maps");
	return ret;
}

int pn_abi_make(struct pn_pins *p, const struct pn_sizes *sizes, struct pn_err *err)
{
	struct pn_err none = { 0 };
	int ret = abi_read(p, &none);

	if (ret == -ENOENT)
		return abi_create(p, sizes, err);
	ret = pn_abi_check(p, err);
	return ret ? ret : sizes_check(p, sizes, err);
}
