// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The data plane in user space; see plane.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "plane.h"
#include "shim/bpf/bpf_helpers.h"

#define BUCKETS	 256
#define SEED	 0x5eed5eed5eed5eedull
#define ROOM	 8192 /* headroom, packet, tailroom */
#define HEADROOM 256

static struct fast fast;
static const struct world *world;
static uint8_t *room; /* below 4 GiB: a context has 32-bit pointers */
static uint64_t forwarded_to; /* ifindex or devmap key */

static struct pipe_map *map_of(const void *map)
{
	struct pipe_map *m = pipe_maps;

	while (m->name && m->map != map)
		m++;
	return m->name ? m : NULL;
}

static void *memory_of(const char *name)
{
	for (struct pipe_map *m = pipe_maps; m->name; m++)
		if (!strcmp(m->name, name))
			return m->memory;
	return NULL;
}

static bool is_table(const char *name)
{
	return !strcmp(name, "pn_fdb") || !strcmp(name, "pn_demux") ||
	       !strcmp(name, "pn_endpoints");
}

bool plane_open(void)
{
	for (struct pipe_map *m = pipe_maps; m->name; m++) {
		if (is_table(m->name))
			m->entries = BUCKETS;
		m->memory = calloc(m->entries, m->value);
		if (!m->memory)
			return false;
	}
	room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT,
		    -1, 0);
	return room != MAP_FAILED;
}

void plane_world(const struct world *w)
{
	world = w;
	memset(&fast, 0, sizeof(fast));
	/* endpoints for strangers are there, whoever asks for them */
	fast.opts.strict = 1;
	fast.devmap_fd = fast.peers_fd = -1;
	fast.ports = memory_of("pn_ports");
	fast.tunnels = memory_of("pn_tunnels");
	fast.control = memory_of("pn_control");
	pn_table_init(&fast.fdb, memory_of("pn_fdb"), BUCKETS - 1, SEED);
	pn_table_init(&fast.demux, memory_of("pn_demux"), BUCKETS - 1, SEED);
	pn_pairs_init(&fast.pairs, memory_of("pn_endpoints"), BUCKETS - 1, SEED);
	fast_world(&fast, w);
}

void plane_configure(const struct fast_opts *opts)
{
	struct pn_conf conf = {
		.seed = SEED,
		.fdb_mask = BUCKETS - 1,
		.demux_mask = BUCKETS - 1,
		.endpoint_mask = BUCKETS - 1,
		.port = opts->port ? opts->port : W_WIRE,
		.checksum = opts->checksum,
		.explain = 1,
		.peers = opts->peers,
		.strict = opts->strict,
		.nesting = opts->nesting ? opts->nesting : 1,
		.families = PN_FAMILY_ALL,
	};

	pipe_configure(&conf);
}

/* The only trie: prefixes of the attached port. */
static void *peers_lookup(const struct pn_peer_key *key)
{
	static uint32_t one = 1;
	const uint8_t *addr = (const uint8_t *)key->addr;
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	bool v6 = memcmp(addr, mapped, 12);

	for (int i = 0; i < WORLD_LISTED && world->listed[i].addr; i++) {
		const struct world_listed *l = &world->listed[i];
		struct pkt_addr a = pkt_addr(l->addr, l->addr);
		int bit = 0;

		if (a.v6 != v6)
			continue;
		while (bit < l->len &&
		       !((a.src[bit / 8] ^ addr[(v6 ? 0 : 12) + bit / 8]) & 0x80 >> bit % 8))
			bit++;
		if (bit == l->len)
			return &one;
	}
	return NULL;
}

void *bpf_map_lookup_elem(const void *map, const void *key)
{
	struct pipe_map *m = map_of(map);
	uint32_t index;

	if (!m)
		abort();
	if (!strcmp(m->name, "pn_peers"))
		return peers_lookup(key);
	if (!strcmp(m->name, "pn_sources"))
		return NULL;
	memcpy(&index, key, sizeof(index));
	return index < m->entries ? (uint8_t *)m->memory + index * m->value : NULL;
}

/* The bytes that a program may touch are these. */
static void packet_show(uint32_t data, uint32_t end)
{
	ASAN_POISON_MEMORY_REGION(room, ROOM);
	ASAN_UNPOISON_MEMORY_REGION((void *)(long)data, end - data);
}

