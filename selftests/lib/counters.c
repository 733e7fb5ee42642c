// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counters of a namespace by name; see wire.h. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire.h"

/* Newer than the headers of Debian 12 (6.1 has it; 5.19 brought it). */
#define STATS_WORDS 25

static const char *const stats_names[STATS_WORDS] = {
	"rx_packets",
	"tx_packets",
	"rx_bytes",
	"tx_bytes",
	"rx_errors",
	"tx_errors",
	"rx_dropped",
	"tx_dropped",
	"multicast",
	"collisions",
	"rx_length_errors",
	"rx_over_errors",
	"rx_crc_errors",
	"rx_frame_errors",
	"rx_fifo_errors",
	"rx_missed_errors",
	"tx_aborted_errors",
	"tx_carrier_errors",
	"tx_fifo_errors",
	"tx_heartbeat_errors",
	"tx_window_errors",
	"rx_compressed",
	"tx_compressed",
	"rx_nohandler",
	"rx_otherhost_dropped",
};

static void counter_add(struct counters *c, const char *a, const char *b,
			uint64_t value)
{
	if (c->n == COUNTERS_MAX)
		return;
	snprintf(c->c[c->n].name, sizeof(c->c[0].name), "%.20s%.40s", a, b);
	c->c[c->n++].value = value;
}

/* Pairs of lines "Ip: A B C" and "Ip: 1 2 3". */
static void pairs_read(struct counters *c, const char *path)
{
	static char names[8192], values[8192];
	FILE *f = fopen(path, "re");

	while (f && fgets(names, sizeof(names), f) &&
	       fgets(values, sizeof(values), f)) {
		char *n_at, *v_at, *prefix = strtok_r(names, ": \n", &n_at);

		strtok_r(values, ": \n", &v_at);
		for (;;) {
			char *n = strtok_r(NULL, " \n", &n_at);
			char *v = strtok_r(NULL, " \n", &v_at);

			if (!n || !v)
				break;
			counter_add(c, prefix, n, strtoull(v, NULL, 10));
		}
	}
	if (f)
		fclose(f);
}

/* Lines "Name value". */
static void lines_read(struct counters *c, const char *path)
{
	unsigned long long value;
	char name[64];
	FILE *f = fopen(path, "re");

	while (f && fscanf(f, "%63s %llu", name, &value) == 2)
		counter_add(c, "", name, value);
	if (f)
		fclose(f);
}

static int link_read(const struct nlmsghdr *nlh, void *arg)
{
	const char *name = NULL;
	const uint64_t *words = NULL;
	struct counters *c = arg;
	struct nlattr *a;
	size_t n = 0;

	mnl_attr_for_each(a, nlh, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(a) == IFLA_IFNAME)
			name = mnl_attr_get_str(a);
		if (mnl_attr_get_type(a) == IFLA_STATS64) {
			words = mnl_attr_get_payload(a);
			n = mnl_attr_get_payload_len(a) / sizeof(*words);
		}
	}
	for (size_t i = 0; name && i < n && i < STATS_WORDS; i++) {
		char prefix[20];
		uint64_t v;

		memcpy(&v, (const char *)words + i * sizeof(v), sizeof(v));
		snprintf(prefix, sizeof(prefix), "%.15s.", name);
		counter_add(c, prefix, stats_names[i], v);
	}
	return MNL_CB_OK;
}

static int links_read(const struct netns *ns, struct counters *c)
{
	struct {
		struct nlmsghdr nlh;
		struct ifinfomsg ifi;
	} req = {
		.nlh = {
			.nlmsg_len = sizeof(req),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
	};
	char buf[32768];
	int ret = 1;

	if (send(ns->nl, &req, sizeof(req), 0) < 0)
		return -errno;
	while (ret > 0) {
		ssize_t n = recv(ns->nl, buf, sizeof(buf), 0);

		if (n < 0)
			return -errno;
		ret = mnl_cb_run(buf, n, 0, 0, link_read, c);
	}
	return ret < 0 ? -errno : 0;
}

int counters_read(const struct netns *ns, struct counters *c)
{
	int ret = netns_enter(ns);

	if (ret)
		return ret;
	c->n = 0;
	pairs_read(c, "/proc/thread-self/net/snmp");
	pairs_read(c, "/proc/thread-self/net/netstat");
	lines_read(c, "/proc/thread-self/net/snmp6");
	lines_read(c, "/proc/thread-self/net/xfrm_stat");
	netns_leave();
	return links_read(ns, c);
}

uint64_t counters_get(const struct counters *c, const char *name)
{
	for (int i = 0; i < c->n; i++)
		if (!strcmp(c->c[i].name, name))
			return c->c[i].value;
	return 0;
}
