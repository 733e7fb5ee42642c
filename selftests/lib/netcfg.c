// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What is not netlink in a namespace: sysctls, ethtool features, and the
 * text of `ip -batch`. See netns.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "netns.h"

int netns_sysctl(const struct netns *ns, const char *key, const char *value)
{
	char path[200];
	int fd, ret = 0, from = netns_visit(ns);

	if (from < 0)
		return from;
	snprintf(path, sizeof(path), "/proc/sys/%s", key);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		ret = -errno;
	if (fd >= 0)
		close(fd);
	netns_return(from);
	return ret;
}

int netns_quiet(const struct netns *ns)
{
	static const char *const rows[][2] = {
		{ "net/ipv4/conf/all/rp_filter", "0" },
		{ "net/ipv4/conf/default/rp_filter", "0" },
		{ "net/ipv4/icmp_ratelimit", "0" },
		{ "net/ipv6/icmp/ratelimit", "0" },
		{ "net/ipv6/conf/all/disable_ipv6", "0" },
		{ "net/ipv6/conf/default/disable_ipv6", "0" },
		{ "net/ipv6/conf/default/accept_dad", "0" },
		{ "net/ipv6/conf/default/router_solicitations", "0" },
		{ "net/ipv6/conf/default/addr_gen_mode", "1" },
		{ "net/ipv6/conf/default/mldv2_unsolicited_report_interval",
		  "0" },
	};
	int ret = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !ret; i++)
		ret = netns_sysctl(ns, rows[i][0], rows[i][1]);
	/* Global on kernels before 6.13, where a guest of it may not write. */
	netns_sysctl(ns, "net/ipv4/icmp_msgs_per_sec", "1000000");
	netns_sysctl(ns, "net/ipv4/icmp_msgs_burst", "1000000");
	/* Where br_netfilter is built in it trims and drops what it bridges. */
	netns_sysctl(ns, "net/bridge/bridge-nf-call-iptables", "0");
	netns_sysctl(ns, "net/bridge/bridge-nf-call-ip6tables", "0");
	netns_sysctl(ns, "net/bridge/bridge-nf-call-arptables", "0");
	return ret;
}

static int batch_run(const struct netns *ns, const char *tool, const char *family,
		     const char *lines)
{
	int fds[2], status, from = netns_visit(ns);
	ssize_t n;
	pid_t pid;

	if (from < 0)
		return from;
	if (pipe2(fds, O_CLOEXEC)) {
		netns_return(from);
		return -errno;
	}
	pid = fork();
	if (!pid) {
		dup2(fds[0], 0);
		dup2(2, 1);
		if (family)
			execlp(tool, tool, family, "-batch", "-", NULL);
		else
			execlp(tool, tool, "-batch", "-", NULL);
		_exit(127);
	}
	netns_return(from);
	close(fds[0]);
	n = write(fds[1], lines, strlen(lines));
	close(fds[1]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return n == (ssize_t)strlen(lines) && !status ? 0 : -EIO;
}

int netns_ip(const struct netns *ns, const char *lines)
{
	return batch_run(ns, "ip", NULL, lines);
}

int netns_ip6(const struct netns *ns, const char *lines)
{
	return batch_run(ns, "ip", "-6", lines);
}

int netns_bridge_cmd(const struct netns *ns, const char *lines)
{
	return batch_run(ns, "bridge", NULL, lines);
}

static int ethtool_set(int fd, const char *dev, uint32_t cmd, uint32_t value)
{
	struct ethtool_value v = { .cmd = cmd, .data = value };
	struct ifreq ifr = { .ifr_data = (void *)&v };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	return ioctl(fd, SIOCETHTOOL, &ifr) ? -errno : 0;
}

static int ethtool_run(const struct netns *ns, const char *dev,
		       const uint32_t (*rows)[2], size_t n)
{
	int fd, ret = 0, from = netns_visit(ns);

	if (from < 0)
		return from;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (size_t i = 0; i < n; i++) {
		int err = ethtool_set(fd, dev, rows[i][0], rows[i][1]);

		if (err && err != -EOPNOTSUPP && !ret)
			ret = err;
	}
	close(fd);
	netns_return(from);
	return ret;
}

int netns_offloads_off(const struct netns *ns, const char *dev)
{
	static const uint32_t rows[][2] = {
		{ ETHTOOL_SGRO, 0 },
		{ ETHTOOL_STSO, 0 },
		{ ETHTOOL_SGSO, 0 },
		{ ETHTOOL_STXCSUM, 0 },
		{ ETHTOOL_SRXCSUM, 0 },
		{ ETHTOOL_SFLAGS, 0 }, /* VLAN in both directions, LRO */
	};

	return ethtool_run(ns, dev, rows, sizeof(rows) / sizeof(rows[0]));
}

int netns_gro(const struct netns *ns, const char *dev, bool on)
{
	const uint32_t rows[][2] = { { ETHTOOL_SGRO, on } };

	return ethtool_run(ns, dev, rows, 1);
}
