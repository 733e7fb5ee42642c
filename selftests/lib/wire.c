// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Packet sockets and the marker pair; see wire.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

#ifndef SO_RCVMARK
#define SO_RCVMARK 75 /* 5.19 */
#endif

#define MARKER_TYPE   0x88b6 /* local experimental EtherType 2 */
#define MARKER_ROUNDS 6	     /* queues a frame can be handed through */
#define SETTLE_MS     20000
#define RCVBUF	      (8 << 20)

int wire_pin(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

static int socket_set(int fd, int level, int opt, int value)
{
	return setsockopt(fd, level, opt, &value, sizeof(value));
}

/* A device with header operations of its own would show its outer header. */
static int socket_type(const char *dev)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), type = SOCK_RAW;
	struct ifreq ifr = {};

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (!ioctl(fd, SIOCGIFHWADDR, &ifr) && ifr.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		type = SOCK_DGRAM;
	close(fd);
	return type;
}

int wire_open(struct wire *w, const struct netns *ns, const char *dev)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
	};
	int ret;

	w->fd = -1;
	w->ifindex = netns_ifindex(ns, dev);
	if (w->ifindex < 0)
		return w->ifindex;
	ret = netns_enter(ns);
	if (ret)
		return ret;
	w->fd = socket(AF_PACKET, socket_type(dev) | SOCK_CLOEXEC, 0);
	sll.sll_ifindex = w->ifindex;
	if (w->fd < 0 ||
	    socket_set(w->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) ||
	    socket_set(w->fd, SOL_PACKET, PACKET_AUXDATA, 1) ||
	    bind(w->fd, (void *)&sll, sizeof(sll)))
		ret = -errno;
	netns_leave();
	if (ret) {
		wire_close(w);
		return ret;
	}
	socket_set(w->fd, SOL_SOCKET, SO_RCVBUFFORCE, RCVBUF);
	socket_set(w->fd, SOL_SOCKET, SO_RCVMARK, 1);
	socket_set(w->fd, SOL_PACKET, PACKET_QDISC_BYPASS, 1);
	return 0;
}

void wire_close(struct wire *w)
{
	if (w->fd > 0)
		close(w->fd);
	w->fd = -1;
}

int wire_send(const struct wire *w, const struct pkt *p)
{
	ssize_t n = send(w->fd, pkt_cdata(p), p->len, 0);

	return n == p->len ? 0 : n < 0 ? -errno
				       : -EIO;
}

static void aux_read(const struct tpacket_auxdata *aux, struct pkt *p,
		     struct wire_meta *meta)
{
	uint16_t tpid = ETH_P_8021Q;

	meta->csum_partial = aux->tp_status & TP_STATUS_CSUMNOTREADY;
	if (!(aux->tp_status & TP_STATUS_VLAN_VALID))
		return;
	if (aux->tp_status & TP_STATUS_VLAN_TPID_VALID)
		tpid = aux->tp_vlan_tpid;
	pkt_tag(p, tpid, aux->tp_vlan_tci);
}

int wire_recv(const struct wire *w, struct pkt *p, struct wire_meta *meta)
{
	struct sockaddr_ll sll;
	char control[256];
	struct iovec iov = { .iov_len = PKT_SIZE - PKT_HEADROOM };
	struct msghdr msg = {
		.msg_name = &sll,
		.msg_namelen = sizeof(sll),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct wire_meta none;
	ssize_t n;

	pkt_init(p);
	iov.iov_base = pkt_data(p);
	n = recvmsg(w->fd, &msg, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	meta = meta ? meta : &none;
	*meta = (struct wire_meta){
		.pkttype = sll.sll_pkttype,
		.protocol = ntohs(sll.sll_protocol),
	};
	p->len = n;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c;
	     c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_level == SOL_PACKET &&
		    c->cmsg_type == PACKET_AUXDATA)
			aux_read((void *)CMSG_DATA(c), p, meta);
		else if (c->cmsg_level == SOL_SOCKET &&
			 c->cmsg_type == SO_MARK)
			memcpy(&meta->mark, CMSG_DATA(c), sizeof(meta->mark));
	}
	return 1;
}

int wire_drain(const struct wire *w)
{
	struct pkt p;
	int n = 0;

	while (wire_recv(w, &p, NULL) > 0)
		n++;
	return n;
}

int settle_open(struct settle *s)
{
	int ret;

	memset(s, 0, sizeof(*s));
	ret = netns_open(&s->ns);
	if (!ret)
		ret = netns_quiet(&s->ns);
	if (!ret)
		ret = netns_veth(&s->ns, "m0", &s->ns, "m1");
	if (!ret)
		ret = netns_up(&s->ns, "m0");
	if (!ret)
		ret = netns_up(&s->ns, "m1");
	if (!ret)
		ret = wire_open(&s->tx, &s->ns, "m0");
	return ret ? ret : wire_open(&s->rx, &s->ns, "m1");
}

void settle_close(struct settle *s)
{
	wire_close(&s->tx);
	wire_close(&s->rx);
	netns_close(&s->ns);
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static int marker_wait(struct settle *s)
{
	struct pollfd pfd = { .fd = s->rx.fd, .events = POLLIN };
	long long end = now_ms() + SETTLE_MS;
	struct pkt p;

	while (now_ms() < end) {
		const uint8_t *d = p.buf + PKT_HEADROOM;

		if (wire_recv(&s->rx, &p, NULL) <= 0) {
			poll(&pfd, 1, 100);
			continue;
		}
		if (p.len >= 18 && pkt_get16(d + 12) == MARKER_TYPE &&
		    pkt_get32(d + 14) == s->seq)
			return 0;
	}
	return -ETIME;
}

int settle(struct settle *s)
{
	for (int i = 0; i < MARKER_ROUNDS; i++) {
		struct pkt p;
		int ret;

		pkt_init(&p);
		pkt_append(&p, NULL, 46);
		pkt_put32(pkt_data(&p), ++s->seq);
		pkt_eth(&p, "ff:ff:ff:ff:ff:ff", PKT_MAC_P, MARKER_TYPE);
		ret = wire_send(&s->tx, &p);
		if (!ret)
			ret = marker_wait(s);
		if (ret)
			return ret;
	}
	return 0;
}
