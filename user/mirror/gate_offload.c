// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What an XDP program cannot see of a frame. A veth hands frames over as they
 * were made: their checksums may be left to hardware that is not there, their
 * VLAN tag may be beside the bytes. Proven absent when the sender's end has
 * those offloads off, which is asked of the end itself, in whichever namespace
 * it is found. Another device may take the tag out before XDP runs.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

#include "mirror/gate_detect.h"
#include "nl/netns.h"

/* --- the peer's namespace ----------------------------------------------- */

static int nsid_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[NETNSA_MAX + 1];

	pn_attrs_parse(tb, NETNSA_MAX,
		       (const char *)mnl_nlmsg_get_payload(nlh) +
			       NLMSG_ALIGN(sizeof(struct rtgenmsg)),
		       mnl_nlmsg_get_payload_len(nlh) -
			       NLMSG_ALIGN(sizeof(struct rtgenmsg)));
	*(int32_t *)data = pn_attr_u32(tb[NETNSA_NSID], -1);
	return 0;
}

/* The number that the watched namespace has for the one behind @fd. */
static int32_t nsid_of(struct pn_gates *g, int fd)
{
	struct rtgenmsg gen = { .rtgen_family = AF_UNSPEC };
	int32_t nsid = -1;
	struct pn_msg m;

	pn_msg_init(&m, RTM_GETNSID, 0);
	pn_msg_extra(&m, &gen, sizeof(gen));
	pn_msg_put_u32(&m, NETNSA_FD, fd);
	if (pn_nl_get(&g->rtnl, &m, nsid_seen, &nsid, NULL))
		nsid = -1;
	pn_msg_fini(&m);
	return nsid;
}

static int netns_try(struct pn_gates *g, const char *path, int32_t nsid)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (nsid_of(g, fd) == nsid)
		return fd;
	close(fd);
	return -ENOENT;
}

/* Names below @dir that lead to a namespace by @tail; many lead to the same. */
static int netns_search(struct gate_engine *e, struct pn_gates *g, const char *dir,
			const char *tail, int32_t nsid)
{
	ino_t last = 0;
	struct dirent *entry;
	struct stat st;
	DIR *d = opendir(dir);
	int fd = -ENOENT;

	while (d && fd < 0 && (entry = readdir(d))) {
		if (entry->d_name[0] == '.' || strlen(entry->d_name) > 60)
			continue;
		snprintf(e->peer_netns, sizeof(e->peer_netns), "%s/%.60s%s", dir,
			 entry->d_name, tail);
		if (stat(e->peer_netns, &st) || st.st_ino == last)
			continue;
		last = st.st_ino;
		fd = netns_try(g, e->peer_netns, nsid);
	}
	if (d)
		closedir(d);
	return fd;
}

/* Where it was found last is where it is looked for first. */
static int netns_find(struct gate_engine *e, struct pn_gates *g, int32_t nsid)
{
	int fd = e->peer_netns[0] ? netns_try(g, e->peer_netns, nsid) : -ENOENT;

	if (fd < 0)
		fd = netns_search(e, g, PN_NETNS_DIR, "", nsid);
	if (fd < 0)
		fd = netns_search(e, g, "/proc", "/ns/net", nsid);
	if (fd < 0)
		e->peer_netns[0] = 0;
	return fd;
}

/* --- the peer ----------------------------------------------------------- */

/* An offload that hides from XDP what the frame carries. */
struct offload {
	uint32_t cmd;
	uint32_t bit;
	const char *name;	/* as ethtool -k prints it */
};

/* Of a veth's peer: its frames come as they were made. */
static const struct offload of_sender[] = {
	{ ETHTOOL_GTXCSUM, 1, "tx-checksumming" },
	{ ETHTOOL_GFLAGS, ETH_FLAG_TXVLAN, "tx-vlan-offload" },
	{ 0 }
};

/* Of any other device: it takes the VLAN tag out before XDP runs. */
static const struct offload of_receiver[] = {
	{ ETHTOOL_GFLAGS, ETH_FLAG_RXVLAN, "rx-vlan-offload" },
	{ 0 }
};

/*
 * The first of @offload that is on, NULL: none is; *rc is an -errno when that
 * could not be asked. The calling thread is in the device's namespace.
 */
static const struct offload *offload_on(const struct offload *offload, uint32_t ifindex,
					char *name, int *rc)
{
	struct ifreq ifr = { .ifr_ifindex = ifindex };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ethtool_value value = { 0 };

	*rc = fd < 0 || ioctl(fd, SIOCGIFNAME, &ifr) ? -errno : 0;
	memcpy(name, ifr.ifr_name, IFNAMSIZ);
	for (; !*rc && offload->name; offload++) {
		value.cmd = offload->cmd;
		ifr.ifr_data = (void *)&value;
		if (ioctl(fd, SIOCETHTOOL, &ifr))
			*rc = -errno;
		else if (value.data & offload->bit)
			break;
	}
	if (fd >= 0)
		close(fd);
	return !*rc && offload->name ? offload : NULL;
}

static const struct offload *peer_offload(struct gate_engine *e, struct pn_gates *g,
					  const struct gate_dev *d, char *name, int *rc)
{
	const struct offload *on = NULL;
	int home = -1;
	int fd;

	if (d->netnsid < 0)
		return offload_on(of_sender, d->link, name, rc);
	fd = netns_find(e, g, d->netnsid);
	*rc = fd < 0 ? fd : pn_netns_enter(fd, &home);
	if (fd >= 0)
		close(fd);
	if (*rc)
		return NULL;
	on = offload_on(of_sender, d->link, name, rc);
	pn_netns_leave(home);
	return on;
}

static const struct pn_gate_finding finding_xdp = {
	.places = PN_GATE_AT(PN_PLACE_PORT),
	.engines = PN_GATE_XDP,
};

static void veth_find(struct gate_run *run, struct gate_engine *e,
		      const struct gate_dev *d)
{
	struct pn_gate_finding f = finding_xdp;
	const struct offload *on;
	char name[IFNAMSIZ];
	int rc;

	f.ifindex = e->ifindex;
	on = peer_offload(e, run->g, d, name, &rc);
	if (on)
		pn_gate_found_as(run, &f, "its peer %s has %s on", name, on->name);
	else if (rc)
		pn_gate_found_as(run, &f, "its peer is in a namespace that cannot be "
				 "seen: %s", strerror(-rc));
}

/* A driver that does not answer has no such offload. */
static void receiver_find(struct gate_run *run, const struct gate_dev *d)
{
	struct pn_gate_finding f = finding_xdp;
	const struct offload *on;
	char name[IFNAMSIZ];
	int rc;

	f.ifindex = d->ifindex;
	on = offload_on(of_receiver, d->ifindex, name, &rc);
	if (on)
		pn_gate_found_as(run, &f, "%s has %s on: XDP cannot see the tags", name, on->name);
}

int pn_gate_detect_offload(struct gate_run *run)
{
	struct pn_gates *g = run->g;
	const struct gate_dev *d;
	struct gate_engine *e;

	for (e = g->engines; e < g->engines + g->n_engines; e++) {
		d = pn_gate_dev(g, e->ifindex);
		if (!d || !(e->engine & PN_GATE_XDP))
			continue;
		if (!strcmp(d->kind, "veth"))
			veth_find(run, e, d);
		else if (d->vnet_hdr)
			pn_gate_found(run, d->ifindex, PN_GATE_AT(PN_PLACE_PORT),
				      "%s takes frames with offload headers (vnet_hdr)",
				      d->name);
		else
			receiver_find(run, d);
	}
	return 0;
}
