// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Packets as differences; see recipe.h. Built from the inside out, each
 * station looking up the edits that concern it. */
#include <netinet/in.h>
#include <string.h>

#include "hex.h"
#include "recipe.h"
#include "tap.h"

const struct edit *recipe_edit(const struct recipe *r, enum field f)
{
	for (int i = 0; i < RECIPE_EDITS && r->edit[i].field; i++)
		if (r->edit[i].field == f)
			return &r->edit[i];
	return NULL;
}

static uint32_t value(const struct recipe *r, enum field f, uint32_t none)
{
	const struct edit *e = recipe_edit(r, f);

	return e ? e->v : none;
}

static const char *text(const struct recipe *r, enum field f, const char *none)
{
	const struct edit *e = recipe_edit(r, f);

	return e ? e->s : none;
}

static void inner_l4(const struct recipe *r, struct pkt *p)
{
	pkt_append(p, NULL, value(r, F_IN_DATA, 24));
	if (value(r, F_IN_TCP, 0))
		pkt_tcp(p, 1000, 2000, 0x10);
	else if (value(r, F_IN_ICMP, 0))
		pkt_icmp_echo(p, value(r, F_IN_V6, 0), 1);
	else
		pkt_udp(p, 1000, 2000);
	if (recipe_edit(r, F_IN_CSUM)) {
		pkt_put16(pkt_data(p) + p->l4_csum, value(r, F_IN_CSUM, 0));
		p->l4_csum = 0;
	}
}

static void inner_ip(const struct recipe *r, int tos, struct pkt *p)
{
	bool v6 = value(r, F_IN_V6, 0);
	struct pkt_ip ip = {
		.addr = pkt_addr(text(r, F_IN_IP_SRC, v6 ? "fd05::2" : "192.168.5.2"),
				 text(r, F_IN_IP_DST, v6 ? "fd05::1" : "192.168.5.1")),
		.proto = IPPROTO_UDP,
		.tos = tos >= 0 ? (uint32_t)tos : value(r, F_IN_TOS, 0),
		.ttl = value(r, F_IN_TTL, 64),
		.id = !v6,
		.frag = value(r, F_IN_FRAG, 0),
	};
	uint8_t *h;

	if (value(r, F_IN_TCP, 0))
		ip.proto = IPPROTO_TCP;
	if (value(r, F_IN_ICMP, 0))
		ip.proto = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	inner_l4(r, p);
	pkt_ip(p, &ip);
	h = pkt_data(p);
	h[0] = value(r, F_IN_IP_VER, h[0] >> 4) << 4 | (h[0] & 0xf);
	if (recipe_edit(r, F_IN_IP_CSUM_XOR))
		pkt_put16(h + 10, pkt_get16(h + 10) ^ value(r, F_IN_IP_CSUM_XOR, 0));
}

static int hex_of(const struct recipe *r, enum field f, uint8_t *bytes, size_t size)
{
	int n = hex_parse(text(r, f, ""), bytes, size);

	if (n < 0)
		tap_bail("bad hex %s", text(r, f, ""));
	return n;
}

static void inner_l3(const struct recipe *r, int tos, struct pkt *p)
{
	uint8_t bytes[256];
	int n;

	pkt_init(p);
	if (recipe_edit(r, F_IN_HEX)) {
		n = hex_of(r, F_IN_HEX, bytes, sizeof(bytes));
		pkt_append(p, bytes, n);
	} else if (value(r, F_IN_ARP, 0)) {
		pkt_arp(p, 1, PKT_MAC_I, "192.168.5.2", "192.168.5.1");
	} else {
		inner_ip(r, tos, p);
	}
	if (recipe_edit(r, F_IN_KEEP))
		pkt_cut(p, p->len - value(r, F_IN_KEEP, 0));
	pkt_append(p, NULL, value(r, F_IN_PAD, 0));
}

static void tags_push(const struct recipe *r, enum field first, int n, struct pkt *p)
{
	while (n--) {
		const struct edit *e = recipe_edit(r, first + n);

		if (e)
			pkt_tag(p, e->v >> 16, e->v);
	}
}

/* The EtherType of the inner packet. */
static uint16_t inner_type(const struct recipe *r)
{
	return value(r, F_IN_V6, 0) ? 0x86dd : value(r, F_IN_ARP, 0) ? 0x0806 : 0x0800;
}

enum recipe_kind recipe_kind(const struct recipe *r)
{
	return value(r, F_KIND, R_VXLAN);
}

static uint16_t gre_proto(const struct recipe *r)
{
	return value(r, F_GRE_PROTO, inner_type(r));
}

