// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Asking family "netdev"; see netdev.h. Its constants are newer than Debian 12's headers. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "nl/netdev.h"
#include "nl/sock.h"

#define NETDEV_CMD_DEV_GET	1
#define NETDEV_A_DEV_IFINDEX	1
#define NETDEV_A_DEV_XDP_FEATURES 3

struct answer {
	unsigned int attr;	/* wanted */
	size_t len;		/* of its value: 2 or 8 */
	uint64_t value;
	int found;
};

static int answer_take(const struct nlmsghdr *nlh, void *data)
{
	const char *start = (const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN;
	const struct nlattr *tb[16];
	struct answer *a = data;

	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return -EBADMSG;
	pn_attrs_parse(tb, 15, start, nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
	if (!tb[a->attr])
		return 0;
	a->value = a->len == 2 ? pn_attr_u16(tb[a->attr], 0) : pn_attr_u64(tb[a->attr], 0);
	a->found = 1;
	return 0;
}

static void genl_start(struct pn_msg *m, uint16_t family, uint8_t cmd)
{
	struct genlmsghdr g = { .cmd = cmd, .version = 1 };

	pn_msg_init(m, family, 0);
	pn_msg_extra(m, &g, sizeof(g));
}

static int family_find(struct pn_nl *nl, uint16_t *family)
{
	struct answer a = { .attr = CTRL_ATTR_FAMILY_ID, .len = 2 };
	struct pn_msg m;
	int ret;

	genl_start(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	pn_msg_put_str(&m, CTRL_ATTR_FAMILY_NAME, "netdev");
	ret = pn_nl_get(nl, &m, answer_take, &a, NULL);
	pn_msg_fini(&m);
	if (ret || !a.found)
		return -EOPNOTSUPP;
	*family = a.value;
	return 0;
}

int pn_netdev_features(uint32_t ifindex, uint64_t *features)
{
	struct answer a = { .attr = NETDEV_A_DEV_XDP_FEATURES, .len = 8 };
	struct pn_nl nl = { 0 };
	struct pn_msg m;
	uint16_t family;
	int ret = pn_nl_open(&nl, NETLINK_GENERIC, NULL);

	if (ret)
		return ret;
	ret = family_find(&nl, &family);
	if (!ret) {
		genl_start(&m, family, NETDEV_CMD_DEV_GET);
		pn_msg_put_u32(&m, NETDEV_A_DEV_IFINDEX, ifindex);
		ret = pn_nl_get(&nl, &m, answer_take, &a, NULL);
		pn_msg_fini(&m);
	}
	pn_nl_close(&nl);
	if (!ret && !a.found)
		ret = -ENODATA;
	if (!ret)
		*features = a.value;
	return ret;
}

struct all {
	pn_netdev_cb *cb;
	void *data;
};

static int all_take(const struct nlmsghdr *nlh, void *data)
{
	const char *start = (const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN;
	const struct nlattr *tb[16];
	const struct all *all = data;

	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return -EBADMSG;
	pn_attrs_parse(tb, 15, start, nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
	if (!tb[NETDEV_A_DEV_IFINDEX] || !tb[NETDEV_A_DEV_XDP_FEATURES])
		return 0;
	return all->cb(pn_attr_u32(tb[NETDEV_A_DEV_IFINDEX], 0),
		       pn_attr_u64(tb[NETDEV_A_DEV_XDP_FEATURES], 0), all->data);
}

int pn_netdev_features_all(pn_netdev_cb *cb, void *data)
{
	struct all all = { .cb = cb, .data = data };
	struct pn_nl nl = { 0 };
	struct pn_msg m;
	uint16_t family;
	int ret = pn_nl_open(&nl, NETLINK_GENERIC, NULL);

	if (ret)
		return ret;
	ret = family_find(&nl, &family);
	if (!ret) {
		genl_start(&m, family, NETDEV_CMD_DEV_GET);
		ret = pn_nl_dump(&nl, &m, all_take, &all, NULL);
		pn_msg_fini(&m);
	}
	pn_nl_close(&nl);
	return ret;
}
