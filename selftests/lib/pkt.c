// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Packets from the inside out; see pkt.h. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "hex.h"
#include "pkt.h"
#include "tap.h"

void pkt_init(struct pkt *p)
{
	p->head = PKT_HEADROOM;
	p->len = 0;
	p->l4_csum = 0;
}

void pkt_copy(struct pkt *to, const struct pkt *from)
{
	to->head = from->head;
	to->len = from->len;
	to->l4_csum = from->l4_csum;
	memcpy(pkt_data(to), pkt_cdata(from), from->len);
}

void pkt_append(struct pkt *p, const void *src, size_t n)
{
	if (p->head + p->len + n > PKT_SIZE)
		tap_bail("packet grows beyond %d bytes", PKT_SIZE);
	if (src)
		memcpy(pkt_data(p) + p->len, src, n);
	else
		memset(pkt_data(p) + p->len, 0, n);
	p->len += n;
}

void pkt_cut(struct pkt *p, size_t n)
{
	if (n > p->len)
		tap_bail("cutting %zu of %u bytes", n, p->len);
	p->len -= n;
}

uint8_t *pkt_push(struct pkt *p, const void *src, size_t n)
{
	if (n > p->head)
		tap_bail("no headroom for %zu bytes", n);
	p->head -= n;
	p->len += n;
	if (src)
		memcpy(pkt_data(p), src, n);
	else
		memset(pkt_data(p), 0, n);
	return pkt_data(p);
}

void pkt_pull(struct pkt *p, size_t n)
{
	pkt_cut(p, n);
	p->head += n;
}

bool pkt_same(const struct pkt *a, const void *data, size_t len)
{
	return a->len == len && !memcmp(pkt_cdata(a), data, len);
}

void pkt_put16(uint8_t *at, uint16_t v)
{
	at[0] = v >> 8;
	at[1] = v;
}

void pkt_put32(uint8_t *at, uint32_t v)
{
	pkt_put16(at, v >> 16);
	pkt_put16(at + 2, v);
}

uint16_t pkt_get16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

uint32_t pkt_get32(const uint8_t *at)
{
	return (uint32_t)pkt_get16(at) << 16 | pkt_get16(at + 2);
}

uint32_t pkt_sum(const void *data, size_t n, uint32_t sum)
{
	const uint8_t *b = data;
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		sum += pkt_get16(b + i);
	if (n & 1)
		sum += b[n - 1] << 8;
	return sum;
}

uint16_t pkt_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

struct pkt_addr pkt_addr(const char *src, const char *dst)
{
	struct pkt_addr a = { .v6 = strchr(dst, ':') != NULL };
	int family = a.v6 ? AF_INET6 : AF_INET;

	if (inet_pton(family, src, a.src) != 1 ||
	    inet_pton(family, dst, a.dst) != 1)
		tap_bail("bad address pair %s, %s", src, dst);
	return a;
}

void pkt_mac(uint8_t out[6], const char *text)
{
	if (hex_parse(text, out, 6) != 6)
		tap_bail("bad MAC address %s", text);
}

uint16_t pkt_l4_sum(const struct pkt *p, const struct pkt_addr *a,
		    uint8_t proto, uint16_t len)
{
	size_t n = a->v6 ? 16 : 4;
	uint32_t sum = 0;
	uint16_t csum;

	if (proto != IPPROTO_ICMP) {
		sum = pkt_sum(a->src, n, sum);
		sum = pkt_sum(a->dst, n, sum);
		sum += proto + len;
	}
	csum = pkt_fold(pkt_sum(pkt_cdata(p), len, sum));
	if (proto == IPPROTO_UDP && !csum)
		csum = 0xffff;
	return csum;
}

void pkt_udp(struct pkt *p, uint16_t sport, uint16_t dport)
{
	uint8_t *h = pkt_push(p, NULL, 8);

	pkt_put16(h, sport);
	pkt_put16(h + 2, dport);
	pkt_put16(h + 4, p->len);
	p->l4_csum = 6;
}

void pkt_tcp(struct pkt *p, uint16_t sport, uint16_t dport, uint8_t flags)
{
	uint8_t *h = pkt_push(p, NULL, 20);

	pkt_put16(h, sport);
	pkt_put16(h + 2, dport);
	pkt_put32(h + 4, 1);
	pkt_put32(h + 8, 1);
	h[12] = 5 << 4;
	h[13] = flags;
	pkt_put16(h + 14, 65000);
	p->l4_csum = 16;
}

void pkt_icmp_echo(struct pkt *p, bool v6, uint16_t seq)
{
	uint8_t *h = pkt_push(p, NULL, 8);

	h[0] = v6 ? 128 : 8;
	pkt_put16(h + 4, 1);
	pkt_put16(h + 6, seq);
	p->l4_csum = 2;
}

static void l4_fill(struct pkt *p, const struct pkt_ip *ip)
{
	uint8_t *at = pkt_data(p) + p->l4_csum;

	if (!p->l4_csum)
		return;
	pkt_put16(at, 0);
	pkt_put16(at, pkt_l4_sum(p, &ip->addr, ip->proto, p->len));
	p->l4_csum = 0;
}