bool recipe_bare(const struct recipe *r)
{
	uint16_t proto = gre_proto(r);
	bool bare = false;

	if (recipe_kind(r) == R_GRE)
		bare = proto != 0x6558 && proto != 0x88be && proto != 0x22eb;
	else if (recipe_kind(r) == R_IP || recipe_kind(r) == R_UDP)
		bare = true;
	return value(r, F_IN_BARE, bare);
}

int recipe_shim(const struct recipe *r, uint8_t *bytes, size_t size)
{
	return hex_of(r, F_SHIM, bytes, size);
}

void recipe_inner(const struct recipe *r, const char *in_dst, int tos,
		  struct pkt *p)
{
	inner_l3(r, tos, p);
	if (!recipe_bare(r)) {
		pkt_eth(p, text(r, F_IN_DST, in_dst ? in_dst : PKT_MAC_T),
			text(r, F_IN_SRC, PKT_MAC_I), value(r, F_IN_TYPE, inner_type(r)));
		tags_push(r, F_IN_TAG1, 2, p);
	}
	if (recipe_edit(r, F_IN_FRAME_KEEP))
		pkt_cut(p, p->len - value(r, F_IN_FRAME_KEEP, 0));
}

static void vxlan_push(const struct recipe *r, struct pkt *p)
{
	uint8_t *h;

	pkt_vxlan(p, value(r, F_VX_VNI, 5));
	h = pkt_data(p);
	pkt_put32(h, value(r, F_VX_W0, pkt_get32(h)));
	h[7] = value(r, F_VX_B7, 0);
}

static void geneve_push(const struct recipe *r, struct pkt *p)
{
	uint8_t opts[252], h[8];
	int n = hex_of(r, F_GN_OPTS, opts, sizeof(opts));

	pkt_put32(h, value(r, F_GN_W0, (uint32_t)(n / 4) << 24 | 0x6558));
	pkt_put32(h + 4, value(r, F_GN_VNI, 5) << 8 | value(r, F_GN_B7, 0));
	pkt_push(p, opts, n);
	pkt_push(p, h, sizeof(h));
}

static void gre_push(const struct recipe *r, struct pkt *p)
{
	uint16_t flags = value(r, F_GRE_FLAGS, 0);
	uint8_t h[16], tail[64], *csum;
	int n = 4;

	pkt_put16(h, flags);
	pkt_put16(h + 2, gre_proto(r));
	if (flags & 0x8000) {
		pkt_put16(h + n, 0);
		pkt_put16(h + n + 2, value(r, F_GRE_RES, 0));
		n += 4;
	}
	if (flags & 0x2000) {
		pkt_put32(h + n, value(r, F_GRE_KEY, 0));
		n += 4;
	}
	if (flags & 0x1000) {
		pkt_put32(h + n, value(r, F_GRE_SEQ, 0));
		n += 4;
	}
	csum = pkt_push(p, h, n) + 4;
	if (flags & 0x8000)
		pkt_put16(csum, value(r, F_GRE_CSUM, pkt_fold(pkt_sum(csum - 4, p->len, 0))));
	memset(tail, 0xa5, sizeof(tail));
	pkt_append(p, tail, value(r, F_GRE_TAIL, 0));
}

/* The tunnel header, as far as there is one. */
static void tunnel_push(const struct recipe *r, struct pkt *p)
{
	uint8_t shim[256];
	int n = recipe_shim(r, shim, sizeof(shim));

	pkt_push(p, shim, n);
	switch (recipe_kind(r)) {
	case R_VXLAN:
		vxlan_push(r, p);
		break;
	case R_GENEVE:
		geneve_push(r, p);
		break;
	case R_GRE:
		gre_push(r, p);
		break;
	default:
		break;
	}
}

/* UDP ports and IP protocols of the kinds. */
static uint16_t udp_dport(const struct recipe *r)
{
	switch (recipe_kind(r)) {
	case R_GENEVE:
		return 6081;
	case R_UDP:
		return 5555;
	default:
		return 4789;
	}
}

static uint8_t ip_proto(const struct recipe *r)
{
	switch (recipe_kind(r)) {
	case R_GRE:
		return IPPROTO_GRE;
	case R_IP:
		return value(r, F_IN_V6, 0) ? IPPROTO_IPV6 : IPPROTO_IPIP;
	default:
		return IPPROTO_UDP;
	}
}

