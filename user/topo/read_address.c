// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The addresses of a link: each a text, or a map of that and more words. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "topo/address.h"
#include "topo/read.h"
#include "util/num.h"

static int address_fail(struct pn_reader *r, const struct pn_yaml *node,
			const struct pn_topo_link *link)
{
	return pn_read_fail(r, node, link->name,
			    "addresses: \"%s\" must be an IPv4 or IPv6 address with a "
			    "prefix length, such as 192.0.2.1/24", node->text);
}

static int text_read(struct pn_reader *r, const struct pn_yaml *node,
		     const struct pn_topo_link *link, struct pn_topo_addr *a)
{
	char text[64];
	uint64_t prefix;
	char *slash;
	int rc = pn_read_type(r, node, PN_YAML_SCALAR, link->name);

	if (rc)
		return rc;
	snprintf(text, sizeof(text), "%s", node->text);
	slash = strchr(text, '/');
	if (!slash || strlen(node->text) >= sizeof(text))
		return address_fail(r, node, link);
	*slash = 0;
	a->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	a->len = a->family == AF_INET ? 4 : 16;
	if (inet_pton(a->family, text, a->bin) != 1 ||
	    pn_num_u64(slash + 1, 0, a->len * 8, &prefix))
		return address_fail(r, node, link);
	a->prefixlen = prefix;
	a->line = node->line;
	a->column = node->column;
	return 0;
}

static int word_unknown(struct pn_reader *r, const struct pn_yaml *node,
			const struct pn_topo_link *link)
{
	const char *known[PN_ADDR_ROWS + 2] = { "address" };
	unsigned int i;

	for (i = 0; i < PN_ADDR_ROWS; i++)
		known[i + 1] = pn_addr_rows.row[i].name;
	return pn_read_unknown(r, node, link->name, known);
}

/* "+" and "-": all bits behind the prefix set, or none. */
static void broadcast_fill(const struct pn_topo_addr *a, bool ones, struct pn_value *v)
{
	unsigned int i;

	memcpy(v->bin, a->bin, 4);
	for (i = a->prefixlen; i < 32; i++) {
		v->bin[i / 8] &= ~(0x80 >> i % 8);
		v->bin[i / 8] |= ones ? 0x80 >> i % 8 : 0;
	}
	v->len = 4;
	v->set = true;
}

static int word_read(struct pn_reader *r, const struct pn_yaml *node,
		     const struct pn_topo_link *link, const struct pn_topo_addr *a,
		     struct pn_value *words)
{
	const struct pn_row *row = pn_row_find(&pn_addr_rows, node->key);
	struct pn_value *v;

	if (!row)
		return word_unknown(r, node, link);
	v = &words[row - pn_addr_rows.row];
	if (row != &pn_addr_rows.row[PN_ADDR_BROADCAST] || v->set ||
	    node->type != PN_YAML_SCALAR || a->family != AF_INET ||
	    (strcmp(node->text, "+") && strcmp(node->text, "-")))
		return pn_read_row(r, node, row, v, link);
	broadcast_fill(a, node->text[0] == '+', v);
	v->line = node->line;
	v->column = node->column;
	return 0;
}

static int words_check(struct pn_reader *r, const struct pn_yaml *map,
		       const struct pn_topo_link *link, const struct pn_topo_addr *a,
		       struct pn_value *words)
{
	struct pn_yaml at = *map;
	unsigned int row;
	char why[100];

	if (pn_addr_check(a, words, &row, why, sizeof(why)))
		return 0;
	at.line = words[row].line;
	at.column = words[row].column;
	return pn_read_fail(r, &at, link->name, "%s: %s", pn_addr_rows.row[row].name, why);
}

static int map_read(struct pn_reader *r, const struct pn_yaml *map,
		    const struct pn_topo_link *link, struct pn_topo_addr *a)
{
	const struct pn_yaml *node = pn_yaml_get(map, "address");
	struct pn_value *words = pn_read_alloc(r, PN_ADDR_ROWS, sizeof(*words));
	int rc;

	if (!words)
		return -ENOMEM;
	if (!node)
		return pn_read_fail(r, map, link->name, "addresses: address is required");
	rc = text_read(r, node, link, a);
	for (node = map->child; node && !rc; node = node->next) {
		if (strcmp(node->key, "address"))
			rc = word_read(r, node, link, a, words);
	}
	a->words = words;
	return rc ? rc : words_check(r, map, link, a, words);
}

static int twice_check(struct pn_reader *r, const struct pn_yaml *node,
		       const struct pn_topo_link *link, const struct pn_topo_addr *a)
{
	const struct pn_topo_addr *b;
	const struct pn_yaml *text = node;

	if (node->type == PN_YAML_MAP)
		text = pn_yaml_get(node, "address");
	for (b = link->addr; b < a; b++) {
		if (b->family == a->family && !memcmp(b->bin, a->bin, a->len))
			return pn_read_fail(r, text, link->name,
					    "addresses: \"%s\" is given twice, "
					    "first in line %u", text->text, b->line);
	}
	return 0;
}

int pn_read_addresses(struct pn_reader *r, const struct pn_yaml *list,
		      struct pn_topo_link *link)
{
	const struct pn_yaml *node;
	struct pn_topo_addr *a;
	int rc;

	rc = pn_read_type(r, list, PN_YAML_LIST, link->name);
	if (rc)
		return rc;
	link->addr = pn_read_alloc(r, list->n, sizeof(*link->addr));
	if (!link->addr)
		return -ENOMEM;
	for (node = list->child; node; node = node->next) {
		a = &link->addr[link->n_addr];
		rc = node->type == PN_YAML_MAP ? map_read(r, node, link, a) :
						 text_read(r, node, link, a);
		if (!rc)
			rc = twice_check(r, node, link, a);
		if (rc)
			return rc;
		link->n_addr++;
	}
	return 0;
}
