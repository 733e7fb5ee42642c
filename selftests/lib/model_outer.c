// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The reference model: Ethernet, VLAN, IP and UDP; chapter 2 of the tables. */
#include <netinet/in.h>
#include <string.h>

#include "model_view.h"

/* 2.1: the frame is for us, on this device or a VLAN device of it. */
bool model_ethernet(struct view *v, uint32_t *l3, uint16_t *type)
{
	if (v->len < 14)
		return false;
	*type = pkt_get16(v->d + 12);
	for (*l3 = 14; model_is_tag(*type); *l3 += 4) {
		uint16_t to = 0, vid;

		if (*l3 >= 14 + 2 * 4 || v->len < *l3 + 4)
			return false;
		vid = pkt_get16(v->d + *l3) & 0xfff;
		for (int i = 0; i < WORLD_VLANS; i++) {
			const struct world_vlan *d = &v->m->w->vlan[i];

			if (vid && d->port == v->port && d->vid == vid &&
			    d->ad == (*type == 0x88a8))
				to = d->to;
		}
		if (!to)
			return false;
		v->port = to;
		*type = pkt_get16(v->d + *l3 + 2);
	}
	return v->m->has_mac[v->port] && !memcmp(v->d, v->m->mac[v->port], 6);
}

/* 2.2 */
bool model_ipv4(struct view *v, uint32_t l3)
{
	const uint8_t *ip = v->d + l3;
	uint16_t tot_len;

	if (v->m->w->port[v->port].gate[PN_PLACE_OUTER4])
		return false;
	if (v->len < l3 + 20 || ip[0] != 0x45)
		return false;
	tot_len = pkt_get16(ip + 2);
	if (tot_len < 20 || l3 + tot_len > v->len || pkt_fold(pkt_sum(ip, 20, 0)))
		return false;
	if (pkt_get16(ip + 6) & 0x3fff)
		return false;
	v->v6 = v->addr.v6 = false;
	v->ecn = ip[1] & 3;
	v->proto = ip[9];
	memcpy(v->addr.src, ip + 12, 4);
	memcpy(v->addr.dst, ip + 16, 4);
	v->l4 = l3 + 20;
	v->end = l3 + tot_len;
	return true;
}

/* 2.3: the one extension header that Linux itself puts in front of a tunnel. */
static bool limit_skip(struct view *v)
{
	const uint8_t *h = v->d + v->l4;

	if (v->proto != IPPROTO_DSTOPTS)
		return true;
	if (v->end < v->l4 + 8 || h[1] || h[2] != 4 || h[3] != 1)
		return false;
	if (h[5] != 1 || h[6] != 1 || h[7])
		return false;
	v->proto = h[0];
	v->l4 += 8;
	return v->proto == IPPROTO_IPIP || v->proto == IPPROTO_IPV6 || v->proto == IPPROTO_GRE;
}

/* 2.3 */
bool model_ipv6(struct view *v, uint32_t l3)
{
	const uint8_t *ip = v->d + l3;

	if (v->m->w->port[v->port].gate[PN_PLACE_OUTER6])
		return false;
	if (v->len < l3 + 40 || ip[0] >> 4 != 6)
		return false;
	if (l3 + 40 + pkt_get16(ip + 4) > v->len)
		return false;
	v->v6 = v->addr.v6 = true;
	v->ecn = pkt_get32(ip) >> 20 & 3;
	v->proto = ip[6];
	memcpy(v->addr.src, ip + 8, 16);
	memcpy(v->addr.dst, ip + 24, 16);
	v->l4 = l3 + 40;
	v->end = v->l4 + pkt_get16(ip + 4);
	return limit_skip(v);
}

/* 2.5 */
bool model_udp(struct view *v)
{
	const uint8_t *udp = v->d + v->l4;
	uint16_t len;

	if (v->end < v->l4 + 8)
		return false;
	len = pkt_get16(udp + 4);
	if (len < 8 || v->l4 + len > v->end)
		return false;
	v->end = v->l4 + len;
	v->udp = v->l4;
	v->csum = pkt_get16(udp + 6) ? MODEL_CSUM_UDP : MODEL_CSUM_NONE;
	v->zero6 = v->v6 && !pkt_get16(udp + 6);
	return true;
}

bool model_csum_holds(const struct view *v)
{
	size_t n = v->v6 ? 16 : 4;
	uint32_t sum = 0, at = v->udp;

	if (v->csum == MODEL_CSUM_NONE)
		return true;
	if (v->csum == MODEL_CSUM_GRE)
		return !pkt_fold(pkt_sum(v->d + v->l4, v->end - v->l4, 0));
	sum = pkt_sum(v->addr.src, n, sum);
	sum = pkt_sum(v->addr.dst, n, sum);
	return !pkt_fold(pkt_sum(v->d + at, v->end - at, sum + IPPROTO_UDP + v->end - at));
}
