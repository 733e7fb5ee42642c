// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * UDP at a steady rate from one namespace to a socket in another: offer NETNS
 * NETNS ADDRESS MBIT SECONDS. MBIT is that of frames of 1492 bytes, which these
 * datagrams are inside VXLAN over IPv4; devices count what becomes of them.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "netns.h"

#define FRAME	1492
#define DATA	(FRAME - 50 - 14 - 20 - 8)
#define PORT	9
#define TICK_NS 500000
#define BATCH	64

static void die(const char *what)
{
	fprintf(stderr, "offer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int socket_in(const char *netns)
{
	int fd;

	errno = -netns_go(netns);
	if (errno)
		die(netns);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	return fd;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* As many as are due; what does not fit into the socket is not offered. */
static uint64_t batch_send(int fd, struct mmsghdr *msg, uint64_t n)
{
	int sent = sendmmsg(fd, msg, n < BATCH ? n : BATCH, MSG_DONTWAIT);

	if (sent < 0 && errno != EAGAIN && errno != ENOBUFS)
		die("send");
	return sent > 0 ? (uint64_t)sent : n;
}

int main(int argc, char **argv)
{
	static char data[DATA];
	struct iovec iov = { data, sizeof(data) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct timespec tick = { 0, TICK_NS };
	struct mmsghdr msg[BATCH] = { 0 };
	uint64_t start, end, due, sent = 0;
	double per_ns;
	int fd;

	if (argc != 6 || inet_pton(AF_INET, argv[3], &to.sin_addr) != 1) {
		fprintf(stderr, "usage: offer NETNS NETNS ADDRESS MBIT SECONDS\n");
		return 1;
	}
	if (bind(socket_in(argv[2]), (void *)&to, sizeof(to)))
		die(argv[3]);
	fd = socket_in(argv[1]);
	for (int i = 0; i < BATCH; i++)
		msg[i].msg_hdr = (struct msghdr){ .msg_name = &to, .msg_namelen = sizeof(to),
						  .msg_iov = &iov, .msg_iovlen = 1 };
	/* a load that stutters is no proof of a rate; where it may not, it does without */
	sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 });
	per_ns = atof(argv[4]) * 1e6 / 8 / FRAME / 1e9;
	start = now_ns();
	end = start + atof(argv[5]) * 1e9;
	while (now_ns() < end) {
		due = (now_ns() - start) * per_ns;
		while (sent < due)
			sent += batch_send(fd, msg, due - sent);
		nanosleep(&tick, NULL);
	}
	return 0;
}
