// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Attribute rows: value to netlink attribute and back; see row.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <string.h>

#include "link/row.h"

#define TTL_INHERIT	256

static void iff_encode(const struct pn_row *row, const struct pn_value *v,
		       struct pn_msg *m)
{
	struct ifinfomsg *ifm;
	bool on = (row->type == PN_T_IFF) == !!v->num;

	if (m->err)
		return;
	ifm = mnl_nlmsg_get_payload(pn_msg_hdr(m));
	ifm->ifi_change |= row->attr;
	if (on)
		ifm->ifi_flags |= row->attr;
	else
		ifm->ifi_flags &= ~row->attr;
}

static void boolopt_encode(const struct pn_row *row, const struct pn_value *v,
			   struct pn_msg *m)
{
	struct br_boolopt_multi b = {
		.optval = v->num ? 1u << row->attr2 : 0,
		.optmask = 1u << row->attr2,
	};

	pn_msg_put(m, row->attr, &b, sizeof(b));
}

static void ttl_encode(const struct pn_row *row, const struct pn_value *v,
		       struct pn_msg *m)
{
	if (v->num == TTL_INHERIT)
		pn_msg_put_flag(m, row->attr2);
	else
		pn_msg_put_u8(m, row->attr, v->num);
}

static void range_encode(const struct pn_row *row, const struct pn_value *v,
			 struct pn_msg *m)
{
	__be16 range[2] = { htons(v->num >> 16), htons(v->num & 0xffff) };

	pn_msg_put(m, row->attr, range, sizeof(range));
}

static int dev_encode(const struct pn_row *row, const struct pn_value *v,
		      const struct pn_devs *devs, struct pn_msg *m)
{
	int index = 0;

	if (v->str[0])
		index = devs ? devs->index(devs->data, v->str) : -ENODEV;
	if (index < 0)
		return index;
	pn_msg_put_u32(m, row->attr, index);
	return 0;
}

/* "any" is sent as the IPv4 one: it is what the kernel takes for none. */
static void ip_encode(const struct pn_row *row, const struct pn_value *v,
		      struct pn_msg *m)
{
	static const uint8_t any[4];

	if (v->len == 16)
		pn_msg_put(m, row->attr2, v->bin, 16);
	else
		pn_msg_put(m, row->attr, v->len ? v->bin : any, 4);
}

int pn_row_encode(const struct pn_row *row, const struct pn_value *v,
		  const struct pn_devs *devs, struct pn_msg *m)
{
	switch (row->type) {
	case PN_T_FLAG:
		if (v->num)
			pn_msg_put_flag(m, row->attr);
		break;
	case PN_T_IFF:
	case PN_T_IFF_NOT:
		iff_encode(row, v, m);
		break;
	case PN_T_BOOLOPT:
		boolopt_encode(row, v, m);
		break;
	case PN_T_BOOL:
	case PN_T_U8:
		pn_msg_put_u8(m, row->attr, v->num);
		break;
	case PN_T_U16:
		pn_msg_put_u16(m, row->attr, v->num);
		break;
	case PN_T_BOOL32:
	case PN_T_U32:
		pn_msg_put_u32(m, row->attr, v->num);
		break;
	case PN_T_U64:
		pn_msg_put_u64(m, row->attr, v->num);
		break;
	case PN_T_BE16:
		pn_msg_put_be16(m, row->attr, htons(v->num));
		break;
	case PN_T_BE32:
		pn_msg_put_be32(m, row->attr, htonl(v->num));
		break;
	case PN_T_TTL:
		ttl_encode(row, v, m);
		break;
	case PN_T_RANGE:
		range_encode(row, v, m);
		break;
	case PN_T_DEV:
		return dev_encode(row, v, devs, m);
	case PN_T_IP:
		ip_encode(row, v, m);
		break;
	case PN_T_MAC:
		pn_msg_put(m, row->attr, v->bin, v->len);
		break;
	case PN_T_STR:
		/* An attribute of no length clears it; one with a NUL only does not. */
		pn_msg_put(m, row->attr, v->str, v->str[0] ? strlen(v->str) + 1 : 0);
		break;
	}
	return m->err;
}

static bool number_decode(const struct pn_row *row, const struct nlattr *a,
			  struct pn_value *v)
{
	switch (row->type) {
	case PN_T_BOOL:
		v->num = !!pn_attr_u8(a, 0);
		break;
	case PN_T_BOOL32:
		v->num = !!pn_attr_u32(a, 0);
		break;
	case PN_T_U8:
		v->num = pn_attr_u8(a, 0);
		break;
	case PN_T_U16:
		v->num = pn_attr_u16(a, 0);
		break;
	case PN_T_U32:
		v->num = pn_attr_u32(a, 0);
		break;
	case PN_T_U64:
		v->num = pn_attr_u64(a, 0);
		break;
	case PN_T_BE16:
		v->num = ntohs(pn_attr_be16(a, 0));
		break;
	default:
		v->num = ntohl(pn_attr_be32(a, 0));
	}
	return a;
}

