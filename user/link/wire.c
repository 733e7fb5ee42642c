// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Attribute rows: value to netlink attribute; see row.h. */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <string.h>

#include "link/list.h"
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

static void ttl_encode(const struct pn_row *row, const struct pn_value *v,
		       struct pn_msg *m)
{
	if (v->num == TTL_INHERIT && row->mask)
		pn_msg_put_u8(m, row->attr2, 1);
	else if (v->num == TTL_INHERIT)
		pn_msg_put_flag(m, row->attr2);
	else
		pn_msg_put_u8(m, row->attr, v->num);
}

static void addrgen_encode(const struct pn_row *row, const struct pn_value *v,
			   struct pn_msg *m)
{
	size_t spec = pn_msg_nest(m, row->attr);
	size_t inet6 = pn_msg_nest(m, AF_INET6);

	pn_msg_put_u8(m, IFLA_INET6_ADDR_GEN_MODE, v->num);
	pn_msg_nest_end(m, inet6);
	pn_msg_nest_end(m, spec);
}

static void range_encode(const struct pn_row *row, const struct pn_value *v,
			 struct pn_msg *m)
{
	__be16 range[2] = { htons(v->num >> 16), htons(v->num & 0xffff) };

	pn_msg_put(m, row->attr, range, sizeof(range));
}

/*
 * Bits of an attribute that several rows share: into the one that the message
 * has already, or into a new one.
 */
static void shared_or(struct pn_msg *m, size_t from, uint16_t attr, const void *bits,
		      size_t len)
{
	struct nlattr *a = pn_msg_find(m, from, attr);
	const uint8_t *b = bits;
	uint8_t *to;
	size_t i;

	if (!a || pn_attr_len(a) != len) {
		pn_msg_put(m, attr, bits, len);
		return;
	}
	to = (uint8_t *)a + MNL_ATTR_HDRLEN;
	for (i = 0; i < len; i++)
		to[i] |= b[i];
}

static void u32_or(struct pn_msg *m, size_t from, uint16_t attr, uint32_t bits)
{
	shared_or(m, from, attr, &bits, sizeof(bits));
}

static void bit_encode(const struct pn_row *row, const struct pn_value *v,
		       struct pn_msg *m, size_t from)
{
	uint32_t bits = v->num ? row->mask : 0;
	__be16 be = htons(bits);
	uint16_t half = bits;

	if (row->type == PN_T_BIT32)
		u32_or(m, from, row->attr, bits);
	else
		shared_or(m, from, row->attr, row->type == PN_T_BIT16 ? &half : &be, 2);
}

static void boolopt_encode(const struct pn_row *row, const struct pn_value *v,
			   struct pn_msg *m, size_t from)
{
	struct br_boolopt_multi b = {
		.optval = v->num ? 1u << row->attr2 : 0,
		.optmask = 1u << row->attr2,
	};

	shared_or(m, from, row->attr, &b, sizeof(b));
}

static void field_encode(const struct pn_row *row, const struct pn_value *v,
			 struct pn_msg *m, size_t from)
{
	uint32_t bits = v->num << __builtin_ctz(row->mask) & row->mask;

	u32_or(m, from, row->attr, row->type == PN_T_FIELD_BE ? htonl(bits) : bits);
}

static void key_encode(const struct pn_row *row, const struct pn_value *v,
		       struct pn_msg *m, size_t from)
{
	__be16 flag = htons(v->len ? row->mask : 0);

	if (row->attr2)
		shared_or(m, from, row->attr2, &flag, sizeof(flag));
	if (v->len || !row->attr2)
		pn_msg_put_be32(m, row->attr, htonl(v->num));
}

/* The kernel's default is what it has when told of a prefix of no length. */
static void prefix_encode(const struct pn_row *row, const struct pn_value *v,
			  struct pn_msg *m)
{
	static const uint8_t none[16];

