// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Addresses and their words; see address.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "topo/address.h"

#define FOREVER UINT32_MAX

static const struct pn_named scopes[] = {
	{ "global", RT_SCOPE_UNIVERSE }, { "site", RT_SCOPE_SITE }, { "link", RT_SCOPE_LINK },
	{ "host", RT_SCOPE_HOST }, { "nowhere", RT_SCOPE_NOWHERE }, { NULL, 0 },
};

static const struct pn_named forever[] = { { "forever", FOREVER }, { NULL, 0 } };

#define FLAG(name_, bit, text) \
	{ name_, NULL, PN_T_BIT32, IFA_FLAGS, .mask = bit, .def = "false", .help = text }

static const struct pn_row rows[] = {
	[PN_ADDR_PEER] = { "peer", NULL, PN_T_IP, IFA_ADDRESS, IFA_ADDRESS,
			   .help = "the address of the other end; the prefix length is its" },
	[PN_ADDR_BROADCAST] = { "broadcast", "brd", PN_T_IP4, IFA_BROADCAST,
				.help = "the broadcast address (IPv4); + and - are the last and "
					"the first one of the prefix" },
	[PN_ADDR_SCOPE] = { "scope", NULL, PN_T_U8, .max = 255, .named = scopes, .def = "global",
			    .help = "where it is valid (IPv4; of IPv6 it follows from the "
				    "address)" },
	[PN_ADDR_LABEL] = { "label", NULL, PN_T_STR, IFA_LABEL,
			    .help = "a name of at most 15 bytes (IPv4), by default the device's" },
	[PN_ADDR_VALID] = { "valid_lft", NULL, PN_T_U32, IFA_CACHEINFO, .min = 1,
			    .max = FOREVER - 1, .named = forever, .def = "forever",
			    .unit = "seconds", .help = "how long until it is removed" },
	[PN_ADDR_PREFERRED] = { "preferred_lft", NULL, PN_T_U32, IFA_CACHEINFO,
				.max = FOREVER - 1, .named = forever, .def = "forever",
				.unit = "seconds",
				.help = "how long until it is deprecated; not longer than "
					"valid_lft" },
	[PN_ADDR_NODAD] = FLAG("nodad", IFA_F_NODAD, "not looked for on the link first (IPv6)"),
	[PN_ADDR_HOME] = FLAG("home", IFA_F_HOMEADDRESS, "the home address of mobile IPv6"),
	[PN_ADDR_MNGTMP] = FLAG("mngtmpaddr", IFA_F_MANAGETEMPADDR,
				"the kernel makes temporary addresses of it (IPv6)"),
	[PN_ADDR_NOPREFIXROUTE] = FLAG("noprefixroute", IFA_F_NOPREFIXROUTE,
				       "no route to its prefix comes with it"),
	[PN_ADDR_METRIC] = { "metric", "priority", PN_T_U32, IFA_RT_PRIORITY, .max = UINT32_MAX,
			     .def = "0", .help = "of the route to its prefix" },
};

const struct pn_rows pn_addr_rows = { PN_AT_DATA, PN_ADDR_ROWS, rows };

/* The family that a word is of; AF_UNSPEC: both. */
static int word_family(unsigned int row)
{
	switch (row) {
	case PN_ADDR_BROADCAST:
	case PN_ADDR_SCOPE:
	case PN_ADDR_LABEL:
		return AF_INET;
	case PN_ADDR_NODAD:
	case PN_ADDR_HOME:
	case PN_ADDR_MNGTMP:
		return AF_INET6;
	default:
		return AF_UNSPEC;
	}
}

static const struct pn_value *word(const struct pn_topo_addr *a, unsigned int row)
{
	return a->words && a->words[row].set ? &a->words[row] : NULL;
}

bool pn_addr_check(const struct pn_topo_addr *a, struct pn_value *v, unsigned int *row,
		   char *why, size_t len)
{
	struct pn_value *valid = &v[PN_ADDR_VALID], *preferred = &v[PN_ADDR_PREFERRED];
	unsigned int i;
	int family;

	for (i = 0; i < PN_ADDR_ROWS; i++) {
		family = word_family(i);
		*row = i;
		if (v[i].set && family && family != a->family) {
			snprintf(why, len, "is for IPv%d only", family == AF_INET ? 4 : 6);
			return false;
		}
	}
	*row = PN_ADDR_PEER;
	if (v[PN_ADDR_PEER].set && v[PN_ADDR_PEER].len != a->len) {
		snprintf(why, len, "must be an IPv%d address, as address is",
			 a->family == AF_INET ? 4 : 6);
		return false;
	}
	*row = PN_ADDR_LABEL;
	if (v[PN_ADDR_LABEL].set &&
	    (!v[PN_ADDR_LABEL].str[0] || strlen(v[PN_ADDR_LABEL].str) >= IFNAMSIZ)) {
		snprintf(why, len, "must be text of 1 to 15 bytes");
		return false;
	}
	if (valid->set && valid->num != FOREVER && !preferred->set)
		*preferred = *valid;
	*row = PN_ADDR_PREFERRED;
	snprintf(why, len, "must be 0 or forever, as valid_lft is forever");
	/* The kernel takes it, and does nothing. */
	if (a->family == AF_INET && preferred->set && preferred->num &&
	    preferred->num != FOREVER && (!valid->set || valid->num == FOREVER))
		return false;
	snprintf(why, len, "must not be longer than valid_lft");
	return !preferred->set || !valid->set || preferred->num <= valid->num;
}

