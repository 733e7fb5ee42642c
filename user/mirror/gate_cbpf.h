/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Could a socket filter (classic BPF) let a packet through of which only some
 * bits are known? Answers for all packets that agree with these bits: false
 * is a proof that the filter takes none of them. Private to gate*.c.
 */
#ifndef PN_MIRROR_GATE_CBPF_H
#define PN_MIRROR_GATE_CBPF_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PN_CBPF_BYTES 64

struct pn_cbpf_packet {
	uint8_t value[PN_CBPF_BYTES];	/* from the Ethernet header on */
	uint8_t known[PN_CBPF_BYTES];	/* bits of value that are known */
	uint16_t protocol;		/* skb->protocol, host order; 0: unknown */
	int pkttype;			/* PACKET_*; negative: unknown */
	unsigned int start;		/* offset of what the filter calls byte 0 */
};

bool pn_cbpf_may_accept(const struct sock_filter *prog, size_t len,
			const struct pn_cbpf_packet *packet);

#endif
