/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packets built from the inside out: start with a payload, push headers in
 * front of it. Lengths and checksums are exact unless the caller breaks them
 * afterwards. Written for tests only and from the RFCs, sharing no code with
 * the data plane, so that the two can disagree.
 */
#ifndef PN_TEST_PKT_H
#define PN_TEST_PKT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PKT_SIZE     10240
#define PKT_HEADROOM 512

struct pkt {
	uint16_t head; /* first byte of the packet in buf */
	uint16_t len;
	uint16_t l4_csum; /* checksum offset in the newest L4 header, the
				 * IP header pushed next will fill; 0: none */
	uint8_t buf[PKT_SIZE];
};

static inline uint8_t *pkt_data(struct pkt *p)
{
	return p->buf + p->head;
}

static inline const uint8_t *pkt_cdata(const struct pkt *p)
{
	return p->buf + p->head;
}

void pkt_init(struct pkt *p);
/* The same bytes, without carrying all of the buffer over. */
void pkt_copy(struct pkt *to, const struct pkt *from);
/* Append n bytes (zeros where src is NULL); drop n bytes from the end. */
void pkt_append(struct pkt *p, const void *src, size_t n);
void pkt_cut(struct pkt *p, size_t n);
/* Prepend n bytes; pull n bytes off the front. */
uint8_t *pkt_push(struct pkt *p, const void *src, size_t n);
void pkt_pull(struct pkt *p, size_t n);
bool pkt_same(const struct pkt *a, const void *data, size_t len);

/* Big-endian stores and loads at any alignment. */
void pkt_put16(uint8_t *at, uint16_t v);
void pkt_put32(uint8_t *at, uint32_t v);
uint16_t pkt_get16(const uint8_t *at);
uint32_t pkt_get32(const uint8_t *at);

/* Internet checksum: unfolded sum of n bytes, and its folded complement. */
uint32_t pkt_sum(const void *data, size_t n, uint32_t sum);
uint16_t pkt_fold(uint32_t sum);

/* Addresses for one IP header; v4 uses the first four bytes of each. */
struct pkt_addr {
	uint8_t src[16];
	uint8_t dst[16];
	bool v6;
};

/* Text to struct; both of one family. Bails out on nonsense. */
struct pkt_addr pkt_addr(const char *src, const char *dst);
void pkt_mac(uint8_t out[6], const char *text);

struct pkt_ip {
	struct pkt_addr addr;
	uint8_t proto; /* or next header */
	uint8_t tos;   /* or traffic class */
	uint8_t ttl;   /* or hop limit */
	uint16_t id;
	uint16_t frag;	     /* whole flags + offset field */
	uint32_t flow;	     /* IPv6 flow label */
	const uint8_t *opts; /* IPv4 options, a multiple of 4 bytes */
	uint8_t opts_len;
};

/* Checksum of an L4 header + payload that lie at the front of @p. */
uint16_t pkt_l4_sum(const struct pkt *p, const struct pkt_addr *a,
		    uint8_t proto, uint16_t len);

void pkt_udp(struct pkt *p, uint16_t sport, uint16_t dport);
void pkt_tcp(struct pkt *p, uint16_t sport, uint16_t dport, uint8_t flags);
void pkt_icmp_echo(struct pkt *p, bool v6, uint16_t seq);
void pkt_ip(struct pkt *p, const struct pkt_ip *ip);
/* IPv6 extension header with body (without its first two bytes) from hex. */
void pkt_ext6(struct pkt *p, uint8_t next, const char *body_hex);
void pkt_eth(struct pkt *p, const char *dst, const char *src, uint16_t type);
/* Put a tag behind the two addresses of the frame. */
void pkt_tag(struct pkt *p, uint16_t tpid, uint16_t tci);
void pkt_vxlan(struct pkt *p, uint32_t vni);
void pkt_arp(struct pkt *p, uint16_t op, const char *smac, const char *sip,
	     const char *tip);

/* The symbols of the conformance tables. */
#define PKT_MAC_D "02:00:00:00:00:01" /* device under test */
#define PKT_MAC_P "02:00:00:00:00:02" /* its peer on the wire */
#define PKT_MAC_T "02:aa:00:00:00:01" /* tunnel device */
#define PKT_MAC_I "02:aa:00:00:00:02" /* inner source */

void pkt_I4(struct pkt *p); /* 52 bytes, starts the packet */
void pkt_I6(struct pkt *p); /* 72 bytes, starts the packet */
void pkt_E(struct pkt *p);  /* EtherType by the first nibble */
void pkt_Ev(struct pkt *p, uint16_t tci);
void pkt_U(struct pkt *p, uint16_t dport);
void pkt_O4(struct pkt *p, uint8_t proto);
void pkt_O6(struct pkt *p, uint8_t next);

#endif
