// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lists of addresses and of priorities; see list.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <string.h>

#include "link/list.h"
#include "util/num.h"

#define BETWEEN	" ,"
#define PRIOS	7	/* the highest of the 3 bits in a VLAN tag */

bool pn_row_is_list(const struct pn_row *row)
{
	return row->type >= PN_T_MACS;
}

/* "FROM:TO", where the one that is a VLAN priority has 3 bits. */
static int qos_parse(const struct pn_row *row, char *text, struct pn_value *item)
{
	bool in = row->type == PN_T_QOS_IN;
	char *colon = strchr(text, ':');
	uint64_t from, to;
	int rc;

	if (!colon)
		return -EINVAL;
	*colon = 0;
	rc = pn_num_u64(text, 0, in ? PRIOS : UINT32_MAX, &from);
	if (!rc)
		rc = pn_num_u64(colon + 1, 0, in ? UINT32_MAX : PRIOS, &to);
	if (!rc)
		item->num = from << 32 | to;
	return rc;
}

static int item_parse(const struct pn_row *row, char *text, struct pn_value *item)
{
	switch (row->type) {
	case PN_T_MACS:
		return pn_mac_parse(text, item);
	case PN_T_IP4S:
		return pn_ip_parse(text, AF_INET, item);
	case PN_T_IP6S:
		return pn_ip_parse(text, AF_INET6, item);
	default:
		return qos_parse(row, text, item);
	}
}

static int text_next(const struct pn_row *row, struct pn_list_walk *w, struct pn_value *item)
{
	char word[INET6_ADDRSTRLEN];
	size_t n;
	int rc;

	w->text += strspn(w->text, BETWEEN);
	n = strcspn(w->text, BETWEEN);
	if (!n)
		return 0;
	if (n >= sizeof(word))
		return -EINVAL;
	memcpy(word, w->text, n);
	word[n] = 0;
	w->text += n;
	rc = item_parse(row, word, item);
	return rc ? rc : 1;
}

static bool item_decode(const struct pn_row *row, const struct nlattr *a,
			struct pn_value *item)
{
	static const uint8_t lens[] = { [PN_T_MACS] = 6, [PN_T_IP4S] = 4, [PN_T_IP6S] = 16 };
	struct ifla_vlan_qos_mapping map;

	if (row->type == PN_T_QOS_IN || row->type == PN_T_QOS_OUT) {
		if (pn_attr_len(a) < sizeof(map))
			return false;
		memcpy(&map, pn_attr_data(a), sizeof(map));
		item->num = (uint64_t)map.from << 32 | map.to;
		return true;
	}
	if (pn_attr_len(a) != lens[row->type])
		return false;
	item->len = lens[row->type];
	memcpy(item->bin, pn_attr_data(a), item->len);
	return true;
}

static int attr_next(const struct pn_row *row, const struct nlattr *nest,
		     struct pn_list_walk *w, struct pn_value *item)
{
	const char *end = (const char *)pn_attr_data(nest) + pn_attr_len(nest);

	while (mnl_attr_ok(w->attr, end - (const char *)w->attr)) {
		const struct nlattr *a = w->attr;

		w->attr = mnl_attr_next(a);
		if (item_decode(row, a, item))
			return 1;
	}
	return 0;
}

int pn_list_next(const struct pn_row *row, const struct pn_value *list,
		 struct pn_list_walk *w, struct pn_value *item)
{
	memset(item, 0, sizeof(*item));
	item->set = true;
	if (!w->begun) {
		w->text = list->str ? list->str : "";
		w->attr = pn_attr_data(list->nest);
		w->begun = true;
	}
	return list->nest ? attr_next(row, list->nest, w, item) : text_next(row, w, item);
}

/* Priority 0 is what there is without a mapping. */
static bool item_is_nothing(const struct pn_value *item)
{
	return !item->len && !(item->num & UINT32_MAX);
}

/* Do both stand for the same: the same address, the same priority mapped? */
static bool item_same_key(const struct pn_value *a, const struct pn_value *b)
{
	return a->len == b->len && !memcmp(a->bin, b->bin, a->len) &&
	       a->num >> 32 == b->num >> 32;
}

static bool list_find(const struct pn_row *row, const struct pn_value *list,
		      const struct pn_value *key, struct pn_value *hit)
{
	struct pn_list_walk w = { 0 };

	while (pn_list_next(row, list, &w, hit) > 0) {
		if (item_same_key(hit, key))
			return true;
	}
	return false;
}

