/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The thread that does nothing but empty the notification socket into a
 * bounded queue. It understands no message beyond its family. When the kernel
 * had to drop notifications, the queue says so at a place behind which nothing
 * is missing: a dump started after reading that mark, with all that follows
 * it applied on top, ends in the kernel's state.
 */
#ifndef PN_MIRROR_READER_H
#define PN_MIRROR_READER_H

#include <linux/netlink.h>
#include <linux/types.h>
#include <stddef.h>

#include "util/err.h"

struct pn_reader;

/* In the current network namespace. @rcvbuf bytes. NULL with errno and @err. */
struct pn_reader *pn_reader_open(int rcvbuf, struct pn_err *err);
void pn_reader_close(struct pn_reader *r);

/* Readable when there may be something to take; pn_reader_ack() first. */
int pn_reader_fd(const struct pn_reader *r);
void pn_reader_ack(struct pn_reader *r);

/* A datagram: a run of netlink messages. @len 0: some were lost before this place. */
struct pn_reader_item {
	const struct nlmsghdr *nlh;
	size_t len;
};

/* Up to @max items, the oldest first, valid until pn_reader_pop(). */
unsigned int pn_reader_peek(const struct pn_reader *r, struct pn_reader_item *items,
			    unsigned int max);
/* The @n oldest items are done with. */
void pn_reader_pop(struct pn_reader *r, unsigned int n);

/* Times that the kernel said it dropped some. */
__u64 pn_reader_overruns(const struct pn_reader *r);

#endif
