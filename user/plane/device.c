// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Asking devices; see device.h. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plane/device.h"

#define STATS_MAX 1024	/* statistics of one device that are looked at */

static int dev_ioctl(const char *name, unsigned long request, struct ifreq *ifr)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	snprintf(ifr->ifr_name, sizeof(ifr->ifr_name), "%s", name);
	ret = ioctl(fd, request, ifr) ? -errno : 0;
	close(fd);
	return ret;
}

static int ethtool(const char *name, void *cmd)
{
	struct ifreq ifr = { .ifr_data = cmd };

	return dev_ioctl(name, SIOCETHTOOL, &ifr);
}

void pn_device_xdp(struct pn_device *d)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, q);

	if (bpf_xdp_query(d->ifindex, 0, &q))
		return;
	d->xdp_prog = q.prog_id ? q.prog_id : q.drv_prog_id ? q.drv_prog_id : q.skb_prog_id;
	d->xdp_mode = q.attach_mode;
}

static int device_read(const char *name, struct pn_device *d)
{
	struct ethtool_drvinfo drv = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq ifr = { 0 };
	int ret;

	*d = (struct pn_device){ 0 };
	snprintf(d->name, sizeof(d->name), "%s", name);
	ret = dev_ioctl(name, SIOCGIFINDEX, &ifr);
	if (ret)
		return ret;
	d->ifindex = ifr.ifr_ifindex;
	if (!dev_ioctl(name, SIOCGIFMTU, &ifr))
		d->mtu = ifr.ifr_mtu;
	if (!dev_ioctl(name, SIOCGIFFLAGS, &ifr))
		d->up = ifr.ifr_flags & IFF_UP;
	if (!dev_ioctl(name, SIOCGIFHWADDR, &ifr))
		d->type = ifr.ifr_hwaddr.sa_family;
	if (!ethtool(name, &drv))
		snprintf(d->driver, sizeof(d->driver), "%.31s", drv.driver);
	return 0;
}

int pn_device_by_name(const char *name, struct pn_device *d, struct pn_err *err)
{
	int ret = strlen(name) < IFNAMSIZ ? device_read(name, d) : -ENODEV;

	if (!ret) {
		pn_device_xdp(d);
		return 0;
	}
	if (ret != -ENODEV)
		return pn_err_set(err, PN_EXIT_KERNEL, -ret, name, "cannot be looked at: %s",
				  strerror(-ret));
	ret = pn_err_set(err, PN_EXIT_KERNEL, ENODEV, name, "there is no such device");
	pn_err_hint(err, "`ip link` lists those of this network namespace; -n NETNS for another");
	return ret;
}

int pn_device_look(uint32_t ifindex, struct pn_device *d)
{
	char name[IFNAMSIZ];
	int ret;

	if (!if_indextoname(ifindex, name))
		return errno == ENXIO ? -ENODEV : -errno;
	ret = device_read(name, d);
	return !ret && d->ifindex != ifindex ? -ENODEV : ret;
}

int pn_device_by_index(uint32_t ifindex, struct pn_device *d)
{
	int ret = pn_device_look(ifindex, d);

	if (!ret)
		pn_device_xdp(d);
	return ret;
}

int pn_device_gro(const char *name)
{
	struct ethtool_value v = { .cmd = ETHTOOL_GGRO };
	int ret = ethtool(name, &v);

	return ret ? ret : !!v.data;
}

int pn_device_set_gro(const char *name, bool on)
{
	struct ethtool_value v = { .cmd = ETHTOOL_SGRO, .data = on };

	return ethtool(name, &v);
}

static uint32_t stats_count(const char *name)
{
	union {
		struct ethtool_sset_info info;
		char room[sizeof(struct ethtool_sset_info) + sizeof(uint32_t)];
	} q = { .info = { .cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ull << ETH_SS_STATS } };

	if (ethtool(name, &q) || !q.info.sset_mask)
		return 0;
	return q.info.data[0];
}

/* veth keeps its peer's number first among its statistics. */
uint32_t pn_device_peer(const char *name)
{
	uint32_t n = stats_count(name), peer = 0, i;
	struct ethtool_gstrings *strings;
	struct ethtool_stats *stats;

	if (!n || n > STATS_MAX)
		return 0;
	strings = calloc(1, sizeof(*strings) + (size_t)n * ETH_GSTRING_LEN);
	stats = calloc(1, sizeof(*stats) + n * sizeof(uint64_t));
	if (!strings || !stats)
		goto out;
	strings->cmd = ETHTOOL_GSTRINGS;
	strings->string_set = ETH_SS_STATS;
	strings->len = n;
	stats->cmd = ETHTOOL_GSTATS;
	stats->n_stats = n;
	if (ethtool(name, strings) || ethtool(name, stats))
		goto out;
	for (i = 0; i < n && i < strings->len && i < stats->n_stats; i++)
		if (!strcmp((char *)strings->data + i * ETH_GSTRING_LEN, "peer_ifindex"))
			peer = stats->data[i];
out:
	free(strings);
	free(stats);
	return peer;
}

bool pn_device_is_virtual(const struct pn_device *d)
{
	return !strcmp(d->driver, "veth") || !strcmp(d->driver, "tun");
}
