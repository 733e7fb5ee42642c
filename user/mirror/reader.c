// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The reader thread and its queue; see reader.h. The queue is a ring of bytes
 * with one writer and one reader. When it is full the thread waits: the
 * socket's buffer is the larger of the two.
 *
 * The kernel reports a loss (ENOBUFS) ahead of the older messages it still
 * holds, and takes in nothing more until those have been read. So the mark is
 * put behind as many messages as the buffer can hold, or where it is empty.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mirror/reader.h"
#include "nl/sock.h"

#define RING_SIZE	(8u << 20)
#define DATAGRAM_MAX	16384	/* a larger one counts as lost */
#define BATCH		64
#define STORM_NS	50000	/* from one look at the socket to the next */
#define CHARGE_MIN	512	/* what the kernel charges for a message, at least */

/* Length of a record's payload, or: */
#define REC_LOST	0u
#define REC_WRAP	UINT32_MAX

struct pn_reader {
	struct pn_nl nl;
	pthread_t thread;
	bool running;
	int ready_fd;		/* to the consumer: something to take */
	int space_fd;		/* to the thread: there is room again */
	int stop_fd;
	char *ring;
	__u64 head, tail;	/* bytes ever written and taken */
	bool waiting;		/* for room */
	__u64 overruns;
	/* the thread's own */
	bool lost;
	__u32 stale;		/* messages to read before the mark */
	__u32 stale_max;
	char *scratch;
	struct mmsghdr msgs[BATCH];
	struct iovec iov[BATCH];
};

static __u32 record_size(size_t len)
{
	return (sizeof(__u32) + len + 7) & ~7u;
}

/* Room for the largest record in one piece, wherever the ring wraps. */
static bool ring_has_room(const struct pn_reader *r)
{
	__u64 used = r->head - __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE);

	return RING_SIZE - used > 2 * record_size(DATAGRAM_MAX);
}

static void ring_put(struct pn_reader *r, const void *data, __u32 len)
{
	__u32 at = r->head % RING_SIZE;
	__u64 head = r->head;

	if (at + record_size(len) > RING_SIZE) {
		*(__u32 *)(r->ring + at) = REC_WRAP;
		head += RING_SIZE - at;
		at = 0;
	}
	*(__u32 *)(r->ring + at) = len;
	if (len)
		memcpy(r->ring + at + sizeof(__u32), data, len);
	__atomic_store_n(&r->head, head + record_size(len), __ATOMIC_RELEASE);
}

static void event_raise(int fd)
{
	__u64 one = 1;

	/* It can only fail when it is raised already. */
	if (write(fd, &one, sizeof(one)) < 0)
		return;
}

static void event_clear(int fd)
{
	__u64 n;

	if (read(fd, &n, sizeof(n)) < 0)
		return;
}

/* False: told to stop. */
static bool wait_for(struct pn_reader *r, int fd)
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN },
			       { .fd = r->stop_fd, .events = POLLIN } };

	while (poll(p, 2, -1) < 0)
		if (errno != EINTR)
			return false;
	return !p[1].revents;
}

static bool wait_for_room(struct pn_reader *r)
{
	while (!ring_has_room(r)) {
		__atomic_store_n(&r->waiting, true, __ATOMIC_SEQ_CST);
		if (ring_has_room(r))
			break;
		if (!wait_for(r, r->space_fd))
			return false;
		event_clear(r->space_fd);
	}
	return true;
}

/* IP neighbours come through the same group, and nobody here wants them. */
static bool message_is_wanted(const struct nlmsghdr *nlh, size_t len)
{
	const struct ndmsg *ndm = NLMSG_DATA(nlh);

	if (len < NLMSG_LENGTH(sizeof(*ndm)))
		return false;
	if (nlh->nlmsg_type != RTM_NEWNEIGH && nlh->nlmsg_type != RTM_DELNEIGH)
		return true;
	return ndm->ndm_family == AF_BRIDGE;
}

static void loss_note(struct pn_reader *r)
{
	r->lost = true;
	r->stale = r->stale_max;
	__atomic_add_fetch(&r->overruns, 1, __ATOMIC_RELAXED);
}

