// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Maps and program in a device; see offload.h. One row per map. */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plane/offload.h"
#include "xdp_offload.skel.h"

enum off_map {
	OFF_CONF,
	OFF_COUNT,
	OFF_LOCALS,
	OFF_PEERS,
	OFF_MAPS
};

static const struct {
	const char *name;
	enum bpf_map_type type;
	uint32_t key_size, value_size, entries;
} rows[OFF_MAPS] = {
	[OFF_CONF] = { "off_conf", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct pn_offload_conf), 1 },
	[OFF_COUNT] = { "off_count", BPF_MAP_TYPE_ARRAY, 4, sizeof(struct pn_offload_count), 1 },
	[OFF_LOCALS] = { "off_locals", BPF_MAP_TYPE_HASH, sizeof(struct pn_offload_addr), 4,
			 PN_OFFLOAD_ENTRIES },
	[OFF_PEERS] = { "off_peers", BPF_MAP_TYPE_HASH, sizeof(struct pn_offload_addr), 4,
			PN_OFFLOAD_ENTRIES },
};

/* The registered ports, and the one that Linux takes for VXLAN by default. */
static const struct {
	uint16_t port, class;
} services[] = {
	{ 4789, PN_OFFLOAD_VXLAN },
	{ 4790, PN_OFFLOAD_VXLAN },
	{ 8472, PN_OFFLOAD_VXLAN },
	{ 6081, PN_OFFLOAD_GENEVE },
	{ 6080, PN_OFFLOAD_UDP_ENCAP },
};

#define NAME(id, name, text) [PN_OFFLOAD_##id] = name,
#define TEXT(id, name, text) [PN_OFFLOAD_##id] = text,
const char *const pn_offload_names[PN_OFFLOAD_CLASS_COUNT] = { PN_OFFLOAD_CLASSES(NAME) };
const char *const pn_offload_texts[PN_OFFLOAD_CLASS_COUNT] = { PN_OFFLOAD_CLASSES(TEXT) };

/* What is being loaded. */
struct work {
	const struct pn_device *dev;
	const struct pn_record *r;
	int fd[OFF_MAPS];
};

/* Does the driver take any program at all? The smallest one tells. */
static bool driver_offloads(uint32_t ifindex)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_ifindex = ifindex);
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "probe", "GPL", insns, 2, &opts);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int map_refused(const struct work *w, enum off_map map, int sys, struct pn_err *err)
{
	int ret;

	if (sys == EPERM || driver_offloads(w->dev->ifindex)) {
		ret = pn_err_set(err, PN_EXIT_KERNEL, sys, w->dev->name,
				 "the device does not take the map %s: %s", rows[map].name,
				 strerror(sys));
		pn_err_hint(err, "penstock needs root; or use --mode native or --hook tc");
		return ret;
	}
	ret = pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, w->dev->name,
			 "its driver (%s) takes no offloaded BPF program",
			 w->dev->driver[0] ? w->dev->driver : "unknown");
	pn_err_hint(err, "--mode native, or --hook tc; docs/offload.md says what a driver needs");
	return ret;
}

static bool map_alive(int fd)
{
	struct bpf_map_info info = { 0 };
	uint32_t len = sizeof(info);

	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len) && info.ifindex &&
	       info.value_size == rows[OFF_COUNT].value_size;
}

static int maps_make(struct work *w, int count_fd, struct pn_err *err)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_ifindex = w->dev->ifindex);
	int i;

	for (i = 0; i < OFF_MAPS; i++) {
		if (i == OFF_COUNT && map_alive(count_fd))
			w->fd[i] = dup(count_fd);
		else
			w->fd[i] = bpf_map_create(rows[i].type, rows[i].name, rows[i].key_size,
						  rows[i].value_size, rows[i].entries, &opts);
		if (w->fd[i] < 0)
			return map_refused(w, i, errno, err);
	}
	return 0;
}

static void maps_close(struct work *w)
{
	int i;

	for (i = 0; i < OFF_MAPS; i++)
		if (w->fd[i] >= 0)
			close(w->fd[i]);
}

static int addr_set(const struct work *w, enum off_map map, const __be32 addr[4],
		    struct pn_err *err)
{
	uint32_t one = 1;

	if (!bpf_map_update_elem(w->fd[map], addr, &one, BPF_ANY))
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, errno, w->dev->name,
			  "the device does not take an entry of the map %s: %s",
			  rows[map].name, strerror(errno));
}

/* As the maps have it, or false: nothing that tunnels end at. */
static bool addr_read(const struct sockaddr *sa, __be32 addr[4])
{
	const struct sockaddr_in6 *in6 = (const void *)sa;
	const struct sockaddr_in *in = (const void *)sa;

	if (!sa)
		return false;
	if (sa->sa_family == AF_INET) {
		memset(addr, 0, 8);
		addr[2] = htonl(0xffff);
		addr[3] = in->sin_addr.s_addr;
		return true;
	}
	if (sa->sa_family != AF_INET6 || IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr))
		return false;
	memcpy(addr, &in6->sin6_addr, sizeof(in6->sin6_addr));
	return true;
}

