// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A topology file from disk to struct pn_topo; see file.h. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "link/left.h"
#include "topo/read.h"
#include "topo/shaper.h"
#include "topo/tc_tree.h"
#include "util/words.h"

static void fail_set(struct pn_reader *r, const char *object, const char *fmt, va_list ap)
{
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	pn_err_set(r->err, PN_EXIT_USAGE, EINVAL, object, "%s", text);
}

int pn_read_fail(struct pn_reader *r, const struct pn_yaml *node, const char *object,
		 const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_set(r, object, fmt, ap);
	va_end(ap);
	pn_err_place(r->err, pn_topo_file(r->topo), node->line, node->column);
	return -EINVAL;
}

int pn_read_fail_key(struct pn_reader *r, const struct pn_yaml *node,
		     const char *object, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_set(r, object, fmt, ap);
	va_end(ap);
	pn_err_place(r->err, pn_topo_file(r->topo), node->key_line, node->key_column);
	return -EINVAL;
}

int pn_read_left(struct pn_reader *r, const struct pn_yaml *node, const char *object,
		 const char *place)
{
	const char *why = pn_left_why(place, node->key);

	return why ? pn_read_fail_key(r, node, object, "%s %s", node->key, why) : 0;
}

int pn_read_unknown(struct pn_reader *r, const struct pn_yaml *node,
		    const char *object, const char *const *known)
{
	const char *near = pn_word_nearest(node->key, known);
	char list[200];

	pn_read_fail_key(r, node, object, "unknown key \"%s\"", node->key);
	if (near)
		pn_err_hint(r->err, "did you mean \"%s\"?", near);
	else
		pn_err_hint(r->err, "known here: %s",
			    pn_word_join(known, list, sizeof(list)));
	return -EINVAL;
}

int pn_read_type(struct pn_reader *r, const struct pn_yaml *node,
		 enum pn_yaml_type type, const char *object)
{
	const struct pn_yaml want = { .type = type };

	if (node->type == type)
		return 0;
	if (node->key)
		return pn_read_fail(r, node, object, "%s must be %s, not %s", node->key,
				    pn_yaml_type_text(&want), pn_yaml_type_text(node));
	return pn_read_fail(r, node, object, "must be %s, not %s",
			    pn_yaml_type_text(&want), pn_yaml_type_text(node));
}

void *pn_read_alloc(struct pn_reader *r, size_t n, size_t size)
{
	void *p = pn_yaml_alloc(r->topo->doc, n * size);

	if (!p)
		pn_err_memory(r->err, pn_topo_file(r->topo));
	return p;
}

static bool name_is_plain(const char *s, const char *refused)
{
	if (!s[0] || !strcmp(s, ".") || !strcmp(s, ".."))
		return false;
	for (; *s; s++) {
		if (isspace((unsigned char)*s) || iscntrl((unsigned char)*s) ||
		    strchr(refused, *s))
			return false;
	}
	return true;
}

int pn_read_netns(struct pn_reader *r, const struct pn_yaml *node, const char **name)
{
	int rc = pn_read_type(r, node, PN_YAML_SCALAR, "netns");

	if (rc)
		return rc;
	if (strlen(node->text) > NAME_MAX || !name_is_plain(node->text, "/"))
		return pn_read_fail(r, node, node->text,
				    "is not a name for a network namespace: 1 to 255 "
				    "characters without blanks and /");
	*name = node->text;
	return 0;
}

int pn_read_ifname(struct pn_reader *r, const struct pn_yaml *node, const char *object)
{
	int rc = pn_read_type(r, node, PN_YAML_SCALAR, object);

	if (rc)
		return rc;
	if (strlen(node->text) >= IFNAMSIZ)
		return pn_read_fail(r, node, node->text,
				    "the name is too long: %zu characters, at most 15",
				    strlen(node->text));
	if (!name_is_plain(node->text, "/:%"))
		return pn_read_fail(r, node, node->text,
				    "is not a name for a device: 1 to 15 characters "
				    "without blanks, /, : and %%");
	return 0;
}

static int netns_entry_read(struct pn_reader *r, const struct pn_yaml *node,
			    struct pn_topo_netns *ns)
{
	static const char *const known[] = { "name", NULL };
	const struct pn_yaml *key;

	if (node->type == PN_YAML_MAP) {
		for (key = node->child; key; key = key->next) {
			if (strcmp(key->key, "name"))
				return pn_read_unknown(r, key, "namespaces", known);
		}
		if (!node->child)
			return pn_read_fail(r, node, "namespaces", "name is required");
		node = node->child;
	}
	ns->line = node->line;
	ns->column = node->column;
	return pn_read_netns(r, node, &ns->name);
}

static int namespaces_read(struct pn_reader *r, const struct pn_yaml *list)
{
	struct pn_topo *topo = r->topo;
	const struct pn_yaml *node;
	unsigned int i;
	int rc;

	rc = pn_read_type(r, list, PN_YAML_LIST, "");
	if (rc)
		return rc;
	topo->netns = pn_read_alloc(r, list->n, sizeof(*topo->netns));
	if (!topo->netns)
		return -ENOMEM;
	for (node = list->child; node; node = node->next) {
		rc = netns_entry_read(r, node, &topo->netns[topo->n_netns]);
		if (rc)
			return rc;
		for (i = 0; i < topo->n_netns; i++) {
			if (!strcmp(topo->netns[i].name, topo->netns[topo->n_netns].name))
				return pn_read_fail(r, node, topo->netns[i].name,
						    "is given twice, first in line %u",
						    topo->netns[i].line);
		}
		topo->n_netns++;
	}
	return 0;
}

