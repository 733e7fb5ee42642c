// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a NIC can run of penstock: tells tunnel packets apart by their outer
 * headers, counts them, and drops in the device what `strict` would drop in the
 * host. Only what an offloading driver takes: arrays and hashes of at most two
 * entries without flags, no global data, no helper but look-ups.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <penstock/offload.h>
#include <penstock/wire.h>

/* Sizes and no types: no device keeps BTF of its maps. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct pn_offload_conf));
} off_conf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct pn_offload_count));
} off_count SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PN_OFFLOAD_ENTRIES);
	__uint(key_size, sizeof(struct pn_offload_addr));
	__uint(value_size, sizeof(__u32));
} off_locals SEC(".maps"), off_peers SEC(".maps");

struct outer {
	struct pn_offload_addr src, dst;
	__u8 proto;
	__be16 dport;	/* 0: no UDP header is here */
};

static __always_inline void *eth_parse(void *data, void *end, __be16 *type)
{
	struct pn_ethhdr *eth = data;
	struct pn_vlanhdr *tag = data + sizeof(*eth);

	if ((void *)(eth + 1) > end)
		return NULL;
	*type = eth->type;
	if (*type != bpf_htons(PN_ETHERTYPE_8021Q) && *type != bpf_htons(PN_ETHERTYPE_8021AD))
		return eth + 1;
	if ((void *)(tag + 1) > end)
		return NULL;
	*type = tag->type;
	return tag + 1;
}

static __always_inline void udp_parse(struct pn_udphdr *udp, void *end, struct outer *out)
{
	if (out->proto == PN_IPPROTO_UDP && (void *)(udp + 1) <= end)
		out->dport = udp->dst;
}

static __always_inline bool ipv4_parse(struct pn_ipv4hdr *ip, void *end, struct outer *out)
{
	__u32 len;

	if ((void *)(ip + 1) > end || ip->ver_ihl >> 4 != 4)
		return false;
	out->proto = ip->protocol;
	out->src.addr[2] = out->dst.addr[2] = bpf_htonl(0xffff);
	out->src.addr[3] = ip->src;
	out->dst.addr[3] = ip->dst;
	len = (ip->ver_ihl & 15) * 4;
	/* A fragment is nobody's packet yet: the host puts it together. */
	if (len < sizeof(*ip) || ip->frag & bpf_htons(PN_IPV4_MF_OFFSET))
		return false;
	udp_parse((void *)ip + len, end, out);
	return true;
}

static __always_inline bool ipv6_parse(struct pn_ipv6hdr *ip, void *end, struct outer *out)
{
	if ((void *)(ip + 1) > end || (bpf_ntohl(ip->ver_tc_flow) >> 28) != 6)
		return false;
	out->proto = ip->nexthdr;
	__builtin_memcpy(&out->src, ip->src, sizeof(out->src));
	__builtin_memcpy(&out->dst, ip->dst, sizeof(out->dst));
	udp_parse((void *)(ip + 1), end, out);
	return true;
}

static __always_inline enum pn_offload_class service_class(const struct pn_offload_conf *conf,
							   __be16 port)
{
	int i;

	if (!port)
		return PN_OFFLOAD_OTHER;
#pragma unroll
	for (i = 0; i < PN_OFFLOAD_SERVICES; i++)
		if (conf->service[i].port == port)
			return conf->service[i].class;
	return PN_OFFLOAD_OTHER;
}

static __always_inline enum pn_offload_class outer_class(const struct pn_offload_conf *conf,
							 const struct outer *out)
{
	switch (out->proto) {
	case PN_IPPROTO_UDP:
		return service_class(conf, out->dport);
	case PN_IPPROTO_GRE:
		return PN_OFFLOAD_GRE;
	case PN_IPPROTO_IPIP:
	case PN_IPPROTO_IPV6:
	case PN_IPPROTO_MPLS:
		return PN_OFFLOAD_IPIP;
	}
	return PN_OFFLOAD_OTHER;
}

static __always_inline bool is_refused(const struct pn_offload_conf *conf,
				       const struct outer *out)
{
	return conf->strict && bpf_map_lookup_elem(&off_locals, &out->dst) &&
	       !bpf_map_lookup_elem(&off_peers, &out->src);
}

static __always_inline enum pn_offload_class packet_class(struct xdp_md *ctx,
							  const struct pn_offload_conf *conf)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	enum pn_offload_class class;
	struct outer out = {};
	bool whole = false;
	__be16 type = 0;
	void *ip = eth_parse(data, end, &type);

	if (!ip)
		return PN_OFFLOAD_OTHER;
	if (type == bpf_htons(PN_ETHERTYPE_IPV4))
		whole = ipv4_parse(ip, end, &out);
	else if (type == bpf_htons(PN_ETHERTYPE_IPV6))
		whole = ipv6_parse(ip, end, &out);
	if (!whole)
		return PN_OFFLOAD_OTHER;
	class = outer_class(conf, &out);
	return class != PN_OFFLOAD_OTHER && is_refused(conf, &out) ? PN_OFFLOAD_REFUSED : class;
}

SEC("xdp")
int xdp_offload(struct xdp_md *ctx)
{
	__u64 bytes = (__u64)ctx->data_end - ctx->data;
	struct pn_offload_count *count;
	struct pn_offload_conf *conf;
	__u32 zero = 0;
	__u64 class;

	conf = bpf_map_lookup_elem(&off_conf, &zero);
	count = bpf_map_lookup_elem(&off_count, &zero);
	if (!conf || !count)
		return XDP_PASS;
	class = packet_class(ctx, conf);
	asm volatile("" : "+r"(class));	/* the check is of the register that is the index */
	if (class >= PN_OFFLOAD_CLASS_COUNT)
		class = PN_OFFLOAD_OTHER;
	__sync_fetch_and_add(&count->class[class].packets, 1);
	__sync_fetch_and_add(&count->class[class].bytes, bytes);
	return class == PN_OFFLOAD_REFUSED ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
