// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Link messages made of rows; see encode.h. */
#include <libmnl/libmnl.h>
#include <net/if.h>
#include <string.h>

#include "link/encode.h"

bool pn_link_creates_with(const struct pn_row *row)
{
	switch (row->type) {
	case PN_T_IFF:
	case PN_T_IFF_NOT:
	case PN_T_ADDRGEN:
		return false;
	default:
		return row->attr != IFLA_MASTER && row->attr != IFLA_IFALIAS &&
		       row->attr != IFLA_PROTO_DOWN && !(row->flags & PN_ROW_HOOK);
	}
}

/* A new link has no address and an empty list unless told; some kinds refuse to be. */
static bool is_none(const struct pn_row *row, const struct pn_value *v)
{
	bool addr = row->type == PN_T_IP || row->type == PN_T_IP4 || row->type == PN_T_IP6;

	return ((addr || pn_row_is_list(row)) && pn_row_is_none(row, v)) ||
	       (row->flags & PN_ROW_LAST);
}

/* The rows of every link, as far as the creating message may carry them. */
static int common_encode(struct pn_msg *m, const struct pn_link_make *make)
{
	const struct pn_rows *rows = &pn_common_rows;
	size_t from = pn_msg_len(m);
	unsigned int i;
	int rc = 0;

	pn_msg_put_str(m, IFLA_IFNAME, make->name);
	for (i = 0; i < rows->n && !rc; i++) {
		if (make->common[i].set && pn_link_creates_with(&rows->row[i]))
			rc = pn_row_encode(&rows->row[i], &make->common[i], make->devs, m,
					   from);
	}
	return rc;
}

static int peer_encode(struct pn_msg *m, const struct pn_link_make *make)
{
	struct ifinfomsg ifm = { .ifi_index = make->peer->ifindex };
	size_t nest = pn_msg_nest(m, make->kind->peer_attr);
	int rc;

	pn_msg_extra(m, &ifm, sizeof(ifm));
	rc = common_encode(m, make->peer);
	if (make->netns_fd >= 0)
		pn_msg_put_u32(m, IFLA_NET_NS_FD, make->netns_fd);
	pn_msg_nest_end(m, nest);
	return rc;
}

static int data_encode(struct pn_msg *m, const struct pn_link_make *make)
{
	const struct pn_rows *rows = &make->kind->data;
	size_t nest = pn_msg_nest(m, IFLA_INFO_DATA);
	unsigned int i;
	int rc = 0;

	for (i = 0; i < rows->n && !rc; i++) {
		if (make->data[i].set && !(rows->row[i].flags & PN_ROW_HOOK) &&
		    !is_none(&rows->row[i], &make->data[i]))
			rc = pn_row_encode(&rows->row[i], &make->data[i], make->devs, m,
					   nest + MNL_ATTR_HDRLEN);
	}
	if (!rc && make->peer)
		rc = peer_encode(m, make);
	if (pn_msg_len(m) == nest + MNL_ATTR_HDRLEN)
		pn_msg_nest_cancel(m, nest);
	else
		pn_msg_nest_end(m, nest);
	return rc;
}

