/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the rulers share with the programs that use them. */
#ifndef PN_BENCH_RULER_H
#define PN_BENCH_RULER_H

#include <linux/types.h>

#define RULER_DEVICES	64
#define RULER_DUT	0	/* where `redirect` sends; the others: the generator */

#define RULER_FRONT	14	/* Ethernet */

struct ruler_gen {
	__u8	front[128];	/* headers as they are to be sent */
	__u16	front_len;	/* how many of these bytes to write: RULER_FRONT, or all */
	__u16	device;		/* entry of ruler_devmap to send to */
	__u32	mac_at;		/* offset of the MAC address to vary */
	__u32	mac_mask;	/* how many there are, minus one; 0: leave it */
};

#endif