static void number_decode(struct pn_value *v, uint64_t num, uint64_t usual)
{
	v->num = num;
	v->set = num != usual;
}

void pn_addr_decode(const struct pn_nl_addr *told, const char *dev, struct pn_addr_words *words)
{
	struct pn_value *v = words->v;
	unsigned int i;

	if (told->peer) {
		v[PN_ADDR_PEER].set = true;
		v[PN_ADDR_PEER].len = told->addr_len;
		memcpy(v[PN_ADDR_PEER].bin, told->peer, told->addr_len);
	}
	if (told->broadcast) {
		v[PN_ADDR_BROADCAST].set = true;
		v[PN_ADDR_BROADCAST].len = 4;
		memcpy(v[PN_ADDR_BROADCAST].bin, &told->broadcast, 4);
	}
	if (told->label && strcmp(told->label, dev)) {
		snprintf(words->label, sizeof(words->label), "%s", told->label);
		v[PN_ADDR_LABEL].set = true;
		v[PN_ADDR_LABEL].str = words->label;
	}
	number_decode(&v[PN_ADDR_SCOPE], told->scope, RT_SCOPE_UNIVERSE);
	number_decode(&v[PN_ADDR_VALID], told->valid, FOREVER);
	number_decode(&v[PN_ADDR_PREFERRED], told->flags & IFA_F_DEPRECATED ? 0 :
		      told->preferred, FOREVER);
	number_decode(&v[PN_ADDR_METRIC], told->metric, 0);
	for (i = PN_ADDR_NODAD; i <= PN_ADDR_NOPREFIXROUTE; i++)
		number_decode(&v[i], !!(told->flags & rows[i].mask), 0);
	for (i = 0; i < PN_ADDR_ROWS; i++) {
		if (word_family(i) && word_family(i) != told->family)
			v[i].set = false;
	}
}

/* A clock that runs: what is left of it is what was wanted. */
static bool lifetime_differs(const struct pn_value *want, const struct pn_value *has)
{
	uint64_t left = has ? has->num : FOREVER;

	return want->num == FOREVER ? left != FOREVER : left == FOREVER || left > want->num;
}

/* What an address has of which nothing was said. */
static bool is_usual(const struct pn_topo_addr *a, unsigned int row, const char *dev)
{
	const struct pn_value *v = &a->words[row];

	switch (row) {
	case PN_ADDR_PEER:
		return !memcmp(v->bin, a->bin, a->len);
	case PN_ADDR_BROADCAST:
		return !v->len;
	case PN_ADDR_LABEL:
		return !strcmp(v->str, dev);
	default:
		return !v->num;
	}
}

static bool word_differs(const struct pn_topo_addr *want, const struct pn_topo_addr *has,
			 unsigned int row, const char *dev)
{
	const struct pn_value *w = word(want, row), *h = word(has, row);

	if (!w)
		return false;
	if (row == PN_ADDR_VALID || row == PN_ADDR_PREFERRED)
		return lifetime_differs(w, h);
	return h ? !pn_row_equal(&rows[row], w, h) : !is_usual(want, row, dev);
}

bool pn_addr_differs(const struct pn_topo_addr *want, const struct pn_topo_addr *has,
		     const char *dev)
{
	unsigned int i;

	for (i = 0; i < PN_ADDR_ROWS; i++) {
		if (word_differs(want, has, i, dev))
			return true;
	}
	return false;
}

bool pn_addr_is_anew(const struct pn_topo_addr *from, const struct pn_topo_addr *to,
		     const char *dev)
{
	unsigned int i;

	for (i = 0; i < PN_ADDR_ROWS; i++) {
		if (i == PN_ADDR_VALID || i == PN_ADDR_PREFERRED || i == PN_ADDR_METRIC)
			continue;
		/* IPv6 takes flags, but goes on having its peer. */
		if (from->family == AF_INET6 && i != PN_ADDR_PEER)
			continue;
		if (word_differs(from, to, i, dev) || word_differs(to, from, i, dev))
			return true;
	}
	return false;
}

