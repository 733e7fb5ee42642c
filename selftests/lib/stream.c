// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* TCP streams; see stream.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "stream.h"
#include "tap.h"

#define PORT  5001
#define CHUNK (256 << 10)

/* The receiving end counts; the sending end writes until it is told to stop. */
struct stream {
	const struct netns *from;
	int listening;
	struct sockaddr_in to;
	atomic_int sending;
	atomic_ulong received;
	atomic_bool stop;
};

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

/* A stream that stalls, or whose end is lost on the way, ends when it is told to. */
static void patience_set(int fd)
{
	struct timeval patience = { 0, 100000 };

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

static void *stream_receive(void *arg)
{
	struct stream *s = arg;
	int fd = accept(s->listening, NULL, NULL);
	ssize_t n;

	patience_set(fd);
	while (!s->stop && ((n = recv(fd, NULL, CHUNK, MSG_TRUNC)) > 0 || (n && errno == EAGAIN)))
		s->received += n > 0 ? n : 0;
	close(fd);
	return NULL;
}

static void *stream_send(void *arg)
{
	struct stream *s = arg;
	char *chunk = calloc(1, CHUNK);
	struct linger now = { 1, 0 };
	int fd;

	must(netns_enter(s->from), "namespace");
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (!chunk || fd < 0 || connect(fd, (void *)&s->to, sizeof(s->to)))
		tap_bail("no connection: %s", strerror(errno));
	/* and what waits to be sent is thrown away */
	patience_set(fd);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	s->sending = fd;
	while (!s->stop && (send(fd, chunk, CHUNK, MSG_NOSIGNAL) > 0 || errno == EAGAIN))
		;
	close(fd);
	free(chunk);
	return NULL;
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static unsigned int retransmits(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	return info.tcpi_total_retrans;
}

static void server_open(struct stream *s, const struct stream_run *run)
{
	int one = 1;

	must(netns_enter(run->to), "namespace");
	s->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(s->listening, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(s->listening, (void *)&s->to, sizeof(s->to)) || listen(s->listening, 1))
		tap_bail("no server: %s", strerror(errno));
	netns_leave();
}

void stream_run(const struct stream_run *run, struct stream_result *result)
{
	struct stream s = {
		.from = run->from,
		.to = { .sin_family = AF_INET, .sin_port = htons(PORT) },
		.sending = -1,
	};
	unsigned int before;
	unsigned long bytes;
	pthread_t rx, tx;
	double start, ms;

	inet_pton(AF_INET, run->addr, &s.to.sin_addr);
	server_open(&s, run);
	if (pthread_create(&rx, NULL, stream_receive, &s) ||
	    pthread_create(&tx, NULL, stream_send, &s))
		tap_bail("no thread");
	while (s.sending < 0)
		usleep(1000);
	usleep(run->warm_up_ms * 1000);
	bytes = s.received;
	before = retransmits(s.sending);
	start = now_ms();
	usleep(run->ms * 1000);
	bytes = s.received - bytes;
	ms = now_ms() - start;
	result->retransmits = (retransmits(s.sending) - before) * 1e3 / ms;
	result->bits = bytes * 8e3 / ms;
	s.stop = true;
	pthread_join(tx, NULL);
	pthread_join(rx, NULL);
	close(s.listening);
}