static bool span_set(uint32_t *data, uint32_t *end, long from, long to)
{
	if (from < (long)room || to > (long)room + ROOM || to - from < PLANE_LEAST)
		return false;
	*data = from;
	*end = to;
	packet_show(from, to);
	return true;
}

long bpf_xdp_adjust_head(struct xdp_md *ctx, int delta)
{
	long from = (long)ctx->data + delta;

	return span_set(&ctx->data, &ctx->data_end, from, ctx->data_end) ? 0 : -1;
}

long bpf_xdp_adjust_tail(struct xdp_md *ctx, int delta)
{
	long to = (long)ctx->data_end + delta;

	return span_set(&ctx->data, &ctx->data_end, ctx->data, to) ? 0 : -1;
}

__u64 bpf_xdp_get_buff_len(struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data;
}

long bpf_redirect_map(const void *map, __u64 key, __u64 flags)
{
	forwarded_to = key;
	return key < WORLD_PORTS && fast.ports[key].flags & PN_PORT_XDP_TARGET ? XDP_REDIRECT
									       : (long)flags;
}

long bpf_redirect(__u32 ifindex, __u64 flags)
{
	forwarded_to = ifindex;
	return pipe_is_tc ? TC_ACT_REDIRECT : XDP_REDIRECT;
}

static bool skb_span(struct __sk_buff *skb, long from, long to)
{
	if (!span_set(&skb->data, &skb->data_end, from, to))
		return false;
	skb->len = to - from;
	return true;
}

long bpf_skb_pull_data(struct __sk_buff *skb, __u32 len)
{
	return 0;
}

/* Bytes behind the Ethernet header go, which keeps its place in front of the rest. */
long bpf_skb_adjust_room(struct __sk_buff *skb, __s32 len, __u32 mode, __u64 flags)
{
	uint32_t least = ntohs(skb->protocol) == 0x86dd ? 40 : 20;
	uint32_t cut = -len, end = skb->data_end;
	uint8_t *from = (uint8_t *)(long)skb->data;

	if (len > 0 || skb->len < 14 + cut + least)
		return -1;
	memmove(from + cut, from, 14);
	return skb_span(skb, (long)from + cut, end) ? 0 : -1;
}

long bpf_skb_change_tail(struct __sk_buff *skb, __u32 len, __u64 flags)
{
	return skb_span(skb, skb->data, (long)skb->data + len) ? 0 : -1;
}

long bpf_skb_change_head(struct __sk_buff *skb, __u32 len, __u64 flags)
{
	return skb_span(skb, (long)skb->data - len, skb->data_end) ? 0 : -1;
}

/* From IPv4 to IPv6 and back: 20 bytes come or go behind the Ethernet header. */
long bpf_skb_change_proto(struct __sk_buff *skb, __be16 proto, __u64 flags)
{
	int grow = proto == htons(0x86dd) ? 20 : -20;
	long from = skb->data;
	uint8_t eth[14];

	if (skb->len < (grow < 0 ? 54 : 34))
		return -1;
	memcpy(eth, (void *)from, sizeof(eth));
	if (!skb_span(skb, from - grow, skb->data_end))
		return -1;
	memcpy((void *)(from - grow), eth, sizeof(eth));
	skb->protocol = proto;
	return 0;
}

long bpf_skb_change_type(struct __sk_buff *skb, __u32 type)
{
	return 0;
}

long bpf_skb_store_bytes(struct __sk_buff *skb, __u32 offset, const void *from, __u32 len,
			 __u64 flags)
{
	if (offset + len > skb->len)
		return -1;
	memcpy((uint8_t *)(long)skb->data + offset, from, len);
	return 0;
}

long bpf_skb_vlan_pop(struct __sk_buff *skb)
{
	return -1;
}

long bpf_skb_vlan_push(struct __sk_buff *skb, __be16 proto, __u16 tci)
{
	return -1;
}

/* What shapers need; nobody in these worlds has one. */
long bpf_map_update_elem(const void *map, const void *key, const void *value, __u64 flags)
{
	return -ENOMEM;
}

__u64 bpf_ktime_get_ns(void)
{
	return 0;
}

__u32 bpf_get_smp_processor_id(void)
{
	return 0;
}

