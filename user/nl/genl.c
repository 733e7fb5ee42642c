// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Generic netlink; see genl.h. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "nl/genl.h"

void pn_genl_msg(struct pn_msg *m, uint16_t family, uint8_t cmd, uint8_t version)
{
	const struct genlmsghdr g = { .cmd = cmd, .version = version };

	pn_msg_init(m, family, 0);
	pn_msg_extra(m, &g, sizeof(g));
}

int pn_genl_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb, unsigned int max)
{
	const char *start = (const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN;

	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return -EBADMSG;
	pn_attrs_parse(tb, max, start, nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
	return 0;
}

static int family_take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	int rc = pn_genl_attrs(nlh, tb, CTRL_ATTR_MAX);

	if (!rc)
		*(uint16_t *)data = pn_attr_u16(tb[CTRL_ATTR_FAMILY_ID], 0);
	return rc;
}

int pn_genl_family(struct pn_nl *nl, const char *name, uint16_t *family)
{
	struct pn_msg m;
	int rc;

	*family = 0;
	pn_genl_msg(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	pn_msg_put_str(&m, CTRL_ATTR_FAMILY_NAME, name);
	rc = pn_nl_get(nl, &m, family_take, family, NULL);
	pn_msg_fini(&m);
	return !rc && !*family ? -ENOENT : rc;
}

struct seek {
	const char *name;
	uint16_t family;
};

static int seek_take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct seek *seek = data;
	int rc = pn_genl_attrs(nlh, tb, CTRL_ATTR_MAX);
	const char *name = rc ? NULL : pn_attr_str(tb[CTRL_ATTR_FAMILY_NAME]);

	if (name && !strcmp(name, seek->name))
		seek->family = pn_attr_u16(tb[CTRL_ATTR_FAMILY_ID], 0);
	return rc;
}

int pn_genl_family_loaded(struct pn_nl *nl, const char *name, uint16_t *family)
{
	struct seek seek = { .name = name };
	struct pn_msg m;
	int rc;

	pn_genl_msg(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	rc = pn_nl_dump(nl, &m, seek_take, &seek, NULL);
	pn_msg_fini(&m);
	*family = seek.family;
	return !rc && !seek.family ? -ENOENT : rc;
}
