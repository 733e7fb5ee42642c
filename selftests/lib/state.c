// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Kernel state as text; see state.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state.h"
#include "tap.h"

#define BRPORT_MCAST_N_GROUPS 41 /* IFLA_BRPORT_MCAST_N_GROUPS, kernel 6.3 */
#define BR_FDB_N_LEARNED 48 /* IFLA_BR_FDB_N_LEARNED, kernel 6.7 */

/*
 * Attributes that change by themselves (operational state follows later), that
 * keep history which nothing takes back (the queue discipline of a device that
 * was up once, a bridge's segmentation limits).
 */
static bool link_skips(unsigned int type)
{
	switch (type) {
	case IFLA_OPERSTATE:
	case IFLA_QDISC:
	case IFLA_TSO_MAX_SIZE:
	case IFLA_TSO_MAX_SEGS:
	case IFLA_STATS:
	case IFLA_STATS64:
	case IFLA_AF_SPEC:
	case IFLA_CARRIER_CHANGES:
	case IFLA_CARRIER_UP_COUNT:
	case IFLA_CARRIER_DOWN_COUNT:
	case IFLA_PROTINFO:
		return true;
	default:
		return false;
	}
}

static bool bridge_skips(unsigned int type)
{
	return (type >= IFLA_BR_HELLO_TIMER && type <= IFLA_BR_GC_TIMER) ||
		type == IFLA_BR_MCAST_QUERIER_STATE || type == BR_FDB_N_LEARNED;
}

/* The port state follows carrier, which the bridge hears of later. */
static bool port_skips(unsigned int type)
{
	return type == IFLA_BRPORT_STATE || (type >= IFLA_BRPORT_MESSAGE_AGE_TIMER &&
		type <= IFLA_BRPORT_HOLD_TIMER) ||
		type == BRPORT_MCAST_N_GROUPS || type == IFLA_BRPORT_TOPOLOGY_CHANGE_ACK;
}

static void hex(FILE *f, const struct nlattr *a)
{
	const unsigned char *p = mnl_attr_get_payload(a);
	unsigned int i;

	for (i = 0; i < mnl_attr_get_payload_len(a); i++)
		fprintf(f, "%02x", p[i]);
	fputc('\n', f);
}

static void info_print(FILE *f, const char *name, const struct nlattr *info)
{
	const struct nlattr *a, *b;
	const char *kind = "";

	mnl_attr_for_each_nested(a, info) {
		unsigned int type = mnl_attr_get_type(a);

		if (type == IFLA_INFO_KIND || type == IFLA_INFO_SLAVE_KIND) {
			kind = mnl_attr_get_str(a);
			fprintf(f, "%s %s\n", name, kind);
			continue;
		}
		if (type != IFLA_INFO_DATA && type != IFLA_INFO_SLAVE_DATA)
			continue;
		mnl_attr_for_each_nested(b, a) {
			if (!strcmp(kind, "bridge") &&
			    (type == IFLA_INFO_DATA ? bridge_skips : port_skips)(
				    mnl_attr_get_type(b)))
				continue;
			fprintf(f, "%s info %u.%u ", name, type, mnl_attr_get_type(b));
			hex(f, b);
		}
	}
}

static int link_print(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *a;
	const char *name = "?";
	FILE *f = data;

	mnl_attr_for_each(a, nlh, sizeof(*ifm)) {
		if (mnl_attr_get_type(a) == IFLA_IFNAME)
			name = mnl_attr_get_str(a);
	}
	fprintf(f, "%s flags %x index %d\n", name,
		ifm->ifi_flags & ~(IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT),
		ifm->ifi_index);
	mnl_attr_for_each(a, nlh, sizeof(*ifm)) {
		if (mnl_attr_get_type(a) == IFLA_LINKINFO) {
			info_print(f, name, a);
		} else if (!link_skips(mnl_attr_get_type(a))) {
			fprintf(f, "%s attribute %u ", name, mnl_attr_get_type(a));
			hex(f, a);
		}
	}
	return MNL_CB_OK;
}

static int addr_print(const struct nlmsghdr *nlh, void *data)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *a;
	FILE *f = data;

	mnl_attr_for_each(a, nlh, sizeof(*ifa)) {
		if (mnl_attr_get_type(a) != IFA_ADDRESS)
			continue;
		fprintf(f, "address of %u, /%u ", ifa->ifa_index, ifa->ifa_prefixlen);
		hex(f, a);
	}
	return MNL_CB_OK;
}

static void dump(int type, size_t header, mnl_cb_t cb, FILE *f)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_ROUTE);
	static char buf[256 * 1024];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	ssize_t n;
	int rc = MNL_CB_OK;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(nlh, header);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		tap_bail("netlink: %s", strerror(errno));
	while (rc == MNL_CB_OK) {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (n < 0)
			tap_bail("netlink: %s", strerror(errno));
		rc = mnl_cb_run(buf, n, 0, 0, cb, f);
	}
	mnl_socket_close(nl);
}

/* Lines in order: what was made again, the kernel may tell of in another one. */
static int line_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted(char *text)
{
	char *line[4096], *out, *save = NULL, *l;
	size_t n = 0, i, len = strlen(text) + 2;

	for (l = strtok_r(text, "\n", &save); l && n < 4096; l = strtok_r(NULL, "\n", &save))
		line[n++] = l;
	qsort(line, n, sizeof(line[0]), line_compare);
	out = calloc(1, len);
	for (i = 0; out && i < n; i++) {
		strcat(out, line[i]);
		strcat(out, "\n");
	}
	free(text);
	return out;
}

static void space_dump(FILE *f, const char *name)
{
	char path[300];
	int home, fd;

	fprintf(f, "namespace %s\n", name ? name : "-");
	if (!name) {
		dump(RTM_GETLINK, sizeof(struct ifinfomsg), link_print, f);
		dump(RTM_GETADDR, sizeof(struct ifaddrmsg), addr_print, f);
		return;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0 || setns(fd, CLONE_NEWNET))
		tap_bail("namespace %s: %s", name, strerror(errno));
	dump(RTM_GETLINK, sizeof(struct ifinfomsg), link_print, f);
	dump(RTM_GETADDR, sizeof(struct ifaddrmsg), addr_print, f);
	if (setns(home, CLONE_NEWNET))
		tap_bail("back: %s", strerror(errno));
	close(home);
	close(fd);
}

char *state_dump(const char *const *names, unsigned int n)
{
	char *text = NULL, *all = NULL, *part;
	size_t len;
	unsigned int i;
	FILE *f;

	for (i = 0; i < n; i++) {
		f = open_memstream(&text, &len);
		if (!f)
			tap_bail("out of memory");
		space_dump(f, names[i]);
		fclose(f);
		part = sorted(text);
		if (asprintf(&text, "%s%s", all ? all : "", part ? part : "") < 0)
			tap_bail("out of memory");
		free(part);
		free(all);
		all = text;
	}
	return all;
}

/* The line at @p, without its end, in @buf. */
static const char *line_at(const char *p, char *buf, size_t len)
{
	size_t n = strcspn(p, "\n");

	snprintf(buf, len, "%.*s", (int)(n < len ? n : len - 1), p);
	return p[n] ? p + n + 1 : p + n;
}

bool state_same(const char *before, const char *after)
{
	char a[512], b[512];

	while (*before && *after) {
		before = line_at(before, a, sizeof(a));
		after = line_at(after, b, sizeof(b));
		if (strcmp(a, b))
			return tap_str(b, a, "state");
	}
	return tap_true(*before == *after, *before ? before : after);
}
