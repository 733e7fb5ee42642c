/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the program that offers load shares with the one that says how much. */
#ifndef PN_BENCH_OFFERED_H
#define PN_BENCH_OFFERED_H

#include <linux/types.h>

#define OFFERED_SLOTS	8192		/* of time, counted round about each from `from` on */
#define OFFERED_SLOT_NS	1000000ull
#define OFFERED_CPUS	4		/* that may send, 0 and up */
#define OFFERED_FRONT	34		/* bytes written anew: Ethernet and IPv4 */
#define OFFERED_KINDS	3		/* of packets, by their front */
#define OFFERED_KIND_AT	42		/* where a packet says which it is, if there are several */

struct offered_conf {
	__u64	from, until;	/* ns of the monotonic clock: offered in between */
	__u64	gap;		/* ns << 10 between two packets of a CPU; 0: as fast as may be */
	__u32	vary_at;	/* offset of 4 bytes to vary */
	__u32	vary_mask;	/* how many there are, minus one; 0: leave it */
	__u32	every;		/* of so many packets the first are one of each kind from 1 on; */
	__u32	wires;		/* kind i leaves by wire i, of so many */
	__u8	front[OFFERED_KINDS][OFFERED_FRONT + 2]; /* headers as they are to be sent */
};

struct offered_slot {
	__u32	packets;
	__u32	bytes;
};

#endif
