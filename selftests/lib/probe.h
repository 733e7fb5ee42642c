/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A good packet for a tunnel, as the values that lead it there: addresses,
 * protocol, port, key. probe_of() takes them from a tunnel of a world; a test
 * changes some of them and builds what comes of it.
 */
#ifndef PN_TEST_PROBE_H
#define PN_TEST_PROBE_H

#include "pkt.h"
#include "world.h"

enum probe_via { PROBE_PLAIN, PROBE_FOU, PROBE_GUE, PROBE_GUE_DIRECT };

enum probe_inside {
	PROBE_IPV4,
	PROBE_IPV6,
	PROBE_ARP,
};

struct probe {
	enum pn_tunnel_kind kind;
	struct pkt_addr addr; /* outer */
	const char *eth_dst, *eth_src;
	uint8_t tos, ttl;
	uint8_t proto;	/* outer IP protocol of what FOU and GUE carry, or plain */
	uint16_t dport; /* UDP; 0: none */
	bool no_csum;	/* UDP without a checksum */
	enum probe_via via;
	uint32_t key;	/* or VNI */
	bool keyed;
	bool csum;	/* GRE with a checksum */
	uint16_t gre_proto;
	uint8_t options; /* words of GENEVE options */
	bool limit;	/* IPv6: the tunnel encapsulation limit in front */
	bool ether;	/* Ethernet inside */
	const char *in_dst, *in_src;
	enum probe_inside inside;
	const char *ip_src, *ip_dst; /* inner */
	uint8_t in_tos, in_ttl;
	uint16_t data; /* bytes of inner payload */
};

/* What tunnel @index of @w takes, from its remote (or a stranger) to its local. */
void probe_of(const struct world *w, int index, struct probe *p);
void probe_build(const struct probe *p, struct pkt *out);
/* The same around what is in @out already: an inner packet as p->inside says. */
void probe_wrap(const struct probe *p, struct pkt *out);

#endif
