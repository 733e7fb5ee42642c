// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What files ask for, kept by index; see shape.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "shape/shape.h"

/* One name, while wishes are compared. */
struct name {
	const char *text;
	uint32_t index;
	bool kept;
	UT_hash_handle hh;
};

struct names {
	struct name *by_text, *all;
	uint32_t n;
};

static int names_open(struct names *names, const struct pn_maps *maps)
{
	uint32_t i;

	*names = (struct names){ .all = calloc(maps->abi.shapers, sizeof(struct name)) };
	if (!names->all)
		return -ENOMEM;
	for (i = 1; i < maps->abi.shapers; i++) {
		struct name *name = &names->all[names->n];

		if (!maps->shaper_conf[i].name[0])
			continue;
		name->text = maps->shaper_conf[i].name;
		name->index = i;
		names->n++;
		HASH_ADD_KEYPTR(hh, names->by_text, name->text, strlen(name->text), name);
	}
	return 0;
}

static void names_close(struct names *names)
{
	HASH_CLEAR(hh, names->by_text);
	free(names->all);
}

static struct name *name_find(const struct names *names, const char *text)
{
	struct name *name;

	HASH_FIND_STR(names->by_text, text, name);
	return name;
}

static int room_fail(const struct pn_maps *maps, const struct pn_shaper_conf *c, uint32_t need,
		     struct pn_err *err)
{
	int ret = pn_err_set(err, PN_EXIT_KERNEL, ENOSPC, c->name, "there is no room for it: "
			     "%u shapers are wanted, and there is room for %u", need,
			     maps->abi.shapers - 1);

	pn_err_hint(err, "make more: penstock detach --all, then run with --shaper-max %u",
		    need + 1);
	return ret;
}

/* The same words? In which file, and where in it, is not asked. */
static bool conf_is(const struct pn_shaper_conf *has, const struct pn_shaper_conf *want)
{
	struct pn_shaper_conf like = *want;

	like.file = has->file;
	like.order = has->order;
	return !memcmp(&like, has, sizeof(like));
}

static int wants_check(const struct pn_maps *maps, const struct names *names,
		       const struct pn_shape_wants *w, struct pn_err *err)
{
	uint32_t others = 0, i;
	const struct name *name;

	for (i = 0; i < names->n; i++)
		others += maps->shaper_conf[names->all[i].index].file != w->file;
	for (i = 0; i < w->n; i++) {
		name = name_find(names, w->conf[i].name);
		if (!name || maps->shaper_conf[name->index].file == w->file)
			continue;
		if (!conf_is(&maps->shaper_conf[name->index], &w->conf[i])) {
			pn_err_set(err, PN_EXIT_USAGE, EEXIST, w->conf[i].name,
				   "there is a shaper of this name already, of another file");
			pn_err_hint(err, "take another name, or delete that file's first");
			return -EEXIST;
		}
		others--;
	}
	if (w->n && others + w->n > maps->abi.shapers - 1)
		return room_fail(maps, &w->conf[w->n - 1], others + w->n, err);
	return 0;
}

int pn_shape_leave(const struct pn_maps *maps, struct pn_shape_wants *wants)
{
	struct pn_shaper_conf *conf = (struct pn_shaper_conf *)wants->conf;
	const struct pn_shaper_conf *has;
	unsigned int i, n = 0;
	struct names names;
	struct name *name;

	if (names_open(&names, maps))
		return -ENOMEM;
	for (i = 0; i < wants->n; i++) {
		name = name_find(&names, conf[i].name);
		has = name ? &maps->shaper_conf[name->index] : NULL;
		if (!has || has->file == wants->file || !conf_is(has, &conf[i]))
			conf[n++] = conf[i];
	}
	wants->n = n;
	names_close(&names);
	return 0;
}

/* Nothing of an earlier shaper of this index is left. */
static void stats_clear(const struct pn_maps *maps, uint32_t index)
{
	int cpus = libbpf_num_possible_cpus();
	struct pn_shaper_stats *zero = cpus > 0 ? calloc(cpus, sizeof(*zero)) : NULL;

	if (zero)
		bpf_map_update_elem(maps->fd[PN_MAP_SHAPER_STATS], &index, zero, BPF_ANY);
	free(zero);
}

