// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* FOU and GUE ports; see fou.h for the contract. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/fou.h>
#include <string.h>
#include <sys/socket.h>

#include "nl/fou.h"
#include "nl/genl.h"

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
	int rc;

	rc = pn_genl_attrs(nlh, tb, FOU_ATTR_MAX);
	if (rc)
		return rc;
	fou.ipv6 = pn_attr_u8(tb[FOU_ATTR_AF], AF_INET) == AF_INET6;
	fou.gue = pn_attr_u8(tb[FOU_ATTR_TYPE], FOU_ENCAP_DIRECT) == FOU_ENCAP_GUE;
	fou.protocol = fou.gue ? 0 : pn_attr_u8(tb[FOU_ATTR_IPPROTO], 0);
	fou.port = ntohs(pn_attr_be16(tb[FOU_ATTR_PORT], 0));
	for (i = 0; i < sizeof(ties) / sizeof(ties[0]); i++)
		fou.tied |= attr_is_set(tb[ties[i]]);
	walk->cb(walk->ctx, &fou);
	return 0;
}

int pn_nl_fou_known(struct pn_nl *nl, bool *known)
{
	uint16_t family;
	int rc = pn_genl_family_loaded(nl, FOU_GENL_NAME, &family);

	*known = !rc;
	return rc == -ENOENT ? 0 : rc;
}

/* The module may go in between. */
int pn_nl_fou_each(struct pn_nl *nl, void (*cb)(void *ctx, const struct pn_nl_fou *fou),
		   void *ctx)
{
	struct fou_walk walk = { cb, ctx };
	struct pn_msg m;
	uint16_t family;
	int rc = pn_genl_family_loaded(nl, FOU_GENL_NAME, &family);

	if (!rc) {
		pn_genl_msg(&m, family, FOU_CMD_GET, FOU_GENL_VERSION);
		rc = pn_nl_dump(nl, &m, fou_take, &walk, NULL);
		pn_msg_fini(&m);
	}
	return rc == -ENOENT ? 0 : rc;
}