int pn_link_create(struct pn_msg *m, const struct pn_link_make *make)
{
	struct ifinfomsg ifm = { .ifi_index = make->ifindex };
	size_t info;
	int rc;

	pn_msg_init(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
	pn_msg_extra(m, &ifm, sizeof(ifm));
	rc = common_encode(m, make);
	info = pn_msg_nest(m, IFLA_LINKINFO);
	pn_msg_put_str(m, IFLA_INFO_KIND, make->kind->name);
	if (!rc)
		rc = data_encode(m, make);
	pn_msg_nest_end(m, info);
	return rc ? rc : m->err;
}

/* Kind and data of the link itself, or of the kind it is a port of. */
static int info_encode(struct pn_msg *m, const struct pn_kind *kind,
		       const struct pn_rows *rows, const struct pn_row *row,
		       const struct pn_value *v, const struct pn_devs *devs)
{
	bool slave = rows->place == PN_AT_SLAVE;
	size_t info, data;
	int rc;

	info = pn_msg_nest(m, IFLA_LINKINFO);
	pn_msg_put_str(m, slave ? IFLA_INFO_SLAVE_KIND : IFLA_INFO_KIND,
		       kind->info_kind ? kind->info_kind : kind->name);
	data = pn_msg_nest(m, slave ? IFLA_INFO_SLAVE_DATA : IFLA_INFO_DATA);
	rc = pn_row_encode(row, v, devs, m, data + MNL_ATTR_HDRLEN);
	pn_msg_nest_end(m, data);
	pn_msg_nest_end(m, info);
	return rc;
}

int pn_link_change(struct pn_msg *m, uint32_t ifindex, const struct pn_kind *kind,
		   const struct pn_rows *rows, const struct pn_row *row,
		   const struct pn_value *v, const struct pn_devs *devs)
{
	struct ifinfomsg ifm = { .ifi_index = ifindex };
	int rc;

	pn_msg_init(m, RTM_NEWLINK, NLM_F_ACK);
	pn_msg_extra(m, &ifm, sizeof(ifm));
	if (rows->place == PN_AT_LINK)
		rc = pn_row_encode(row, v, devs, m, pn_msg_len(m));
	else
		rc = info_encode(m, kind, rows, row, v, devs);
	return rc ? rc : m->err;
}

static int whole_row_encode(struct pn_msg *m, const struct pn_link_whole *w,
			    const struct pn_row *row, const struct pn_value *v, size_t from)
{
	/* What is not said is no address; some kinds refuse to be told of none. */
	if ((row->type == PN_T_IP4 || row->type == PN_T_IP6) && pn_row_is_none(row, v))
		return 0;
	return pn_row_encode(row, v, w->devs, m, from);
}

/*
 * The row as it shall be; else as it is. A device of another namespace has no
 * name here, but the number that the kernel knows it by.
 */
static int kept_encode(struct pn_msg *m, const struct pn_link_whole *w, unsigned int i,
		       size_t from)
{
	const struct pn_rows *rows = &w->kind->data;
	const struct pn_row *row = &rows->row[i];
	const struct nlattr *a = w->view->data[row->attr];
	struct pn_value v;

	if (w->hold && row->type == PN_T_BOOL && w->want && w->want[i].set && w->want[i].num &&
	    pn_row_decode(rows, row, w->view, w->devs, &v))
		return pn_row_encode(row, &v, w->devs, m, from);
	if (w->want && w->want[i].set && !(row->flags & PN_ROW_FIXED))
		return whole_row_encode(m, w, row, &w->want[i], from);
	if (row->flags & (PN_ROW_FIXED | PN_ROW_LAST | PN_ROW_BOTH))
		return 0;
	if (pn_row_decode(rows, row, w->view, w->devs, &v))
		return whole_row_encode(m, w, row, &v, from);
	if (row->type == PN_T_DEV && a)
		pn_msg_put(m, row->attr, pn_attr_data(a), pn_attr_len(a));
	return m->err;
}

bool pn_link_whole_needs_hold(const struct pn_link_whole *w)
{
	const struct pn_rows *rows = &w->kind->data;
	unsigned int i, on = 0, off = 0;
	struct pn_value v;

	for (i = 0; i < rows->n; i++) {
		if (rows->row[i].type != PN_T_BOOL || !w->want[i].set ||
		    !pn_row_decode(rows, &rows->row[i], w->view, w->devs, &v))
			continue;
		on += w->want[i].num > v.num;
		off += w->want[i].num < v.num;
	}
	return on && off;
}

int pn_link_change_whole(struct pn_msg *m, uint32_t ifindex, const struct pn_link_whole *w)
{
	struct ifinfomsg ifm = { .ifi_index = ifindex };
	size_t info, data;
	unsigned int i;
	int rc = 0;

	pn_msg_init(m, RTM_NEWLINK, NLM_F_ACK);
	pn_msg_extra(m, &ifm, sizeof(ifm));
	info = pn_msg_nest(m, IFLA_LINKINFO);
	pn_msg_put_str(m, IFLA_INFO_KIND, w->kind->name);
	data = pn_msg_nest(m, IFLA_INFO_DATA);
	for (i = 0; i < w->kind->data.n && !rc; i++)
		rc = kept_encode(m, w, i, data + MNL_ATTR_HDRLEN);
	pn_msg_nest_end(m, data);
	pn_msg_nest_end(m, info);
	return rc ? rc : m->err;
}

int pn_link_delete(struct pn_msg *m, uint32_t ifindex)
{
	struct ifinfomsg ifm = { .ifi_index = ifindex };

	pn_msg_init(m, RTM_DELLINK, NLM_F_ACK);
	pn_msg_extra(m, &ifm, sizeof(ifm));
	return m->err;
}

static const struct pn_row *row_by_attr(const struct pn_rows *rows, uint16_t attr)
{
	const struct pn_row *row;
	unsigned int i;

	for (i = 0; i < rows->n; i++) {
		row = &rows->row[i];
		if (row->type == PN_T_IFF || row->type == PN_T_IFF_NOT)
			continue;	/* a flag of the header, not an attribute */
		if (row->flags & PN_ROW_BOTH)
			continue;
		if (row->attr == attr || (row->type == PN_T_IP && row->attr2 == attr))
			return row;
	}
	return NULL;
}

/* The attribute at @at among [p, p + len), or the nest that holds it. */
static const struct nlattr *attr_at(const char *p, size_t len, const char *at)
{
	const struct nlattr *a = (const void *)p;

	for (; mnl_attr_ok(a, p + len - (const char *)a); a = mnl_attr_next(a)) {
		if (at >= (const char *)a && at < (const char *)a + a->nla_len)
			return a;
	}
	return NULL;
}

const struct pn_row *pn_link_blame(const struct pn_msg *m, const struct pn_kind *kind,
				   uint32_t offset)
{
	size_t skip = MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct ifinfomsg));
	const char *at = m->buf + offset;
	const struct pn_rows *rows = &pn_common_rows;
	const struct nlattr *a;

	if (!offset || offset >= pn_msg_len(m))
		return NULL;
	a = attr_at(m->buf + skip, pn_msg_len(m) - skip, at);
	if (a && (a->nla_type & NLA_TYPE_MASK) == IFLA_LINKINFO) {
		a = attr_at(pn_attr_data(a), pn_attr_len(a), at);
		if (!a || !kind || (const char *)a == at)
			return NULL;
		rows = (a->nla_type & NLA_TYPE_MASK) == IFLA_INFO_SLAVE_DATA ?
			&kind->slave : &kind->data;
		a = attr_at(pn_attr_data(a), pn_attr_len(a), at);
	}
	return a ? row_by_attr(rows, a->nla_type & NLA_TYPE_MASK) : NULL;
}