long bpf_csum_level(struct __sk_buff *skb, __u64 level)
{
	return -1;
}

static bool forwards_from(uint32_t ifindex)
{
	for (int i = 1; i < WORLD_TUNNELS; i++)
		if (world_kind(&world->tunnel[i]) && world->tunnel[i].ifindex == ifindex)
			return !world->tunnel[i].no_forward;
	return true;
}

/* The routes that the world says the kernel has. */
static long route_answer(struct bpf_fib_lookup *params, const struct world_route *r, bool v6)
{
	char hop[INET6_ADDRSTRLEN];
	const char *next = r->via ? r->via : hop;

	if (v6)
		inet_ntop(AF_INET6, params->ipv6_dst, hop, sizeof(hop));
	else
		inet_ntop(AF_INET, &params->ipv4_dst, hop, sizeof(hop));
	params->ifindex = r->tunnel ? world->tunnel[1].ifindex : world->port[r->port].ifindex;
	if (r->mtu && params->tot_len > r->mtu)
		return BPF_FIB_LKUP_RET_FRAG_NEEDED;
	for (int i = 0; i < WORLD_NEIGHS && world->neigh[i].addr; i++) {
		if (strcmp(world->neigh[i].addr, next))
			continue;
		pkt_mac(params->dmac, world->neigh[i].mac);
		pkt_mac(params->smac, world->port[r->port].mac);
		return BPF_FIB_LKUP_RET_SUCCESS;
	}
	return BPF_FIB_LKUP_RET_NO_NEIGH;
}

static bool route_covers(const struct world_route *r, const uint8_t *addr, bool v6)
{
	struct pkt_addr a = pkt_addr(r->prefix, r->prefix);
	int bit = 0;

	if (a.v6 != v6)
		return false;
	while (bit < r->len && !((a.src[bit / 8] ^ addr[bit / 8]) & 0x80 >> bit % 8))
		bit++;
	return bit == r->len;
}

long bpf_fib_lookup(void *ctx, struct bpf_fib_lookup *params, int len, __u32 flags)
{
	bool v6 = params->family == AF_INET6;
	const uint8_t *dst = v6 ? (uint8_t *)params->ipv6_dst : (uint8_t *)&params->ipv4_dst;

	if (!forwards_from(params->ifindex))
		return BPF_FIB_LKUP_RET_FWD_DISABLED;
	for (int i = 0; i < WORLD_ROUTES && world->route[i].prefix; i++) {
		const struct world_route *r = &world->route[i];

		if (route_covers(r, dst, v6))
			return r->port || r->tunnel ? route_answer(params, r, v6)
						    : BPF_FIB_LKUP_RET_NOT_FWDED;
	}
	return BPF_FIB_LKUP_RET_NOT_FWDED;
}

static enum pn_verdict verdict_of(int action)
{
	if (action == (pipe_is_tc ? TC_ACT_REDIRECT : XDP_REDIRECT))
		return PN_FORWARD;
	return action == (pipe_is_tc ? TC_ACT_UNSPEC : XDP_PASS) ? PN_PASS : PN_DROP;
}

void plane_run(const struct pkt *in, struct pkt *out, struct fast_result *res)
{
	uint32_t data = (uint32_t)(long)room + HEADROOM, end = data + in->len;
	const struct pn_explain *explain = memory_of("pn_explain");
	uint16_t type = pkt_get16(pkt_cdata(in) + 12);
	struct xdp_md xdp = { .data = data, .data_end = end };
	struct __sk_buff skb = { .data = data, .data_end = end, .len = in->len };

	skb.protocol = htons(type >= 0x600 ? type : 4);
	packet_show(data, end);
	memcpy((void *)(long)data, pkt_cdata(in), in->len);
	memset(memory_of("pn_explain"), 0, sizeof(*explain));
	res->action = pipe_program(pipe_is_tc ? (void *)&skb : (void *)&xdp);
	res->verdict = verdict_of(res->action);
	res->reason = explain->reason;
	res->egress = explain->egress;
	res->tunnel = explain->tunnel;
	data = pipe_is_tc ? skb.data : xdp.data;
	end = pipe_is_tc ? skb.data_end : xdp.data_end;
	pkt_init(out);
	pkt_append(out, (void *)(long)data, end - data);
}
