// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The `ports` section of a topology file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "topo/read.h"
#include "util/num.h"
#include "util/words.h"

static int word_read(struct pn_reader *r, const struct pn_yaml *node,
		     const char *const *words, unsigned int *value)
{
	char list[256];
	int i;
	int rc = pn_read_type(r, node, PN_YAML_SCALAR, "ports");

	if (rc)
		return rc;
	i = pn_word_find(node->text, words);
	if (i < 0)
		return pn_read_fail(r, node, node->key ? node->key : "ignore",
				    "\"%s\" is unknown: must be %s", node->text,
				    pn_word_join(words, list, sizeof(list)));
	*value = i;
	return 0;
}

static int dev_read(struct pn_reader *r, const struct pn_yaml *node,
		    struct pn_port_conf *port)
{
	int rc = pn_read_ifname(r, node, "ports");

	if (!rc)
		snprintf(port->dev, sizeof(port->dev), "%s", node->text);
	return rc;
}

static int hook_read(struct pn_reader *r, const struct pn_yaml *node,
		     struct pn_port_conf *port)
{
	return word_read(r, node, pn_hook_words, &port->hook);
}

static int mode_read(struct pn_reader *r, const struct pn_yaml *node,
		     struct pn_port_conf *port)
{
	return word_read(r, node, pn_mode_words, &port->mode);
}

static int checksum_read(struct pn_reader *r, const struct pn_yaml *node,
			 struct pn_port_conf *port)
{
	return word_read(r, node, pn_checksum_words, &port->checksum);
}

static int ignore_read(struct pn_reader *r, const struct pn_yaml *list,
		       struct pn_port_conf *port)
{
	const struct pn_yaml *node;
	unsigned int bit;
	int rc = pn_read_type(r, list, PN_YAML_LIST, "ports");

	if (rc)
		return rc;
	for (node = list->child; node; node = node->next) {
		rc = word_read(r, node, pn_gate_words, &bit);
		if (rc)
			return rc;
		port->ignore |= 1u << bit;
	}
	return 0;
}

static int bool_read(struct pn_reader *r, const struct pn_yaml *node, bool *out)
{
	static const char *const words[] = { "false", "true", NULL };
	unsigned int value;
	int rc = word_read(r, node, words, &value);

	if (!rc)
		*out = value;
	return rc;
}

static int shared_read(struct pn_reader *r, const struct pn_yaml *node,
		       struct pn_port_conf *port)
{
	return bool_read(r, node, &port->shared);
}

static int prefixes_read(struct pn_reader *r, const struct pn_yaml *list,
			 struct pn_port_conf *port)
{
	const struct pn_yaml *node;
	char why[160];
	int rc;

	if (!list->child)
		return pn_read_fail(r, list, "peers", "the list is empty: must have prefixes, "
				    "or be any or known");
	for (node = list->child; node; node = node->next) {
		rc = pn_read_type(r, node, PN_YAML_SCALAR, "peers");
		if (rc)
			return rc;
		if (pn_port_peers_add(&port->peers, node->text, why, sizeof(why)))
			return pn_read_fail(r, node, "peers", "\"%s\" %s", node->text, why);
	}
	return 0;
}

/* A word, or a list of prefixes. */
static int peers_read(struct pn_reader *r, const struct pn_yaml *node,
		      struct pn_port_conf *port)
{
	int i;

	if (node->type == PN_YAML_LIST)
		return prefixes_read(r, node, port);
	if (node->type != PN_YAML_SCALAR)
		return pn_read_type(r, node, PN_YAML_SCALAR, "peers");
	i = pn_word_find(node->text, pn_peers_words);
	if (i < 0 || i == PN_PEERS_LISTED)
		return pn_read_fail(r, node, "peers", "\"%s\" must be any, known, or a list of "
				    "prefixes such as [10.0.0.0/24, fd00::/64]", node->text);
	port->peers.mode = i;
	return 0;
}

static int strict_read(struct pn_reader *r, const struct pn_yaml *node,
		       struct pn_port_conf *port)
{
	return bool_read(r, node, &port->peers.strict);
}

static int nesting_read(struct pn_reader *r, const struct pn_yaml *node,
			struct pn_port_conf *port)
{
	uint64_t value;
	int rc = pn_read_type(r, node, PN_YAML_SCALAR, "nesting");

	if (rc)
		return rc;
	if (pn_num_u64(node->text, 1, PN_MAX_NESTING, &value))
		return pn_read_fail(r, node, "nesting", "\"%s\" must be a number of tunnels, "
				    "1 to %u", node->text, PN_MAX_NESTING);
	port->nesting = value;
	return 0;
}

static const struct {
	const char *key;
	int (*read)(struct pn_reader *r, const struct pn_yaml *node,
		    struct pn_port_conf *port);
} keys[] = {
	{ "dev", dev_read },
	{ "hook", hook_read },
	{ "mode", mode_read },
	{ "checksum", checksum_read },
	{ "ignore", ignore_read },
	{ "shared", shared_read },
	{ "peers", peers_read },
	{ "strict", strict_read },
	{ "nesting", nesting_read },
};

#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

static int port_read(struct pn_reader *r, const struct pn_yaml *map,
		     struct pn_port_conf *port)
{
	const char *known[N_KEYS + 1] = { NULL };
	const struct pn_yaml *node;
	unsigned int i;
	int rc;

	rc = pn_read_type(r, map, PN_YAML_MAP, "ports");
	if (rc)
		return rc;
	port->line = map->line;
	port->column = map->column;
	for (i = 0; i < N_KEYS; i++)
		known[i] = keys[i].key;
	for (node = map->child; node; node = node->next) {
		rc = pn_word_find(node->key, known);
		if (rc < 0)
			return pn_read_unknown(r, node, "ports", known);
		rc = keys[rc].read(r, node, port);
		if (rc)
			return rc;
	}
	if (!port->dev[0])
		return pn_read_fail(r, map, "ports", "dev is required");
	return 0;
}

int pn_read_ports(struct pn_reader *r, const struct pn_yaml *list)
{
	struct pn_topo *topo = r->topo;
	const struct pn_yaml *node;
	struct pn_port_conf *port;
	unsigned int i;
	int rc;

	rc = pn_read_type(r, list, PN_YAML_LIST, "");
	if (rc)
		return rc;
	if (list->n > PN_MAX_PORTS)
		return pn_read_fail(r, list, "ports", "%u ports, at most %u", list->n,
				    PN_MAX_PORTS);
	topo->ports = pn_read_alloc(r, list->n, sizeof(*topo->ports));
	if (!topo->ports)
		return -ENOMEM;
	for (node = list->child; node; node = node->next) {
		port = &topo->ports[topo->n_ports];
		rc = port_read(r, node, port);
		if (rc)
			return rc;
		for (i = 0; i < topo->n_ports; i++) {
			if (!strcmp(topo->ports[i].dev, port->dev))
				return pn_read_fail(r, node, port->dev,
						    "is given twice, first in line %u",
						    topo->ports[i].line);
		}
		topo->n_ports++;
	}
	return 0;
}
