// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The data plane under test; see fast.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fast.h"
#include "spreading.h"
#include "tap.h"
#include "tc_port.skel.h"
#include "xdp_port.skel.h"

#define BUCKETS 256
#define SEED	0x5eed5eed5eed5eedull

const char *const fast_hooks[FAST_HOOKS] = { "xdp", "tc" };

/* Buckets of the tables: never full to more than three quarters. */
static uint32_t buckets_of(const struct fast_opts *o)
{
	uint32_t n = BUCKETS;

	while (n * 3 < o->room)
		n *= 2;
	return n;
}

static uint32_t shaper_buckets(const struct fast_opts *o)
{
	uint32_t n = BUCKETS / 4;

	while (n * 3 < o->shapers)
		n *= 2;
	return n;
}

static struct pn_conf conf_of(const struct fast_opts *o)
{
	uint32_t mask = buckets_of(o) - 1;

	return (struct pn_conf){
		.seed = SEED,
		.fdb_mask = BUCKETS - 1,
		.demux_mask = mask,
		.endpoint_mask = mask,
		.port = o->port ? o->port : W_WIRE,
		.checksum = o->checksum,
		.frags = o->frags,
		.explain = o->explain,
		.peers = o->peers,
		.strict = o->strict,
		.nesting = o->nesting ? o->nesting : 1,
		.families = o->families ? o->families : PN_FAMILY_ALL,
		.match_mask = shaper_buckets(o) - 1,
		.masks = o->masks,
		.parts = o->parts,
		.spread = o->spread,
	};
}

/* pn_conf is const for the compiler of the skeleton too. */
static void conf_write(const volatile struct pn_conf *at, const struct fast_opts *o)
{
	struct pn_conf conf = conf_of(o);

	memcpy((void *)at, &conf, sizeof(conf));
}

static int object_open(struct fast *f)
{
	if (f->opts.hook == FAST_XDP) {
		struct xdp_port_bpf *skel = xdp_port_bpf__open();

		if (!skel)
			return -errno;
		conf_write(&skel->rodata->pn_conf, &f->opts);
		f->skel = skel;
		f->obj = skel->obj;
		if (f->opts.frags)
			bpf_program__set_flags(skel->progs.xdp_port, BPF_F_XDP_HAS_FRAGS);
	} else {
		struct tc_port_bpf *skel = tc_port_bpf__open();

		if (!skel)
			return -errno;
		conf_write(&skel->rodata->pn_conf, &f->opts);
		f->skel = skel;
		f->obj = skel->obj;
	}
	return 0;
}

static int map_fd(struct fast *f, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(f->obj, name);

	return map ? bpf_map__fd(map) : -ENOENT;
}

static int map_size(struct fast *f, const char *name, uint32_t n)
{
	struct bpf_map *map = bpf_object__find_map_by_name(f->obj, name);

	return map ? bpf_map__set_max_entries(map, n) : -ENOENT;
}

/* With an entry for each shaper. */
static const char *const shaper_maps[] = { "pn_shapers", "pn_matches", "pn_shaper_stats" };
#define SHAPER_MAPS 3

static int maps_size(struct fast *f)
{
	uint32_t buckets = buckets_of(&f->opts), room = f->opts.room;
	int ret;

	ret = map_size(f, "pn_fdb", BUCKETS);
	ret = ret ? ret : map_size(f, "pn_demux", buckets);
	ret = ret ? ret : map_size(f, "pn_endpoints", buckets);
	ret = ret ? ret : map_size(f, "pn_match_keys", shaper_buckets(&f->opts));
	for (int i = 0; f->opts.shapers && i < SHAPER_MAPS && !ret; i++)
		ret = map_size(f, shaper_maps[i], f->opts.shapers);
	if (f->opts.sources && !ret)
		ret = map_size(f, "pn_sources", f->opts.sources);
	if (ret || room <= PN_TUNNEL_MAX_DEFAULT)
		return ret;
	ret = map_size(f, "pn_tunnels", room);
	ret = ret ? ret : map_size(f, "pn_tun_stats", room);
	return ret ? ret : map_size(f, "pn_peer_stats", room);
}

static void *map_memory(struct fast *f, int slot, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(f->obj, name);
	size_t page = sysconf(_SC_PAGESIZE), size;

	if (!map)
		tap_bail("no map %s", name);
	size = (size_t)bpf_map__max_entries(map) * ((bpf_map__value_size(map) + 7) / 8 * 8);
	size = (size + page - 1) / page * page;
	f->mem_size[slot] = size;
	f->mem[slot] = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			    bpf_map__fd(map), 0);
	if (f->mem[slot] == MAP_FAILED)
		tap_bail("mmap of %s: %s", name, strerror(errno));
	return f->mem[slot];
}

int fast_open(struct fast *f, const struct fast_opts *opts)
{
	uint32_t mask = buckets_of(opts) - 1;
	struct bpf_program *prog;
	int ret;

	memset(f, 0, sizeof(*f));
	f->opts = *opts;
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	ret = object_open(f);
	ret = ret ? ret : maps_size(f);
	if (!ret && opts->spread)
		ret = spreading_size(f->obj);
	ret = ret ? ret : bpf_object__load(f->obj);
	if (ret) {
		tap_diag("loading %s_port: %s", fast_hooks[opts->hook], strerror(-ret));
		return ret;
	}
	prog = bpf_object__next_program(f->obj, NULL);
	f->prog_fd = bpf_program__fd(prog);
	f->cpus = libbpf_num_possible_cpus();
	f->stats_fd = map_fd(f, "pn_port_stats");
	f->tun_stats_fd = map_fd(f, "pn_tun_stats");
	f->explain_fd = map_fd(f, "pn_explain");
	f->devmap_fd = map_fd(f, "pn_devmap");
	f->peers_fd = map_fd(f, "pn_peers");
	f->ports = map_memory(f, 0, "pn_ports");
	f->tunnels = map_memory(f, 1, "pn_tunnels");
	f->control = map_memory(f, 2, "pn_control");
	pn_table_init(&f->fdb, map_memory(f, 3, "pn_fdb"), BUCKETS - 1, SEED);
	pn_table_init(&f->demux, map_memory(f, 4, "pn_demux"), mask, SEED);
	pn_pairs_init(&f->pairs, map_memory(f, 5, "pn_endpoints"), mask, SEED);
	return 0;
}

