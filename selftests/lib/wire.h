/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Frames in and out of devices by packet sockets, without waiting for time to
 * pass. A `struct settle` owns a pair of veths of its own: frames sent over it
 * go through the same per-CPU queues as the frame under test and behind it, so
 * when they have arrived, everything the test frame caused on this CPU has
 * happened. The program must stay on one CPU (wire_pin).
 */
#ifndef PN_TEST_WIRE_H
#define PN_TEST_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "netns.h"
#include "pkt.h"

struct wire {
	int fd;
	int ifindex;
};

struct wire_meta {
	uint8_t pkttype;   /* PACKET_HOST, PACKET_OTHERHOST ... */
	uint16_t protocol; /* as the kernel sees it, after its untagging */
	uint32_t mark;	   /* skb mark, 0 where the kernel cannot tell */
	bool csum_partial; /* the checksum in the bytes is unfinished */
};

/* Keep this thread, and with it all softirq work it causes, on one CPU. */
int wire_pin(void);

/* A socket on a device that sees every frame received there (not those sent)
 * and can send; what a device without Ethernet gets begins at its IP header. */
int wire_open(struct wire *w, const struct netns *ns, const char *dev);
void wire_close(struct wire *w);

int wire_send(const struct wire *w, const struct pkt *p);
/* 1: a frame, tags of skb metadata put back into the bytes; 0: none waiting. */
int wire_recv(const struct wire *w, struct pkt *p, struct wire_meta *meta);
/* Throw away what is waiting; the number of frames. */
int wire_drain(const struct wire *w);

struct settle {
	struct netns ns;
	struct wire tx;
	struct wire rx;
	uint32_t seq;
};

int settle_open(struct settle *s);
void settle_close(struct settle *s);
/* Return when everything sent before has been processed to its end; -ETIME
 * after five seconds. */
int settle(struct settle *s);

/* Counters of a namespace by name: SNMP ("UdpInErrors", "IpExtInCsumErrors",
 * "Ip6InHdrErrors", "XfrmInTmplMismatch") and devices ("vx.rx_packets"). */
#define COUNTERS_MAX 1536

struct counters {
	int n;
	struct {
		char name[64];
		uint64_t value;
	} c[COUNTERS_MAX];
};

int counters_read(const struct netns *ns, struct counters *c);
/* Value by name; 0 if there is none such. */
uint64_t counters_get(const struct counters *c, const char *name);

#endif