/* The addresses of the port itself: what is sent to others is not for us to drop. */
static int locals_fill(const struct work *w, struct pn_err *err)
{
	struct ifaddrs *all, *a;
	__be32 addr[4];
	int n = 0, ret = 0;

	if (getifaddrs(&all))
		return pn_err_set(err, PN_EXIT_KERNEL, errno, w->dev->name,
				  "its addresses cannot be read: %s", strerror(errno));
	for (a = all; a && !ret; a = a->ifa_next) {
		if (strcmp(a->ifa_name, w->dev->name) || !addr_read(a->ifa_addr, addr))
			continue;
		if (n++ < PN_OFFLOAD_ENTRIES)
			ret = addr_set(w, OFF_LOCALS, addr, err);
	}
	freeifaddrs(all);
	if (!ret && !n)
		ret = pn_err_set(err, PN_EXIT_USAGE, EINVAL, w->dev->name,
				 "strict in the device is for its own addresses, and it has none");
	if (!ret && n > PN_OFFLOAD_ENTRIES)
		ret = pn_err_set(err, PN_EXIT_USAGE, E2BIG, w->dev->name,
				 "it has %d addresses, and a map in a device has room for %d", n,
				 PN_OFFLOAD_ENTRIES);
	if (ret)
		pn_err_hint(err, "leave --strict out, or use --mode native or --hook tc");
	return ret;
}

static int maps_fill(const struct work *w, struct pn_err *err)
{
	struct pn_offload_conf conf = { .strict = w->r->strict };
	uint32_t zero = 0;
	unsigned int i;
	int ret = 0;

	_Static_assert(sizeof(services) / sizeof(services[0]) <= PN_OFFLOAD_SERVICES, "room");
	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		conf.service[i].port = htons(services[i].port);
		conf.service[i].class = services[i].class;
	}
	if (bpf_map_update_elem(w->fd[OFF_CONF], &zero, &conf, BPF_ANY))
		return pn_err_set(err, PN_EXIT_KERNEL, errno, w->dev->name,
				  "the device does not take an entry of the map %s: %s",
				  rows[OFF_CONF].name, strerror(errno));
	for (i = 0; i < w->r->n_prefixes && !ret; i++)
		ret = addr_set(w, OFF_PEERS, w->r->prefix[i].addr, err);
	return !ret && w->r->strict ? locals_fill(w, err) : ret;
}

static void skel_close(void *skel)
{
	xdp_offload_bpf__destroy(skel);
}

static int program_load(struct work *w, struct pn_program *prog, struct pn_err *err)
{
	struct xdp_offload_bpf *skel = xdp_offload_bpf__open();
	int i, ret = skel ? 0 : -errno;

	*prog = (struct pn_program){ .fd = -1, .explain_fd = -1, .count_fd = -1,
				     .hook = PN_HOOK_XDP, .skel = skel,
				     .close = skel_close };
	if (!ret) {
		prog->obj = skel->obj;
		prog->name = "xdp_offload";
		bpf_program__set_ifindex(skel->progs.xdp_offload, w->dev->ifindex);
		bpf_program__set_expected_attach_type(skel->progs.xdp_offload, BPF_XDP);
	}
	for (i = 0; i < OFF_MAPS && !ret; i++)
		ret = bpf_map__reuse_fd(bpf_object__find_map_by_name(prog->obj, rows[i].name),
					w->fd[i]);
	if (!ret)
		return pn_program_finish(prog, w->dev->name, err);
	pn_program_close(prog);
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, w->dev->name,
			  "the program xdp_offload does not take its maps: %s", strerror(-ret));
}

int pn_offload_load(struct pn_program *prog, const struct pn_device *dev,
		    const struct pn_record *r, int count_fd, struct pn_err *err)
{
	struct work w = { .dev = dev, .r = r, .fd = { -1, -1, -1, -1 } };
	int ret = maps_make(&w, count_fd, err);

	if (!ret)
		ret = maps_fill(&w, err);
	if (!ret)
		ret = program_load(&w, prog, err);
	if (!ret) {
		prog->count_fd = w.fd[OFF_COUNT];
		w.fd[OFF_COUNT] = -1;
	}
	maps_close(&w);
	return ret;
}

int pn_offload_read(const struct pn_pins *pins, uint32_t ifindex, struct pn_offload_count *count)
{
	char name[PN_PINS_PATH];
	uint32_t zero = 0;
	int fd, ret;

	pn_record_name(ifindex, PN_RECORD_OFFLOAD, name);
	fd = pn_pins_get(pins, name);
	if (fd < 0)
		return fd;
	ret = bpf_map_lookup_elem(fd, &zero, count) ? -errno : 0;
	close(fd);
	return ret;
}