/* The lowest free index from @from on; the caller has counted. */
static uint32_t index_free(const struct pn_maps *maps, uint32_t from)
{
	while (maps->shaper_conf[from].name[0])
		from++;
	return from;
}

/* The name is written last: with it the shaper is there. */
static void conf_write(struct pn_shaper_conf *to, const struct pn_shaper_conf *conf,
		       uint64_t file)
{
	struct pn_shaper_conf new = *conf;

	new.file = file;
	memcpy((char *)to + sizeof(to->name), (char *)&new + sizeof(new.name),
	       sizeof(new) - sizeof(new.name));
	__atomic_thread_fence(__ATOMIC_RELEASE);
	memcpy(to->name, new.name, sizeof(to->name));
}

static void conf_clear(struct pn_shaper_conf *conf)
{
	conf->name[0] = 0;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	memset(conf, 0, sizeof(*conf));
}

static void wants_write(const struct pn_maps *maps, struct names *names,
			const struct pn_shape_wants *w)
{
	uint32_t next = 1, i;
	struct name *name;

	for (i = 0; i < w->n; i++) {
		name = name_find(names, w->conf[i].name);
		if (!name)
			continue;
		name->kept = true;
		if (maps->shaper_conf[name->index].file != w->file)
			continue;
		conf_write(&maps->shaper_conf[name->index], &w->conf[i], w->file);
	}
	for (i = 0; i < names->n; i++) {
		name = &names->all[i];
		if (!name->kept && maps->shaper_conf[name->index].file == w->file)
			conf_clear(&maps->shaper_conf[name->index]);
	}
	for (i = 0; i < w->n; i++) {
		if (name_find(names, w->conf[i].name))
			continue;
		next = index_free(maps, next);
		stats_clear(maps, next);
		conf_write(&maps->shaper_conf[next], &w->conf[i], w->file);
	}
}

static int wants_do(const struct pn_maps *maps, const struct pn_shape_wants *wants, bool write,
		    struct pn_err *err)
{
	struct names names;
	int ret;

	if (names_open(&names, maps))
		return pn_err_memory(err, "shapers");
	ret = wants_check(maps, &names, wants, err);
	if (!ret && write)
		wants_write(maps, &names, wants);
	names_close(&names);
	return ret;
}

int pn_shape_check(const struct pn_maps *maps, const struct pn_shape_wants *wants,
		   struct pn_err *err)
{
	return wants_do(maps, wants, false, err);
}

int pn_shape_want(const struct pn_maps *maps, const struct pn_shape_wants *wants,
		  struct pn_err *err)
{
	return wants_do(maps, wants, true, err);
}

static int by_order(const void *a, const void *b)
{
	uint32_t x = ((const struct pn_shaper_conf *)a)->order;
	uint32_t y = ((const struct pn_shaper_conf *)b)->order;

	return (x > y) - (x < y);
}

int pn_shape_wanted(const struct pn_maps *maps, uint64_t file, struct pn_shape_wants *out)
{
	struct pn_shaper_conf *conf = NULL;
	uint32_t i, n = 0;

	*out = (struct pn_shape_wants){ .file = file };
	for (i = 1; i < maps->abi.shapers; i++)
		n += maps->shaper_conf[i].name[0] && maps->shaper_conf[i].file == file;
	if (!n)
		return 0;
	conf = calloc(n, sizeof(*conf));
	if (!conf)
		return -ENOMEM;
	for (i = 1; i < maps->abi.shapers && out->n < n; i++)
		if (maps->shaper_conf[i].name[0] && maps->shaper_conf[i].file == file)
			conf[out->n++] = maps->shaper_conf[i];
	qsort(conf, n, sizeof(*conf), by_order);
	out->conf = conf;
	return 0;
}

void pn_shape_forget(const struct pn_maps *maps)
{
	uint32_t i;

	for (i = 1; i < maps->abi.shapers; i++)
		if (maps->shaper_conf[i].name[0])
			conf_clear(&maps->shaper_conf[i]);
}

uint32_t pn_shape_find(const struct pn_maps *maps, const char *name)
{
	uint32_t i;

	for (i = 1; i < maps->abi.shapers; i++)
		if (!strcmp(maps->shaper_conf[i].name, name))
			return i;
	return 0;
}
