// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From wishes and ports to tables; see shape.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shape/compile.h"

uint32_t pn_compile_generation(void)
{
	static uint32_t last;
	struct timespec now;

	if (!last) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		last = now.tv_sec * 1000000u + now.tv_nsec / 1000;
	}
	last++;
	if (last <= PN_SHAPER_AWAY)
		last = PN_SHAPER_AWAY + 1;
	return last;
}

static int by_order(const void *a, const void *b)
{
	const struct pn_shaper_conf *x = ((const struct pn_wanted *)a)->conf;
	const struct pn_shaper_conf *y = ((const struct pn_wanted *)b)->conf;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static int by_name(const void *a, const void *b)
{
	const struct pn_wanted *const *x = a, *const *y = b;

	return strcmp((*x)->conf->name, (*y)->conf->name);
}

static struct pn_wanted *parent_of(struct pn_wanted **named, uint32_t n,
				   const struct pn_wanted *w)
{
	struct pn_shaper_conf conf;
	struct pn_wanted key = { .conf = &conf }, *at = &key, **found;

	if (!w->conf->parent[0])
		return NULL;
	memcpy(conf.name, w->conf->parent, sizeof(conf.name));
	found = bsearch(&at, named, n, sizeof(*named), by_name);
	return found ? *found : NULL;
}

/* A circle cannot be: files are checked. What was written by half ends all the same. */
static void parents_find(struct pn_compile *c, struct pn_wanted **named)
{
	struct pn_wanted *up;
	uint32_t i;

	for (i = 0; i < c->n; i++)
		named[i] = &c->want[i];
	qsort(named, c->n, sizeof(*named), by_name);
	for (i = 0; i < c->n; i++) {
		up = parent_of(named, c->n, &c->want[i]);
		c->want[i].parent = up ? up->index : 0;
		if (up)
			up->lends = true;
		for (; up && c->want[i].depth < PN_SHAPER_DEPTH - 1;
		     up = parent_of(named, c->n, up))
			c->want[i].depth++;
	}
}

static int wanted_list(struct pn_compile *c)
{
	struct pn_wanted **named;
	uint32_t i;

	c->want = calloc(c->maps->abi.shapers, sizeof(*c->want));
	named = calloc(c->maps->abi.shapers, sizeof(*named));
	if (!c->want || !named) {
		free(named);
		return -ENOMEM;
	}
	for (i = 1; i < c->maps->abi.shapers; i++)
		if (c->maps->shaper_conf[i].name[0])
			c->want[c->n++] = (struct pn_wanted){ &c->maps->shaper_conf[i], i };
	qsort(c->want, c->n, sizeof(*c->want), by_order);
	parents_find(c, named);
	free(named);
	return 0;
}

int pn_shape_compile(const struct pn_maps *maps, const struct pn_shape_port *port,
		     unsigned int n, struct pn_err *err)
{
	struct pn_compile c = { .maps = maps, .port = port, .n_ports = n };
	int ret = wanted_list(&c);

	if (ret) {
		free(c.want);
		return pn_err_memory(err, "shapers");
	}
	pn_compile_buckets(&c);
	pn_compile_spread(&c);
	ret = pn_compile_matches(&c, err);
	free(c.want);
	return ret;
}
