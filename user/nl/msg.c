// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Netlink message builder and attribute parser; see msg.h for the contract. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>

#include "nl/msg.h"

#define MSG_CAP_MIN	512
#define MSG_CAP_MAX	(256 * 1024)

static bool msg_reserve(struct pn_msg *m, size_t more)
{
	size_t need = pn_msg_len(m) + more;
	size_t cap = m->cap ? m->cap : MSG_CAP_MIN;
	char *buf;

	if (m->err)
		return false;
	if (need <= m->cap)
		return true;
	if (need > MSG_CAP_MAX) {
		m->err = -EMSGSIZE;
		return false;
	}
	while (cap < need)
		cap *= 2;
	buf = realloc(m->buf, cap);
	if (!buf) {
		m->err = -ENOMEM;
		return false;
	}
	memset(buf + m->cap, 0, cap - m->cap);
	m->buf = buf;
	m->cap = cap;
	return true;
}

void pn_msg_init(struct pn_msg *m, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh;

	memset(m, 0, sizeof(*m));
	if (!msg_reserve(m, MNL_NLMSG_HDRLEN))
		return;
	nlh = mnl_nlmsg_put_header(m->buf);
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
}

void pn_msg_fini(struct pn_msg *m)
{
	free(m->buf);
	memset(m, 0, sizeof(*m));
}

struct nlmsghdr *pn_msg_hdr(const struct pn_msg *m)
{
	return (struct nlmsghdr *)m->buf;
}

size_t pn_msg_len(const struct pn_msg *m)
{
	return m->buf ? pn_msg_hdr(m)->nlmsg_len : 0;
}

void pn_msg_extra(struct pn_msg *m, const void *hdr, size_t len)
{
	if (msg_reserve(m, MNL_ALIGN(len)))
		memcpy(mnl_nlmsg_put_extra_header(pn_msg_hdr(m), len), hdr, len);
}

void pn_msg_put(struct pn_msg *m, uint16_t type, const void *data, size_t len)
{
	if (!m->err && len > UINT16_MAX - MNL_ATTR_HDRLEN)
		m->err = -EMSGSIZE;
	if (msg_reserve(m, MNL_ATTR_HDRLEN + MNL_ALIGN(len)))
		mnl_attr_put(pn_msg_hdr(m), type, len, data ? data : "");
}

void pn_msg_put_flag(struct pn_msg *m, uint16_t type)
{
	pn_msg_put(m, type, NULL, 0);
}

void pn_msg_put_u8(struct pn_msg *m, uint16_t type, uint8_t v)
{
	pn_msg_put(m, type, &v, sizeof(v));
}

void pn_msg_put_u16(struct pn_msg *m, uint16_t type, uint16_t v)
{
	pn_msg_put(m, type, &v, sizeof(v));
}

void pn_msg_put_u32(struct pn_msg *m, uint16_t type, uint32_t v)
{
	pn_msg_put(m, type, &v, sizeof(v));
}

void pn_msg_put_u64(struct pn_msg *m, uint16_t type, uint64_t v)
{
	pn_msg_put(m, type, &v, sizeof(v));
}

void pn_msg_put_be16(struct pn_msg *m, uint16_t type, __be16 v)
{
	pn_msg_put(m, type, &v, sizeof(v));
}

void pn_msg_put_be32(struct pn_msg *m, uint16_t type, __be32 v)
{
	pn_msg_put(m, type, &v, sizeof(v));
}

void pn_msg_put_str(struct pn_msg *m, uint16_t type, const char *s)
{
	pn_msg_put(m, type, s, strlen(s) + 1);
}

struct nlattr *pn_msg_find(const struct pn_msg *m, size_t from, uint16_t type)
{
	struct nlattr *a = (struct nlattr *)(m->buf + from);
	const char *end = m->buf + pn_msg_len(m);

	if (m->err)
		return NULL;
	for (; mnl_attr_ok(a, end - (char *)a); a = mnl_attr_next(a)) {
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
	}
	return NULL;
}

size_t pn_msg_nest(struct pn_msg *m, uint16_t type)
{
	size_t at = pn_msg_len(m);

	pn_msg_put(m, type | NLA_F_NESTED, NULL, 0);
	return at;
}

void pn_msg_nest_end(struct pn_msg *m, size_t nest)
{
	size_t len;

	if (m->err)
		return;
	len = pn_msg_len(m) - nest;
	if (len > UINT16_MAX)
		m->err = -EMSGSIZE;
	else
		((struct nlattr *)(m->buf + nest))->nla_len = len;
}

void pn_msg_nest_cancel(struct pn_msg *m, size_t nest)
{
	if (m->err)
		return;
	memset(m->buf + nest, 0, pn_msg_len(m) - nest);
	pn_msg_hdr(m)->nlmsg_len = nest;
}

void pn_attrs_parse(const struct nlattr **tb, unsigned int max, const void *data,
		    size_t len)
{
	const char *end = data ? (const char *)data + len : NULL;
	const struct nlattr *a;
	unsigned int type;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	if (!data)
		return;
	for (a = data; mnl_attr_ok(a, end - (const char *)a); a = mnl_attr_next(a)) {
		type = a->nla_type & NLA_TYPE_MASK;
		if (type <= max)
			tb[type] = a;
	}
}

void pn_attrs_nested(const struct nlattr **tb, unsigned int max,
		     const struct nlattr *nest)
{
	pn_attrs_parse(tb, max, pn_attr_data(nest), pn_attr_len(nest));
}

size_t pn_attr_len(const struct nlattr *a)
{
	return a ? a->nla_len - MNL_ATTR_HDRLEN : 0;
}

const void *pn_attr_data(const struct nlattr *a)
{
	return a ? (const char *)a + MNL_ATTR_HDRLEN : NULL;
}

/* Attributes are only 4-aligned, so everything is copied out. */
static bool attr_copy(const struct nlattr *a, void *to, size_t len)
{
	if (pn_attr_len(a) < len)
		return false;
	memcpy(to, pn_attr_data(a), len);
	return true;
}

uint8_t pn_attr_u8(const struct nlattr *a, uint8_t none)
{
	uint8_t v;

	return attr_copy(a, &v, sizeof(v)) ? v : none;
}

uint16_t pn_attr_u16(const struct nlattr *a, uint16_t none)
{
	uint16_t v;

	return attr_copy(a, &v, sizeof(v)) ? v : none;
}

uint32_t pn_attr_u32(const struct nlattr *a, uint32_t none)
{
	uint32_t v;

	return attr_copy(a, &v, sizeof(v)) ? v : none;
}

uint64_t pn_attr_u64(const struct nlattr *a, uint64_t none)
{
	uint64_t v;

	return attr_copy(a, &v, sizeof(v)) ? v : none;
}

__be16 pn_attr_be16(const struct nlattr *a, __be16 none)
{
	__be16 v;

	return attr_copy(a, &v, sizeof(v)) ? v : none;
}

__be32 pn_attr_be32(const struct nlattr *a, __be32 none)
{
	__be32 v;

	return attr_copy(a, &v, sizeof(v)) ? v : none;
}

const char *pn_attr_str(const struct nlattr *a)
{
	const char *s = pn_attr_data(a);

	return s && memchr(s, 0, pn_attr_len(a)) ? s : NULL;
}
