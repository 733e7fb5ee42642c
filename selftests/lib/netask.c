// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Questions to a namespace by netlink; see netns.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "netns.h"
#include "pkt.h"

#define WAIT_MS 20000

/* A socket of its own: a dump must not meet another one's answers. */
static int ask_open(const struct netns *ns, uint32_t groups)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd, ret = netns_enter(ns);

	if (ret)
		return ret;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0 || bind(fd, (void *)&any, sizeof(any)))
		ret = -errno;
	netns_leave();
	if (ret && fd >= 0)
		close(fd);
	return ret ? ret : fd;
}

static int ask_run(int fd, const void *req, size_t len, mnl_cb_t cb, void *arg)
{
	char buf[32768];
	int ret = MNL_CB_OK;

	if (send(fd, req, len, 0) < 0)
		return -errno;
	while (ret == MNL_CB_OK) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);

		if (n < 0)
			return -errno;
		ret = mnl_cb_run(buf, n, 0, 0, cb, arg);
	}
	return ret < 0 ? -errno : 0;
}

struct fdb_ask {
	int ifindex;
	uint8_t mac[6];
	char *out;
	bool found;
};

static int fdb_match(const struct nlmsghdr *nlh, void *arg)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	const void *mac = NULL, *dst = NULL;
	struct fdb_ask *ask = arg;
	struct nlattr *a;

	mnl_attr_for_each(a, nlh, sizeof(*ndm)) {
		if (mnl_attr_get_type(a) == NDA_LLADDR)
			mac = mnl_attr_get_payload(a);
		if (mnl_attr_get_type(a) == NDA_DST)
			dst = mnl_attr_get_payload(a);
		if (mnl_attr_get_type(a) == NDA_MASTER)
			return MNL_CB_OK;
	}
	if (ndm->ndm_ifindex != ask->ifindex || !mac || memcmp(mac, ask->mac, 6))
		return MNL_CB_OK;
	ask->found = true;
	ask->out[0] = '\0';
	if (dst)
		inet_ntop(AF_INET, dst, ask->out, 16);
	return MNL_CB_OK;
}

int netns_fdb_get(const struct netns *ns, const char *dev, const char *mac,
		  char out[16])
{
	struct {
		struct nlmsghdr nlh;
		struct ndmsg ndm;
	} req = {
		.nlh = {
			.nlmsg_len = sizeof(req),
			.nlmsg_type = RTM_GETNEIGH,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.ndm = { .ndm_family = AF_BRIDGE },
	};
	struct fdb_ask ask = { .ifindex = netns_ifindex(ns, dev), .out = out };
	int fd, ret;

	if (ask.ifindex < 0)
		return ask.ifindex;
	pkt_mac(ask.mac, mac);
	fd = ask_open(ns, 0);
	if (fd < 0)
		return fd;
	ret = ask_run(fd, &req, sizeof(req), fdb_match, &ask);
	close(fd);
	return ret ? ret : ask.found ? 0
				     : -ENOENT;
}

static int fdb_port(const struct nlmsghdr *nlh, void *arg)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);

	*(int *)arg = ndm->ndm_ifindex;
	return MNL_CB_STOP;
}

int netns_fdb_port(const struct netns *ns, const char *dev, const char *mac)
{
	int master = netns_ifindex(ns, dev), port = -ENOENT, ret;
	char buf[256] = "";
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ndmsg *ndm;
	uint8_t m[6];

	if (master < 0)
		return master;
	pkt_mac(m, mac);
	nlh->nlmsg_type = RTM_GETNEIGH;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	ndm->ndm_family = AF_BRIDGE;
	mnl_attr_put(nlh, NDA_LLADDR, sizeof(m), m);
	mnl_attr_put_u32(nlh, NDA_MASTER, master);
	ret = ask_run(ns->nl, nlh, nlh->nlmsg_len, fdb_port, &port);
	return ret ? ret : port;
}

static int link_state(const struct nlmsghdr *nlh, void *arg)
{
	struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	unsigned int *flags = arg;

	*flags = ifi->ifi_flags;
	return MNL_CB_STOP;
}

static int link_flags(const struct netns *ns, int ifindex, unsigned int *flags)
{
	struct {
		struct nlmsghdr nlh;
		struct ifinfomsg ifi;
	} req = {
		.nlh = {
			.nlmsg_len = sizeof(req),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.ifi = { .ifi_index = ifindex },
	};

	return ask_run(ns->nl, &req, sizeof(req), link_state, flags);
}

/* Ask @done (1: yes, or -errno) until it is so, again after each message of @groups. */
static int wait_for(const struct netns *ns, uint32_t groups,
		    int (*done)(const struct netns *ns, const void *arg), const void *arg)
{
	struct timespec now, end;
	struct pollfd pfd;
	char buf[32768];
	int ret;

	pfd.fd = ask_open(ns, groups);
	pfd.events = POLLIN;
	if (pfd.fd < 0)
		return pfd.fd;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += WAIT_MS / 1000;
	for (;;) {
		ret = done(ns, arg);
		if (ret)
			break;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > end.tv_sec) {
			ret = -ETIME;
			break;
		}
		if (poll(&pfd, 1, 1000) > 0)
			recv(pfd.fd, buf, sizeof(buf), 0);
	}
	close(pfd.fd);
	return ret < 0 ? ret : 0;
}

static int link_runs(const struct netns *ns, const void *arg)
{
	unsigned int flags = 0;
	int ret = link_flags(ns, *(const int *)arg, &flags);

	return ret ? ret : !!(flags & IFF_RUNNING);
}

int netns_wait_up(const struct netns *ns, const char *dev)
{
	int ifindex = netns_ifindex(ns, dev);

	return ifindex < 0 ? ifindex : wait_for(ns, RTMGRP_LINK, link_runs, &ifindex);
}

/* The host route comes with the address being ready, from a work queue. */
static int addr6_routed(const struct netns *ns, const void *arg)
{
	char line[256], want[36];
	const uint8_t *a = arg;
	int ret = netns_enter(ns);
	FILE *f;

	if (ret)
		return ret;
	f = fopen("/proc/thread-self/net/ipv6_route", "re");
	for (int i = 0; i < 16; i++)
		sprintf(want + 2 * i, "%02x", a[i]);
	strcat(want, " 80");
	while (!ret && f && fgets(line, sizeof(line), f))
		ret = !strncmp(line, want, strlen(want));
	if (f)
		fclose(f);
	netns_leave();
	return ret;
}

int netns_wait_addr6(const struct netns *ns, const char *addr)
{
	struct pkt_addr a = pkt_addr(addr, addr);

	return wait_for(ns, RTMGRP_IPV6_ROUTE, addr6_routed, a.dst);
}