static void ip4_push(struct pkt *p, const struct pkt_ip *ip)
{
	uint8_t *h;

	pkt_push(p, ip->opts, ip->opts_len);
	h = pkt_push(p, NULL, 20);
	h[0] = 0x45 + ip->opts_len / 4;
	h[1] = ip->tos;
	pkt_put16(h + 2, p->len);
	pkt_put16(h + 4, ip->id);
	pkt_put16(h + 6, ip->frag);
	h[8] = ip->ttl;
	h[9] = ip->proto;
	memcpy(h + 12, ip->addr.src, 4);
	memcpy(h + 16, ip->addr.dst, 4);
	pkt_put16(h + 10, pkt_fold(pkt_sum(h, 20 + ip->opts_len, 0)));
}

static void ip6_push(struct pkt *p, const struct pkt_ip *ip)
{
	uint16_t payload = p->len;
	uint8_t *h = pkt_push(p, NULL, 40);

	pkt_put32(h, 6u << 28 | (uint32_t)ip->tos << 20 | ip->flow);
	pkt_put16(h + 4, payload);
	h[6] = ip->proto;
	h[7] = ip->ttl;
	memcpy(h + 8, ip->addr.src, 16);
	memcpy(h + 24, ip->addr.dst, 16);
}

void pkt_ip(struct pkt *p, const struct pkt_ip *ip)
{
	l4_fill(p, ip);
	if (ip->addr.v6)
		ip6_push(p, ip);
	else
		ip4_push(p, ip);
}

void pkt_ext6(struct pkt *p, uint8_t next, const char *body_hex)
{
	uint8_t h[256];
	int n = hex_parse(body_hex, h + 1, sizeof(h) - 1);

	if (n < 0)
		tap_bail("bad hex %s", body_hex);
	h[0] = next;
	pkt_push(p, h, n + 1);
}

void pkt_eth(struct pkt *p, const char *dst, const char *src, uint16_t type)
{
	uint8_t *h = pkt_push(p, NULL, 14);

	pkt_mac(h, dst);
	pkt_mac(h + 6, src);
	pkt_put16(h + 12, type);
}

void pkt_tag(struct pkt *p, uint16_t tpid, uint16_t tci)
{
	uint8_t *h = pkt_push(p, NULL, 4);

	memmove(h, h + 4, 12);
	pkt_put16(h + 12, tpid);
	pkt_put16(h + 14, tci);
}

void pkt_vxlan(struct pkt *p, uint32_t vni)
{
	uint8_t *h = pkt_push(p, NULL, 8);

	h[0] = 0x08;
	pkt_put32(h + 4, vni << 8);
}

void pkt_arp(struct pkt *p, uint16_t op, const char *smac, const char *sip,
	     const char *tip)
{
	uint8_t *h = pkt_push(p, NULL, 28);
	struct pkt_addr a = pkt_addr(sip, tip);

	pkt_put16(h, 1);
	pkt_put16(h + 2, 0x0800);
	h[4] = 6;
	h[5] = 4;
	pkt_put16(h + 6, op);
	pkt_mac(h + 8, smac);
	memcpy(h + 14, a.src, 4);
	memcpy(h + 24, a.dst, 4);
}

static void inner_push(struct pkt *p, const char *src, const char *dst)
{
	struct pkt_ip ip = {
		.addr = pkt_addr(src, dst),
		.proto = IPPROTO_UDP,
		.ttl = 64,
	};

	ip.id = ip.addr.v6 ? 0 : 1;
	pkt_init(p);
	pkt_append(p, NULL, 24);
	pkt_udp(p, 1000, 2000);
	pkt_ip(p, &ip);
}

void pkt_I4(struct pkt *p)
{
	inner_push(p, "192.168.5.2", "192.168.5.1");
}

void pkt_I6(struct pkt *p)
{
	inner_push(p, "fd05::2", "fd05::1");
}

static uint16_t type_guess(const struct pkt *p)
{
	return p->len && pkt_cdata(p)[0] >> 4 == 6 ? 0x86dd : 0x0800;
}

void pkt_E(struct pkt *p)
{
	pkt_eth(p, PKT_MAC_T, PKT_MAC_I, type_guess(p));
}

void pkt_Ev(struct pkt *p, uint16_t tci)
{
	pkt_E(p);
	pkt_tag(p, 0x8100, tci);
}

void pkt_U(struct pkt *p, uint16_t dport)
{
	pkt_udp(p, 5555, dport);
}

void pkt_O4(struct pkt *p, uint8_t proto)
{
	struct pkt_ip ip = {
		.addr = pkt_addr("10.0.0.2", "10.0.0.1"),
		.proto = proto,
		.ttl = 64,
		.id = 1,
	};

	pkt_ip(p, &ip);
	pkt_eth(p, PKT_MAC_D, PKT_MAC_P, 0x0800);
}

void pkt_O6(struct pkt *p, uint8_t next)
{
	struct pkt_ip ip = {
		.addr = pkt_addr("fd00::2", "fd00::1"),
		.proto = next,
		.ttl = 64,
	};

	pkt_ip(p, &ip);
	pkt_eth(p, PKT_MAC_D, PKT_MAC_P, 0x86dd);
}
