// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Attribute rows: netlink attribute to value; see row.h. */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <string.h>

#include "link/row.h"

#define TTL_INHERIT	256

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
	case PN_T_S32:
		v->num = (int64_t)(int32_t)pn_attr_u32(a, 0);
		break;
	case PN_T_U64:
		v->num = pn_attr_u64(a, 0);
		break;
	case PN_T_SCI:
		v->num = be64toh(pn_attr_u64(a, 0));
		break;
	case PN_T_BE16:
	case PN_T_SCI_PORT:
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
		return b.optmask >> row->attr2 & 1;	/* else older than the option */
	}
	if (row->type == PN_T_RANGE && pn_attr_len(a) >= sizeof(range)) {
		memcpy(range, pn_attr_data(a), sizeof(range));
		v->num = (uint64_t)ntohs(range[0]) << 16 | ntohs(range[1]);
		return true;
	}
	return false;
}

static bool bits_decode(const struct pn_row *row, const struct nlattr *a,
			struct pn_value *v)
{
	uint32_t bits;

	switch (row->type) {
	case PN_T_BIT_BE16:
		bits = ntohs(pn_attr_be16(a, 0));
		break;
	case PN_T_BIT16:
		bits = pn_attr_u16(a, 0);
		break;
	case PN_T_FIELD_BE:
		bits = ntohl(pn_attr_be32(a, 0));
		break;
	default:
		bits = pn_attr_u32(a, 0);
	}
	v->num = (bits & row->mask) >> __builtin_ctz(row->mask);
	return a;
}

static bool key_decode(const struct pn_row *row, const struct nlattr *const *tb,
		       struct pn_value *v)
{
	bool there = !row->attr2 || (ntohs(pn_attr_be16(tb[row->attr2], 0)) & row->mask);

	v->num = there ? ntohl(pn_attr_be32(tb[row->attr], 0)) : 0;
	v->len = there && (row->attr2 || v->num) ? 4 : 0;
	return tb[row->attr] || tb[row->attr2];
}

static bool bin_decode(const struct nlattr *a, size_t len, struct pn_value *v)
{
	if (pn_attr_len(a) != len)
		return false;
	memcpy(v->bin, pn_attr_data(a), len);
	v->len = len;
	return true;
}

static bool prefix_decode(const struct pn_row *row, const struct nlattr *const *tb,
			  struct pn_value *v)
{
	v->num = pn_attr_u16(tb[row->attr2], 0);
	return bin_decode(tb[row->attr], row->type == PN_T_PREFIX4 ? 4 : 16, v);
}

static bool addrgen_decode(const struct nlattr *a, struct pn_value *v)
{
	const struct nlattr *family[AF_INET6 + 1], *inet6[IFLA_INET6_MAX + 1];

	pn_attrs_nested(family, AF_INET6, a);
	pn_attrs_nested(inet6, IFLA_INET6_MAX, family[AF_INET6]);
	v->num = pn_attr_u8(inet6[IFLA_INET6_ADDR_GEN_MODE], 0);
	return inet6[IFLA_INET6_ADDR_GEN_MODE];
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

static bool ttl_decode(const struct pn_row *row, const struct nlattr *const *tb,
		       struct pn_value *v)
{
	v->num = pn_attr_u8(tb[row->attr], 0);
	if (tb[row->attr2] && pn_attr_u8(tb[row->attr2], 1))
		v->num = TTL_INHERIT;
	return tb[row->attr] || tb[row->attr2];
}

/* No attribute is no address. */
static bool ip_decode(const struct pn_row *row, const struct nlattr *const *tb,
		      struct pn_value *v)
{
	if (row->type == PN_T_IP4)
		bin_decode(tb[row->attr], 4, v);
	else if (row->type == PN_T_IP6)
		bin_decode(tb[row->attr], 16, v);
	else if (!bin_decode(tb[row->attr2], 16, v))
		bin_decode(tb[row->attr], 4, v);
	return true;
}

/* Rows of one attribute of their own. */
static bool plain_decode(const struct pn_row *row, const struct nlattr *a,
			 const struct pn_devs *devs, struct pn_value *v)
{
	switch (row->type) {
	case PN_T_BIT_BE16:
	case PN_T_BIT16:
	case PN_T_BIT32:
	case PN_T_FIELD:
	case PN_T_FIELD_BE:
		return bits_decode(row, a, v);
	case PN_T_FLAG:
		v->num = !!a;
		return true;
	case PN_T_BOOLOPT:
	case PN_T_RANGE:
		return struct_decode(row, a, v);
	case PN_T_ADDRGEN:
		return addrgen_decode(a, v);
	case PN_T_DEV:
		return dev_decode(a, devs, v);
	case PN_T_MAC:
		return bin_decode(a, 6, v);
	case PN_T_STR:
		v->str = pn_attr_len(a) ? pn_attr_str(a) : "";
		return v->str;
	default:
		v->nest = pn_row_is_list(row) ? a : NULL;
		return pn_row_is_list(row) || number_decode(row, a, v);
	}
}

static bool sci_port_decode(const struct pn_row *row, const struct nlattr *const *tb,
			    struct pn_value *v)
{
	const struct nlattr *sci = tb[row->attr2];

	if (!sci)
		return number_decode(row, tb[row->attr], v);
	v->num = be64toh(pn_attr_u64(sci, 0)) & 0xffff;
	return true;
}

static bool attr_decode(const struct pn_row *row, const struct nlattr *const *tb,
			const struct pn_devs *devs, struct pn_value *v)
{
	if (row->bit && (pn_attr_u32(tb[row->attr2], 0) & row->bit)) {
		v->num = PN_NUM_BIT;
		return true;
	}
	switch (row->type) {
	case PN_T_KEY:
		return key_decode(row, tb, v);
	case PN_T_PREFIX4:
	case PN_T_PREFIX6:
		return prefix_decode(row, tb, v);
	case PN_T_IP:
	case PN_T_IP4:
	case PN_T_IP6:
		return ip_decode(row, tb, v);
	case PN_T_TTL:
		return ttl_decode(row, tb, v);
	case PN_T_SCI_PORT:
		return sci_port_decode(row, tb, v);
	default:
		return plain_decode(row, tb[row->attr], devs, v);
	}
}

bool pn_row_decode(const struct pn_rows *rows, const struct pn_row *row,
		   const struct pn_link_view *view, const struct pn_devs *devs,
		   struct pn_value *v)
{
	const struct nlattr *const *tb = view->link;

	memset(v, 0, sizeof(*v));
	if (row->flags & PN_ROW_BOTH)
		return false;
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
