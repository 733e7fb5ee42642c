// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* FOU and GUE ports; see fou.h for the contract. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/fou.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "nl/fou.h"

static bool attrs_of(const struct nlmsghdr *nlh, const struct nlattr **tb, unsigned int max)
{
	const char *start = (const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN;

	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return false;
	pn_attrs_parse(tb, max, start, nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
	return true;
}

static int family_take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	uint16_t *family = data;
	const char *name;

	if (!attrs_of(nlh, tb, CTRL_ATTR_MAX))
		return -EBADMSG;
	name = pn_attr_str(tb[CTRL_ATTR_FAMILY_NAME]);
	if (name && !strcmp(name, FOU_GENL_NAME))
		*family = pn_attr_u16(tb[CTRL_ATTR_FAMILY_ID], 0);
	return 0;
}

static int genl_dump(struct pn_nl *nl, uint16_t family, const struct genlmsghdr *g,
		     pn_nl_cb cb, void *data)
{
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, family, 0);
	pn_msg_extra(&m, g, sizeof(*g));
	rc = pn_nl_dump(nl, &m, cb, data, NULL);
	pn_msg_fini(&m);
	return rc;
}

static bool attr_is_set(const struct nlattr *a)
{
	static const uint8_t zero[16];

	return a && pn_attr_len(a) <= sizeof(zero) &&
	       memcmp(pn_attr_data(a), zero, pn_attr_len(a)) != 0;
}

struct fou_walk {
	void (*cb)(void *ctx, const struct pn_nl_fou *fou);
	void *ctx;
};

static int fou_take(const struct nlmsghdr *nlh, void *data)
{
	static const int ties[] = {
		FOU_ATTR_LOCAL_V4, FOU_ATTR_LOCAL_V6, FOU_ATTR_PEER_V4, FOU_ATTR_PEER_V6,
		FOU_ATTR_PEER_PORT, FOU_ATTR_IFINDEX,
	};
	const struct nlattr *tb[FOU_ATTR_MAX + 1];
	const struct fou_walk *walk = data;
	struct pn_nl_fou fou = { 0 };
	size_t i;

	if (!attrs_of(nlh, tb, FOU_ATTR_MAX))
		return -EBADMSG;
	fou.ipv6 = pn_attr_u8(tb[FOU_ATTR_AF], AF_INET) == AF_INET6;
	fou.gue = pn_attr_u8(tb[FOU_ATTR_TYPE], FOU_ENCAP_DIRECT) == FOU_ENCAP_GUE;
	fou.protocol = fou.gue ? 0 : pn_attr_u8(tb[FOU_ATTR_IPPROTO], 0);
	fou.port = ntohs(pn_attr_be16(tb[FOU_ATTR_PORT], 0));
	for (i = 0; i < sizeof(ties) / sizeof(ties[0]); i++)
		fou.tied |= attr_is_set(tb[ties[i]]);
	walk->cb(walk->ctx, &fou);
	return 0;
}

/* 0 in *@family: there is none. */
static int family_find(struct pn_nl *nl, uint16_t *family)
{
	const struct genlmsghdr families = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };

	*family = 0;
	return genl_dump(nl, GENL_ID_CTRL, &families, family_take, family);
}

int pn_nl_fou_known(struct pn_nl *nl, bool *known)
{
	uint16_t family;
	int rc = family_find(nl, &family);

	*known = family;
	return rc;
}

int pn_nl_fou_each(struct pn_nl *nl, void (*cb)(void *ctx, const struct pn_nl_fou *fou),
		   void *ctx)
{
	const struct genlmsghdr ports = { .cmd = FOU_CMD_GET, .version = FOU_GENL_VERSION };
	struct fou_walk walk = { cb, ctx };
	uint16_t family = 0;
	int rc;

	rc = family_find(nl, &family);
	if (rc || !family)
		return rc;
	rc = genl_dump(nl, family, &ports, fou_take, &walk);
	/* The module went in between. */
	return rc == -ENOENT ? 0 : rc;
}