	pn_msg_put(m, row->attr, v->len ? v->bin : none, row->type == PN_T_PREFIX4 ? 4 : 16);
	pn_msg_put_u16(m, row->attr2, v->num);
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
	static const uint8_t any[16];

	if (row->type == PN_T_IP6)
		pn_msg_put(m, row->attr, v->len ? v->bin : any, 16);
	else if (v->len == 16)
		pn_msg_put(m, row->attr2, v->bin, 16);
	else
		pn_msg_put(m, row->attr, v->len ? v->bin : any, 4);
}

/* False: the row has its attributes for itself. */
static bool shared_encode(const struct pn_row *row, const struct pn_value *v,
			  struct pn_msg *m, size_t from)
{
	switch (row->type) {
	case PN_T_BIT_BE16:
	case PN_T_BIT16:
	case PN_T_BIT32:
		bit_encode(row, v, m, from);
		return true;
	case PN_T_FIELD:
	case PN_T_FIELD_BE:
		field_encode(row, v, m, from);
		return true;
	case PN_T_KEY:
		key_encode(row, v, m, from);
		return true;
	case PN_T_BOOLOPT:
		boolopt_encode(row, v, m, from);
		return true;
	default:
		return false;
	}
}

static void number_encode(const struct pn_row *row, const struct pn_value *v,
			  struct pn_msg *m)
{
	switch (row->type) {
	case PN_T_BOOL:
	case PN_T_U8:
		pn_msg_put_u8(m, row->attr, v->num);
		break;
	case PN_T_U16:
		pn_msg_put_u16(m, row->attr, v->num);
		break;
	case PN_T_BOOL32:
	case PN_T_U32:
	case PN_T_S32:
		pn_msg_put_u32(m, row->attr, v->num);
		break;
	case PN_T_U64:
		pn_msg_put_u64(m, row->attr, v->num);
		break;
	case PN_T_SCI:
		pn_msg_put_u64(m, row->attr, htobe64(v->num));
		break;
	case PN_T_BE16:
	case PN_T_SCI_PORT:
		pn_msg_put_be16(m, row->attr, htons(v->num));
		break;
	default:
		pn_msg_put_be32(m, row->attr, htonl(v->num));
	}
}

static void plain_encode(const struct pn_row *row, const struct pn_value *v,
			 struct pn_msg *m)
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
	case PN_T_TTL:
		ttl_encode(row, v, m);
		break;
	case PN_T_ADDRGEN:
		addrgen_encode(row, v, m);
		break;
	case PN_T_RANGE:
		range_encode(row, v, m);
		break;
	case PN_T_IP:
	case PN_T_IP4:
	case PN_T_IP6:
		ip_encode(row, v, m);
		break;
	case PN_T_PREFIX4:
	case PN_T_PREFIX6:
		prefix_encode(row, v, m);
		break;
	case PN_T_MAC:
		pn_msg_put(m, row->attr, v->bin, v->len);
		break;
	case PN_T_STR:
		/* An attribute of no length clears it; one with a NUL only does not. */
		pn_msg_put(m, row->attr, v->str, v->str[0] ? strlen(v->str) + 1 : 0);
		break;
	default:
		number_encode(row, v, m);
	}
}

int pn_row_encode(const struct pn_row *row, const struct pn_value *v,
		  const struct pn_devs *devs, struct pn_msg *m, size_t from)
{
	/* A number that is a bit elsewhere: where it is not, that is said too. */
	if (row->bit)
		u32_or(m, from, row->attr2, v->num == PN_NUM_BIT ? row->bit : 0);
	if (row->bit && v->num == PN_NUM_BIT)
		return m->err;
	if (row->type == PN_T_DEV)
		return dev_encode(row, v, devs, m);
	if (pn_row_is_list(row))
		pn_list_encode(row, v, m);
	else if (!shared_encode(row, v, m, from))
		plain_encode(row, v, m);
	return m->err;
}