static bool loss_mark(struct pn_reader *r)
{
	if (!r->lost)
		return true;
	if (!wait_for_room(r))
		return false;
	r->lost = false;
	ring_put(r, NULL, REC_LOST);
	event_raise(r->ready_fd);
	return true;
}

static bool datagram_take(struct pn_reader *r, const struct mmsghdr *m)
{
	const void *data = m->msg_hdr.msg_iov->iov_base;

	if (r->lost && !r->stale-- && !loss_mark(r))
		return false;
	if (m->msg_hdr.msg_flags & MSG_TRUNC) {
		r->lost = true;
		r->stale = 0;
		__atomic_add_fetch(&r->overruns, 1, __ATOMIC_RELAXED);
		return true;
	}
	if (!message_is_wanted(data, m->msg_len))
		return true;
	if (!wait_for_room(r))
		return false;
	ring_put(r, data, m->msg_len);
	return true;
}

/* Read until there is nothing left; *@any: there was something. False: stop. */
static bool socket_drain(struct pn_reader *r, bool *any)
{
	int n, i;

	*any = false;

	for (;;) {
		n = recvmmsg(r->nl.fd, r->msgs, BATCH, MSG_DONTWAIT, NULL);
		if (n < 0 && errno == ENOBUFS) {
			loss_note(r);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		*any = true;
		for (i = 0; i < n; i++)
			if (!datagram_take(r, &r->msgs[i]))
				return false;
		event_raise(r->ready_fd);
	}
	return loss_mark(r);
}

/*
 * A default buffer holds a third of a millisecond of a storm: where it is
 * allowed, the thread runs as soon as there is something to read. It is never
 * long at it, as it waits when its queue is full; and in a storm it looks at
 * the clock rather than be woken for every message.
 */
static void *reader_main(void *arg)
{
	struct sched_param param = { .sched_priority = 1 };
	const struct timespec storm = { .tv_nsec = STORM_NS };
	struct pn_reader *r = arg;
	bool any;

	pthread_setschedparam(pthread_self(), SCHED_FIFO | SCHED_RESET_ON_FORK, &param);
	while (socket_drain(r, &any)) {
		if (any)
			clock_nanosleep(CLOCK_MONOTONIC, 0, &storm, NULL);
		else if (!wait_for(r, r->nl.fd))
			break;
	}
	return NULL;
}

/*
 * IP neighbours come through the same group. The kernel keeps them out of the
 * buffer, if it is told: message type and family, as they lie in the message.
 */
static void neighbours_refuse(const struct pn_reader *r)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_type)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWNEIGH), 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELNEIGH), 0, 2),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NLMSG_HDRLEN),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_BRIDGE, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog prog = { sizeof(insns) / sizeof(insns[0]), insns };

	/* Without it they cost room and are skipped when read. */
	setsockopt(r->nl.fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

static int reader_listen(struct pn_reader *r, int rcvbuf, struct pn_err *err)
{
	static const unsigned int groups[] = { RTNLGRP_LINK, RTNLGRP_NEIGH,
					       RTNLGRP_IPV4_IFADDR,
					       RTNLGRP_IPV6_IFADDR, RTNLGRP_BRVLAN };
	size_t i;
	int rc;

	rc = pn_nl_open(&r->nl, NETLINK_ROUTE, err);
	if (rc)
		return rc;
	neighbours_refuse(r);
	rc = pn_nl_rcvbuf(&r->nl, rcvbuf);
	for (i = 0; !rc && i < sizeof(groups) / sizeof(groups[0]); i++)
		rc = pn_nl_join(&r->nl, groups[i]);
	/* From 5.18 on; before, there are no lists of VNIs. */
	if (!rc && pn_nl_join(&r->nl, RTNLGRP_TUNNEL) == -ENOMEM)
		rc = -ENOMEM;
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, "netlink",
			   "cannot listen to changes of links, addresses, VLANs, FDBs: %s",
			   strerror(-rc));
	r->stale_max = (__u32)rcvbuf * 2ull / CHARGE_MIN;
	return rc;
}

