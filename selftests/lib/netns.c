// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Namespaces and devices by netlink; see netns.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netns.h"
#include "pkt.h"
#include "tap.h"

#define MSG_SIZE 2048

static int home_fd = -1;
static __thread int here_fd = -1;	/* -1: at home */

static int nl_open(void)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	if (bind(fd, (void *)&any, sizeof(any))) {
		close(fd);
		return -errno;
	}
	return fd;
}

int netns_open(struct netns *ns)
{
	int ret = 0;

	ns->fd = ns->nl = -1;
	if (home_fd < 0)
		home_fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home_fd < 0 || unshare(CLONE_NEWNET))
		return -errno;
	ns->fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	ns->nl = nl_open();
	if (ns->fd < 0 || ns->nl < 0)
		ret = -EMFILE;
	netns_leave();
	return ret ? ret : netns_up(ns, "lo");
}

int netns_named(struct netns *ns, const char *name)
{
	char path[128];

	ns->nl = -1;
	if (home_fd < 0)
		home_fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	ns->fd = open(path, O_RDONLY | O_CLOEXEC);
	return home_fd < 0 || ns->fd < 0 ? -errno : 0;
}

int netns_go(const char *name)
{
	struct netns ns;
	int ret = netns_named(&ns, name);

	return ret ? ret : netns_enter(&ns);
}

int netns_name(const struct netns *ns, const char *name)
{
	char path[128], from[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	snprintf(from, sizeof(from), "/proc/self/fd/%d", ns->fd);
	mkdir("/run/netns", 0755);
	fd = open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0444);
	if (fd < 0)
		return -errno;
	close(fd);
	return mount(from, path, NULL, MS_BIND, NULL) ? -errno : 0;
}

void netns_close(struct netns *ns)
{
	if (ns->nl > 0)
		close(ns->nl);
	if (ns->fd > 0)
		close(ns->fd);
	ns->fd = ns->nl = -1;
}

int netns_enter(const struct netns *ns)
{
	if (setns(ns->fd, CLONE_NEWNET))
		return -errno;
	here_fd = ns->fd;
	return 0;
}

void netns_leave(void)
{
	if (setns(home_fd, CLONE_NEWNET))
		tap_bail("cannot return to the first namespace");
	here_fd = -1;
}

int netns_visit(const struct netns *ns)
{
	int from = here_fd, ret = netns_enter(ns);

	return ret ? ret : from < 0 ? NETNS_HOME : from;
}

void netns_return(int from)
{
	const struct netns back = { .fd = from };

	if (from == NETNS_HOME)
		netns_leave();
	else if (netns_enter(&back))
		tap_bail("cannot return to the namespace before");
}

bool netns_begin(struct netns *ns)
{
	return tap_sys(netns_open(ns), "namespace") && tap_sys(netns_enter(ns), "enter");
}

void netns_end(struct netns *ns)
{
	netns_leave();
	netns_close(ns);
}

int netns_ifindex(const struct netns *ns, const char *dev)
{
	int index, from = netns_visit(ns);

	if (from < 0)
		return from;
	index = if_nametoindex(dev);
	netns_return(from);
	return index ? index : -ENODEV;
}

/* Send one request and return its acknowledgement. */
static int nl_ask(const struct netns *ns, struct nlmsghdr *nlh)
{
	char buf[4096];
	struct nlmsghdr *ack = (void *)buf;
	ssize_t n;

	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	if (send(ns->nl, nlh, nlh->nlmsg_len, 0) < 0)
		return -errno;
	n = recv(ns->nl, buf, sizeof(buf), 0);
	if (n < 0)
		return -errno;
	if ((size_t)n < NLMSG_LENGTH(sizeof(int)) ||
	    ack->nlmsg_type != NLMSG_ERROR)
		return -EPROTO;
	return ((struct nlmsgerr *)NLMSG_DATA(ack))->error;
}