static bool struct_decode(const struct pn_row *row, const struct nlattr *a,
			  struct pn_value *v)
{
	struct br_boolopt_multi b;
	__be16 range[2];

	if (row->type == PN_T_BOOLOPT && pn_attr_len(a) >= sizeof(b)) {
		memcpy(&b, pn_attr_data(a), sizeof(b));
		v->num = b.optval >> row->attr2 & 1;
		return true;
	}
	if (row->type == PN_T_RANGE && pn_attr_len(a) >= sizeof(range)) {
		memcpy(range, pn_attr_data(a), sizeof(range));
		v->num = (uint64_t)ntohs(range[0]) << 16 | ntohs(range[1]);
		return true;
	}
	return false;
}

static bool bin_decode(const struct nlattr *a, size_t len, struct pn_value *v)
{
	if (pn_attr_len(a) != len)
		return false;
	memcpy(v->bin, pn_attr_data(a), len);
	v->len = len;
	return true;
}

/* A device in another namespace has no name here. */
static bool dev_decode(const struct nlattr *a, const struct pn_devs *devs,
		       struct pn_value *v)
{
	uint32_t index = pn_attr_u32(a, 0);

	v->str = "";
	if (index && devs)
		v->str = devs->name(devs->data, index);
	return v->str;
}

static bool iff_decode(const struct pn_row *row, const struct pn_link_view *view,
		       struct pn_value *v)
{
	v->num = (row->type == PN_T_IFF) == !!(view->ifm->ifi_flags & row->attr);
	return true;
}

static bool attr_decode(const struct pn_row *row, const struct nlattr *const *tb,
			const struct pn_devs *devs, struct pn_value *v)
{
	const struct nlattr *a = tb[row->attr];

	switch (row->type) {
	case PN_T_FLAG:
		v->num = !!a;
		return true;
	case PN_T_TTL:
		v->num = pn_attr_u8(a, 0);
		if (tb[row->attr2] && pn_attr_u8(tb[row->attr2], 1))
			v->num = TTL_INHERIT;
		return a || tb[row->attr2];
	case PN_T_BOOLOPT:
	case PN_T_RANGE:
		return struct_decode(row, a, v);
	case PN_T_DEV:
		return dev_decode(a, devs, v);
	case PN_T_IP:
		if (!bin_decode(tb[row->attr2], 16, v))
			bin_decode(a, 4, v);
		return true;
	case PN_T_MAC:
		return bin_decode(a, 6, v);
	case PN_T_STR:
		v->str = pn_attr_len(a) ? pn_attr_str(a) : "";
		return v->str;
	default:
		return number_decode(row, a, v);
	}
}

bool pn_row_decode(const struct pn_rows *rows, const struct pn_row *row,
		   const struct pn_link_view *view, const struct pn_devs *devs,
		   struct pn_value *v)
{
	const struct nlattr *const *tb = view->link;

	memset(v, 0, sizeof(*v));
	/* An index of another namespace means nothing in this one. */
	if (rows->place == PN_AT_LINK && row->attr == IFLA_LINK &&
	    view->link[IFLA_LINK_NETNSID])
		return false;
	if (row->type == PN_T_IFF || row->type == PN_T_IFF_NOT)
		return v->set = iff_decode(row, view, v);
	if (rows->place == PN_AT_DATA)
		tb = view->data;
	else if (rows->place == PN_AT_SLAVE)
		tb = view->slave;
	v->set = attr_decode(row, tb, devs, v);
	return v->set;
}

int pn_link_view(const struct nlmsghdr *nlh, struct pn_link_view *view)
{
	const struct nlattr *info[IFLA_INFO_MAX + 1];
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	memset(view, 0, sizeof(*view));
	if (nlh->nlmsg_type != RTM_NEWLINK || len < sizeof(*view->ifm))
		return -EBADMSG;
	view->ifm = mnl_nlmsg_get_payload(nlh);
	pn_attrs_parse(view->link, PN_LINK_ATTRS,
		       (const char *)view->ifm + MNL_ALIGN(sizeof(*view->ifm)),
		       len - sizeof(*view->ifm));
	pn_attrs_nested(info, IFLA_INFO_MAX, view->link[IFLA_LINKINFO]);
	view->kind = pn_attr_str(info[IFLA_INFO_KIND]);
	view->slave_kind = pn_attr_str(info[IFLA_INFO_SLAVE_KIND]);
	pn_attrs_nested(view->data, PN_DATA_ATTRS, info[IFLA_INFO_DATA]);
	pn_attrs_nested(view->slave, PN_DATA_ATTRS, info[IFLA_INFO_SLAVE_DATA]);
	return 0;
}