int pn_list_parse(const struct pn_row *row, const char *text, struct pn_value *v)
{
	struct pn_value item, hit;
	struct pn_list_walk w = { 0 };
	unsigned int n = 0, i;
	int rc;

	v->str = text;
	while ((rc = pn_list_next(row, v, &w, &item)) > 0) {
		struct pn_list_walk all = { 0 };

		if (n++ == row->max)
			return -ERANGE;
		for (i = 1; i < n; i++) {
			pn_list_next(row, v, &all, &hit);
			if (item_same_key(&hit, &item))
				return -EEXIST;
		}
	}
	return rc;
}

char *pn_list_item_format(const struct pn_row *row, const struct pn_value *item, char *buf,
			  size_t len)
{
	const uint8_t *b = item->bin;

	if (row->type == PN_T_MACS)
		snprintf(buf, len, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3],
			 b[4], b[5]);
	else if (item->len)
		inet_ntop(item->len == 4 ? AF_INET : AF_INET6, b, buf, len);
	else
		snprintf(buf, len, "%" PRIu64 ":%" PRIu64, item->num >> 32,
			 item->num & UINT32_MAX);
	return buf;
}

char *pn_list_format(const struct pn_row *row, const struct pn_value *v, char *buf, size_t len)
{
	struct pn_list_walk w = { 0 };
	char one[INET6_ADDRSTRLEN];
	struct pn_value item;
	size_t at = 0;

	buf[0] = 0;
	while (at < len && pn_list_next(row, v, &w, &item) > 0)
		at += snprintf(buf + at, len - at, "%s%s", at ? " " : "",
			       pn_list_item_format(row, &item, one, sizeof(one)));
	return buf;
}

static bool list_holds(const struct pn_row *row, const struct pn_value *list,
		       const struct pn_value *part)
{
	struct pn_list_walk w = { 0 };
	struct pn_value item, hit;

	while (pn_list_next(row, part, &w, &item) > 0) {
		if (item_is_nothing(&item))
			continue;
		if (!list_find(row, list, &item, &hit) || hit.num != item.num)
			return false;
	}
	return true;
}

bool pn_list_equal(const struct pn_row *row, const struct pn_value *a,
		   const struct pn_value *b)
{
	return list_holds(row, a, b) && list_holds(row, b, a);
}

const char *pn_list_accepts(const struct pn_row *row)
{
	switch (row->type) {
	case PN_T_MACS:
		return "a list of MAC addresses such as 02:00:5e:10:00:01, each once";
	case PN_T_IP4S:
		return "a list of at most 16 IPv4 addresses, each once";
	case PN_T_IP6S:
		return "a list of at most 16 IPv6 addresses, each once";
	case PN_T_QOS_IN:
		return "a list of PRIORITY:NUMBER such as 1:4, PRIORITY of 0..7, each once";
	default:
		return "a list of NUMBER:PRIORITY such as 4:1, PRIORITY of 0..7, each once";
	}
}

static void item_encode(const struct pn_row *row, const struct pn_value *item,
			unsigned int n, struct pn_msg *m)
{
	struct ifla_vlan_qos_mapping map = { .from = item->num >> 32, .to = item->num };

	if (row->type == PN_T_MACS)
		pn_msg_put(m, IFLA_MACVLAN_MACADDR, item->bin, item->len);
	else if (item->len)
		pn_msg_put(m, n, item->bin, item->len);
	else
		pn_msg_put(m, IFLA_VLAN_QOS_MAPPING, &map, sizeof(map));
}

/* Mappings that end: mapped to priority 0. */
static void ended_encode(const struct pn_row *row, const struct pn_value *v, struct pn_msg *m)
{
	struct pn_list_walk w = { 0 };
	struct pn_value item, hit;

	while (pn_list_next(row, v->was, &w, &item) > 0) {
		if (list_find(row, v, &item, &hit))
			continue;
		item.num &= ~(uint64_t)UINT32_MAX;
		item_encode(row, &item, 0, m);
	}
}

void pn_list_encode(const struct pn_row *row, const struct pn_value *v, struct pn_msg *m)
{
	struct pn_list_walk w = { 0 };
	struct pn_value item;
	unsigned int n = 0;
	size_t nest;

	if (row->type == PN_T_MACS)
		pn_msg_put_u32(m, row->attr2, MACVLAN_MACADDR_SET);
	nest = pn_msg_nest(m, row->attr);
	while (pn_list_next(row, v, &w, &item) > 0)
		item_encode(row, &item, n++, m);
	if (v->was && (row->type == PN_T_QOS_IN || row->type == PN_T_QOS_OUT))
		ended_encode(row, v, m);
	pn_msg_nest_end(m, nest);
}
