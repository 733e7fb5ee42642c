// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Neighbour and FDB messages; see neigh.h for the contract. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "nl/neigh.h"

static void neigh_ages(const struct nlattr *a, struct pn_nl_neigh *n)
{
	struct nda_cacheinfo ci;

	if (pn_attr_len(a) < sizeof(ci))
		return;
	memcpy(&ci, pn_attr_data(a), sizeof(ci));
	n->used = ci.ndm_used;
	n->confirmed = ci.ndm_confirmed;
	n->updated = ci.ndm_updated;
	n->has_ages = true;
}

static void neigh_attrs(const struct nlattr **tb, struct pn_nl_neigh *n)
{
	n->lladdr = pn_attr_data(tb[NDA_LLADDR]);
	n->lladdr_len = pn_attr_len(tb[NDA_LLADDR]);
	n->dst = pn_attr_data(tb[NDA_DST]);
	n->dst_len = pn_attr_len(tb[NDA_DST]);
	n->vlan = pn_attr_u16(tb[NDA_VLAN], 0);
	n->port = pn_attr_be16(tb[NDA_PORT], 0);
	n->flags_ext = pn_attr_u32(tb[NDA_FLAGS_EXT], 0);
	n->master = pn_attr_u32(tb[NDA_MASTER], 0);
	n->via = pn_attr_u32(tb[NDA_IFINDEX], 0);
	n->has_vni = tb[NDA_VNI];
	n->vni = pn_attr_u32(tb[NDA_VNI], 0);
	n->src_vni = pn_attr_u32(tb[NDA_SRC_VNI], 0);
	n->nhid = pn_attr_u32(tb[NDA_NH_ID], 0);
	neigh_ages(tb[NDA_CACHEINFO], n);
}

int pn_nl_neigh_parse(const struct nlmsghdr *nlh, struct pn_nl_neigh *n)
{
	const struct nlattr *tb[NDA_MAX + 1];
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	memset(n, 0, sizeof(*n));
	if (nlh->nlmsg_type != RTM_NEWNEIGH && nlh->nlmsg_type != RTM_DELNEIGH)
		return -EBADMSG;
	if (len < sizeof(*ndm))
		return -EBADMSG;
	n->deleted = nlh->nlmsg_type == RTM_DELNEIGH;
	n->family = ndm->ndm_family;
	n->flags = ndm->ndm_flags;
	n->state = ndm->ndm_state;
	n->ifindex = ndm->ndm_ifindex;
	pn_attrs_parse(tb, NDA_MAX, (const char *)ndm + MNL_ALIGN(sizeof(*ndm)),
		       len - sizeof(*ndm));
	neigh_attrs(tb, n);
	return 0;
}

int pn_nl_fdb_dump(struct pn_nl *nl, uint32_t ifindex, uint32_t master, pn_nl_cb cb,
		   void *data)
{
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE, .ndm_ifindex = ifindex };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETNEIGH, 0);
	pn_msg_extra(&m, &ndm, sizeof(ndm));
	if (master)
		pn_msg_put_u32(&m, NDA_MASTER, master);
	rc = pn_nl_dump(nl, &m, cb, data, NULL);
	pn_msg_fini(&m);
	return rc;
}

int pn_nl_neigh_dump(struct pn_nl *nl, uint8_t family, pn_nl_cb cb, void *data,
		     struct pn_err *err)
{
	struct ndmsg ndm = { .ndm_family = family };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETNEIGH, 0);
	pn_msg_extra(&m, &ndm, sizeof(ndm));
	rc = pn_nl_dump(nl, &m, cb, data, err);
	pn_msg_fini(&m);
	return rc;
}
