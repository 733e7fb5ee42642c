// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The record of one port; see record.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plane/record.h"

const char *const pn_port_state_words[] = {
	[PN_PORT_WANTED] = "wanted",
	[PN_PORT_ATTACHED] = "attached",
	[PN_PORT_WAITING] = "waiting",
	[PN_PORT_FAILED] = "failed",
	NULL
};

void pn_record_name(uint32_t ifindex, const char *what, char name[PN_PINS_PATH])
{
	if (what)
		snprintf(name, PN_PINS_PATH, "ports/%u/%s", ifindex, what);
	else
		snprintf(name, PN_PINS_PATH, "ports/%u", ifindex);
}

static bool record_fits(int fd)
{
	struct bpf_map_info info = { 0 };
	uint32_t len = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &len) && info.type == BPF_MAP_TYPE_ARRAY &&
	       info.value_size == sizeof(struct pn_record);
}

int pn_record_read(const struct pn_pins *p, uint32_t ifindex, struct pn_record *r)
{
	char name[PN_PINS_PATH];
	uint32_t key = 0;
	int fd, ret;

	pn_record_name(ifindex, "info", name);
	fd = pn_pins_get(p, name);
	if (fd < 0)
		return fd;
	ret = record_fits(fd) ? 0 : -EPROTO;
	if (!ret && bpf_map_lookup_elem(fd, &key, r))
		ret = -errno;
	if (!ret && (r->version != PN_RECORD_VERSION || r->n_prefixes > PN_PORT_PREFIXES))
		ret = -EPROTO;
	close(fd);
	if (!ret)
		r->ifindex = ifindex;
	return ret;
}

int pn_record_write(const struct pn_pins *p, const struct pn_record *r)
{
	struct pn_record copy = *r;
	char name[PN_PINS_PATH];
	uint32_t key = 0;
	int fd, ret = 0;
	bool fresh;

	copy.version = PN_RECORD_VERSION;
	pn_record_name(r->ifindex, "info", name);
	fd = pn_pins_get(p, name);
	fresh = fd == -ENOENT;
	if (fresh)
		fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "pn_info", sizeof(key),
				    sizeof(copy), 1, NULL);
	if (fd < 0)
		return fresh ? -errno : fd;
	if (bpf_map_update_elem(fd, &key, &copy, BPF_ANY))
		ret = -errno;
	if (!ret && fresh) {
		pn_record_name(r->ifindex, NULL, name);
		ret = pn_pins_mkdir(p, name);
		pn_record_name(r->ifindex, "info", name);
		if (!ret)
			ret = pn_pins_put(p, name, fd);
	}
	close(fd);
	return ret;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int pn_record_list(const struct pn_pins *p, struct pn_record **out)
{
	uint32_t *index = calloc(PN_MAX_PORTS, sizeof(*index));
	struct pn_record *r = NULL;
	int i, n, found = 0;

	*out = NULL;
	if (!index)
		return -ENOMEM;
	n = pn_pins_numbers(p, "ports", index, PN_MAX_PORTS);
	if (n == -ENOENT)
		n = 0;
	if (n > 0) {
		qsort(index, n, sizeof(*index), by_number);
		r = calloc(n, sizeof(*r));
		if (!r)
			n = -ENOMEM;
	}
	for (i = 0; i < n; i++)
		if (!pn_record_read(p, index[i], &r[found]))
			found++;
	free(index);
	*out = r;
	return n < 0 ? n : found;
}

int pn_record_find(const struct pn_pins *p, const char *dev, struct pn_record *r)
{
	struct pn_record *all;
	int n = pn_record_list(p, &all);
	int i, ret = n < 0 ? n : -ENOENT;

	for (i = 0; i < n && ret; i++) {
		if (strcmp(all[i].dev, dev))
			continue;
		*r = all[i];
		ret = 0;
	}
	free(all);
	return ret;
}

void pn_record_want(struct pn_record *r, const struct pn_port_conf *conf)
{
	snprintf(r->dev, sizeof(r->dev), "%s", conf->dev);
	r->want_hook = conf->hook;
	r->want_mode = conf->mode;
	r->checksum = conf->checksum;
	r->shared = conf->shared;
	r->ignore = conf->ignore;
	r->nesting = conf->nesting;
	r->peers = conf->peers.mode;
	r->strict = conf->peers.strict;
	r->n_prefixes = conf->peers.n;
	memset(r->prefix, 0, sizeof(r->prefix));
	memcpy(r->prefix, conf->peers.prefix, conf->peers.n * sizeof(r->prefix[0]));
}

void pn_record_conf(const struct pn_record *r, struct pn_port_conf *conf)
{
	*conf = (struct pn_port_conf){
		.hook = r->want_hook,
		.mode = r->want_mode,
		.checksum = r->checksum,
		.shared = r->shared,
		.ignore = r->ignore,
		.nesting = r->nesting,
		.peers = { .mode = r->peers, .strict = r->strict, .n = r->n_prefixes },
	};
	memcpy(conf->peers.prefix, r->prefix, conf->peers.n * sizeof(r->prefix[0]));
	snprintf(conf->dev, sizeof(conf->dev), "%.*s", (int)sizeof(r->dev) - 1, r->dev);
}

void pn_record_fail(struct pn_record *r, const struct pn_err *err)
{
	r->state = PN_PORT_FAILED;
	r->code = err->code;
	r->sys = err->sys;
	snprintf(r->text, sizeof(r->text), "%s", err->text);
	snprintf(r->hint, sizeof(r->hint), "%s", err->hint);
}

int pn_record_restore(const struct pn_pins *p, const struct pn_record *before)
{
	struct pn_port_conf conf;
	struct pn_record now;

	if (pn_record_read(p, before->ifindex, &now))
		return pn_record_write(p, before);
	pn_record_conf(before, &conf);
	pn_record_want(&now, &conf);
	now.file = before->file;
	now.state = before->state;
	now.code = before->code;
	now.sys = before->sys;
	memcpy(now.text, before->text, sizeof(now.text));
	memcpy(now.hint, before->hint, sizeof(now.hint));
	return pn_record_write(p, &now);
}