static int reader_alloc(struct pn_reader *r)
{
	int i;

	r->ready_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	r->space_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	r->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (r->ready_fd < 0 || r->space_fd < 0 || r->stop_fd < 0)
		return -errno;
	r->ring = mmap(NULL, RING_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	r->scratch = malloc((size_t)BATCH * DATAGRAM_MAX);
	if (r->ring == MAP_FAILED || !r->scratch)
		return -ENOMEM;
	for (i = 0; i < BATCH; i++) {
		r->iov[i].iov_base = r->scratch + (size_t)i * DATAGRAM_MAX;
		r->iov[i].iov_len = DATAGRAM_MAX;
		r->msgs[i].msg_hdr.msg_iov = &r->iov[i];
		r->msgs[i].msg_hdr.msg_iovlen = 1;
	}
	return 0;
}

/* Signals are for the threads that expect them. */
static int reader_start(struct pn_reader *r)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&r->thread, NULL, reader_main, r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	r->running = !rc;
	return -rc;
}

struct pn_reader *pn_reader_open(int rcvbuf, struct pn_err *err)
{
	struct pn_reader *r = calloc(1, sizeof(*r));
	int rc;

	if (!r) {
		errno = -pn_err_memory(err, "mirror");
		return NULL;
	}
	r->ready_fd = r->space_fd = r->stop_fd = r->nl.fd = -1;
	r->ring = MAP_FAILED;
	rc = reader_listen(r, rcvbuf, err);
	if (!rc)
		rc = reader_alloc(r);
	if (!rc)
		rc = reader_start(r);
	if (!rc)
		return r;
	pn_err_set(err, PN_EXIT_KERNEL, -rc, "mirror", "cannot start the reader: %s",
		   strerror(-rc));
	pn_reader_close(r);
	errno = -rc;
	return NULL;
}

static void fd_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

void pn_reader_close(struct pn_reader *r)
{
	if (!r)
		return;
	if (r->running) {
		event_raise(r->stop_fd);
		pthread_join(r->thread, NULL);
	}
	pn_nl_close(&r->nl);
	fd_close(r->ready_fd);
	fd_close(r->space_fd);
	fd_close(r->stop_fd);
	if (r->ring != MAP_FAILED)
		munmap(r->ring, RING_SIZE);
	free(r->scratch);
	free(r);
}

int pn_reader_fd(const struct pn_reader *r)
{
	return r->ready_fd;
}

void pn_reader_ack(struct pn_reader *r)
{
	event_clear(r->ready_fd);
}

/* The record at @at, which becomes the place behind it. */
static struct pn_reader_item record_at(const struct pn_reader *r, __u64 *at)
{
	const char *rec = r->ring + *at % RING_SIZE;
	__u32 len = *(const __u32 *)rec;

	if (len == REC_WRAP) {
		*at += RING_SIZE - *at % RING_SIZE;
		rec = r->ring;
		len = *(const __u32 *)rec;
	}
	*at += record_size(len);
	return (struct pn_reader_item){ (const void *)(rec + sizeof(len)), len };
}

unsigned int pn_reader_peek(const struct pn_reader *r, struct pn_reader_item *items,
			    unsigned int max)
{
	__u64 head = __atomic_load_n(&r->head, __ATOMIC_ACQUIRE), at = r->tail;
	unsigned int n;

	for (n = 0; n < max && at != head; n++)
		items[n] = record_at(r, &at);
	return n;
}

void pn_reader_pop(struct pn_reader *r, unsigned int n)
{
	__u64 at = r->tail;

	while (n--)
		record_at(r, &at);
	__atomic_store_n(&r->tail, at, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&r->waiting, __ATOMIC_SEQ_CST) &&
	    __atomic_exchange_n(&r->waiting, false, __ATOMIC_SEQ_CST))
		event_raise(r->space_fd);
}

__u64 pn_reader_overruns(const struct pn_reader *r)
{
	return __atomic_load_n(&r->overruns, __ATOMIC_RELAXED);
}