const struct pn_value *pn_addr_merge(const struct pn_topo_addr *want,
				     const struct pn_topo_addr *has, struct pn_pool *pool)
{
	struct pn_value *v = pn_pool_alloc(pool, PN_ADDR_ROWS * sizeof(*v));
	const struct pn_value *from;
	unsigned int i;

	for (i = 0; v && i < PN_ADDR_ROWS; i++) {
		from = word(want, i) ? word(want, i) : word(has, i);
		if (from)
			v[i] = *from;
	}
	if (v && v[PN_ADDR_VALID].set && v[PN_ADDR_VALID].num != FOREVER &&
	    (!v[PN_ADDR_PREFERRED].set || v[PN_ADDR_PREFERRED].num > v[PN_ADDR_VALID].num))
		v[PN_ADDR_PREFERRED] = v[PN_ADDR_VALID];
	return v;
}

static void plain_text(const struct pn_topo_addr *a, char *buf, size_t len)
{
	char host[INET6_ADDRSTRLEN] = "";

	inet_ntop(a->family, a->bin, host, sizeof(host));
	snprintf(buf, len, "%s/%u", host, a->prefixlen);
}

void pn_addr_text(const struct pn_topo_addr *a, char *buf, size_t len)
{
	char text[300];
	unsigned int i;
	size_t at;

	plain_text(a, buf, len);
	for (i = 0; i < PN_ADDR_ROWS; i++) {
		if (!word(a, i) || (pn_row_is_bool(&rows[i]) && !word(a, i)->num))
			continue;
		at = strlen(buf);
		if (pn_row_is_bool(&rows[i]))
			snprintf(buf + at, len - at, " %s", rows[i].name);
		else
			snprintf(buf + at, len - at, " %s %s", rows[i].name,
				 pn_row_format(&rows[i], word(a, i), text, sizeof(text)));
	}
}

void pn_addr_emit(const struct pn_emit *e, const struct pn_topo_addr *a)
{
	char text[300];
	unsigned int i, said = 0;

	plain_text(a, text, sizeof(text));
	for (i = 0; i < PN_ADDR_ROWS; i++)
		said += !!word(a, i);
	if (!said)
		return pn_emit_text(e, NULL, text);
	pn_emit_map(e, NULL);
	pn_emit_text(e, "address", text);
	for (i = 0; i < PN_ADDR_ROWS; i++) {
		if (!word(a, i))
			continue;
		pn_row_format(&rows[i], word(a, i), text, sizeof(text));
		if (pn_row_is_bool(&rows[i]) || (rows[i].type == PN_T_U32 && text[0] != 'f'))
			pn_emit_plain(e, rows[i].name, text);
		else
			pn_emit_text(e, rows[i].name, text);
	}
	pn_emit_end(e);
}

static void words_put(struct pn_msg *m, const struct pn_topo_addr *a)
{
	const struct pn_value *valid = word(a, PN_ADDR_VALID);
	const struct pn_value *preferred = word(a, PN_ADDR_PREFERRED);
	struct ifa_cacheinfo life = {
		.ifa_valid = valid ? valid->num : FOREVER,
		.ifa_prefered = preferred ? preferred->num : FOREVER,
	};
	size_t from = pn_msg_len(m);
	unsigned int i;

	for (i = 0; i < PN_ADDR_ROWS; i++) {
		if (word(a, i) && i != PN_ADDR_PEER && i != PN_ADDR_SCOPE && i != PN_ADDR_VALID &&
		    i != PN_ADDR_PREFERRED)
			pn_row_encode(&rows[i], word(a, i), NULL, m, from);
	}
	if (valid || preferred)
		pn_msg_put(m, IFA_CACHEINFO, &life, sizeof(life));
}

int pn_addr_talk(struct pn_nl *nl, uint32_t ifindex, const struct pn_topo_addr *a,
		 enum pn_addr_op op)
{
	static const uint16_t flags[] = {
		[PN_ADDR_ADD] = NLM_F_CREATE | NLM_F_EXCL,
		[PN_ADDR_SET] = NLM_F_CREATE | NLM_F_REPLACE,
		[PN_ADDR_DEL] = 0,
	};
	const struct pn_value *peer = word(a, PN_ADDR_PEER), *scope = word(a, PN_ADDR_SCOPE);
	struct ifaddrmsg ifa = {
		.ifa_family = a->family,
		.ifa_prefixlen = a->prefixlen,
		.ifa_scope = scope ? scope->num : RT_SCOPE_UNIVERSE,
		.ifa_index = ifindex,
	};
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, op == PN_ADDR_DEL ? RTM_DELADDR : RTM_NEWADDR, flags[op]);
	pn_msg_extra(&m, &ifa, sizeof(ifa));
	pn_msg_put(&m, IFA_LOCAL, a->bin, a->len);
	pn_msg_put(&m, IFA_ADDRESS, peer ? peer->bin : a->bin, a->len);
	if (op != PN_ADDR_DEL)
		words_put(&m, a);
	rc = pn_nl_talk(nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}