void fast_detach(struct fast *f)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = f->tc_ifindex,
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);

	bpf_link__destroy(f->link);
	f->link = NULL;
	if (!f->tc_ifindex)
		return;
	netns_enter(&f->tc_ns);
	bpf_tc_hook_destroy(&hook);
	netns_leave();
	f->tc_ifindex = 0;
}

void fast_close(struct fast *f)
{
	fast_detach(f);
	for (int i = 0; i < 8; i++)
		if (f->mem[i])
			munmap(f->mem[i], f->mem_size[i]);
	if (f->skel && f->opts.hook == FAST_XDP)
		xdp_port_bpf__destroy(f->skel);
	else if (f->skel)
		tc_port_bpf__destroy(f->skel);
	memset(f, 0, sizeof(*f));
}

static int stats_sum(int fd, uint32_t key, int cpus, uint64_t *sum, size_t size)
{
	uint64_t *values = calloc(cpus, size);
	size_t words = size / sizeof(*sum);
	int ret = values ? 0 : -ENOMEM;

	memset(sum, 0, size);
	if (!ret && bpf_map_lookup_elem(fd, &key, values))
		ret = -errno;
	for (size_t i = 0; !ret && i < cpus * words; i++)
		sum[i % words] += values[i];
	free(values);
	return ret;
}

int fast_stats(struct fast *f, struct pn_port_stats *sum)
{
	return stats_sum(f->stats_fd, 0, f->cpus, (void *)sum, sizeof(*sum));
}

int fast_tunnel_stats(struct fast *f, uint32_t tunnel, struct pn_tunnel_stats *sum)
{
	return stats_sum(f->tun_stats_fd, tunnel, f->cpus, (void *)sum, sizeof(*sum));
}

enum pn_reason fast_counted(struct fast *f)
{
	enum pn_reason reason = PN_R_NONE;
	struct pn_port_stats now;
	uint64_t total = 0;

	if (fast_stats(f, &now))
		return PN_R_NONE;
	for (int i = 0; i < PN_MAX_REASONS; i++) {
		uint64_t n = now.reason[i].packets - f->last.reason[i].packets;

		total += n;
		if (n)
			reason = i;
	}
	f->last = now;
	return total == 1 ? reason : PN_R_NONE;
}

static enum pn_verdict action_verdict(const struct fast *f, int action)
{
	bool xdp = f->opts.hook == FAST_XDP;

	if (action == (xdp ? XDP_REDIRECT : TC_ACT_REDIRECT))
		return PN_FORWARD;
	return action == (xdp ? XDP_PASS : TC_ACT_UNSPEC) ? PN_PASS : PN_DROP;
}

static int reason_read(struct fast *f, struct fast_result *res)
{
	struct pn_explain e = {};
	uint32_t zero = 0;

	if (!f->opts.explain) {
		res->reason = fast_counted(f);
		return 0;
	}
	if (bpf_map_lookup_elem(f->explain_fd, &zero, &e))
		return -errno;
	res->reason = e.reason;
	res->egress = e.egress;
	res->tunnel = e.tunnel;
	return 0;
}

int fast_run(struct fast *f, const struct pkt *in, struct pkt *out, struct fast_result *res)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = pkt_cdata(in), .data_size_in = in->len);
	struct __sk_buff skb = { .gso_size = f->gso_size, .mark = f->mark };
	int ret;

	if (f->gso_size || f->mark) {
		opts.ctx_in = &skb;
		opts.ctx_size_in = sizeof(skb);
	}
	memset(res, 0, sizeof(*res));
	pkt_init(out);
	opts.data_out = pkt_data(out);
	opts.data_size_out = PKT_SIZE - PKT_HEADROOM;
	if (bpf_prog_test_run_opts(f->prog_fd, &opts))
		return -errno;
	out->len = opts.data_size_out;
	res->action = (int)opts.retval;
	res->verdict = action_verdict(f, res->action);
	ret = reason_read(f, res);
	if (!ret && reason_verdict(res->reason) != res->verdict)
		ret = -EPROTO;
	return ret;
}

int fast_attach(struct fast *f, const struct netns *ns, const char *dev)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = f->prog_fd);
	int ifindex = netns_ifindex(ns, dev), ret;

	if (ifindex < 0)
		return ifindex;
	ret = netns_enter(ns);
	if (ret)
		return ret;
	if (f->opts.hook == FAST_XDP) {
		f->link = bpf_program__attach_xdp(bpf_object__next_program(f->obj, NULL),
						  ifindex);
		ret = f->link ? 0 : -errno;
	} else {
		hook.ifindex = ifindex;
		ret = bpf_tc_hook_create(&hook);
		ret = ret ? ret : bpf_tc_attach(&hook, &opts);
		f->tc_ns = *ns;
		f->tc_ifindex = ret ? 0 : ifindex;
	}
	netns_leave();
	return ret;
}

uint32_t fast_insns(const struct fast *f)
{
	struct bpf_prog_info info = {};
	uint32_t len = sizeof(info);

	if (bpf_obj_get_info_by_fd(f->prog_fd, &info, &len))
		return 0;
	return info.verified_insns;
}