static struct ifinfomsg *link_init(struct nlmsghdr *nlh, uint16_t type,
				   uint16_t flags)
{
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	return mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
}

int netns_veth(const struct netns *a, const char *dev_a,
	       const struct netns *b, const char *dev_b)
{
	char buf[MSG_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *info, *data, *peer;

	link_init(nlh, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev_a);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(nlh, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev_b);
	mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, b->fd);
	mnl_attr_nest_end(nlh, peer);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	return nl_ask(a, nlh);
}

static void addr_put(struct nlmsghdr *nlh, uint16_t type4, uint16_t type6,
		     const char *text)
{
	struct pkt_addr a;

	if (!text)
		return;
	a = pkt_addr(text, text);
	mnl_attr_put(nlh, a.v6 ? type6 : type4, a.v6 ? 16 : 4, a.src);
}

int netns_vxlan(const struct netns *ns, const char *dev,
		const struct netns_vxlan *vx)
{
	char buf[MSG_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *info, *data;

	link_init(nlh, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "vxlan");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	mnl_attr_put_u32(nlh, IFLA_VXLAN_ID, vx->id);
	mnl_attr_put_u16(nlh, IFLA_VXLAN_PORT, htons(vx->dstport));
	mnl_attr_put_u8(nlh, IFLA_VXLAN_LEARNING, vx->learning);
	addr_put(nlh, IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6, vx->local);
	addr_put(nlh, IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6, vx->remote);
	mnl_attr_put_u8(nlh, IFLA_VXLAN_UDP_ZERO_CSUM6_RX, vx->zerocsum6_rx);
	mnl_attr_put_u8(nlh, IFLA_VXLAN_UDP_CSUM, !vx->zerocsum_tx);
	mnl_attr_put_u8(nlh, IFLA_VXLAN_UDP_ZERO_CSUM6_TX, vx->zerocsum_tx);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	return nl_ask(ns, nlh);
}

int netns_bridge(const struct netns *ns, const char *dev)
{
	char buf[MSG_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *info, *data;

	link_init(nlh, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, "bridge");
	data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	mnl_attr_put_u8(nlh, IFLA_BR_MCAST_SNOOPING, 0);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	return nl_ask(ns, nlh);
}

static int link_set(const struct netns *ns, const char *dev, unsigned int flags,
		    const struct nlattr *attr)
{
	char buf[MSG_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi = link_init(nlh, RTM_NEWLINK, 0);

	ifi->ifi_flags = flags & IFF_UP;
	ifi->ifi_change = attr ? 0 : IFF_UP;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev);
	if (attr)
		mnl_attr_put(nlh, attr->nla_type, attr->nla_len - NLA_HDRLEN,
			     mnl_attr_get_payload(attr));
	return nl_ask(ns, nlh);
}

static int link_set_attr(const struct netns *ns, const char *dev, uint16_t type,
			 const void *data, size_t len)
{
	char buf[64];
	struct nlattr *a = (void *)buf;

	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy(mnl_attr_get_payload(a), data, len);
	return link_set(ns, dev, 0, a);
}

int netns_up(const struct netns *ns, const char *dev)
{
	return link_set(ns, dev, IFF_UP, NULL);
}

int netns_down(const struct netns *ns, const char *dev)
{
	return link_set(ns, dev, 0, NULL);
}

int netns_mac(const struct netns *ns, const char *dev, const char *mac)
{
	uint8_t m[6];

	pkt_mac(m, mac);
	return link_set_attr(ns, dev, IFLA_ADDRESS, m, sizeof(m));
}

int netns_mtu(const struct netns *ns, const char *dev, unsigned int mtu)
{
	return link_set_attr(ns, dev, IFLA_MTU, &mtu, sizeof(mtu));
}

int netns_master(const struct netns *ns, const char *dev, const char *master)
{
	int index = master ? netns_ifindex(ns, master) : 0;

	if (index < 0)
		return index;
	return link_set_attr(ns, dev, IFLA_MASTER, &index, sizeof(index));
}

int netns_del(const struct netns *ns, const char *dev)
{
	char buf[MSG_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	link_init(nlh, RTM_DELLINK, 0);
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev);
	return nl_ask(ns, nlh);
}

int netns_addr(const struct netns *ns, const char *dev, const char *addr)
{
	int index = netns_ifindex(ns, dev), prefix = -1;
	char buf[MSG_SIZE], ip[64];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *ifa;

	if (index < 0)
		return index;
	if (sscanf(addr, "%63[^/]/%d", ip, &prefix) != 2)
		return -EINVAL;
	nlh->nlmsg_type = RTM_NEWADDR;
	nlh->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	ifa->ifa_family = strchr(ip, ':') ? AF_INET6 : AF_INET;
	ifa->ifa_prefixlen = prefix;
	ifa->ifa_index = index;
	ifa->ifa_flags = IFA_F_NODAD;
	addr_put(nlh, IFA_LOCAL, IFA_LOCAL, ip);
	addr_put(nlh, IFA_ADDRESS, IFA_ADDRESS, ip);
	if (ifa->ifa_family == AF_INET && prefix < 31) {
		struct pkt_addr a = pkt_addr(ip, ip);

		pkt_put32(a.dst, pkt_get32(a.dst) | 0xffffffffu >> prefix);
		mnl_attr_put(nlh, IFA_BROADCAST, 4, a.dst);
	}
	return nl_ask(ns, nlh);
}

struct neigh {
	uint16_t type; /* RTM_* */
	uint16_t state;
	uint8_t flags; /* NTF_* */
	bool bridge;   /* family AF_BRIDGE: a forwarding entry */
	const char *ip;
	const char *mac;
};

static int neigh_set(const struct netns *ns, const char *dev,
		     const struct neigh *n)
{
	int index = netns_ifindex(ns, dev);
	char buf[MSG_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ndmsg *ndm;
	uint8_t mac[6];

	if (index < 0)
		return index;
	nlh->nlmsg_type = n->type;
	nlh->nlmsg_flags = n->type == RTM_NEWNEIGH ? NLM_F_CREATE | NLM_F_REPLACE : 0;
	ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	ndm->ndm_family = n->bridge ? AF_BRIDGE : strchr(n->ip, ':') ? AF_INET6
								     : AF_INET;
	ndm->ndm_ifindex = index;
	ndm->ndm_state = n->state;
	ndm->ndm_flags = n->flags;
	addr_put(nlh, NDA_DST, NDA_DST, n->ip);
	pkt_mac(mac, n->mac);
	mnl_attr_put(nlh, NDA_LLADDR, 6, mac);
	return nl_ask(ns, nlh);
}

int netns_neigh(const struct netns *ns, const char *dev, const char *ip,
		const char *mac)
{
	struct neigh n = {
		.type = RTM_NEWNEIGH,
		.state = NUD_PERMANENT,
		.ip = ip,
		.mac = mac,
	};

	return neigh_set(ns, dev, &n);
}

static int fdb_set(const struct netns *ns, const char *dev, const char *mac,
		   const char *ip, uint16_t type)
{
	struct neigh n = {
		.type = type,
		.bridge = true,
		.mac = mac,
		.ip = ip,
		.state = ip ? NUD_NOARP | NUD_PERMANENT : NUD_NOARP,
		.flags = ip ? NTF_SELF : NTF_MASTER,
	};

	return neigh_set(ns, dev, &n);
}

int netns_fdb(const struct netns *ns, const char *dev, const char *mac,
	      const char *ip)
{
	return fdb_set(ns, dev, mac, ip, RTM_NEWNEIGH);
}

int netns_fdb_del(const struct netns *ns, const char *dev, const char *mac,
		  const char *ip)
{
	return fdb_set(ns, dev, mac, ip, RTM_DELNEIGH);
}