static struct pkt_ip outer_ip(const struct recipe *r)
{
	bool v6 = value(r, F_V6, 0);
	struct pkt_ip ip = {
		.addr = pkt_addr(text(r, F_IP_SRC, v6 ? "fd00::2" : "10.0.0.2"),
				 text(r, F_IP_DST, v6 ? "fd00::1" : "10.0.0.1")),
		.proto = value(r, F_IP_PROTO, ip_proto(r)),
		.tos = value(r, F_IP_TOS, 0),
		.ttl = value(r, F_IP_TTL, 64),
		.id = value(r, F_IP_ID, 1),
		.frag = value(r, F_IP_FRAG, 0),
	};

	return ip;
}

static void udp_push(const struct recipe *r, const struct pkt_ip *ip,
		     struct pkt *p)
{
	uint8_t *h;
	int len;

	pkt_udp(p, value(r, F_UDP_SPORT, 5555), value(r, F_UDP_DPORT, udp_dport(r)));
	p->l4_csum = 0;
	if (recipe_edit(r, F_UDP_KEEP)) {
		pkt_cut(p, p->len - value(r, F_UDP_KEEP, 0));
		pkt_put16(pkt_data(p) + 4, p->len);
	}
	h = pkt_data(p);
	len = value(r, F_UDP_LEN, p->len) + (int32_t)value(r, F_UDP_LEN_ADD, 0);
	pkt_put16(h + 4, len);
	if (len < 8 || len > p->len)
		len = p->len;
	pkt_put16(h + 6, pkt_l4_sum(p, &ip->addr, IPPROTO_UDP, len));
	if (recipe_edit(r, F_UDP_CSUM))
		pkt_put16(h + 6, value(r, F_UDP_CSUM, 0));
}

/* Keep one piece of the IP payload and make the header say so. */
static void slice_cut(const struct recipe *r, struct pkt_ip *ip, struct pkt *p)
{
	uint16_t off = value(r, F_SLICE, 0) >> 16;
	uint16_t len = value(r, F_SLICE, 0);
	bool more = value(r, F_SLICE_MORE, 0);
	uint8_t h[8] = { ip->proto };

	if (!recipe_edit(r, F_SLICE))
		return;
	pkt_pull(p, off);
	if (len && len < p->len)
		pkt_cut(p, p->len - len);
	if (!ip->addr.v6) {
		ip->frag = off / 8 | more << 13;
		return;
	}
	pkt_put16(h + 2, off | more);
	pkt_put32(h + 4, 77);
	pkt_push(p, h, sizeof(h));
	ip->proto = IPPROTO_FRAGMENT;
}

static void ip_break(const struct recipe *r, const struct pkt_ip *ip,
		     struct pkt *p)
{
	uint8_t *h = pkt_data(p), *len = h + (ip->addr.v6 ? 4 : 2);
	uint8_t hlen = 20 + ip->opts_len;

	pkt_put16(len, value(r, F_IP_LEN, pkt_get16(len)) + (int32_t)value(r, F_IP_LEN_ADD, 0));
	h[0] = value(r, F_IP_VER, h[0] >> 4) << 4 | (h[0] & 0xf);
	if (ip->addr.v6)
		return;
	h[0] = (h[0] & 0xf0) | value(r, F_IP_IHL, h[0] & 0xf);
	pkt_put16(h + 10, 0);
	pkt_put16(h + 10, pkt_fold(pkt_sum(h, hlen, 0)) ^ value(r, F_IP_CSUM_XOR, 0));
}

static void outer_push(const struct recipe *r, struct pkt *p)
{
	const struct edit *e = recipe_edit(r, F_EXT6);
	struct pkt_ip ip = outer_ip(r);
	uint8_t bytes[256];
	int n;

	if (recipe_kind(r) != R_GRE && recipe_kind(r) != R_IP)
		udp_push(r, &ip, p);
	slice_cut(r, &ip, p);
	n = hex_parse(e ? e->s : text(r, F_IP_OPTS, ""), bytes, sizeof(bytes));
	if (n < 0)
		tap_bail("bad hex in options");
	if (e) {
		pkt_push(p, bytes, n);
		ip.proto = e->v;
	} else {
		ip.opts = bytes;
		ip.opts_len = n;
	}
	pkt_ip(p, &ip);
	ip_break(r, &ip, p);
	pkt_eth(p, text(r, F_ETH_DST, PKT_MAC_D), text(r, F_ETH_SRC, PKT_MAC_P),
		value(r, F_ETH_TYPE, ip.addr.v6 ? 0x86dd : 0x0800));
}

void recipe_build(const struct recipe *r, const char *in_dst, struct pkt *p)
{
	recipe_inner(r, in_dst, -1, p);
	tunnel_push(r, p);
	outer_push(r, p);
	tags_push(r, F_TAG1, 3, p);
	pkt_append(p, NULL, value(r, F_TRAIL, 0));
	pkt_cut(p, value(r, F_CUT, 0));
}
