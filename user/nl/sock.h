/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A netlink socket of any bus: requests, dumps, groups, and the kernel's own
 * words when it refuses (extended ack). Knows no object of any bus. One
 * request at a time; not for use by two threads at once.
 */
#ifndef PN_NL_SOCK_H
#define PN_NL_SOCK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nl/msg.h"
#include "util/err.h"

struct mnl_socket;

/* What the kernel said to the last request. */
struct pn_nl_ack {
	int err;		/* 0 or -errno */
	uint32_t bad_attr;	/* offset of the attribute it objects to, 0: none named */
	char text[192];		/* its sentence, may be empty */
};

struct pn_nl {
	struct mnl_socket *sock;
	int fd;
	uint32_t portid;
	uint32_t seq;
	uint64_t requests;	/* requests sent, dumps and queries included */
	uint64_t writes;	/* those that ask the kernel to change something */
	struct pn_nl_ack ack;
	char *buf;
	size_t buflen;
};

/* For each message of an answer; a negative return stops the calls. */
typedef int (*pn_nl_cb)(const struct nlmsghdr *nlh, void *data);

/* @bus is NETLINK_ROUTE, NETLINK_GENERIC ... A zeroed pn_nl may be closed. */
int pn_nl_open(struct pn_nl *nl, int bus, struct pn_err *err);
/*
 * The same inside the network namespace of @netns_fd (negative: the current
 * one). Only the calling thread changes namespace, and only for the call.
 */
int pn_nl_open_in(struct pn_nl *nl, int netns_fd, int bus, struct pn_err *err);
void pn_nl_close(struct pn_nl *nl);

/* Send and wait for the ack. On refusal nl->ack holds the kernel's words. */
int pn_nl_talk(struct pn_nl *nl, struct pn_msg *m, struct pn_err *err);
/* Send a query for one object; @cb sees the answer. */
int pn_nl_get(struct pn_nl *nl, struct pn_msg *m, pn_nl_cb cb, void *data,
	      struct pn_err *err);
/*
 * Dump. -EINTR: the kernel's table changed meanwhile and @cb saw an
 * inconsistent copy; the caller starts afresh, a bounded number of times
 * (PN_NL_DUMP_TRIES).
 */
int pn_nl_dump(struct pn_nl *nl, struct pn_msg *m, pn_nl_cb cb, void *data,
	       struct pn_err *err);
#define PN_NL_DUMP_TRIES 10

/*
 * Put the refusal of the last request into words:
 * "OBJECT: WHAT: strerror[: kernel: TEXT]". Returns -errno of the refusal.
 */
int pn_nl_refused(const struct pn_nl *nl, struct pn_err *err, const char *object,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Groups are numbers (RTNLGRP_*), above 31 too. */
int pn_nl_join(struct pn_nl *nl, unsigned int group);
int pn_nl_leave(struct pn_nl *nl, unsigned int group);
/* Receive buffer; forced above the system's limit where allowed. */
int pn_nl_rcvbuf(struct pn_nl *nl, int bytes);

#endif