static int version_read(struct pn_reader *r, const struct pn_yaml *node)
{
	if (node->type != PN_YAML_SCALAR || strcmp(node->text, "1"))
		return pn_read_fail(r, node, "penstock",
				    "the version of the file must be 1");
	return 0;
}

static const struct {
	const char *key;
	int (*read)(struct pn_reader *r, const struct pn_yaml *node);
} sections[] = {
	{ "penstock", version_read },
	{ "namespaces", namespaces_read },
	{ "links", pn_read_links },
	{ "ports", pn_read_ports },
	{ "shapers", pn_read_shapers },
};

#define N_SECTIONS (sizeof(sections) / sizeof(sections[0]))

static int objects_read(struct pn_reader *r, const struct pn_yaml *root)
{
	const struct pn_yaml *node;
	unsigned int i;
	int rc = 0;

	for (i = 0; pn_classes[i] && !rc; i++) {
		node = pn_yaml_get(root, pn_classes[i]->section);
		if (node)
			rc = pn_read_objects(r, node, pn_classes[i]);
	}
	if (!rc)
		rc = pn_shapers_derive(r);
	if (!rc && pn_tc_order(&r->topo->objects))
		rc = pn_read_fail(r, root, "qdiscs", "out of memory");
	return rc;
}

static int sections_read(struct pn_reader *r, const struct pn_yaml *root)
{
	const char *known[N_SECTIONS + PN_CLASSES_MAX + 1] = { NULL };
	const struct pn_yaml *node;
	unsigned int i, k;
	int rc = 0;

	for (i = 0; i < N_SECTIONS; i++)
		known[i] = sections[i].key;
	for (k = 0; k < PN_CLASSES_MAX && pn_classes[k]; k++)
		known[i + k] = pn_classes[k]->section;
	for (node = root->child; node; node = node->next) {
		if (pn_word_find(node->key, known) < 0)
			return pn_read_unknown(r, node, "", known);
	}
	for (i = 0; i < N_SECTIONS && !rc; i++) {
		node = pn_yaml_get(root, sections[i].key);
		if (node)
			rc = sections[i].read(r, node);
	}
	return rc ? rc : objects_read(r, root);
}

static int root_read(struct pn_reader *r)
{
	const struct pn_yaml *root = pn_yaml_root(r->topo->doc);
	int rc;

	rc = pn_read_type(r, root, PN_YAML_MAP, "the file");
	if (rc)
		return rc;
	if (!pn_yaml_get(root, "penstock")) {
		pn_read_fail(r, root, "penstock", "the version of the file is missing");
		pn_err_hint(r->err, "begin the file with: penstock: 1");
		return -EINVAL;
	}
	rc = sections_read(r, root);
	return rc ? rc : pn_topo_order(r->topo, r->err);
}

int pn_topo_parse(const char *name, const char *text, size_t len,
		  struct pn_topo **topo, struct pn_err *err)
{
	struct pn_reader r = { .err = err };
	int rc;

	*topo = NULL;
	r.topo = calloc(1, sizeof(*r.topo));
	if (!r.topo)
		return pn_err_memory(err, name);
	rc = pn_yaml_parse(name, text, len, &r.topo->doc, err);
	if (!rc)
		rc = root_read(&r);
	if (rc)
		pn_topo_free(r.topo);
	else
		*topo = r.topo;
	return rc;
}

static int file_fail(struct pn_err *err, const char *path, int sys)
{
	return pn_err_set(err, PN_EXIT_USAGE, sys, path, "cannot read the file: %s",
			  strerror(sys));
}

static int file_load(int fd, const char *path, char **text, size_t *len,
		     struct pn_err *err)
{
	size_t cap = 64 * 1024;
	ssize_t n = 1;
	char *buf = NULL, *more;

	for (*len = 0; n > 0 && *len <= PN_YAML_BYTES_MAX; *len += n) {
		if (!buf || *len == cap) {
			cap *= buf ? 2 : 1;
			more = realloc(buf, cap);
			if (!more) {
				free(buf);
				return file_fail(err, path, ENOMEM);
			}
			buf = more;
		}
		n = read(fd, buf + *len, cap - *len);
		if (n < 0) {
			n = errno;
			free(buf);
			return file_fail(err, path, n);
		}
	}
	*text = buf;
	return 0;
}

int pn_topo_read(const char *path, struct pn_topo **topo, struct pn_err *err)
{
	bool is_stdin = !strcmp(path, "-");
	char *text = NULL;
	size_t len = 0;
	int fd, rc;

	*topo = NULL;
	fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return file_fail(err, path, errno);
	rc = file_load(fd, path, &text, &len, err);
	if (!is_stdin)
		close(fd);
	if (!rc)
		rc = pn_topo_parse(path, text, len, topo, err);
	free(text);
	return rc;
}

void pn_topo_free(struct pn_topo *topo)
{
	if (!topo)
		return;
	HASH_CLEAR(hh, topo->links);
	HASH_CLEAR(hh, topo->shaper_by_name);
	pn_objects_fini(&topo->objects);
	pn_yaml_free(topo->doc);
	free(topo);
}

const struct pn_port_conf *pn_topo_ports(const struct pn_topo *topo, unsigned int *n)
{
	*n = topo->n_ports;
	return topo->ports;
}

const char *pn_topo_file(const struct pn_topo *topo)
{
	return pn_yaml_name(topo->doc);
}
