// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Asking family "netdev"; see netdev.h. Its constants are newer than Debian 12's headers. */
#include <errno.h>

#include "nl/genl.h"
#include "nl/netdev.h"

#define NETDEV_GENL_NAME	"netdev"
#define NETDEV_GENL_VERSION	1
#define NETDEV_CMD_DEV_GET	1
#define NETDEV_A_DEV_IFINDEX	1
#define NETDEV_A_DEV_XDP_FEATURES 3
#define NETDEV_A_DEV_KNOWN	NETDEV_A_DEV_XDP_FEATURES	/* what is later is not asked for */

struct reader {
	pn_netdev_cb *cb;
	void *data;
};

static int dev_take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[NETDEV_A_DEV_KNOWN + 1];
	const struct reader *r = data;
	int ret = pn_genl_attrs(nlh, tb, NETDEV_A_DEV_KNOWN);

	if (ret || !tb[NETDEV_A_DEV_IFINDEX] || !tb[NETDEV_A_DEV_XDP_FEATURES])
		return ret;
	return r->cb(pn_attr_u32(tb[NETDEV_A_DEV_IFINDEX], 0),
		     pn_attr_u64(tb[NETDEV_A_DEV_XDP_FEATURES], 0), r->data);
}

/* @ifindex 0: all of them. */
static int devs_read(uint32_t ifindex, const struct reader *r)
{
	struct pn_nl nl = { 0 };
	struct pn_msg m;
	uint16_t family;
	int ret = pn_nl_open(&nl, NETLINK_GENERIC, NULL);

	if (ret)
		return ret;
	if (pn_genl_family(&nl, NETDEV_GENL_NAME, &family)) {
		pn_nl_close(&nl);
		return -EOPNOTSUPP;
	}
	pn_genl_msg(&m, family, NETDEV_CMD_DEV_GET, NETDEV_GENL_VERSION);
	if (ifindex)
		pn_msg_put_u32(&m, NETDEV_A_DEV_IFINDEX, ifindex);
	ret = ifindex ? pn_nl_get(&nl, &m, dev_take, (void *)r, NULL) :
			pn_nl_dump(&nl, &m, dev_take, (void *)r, NULL);
	pn_msg_fini(&m);
	pn_nl_close(&nl);
	return ret;
}

struct answer {
	uint64_t features;
	bool found;
};

static int answer_take(uint32_t ifindex, uint64_t features, void *data)
{
	*(struct answer *)data = (struct answer){ .features = features, .found = true };
	return 0;
}

int pn_netdev_features(uint32_t ifindex, uint64_t *features)
{
	struct answer a = { 0 };
	const struct reader r = { .cb = answer_take, .data = &a };
	int ret = devs_read(ifindex, &r);

	if (!ret && !a.found)
		ret = -ENODATA;
	if (!ret)
		*features = a.features;
	return ret;
}

int pn_netdev_features_all(pn_netdev_cb *cb, void *data)
{
	const struct reader r = { .cb = cb, .data = data };

	return devs_read(0, &r);
}
