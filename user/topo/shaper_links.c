// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What shapers that queue need of the kernel: the IFB device of each tree, its
 * qdisc and its classes. They are derived as if the file had said them, word
 * by word, and have the place of their shaper; what happens to them then is
 * what happens to all links and objects.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "topo/class.h"
#include "topo/read.h"
#include "topo/shaper.h"
#include "util/hash.h"

#define MINORS		0x10000
#define ROOT		0x10000	/* the root qdisc is 1: */
#define FRAME		1514	/* of an IFB device, whose MTU is 1500 */
#define LEAF_LIMIT	1000	/* packets, unless said */
#define FQ_LIMIT	100000	/* packets: what may leave in 50 ms at any rate */
#define TBF_LATENCY	"50ms"
#define TEXT_MAX	48

/* One IFB device and what the shapers before have taken of it. */
struct ifb {
	const char *name;
	const struct pn_topo_shaper *top;	/* the first of them */
	uint8_t minors[MINORS / 8];
	UT_hash_handle hh;
};

struct deriver {
	struct pn_reader *r;
	struct ifb *ifbs;
	struct pn_yaml links, qdiscs, classes;	/* lists */
};

static bool is_queued(const struct pn_topo_shaper *s)
{
	return s->conf.action == PN_SHAPER_SHAPE;
}

static bool has_classes(const struct pn_topo_shaper *s)
{
	return s->conf.qdisc == PN_QDISC_HTB || s->conf.qdisc == PN_QDISC_FQ_CODEL;
}

static int fail(struct deriver *d, const struct pn_topo_shaper *s, enum pn_shaper_word word,
		const char *text)
{
	return pn_shaper_fail(d->r, s, word, "%s: %s", pn_shaper_rows[word].key, text);
}

/* --- nodes as the file would have them --------------------------------------- */

static struct pn_yaml *map_add(struct deriver *d, struct pn_yaml *list,
			       const struct pn_topo_shaper *s)
{
	struct pn_yaml *map = pn_read_alloc(d->r, 1, sizeof(*map));

	if (!map)
		return NULL;
	map->type = PN_YAML_MAP;
	map->line = map->key_line = s->line;
	map->column = map->key_column = s->column;
	map->next = list->child;
	list->child = map;
	list->n++;
	return map;
}

/* Does nothing to a map for which there was no memory. */
static int put(struct deriver *d, struct pn_yaml *map, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static int put(struct deriver *d, struct pn_yaml *map, const char *key, const char *fmt, ...)
{
	struct pn_yaml *node = map ? pn_read_alloc(d->r, 1, sizeof(*node) + TEXT_MAX) : NULL;
	va_list ap;

	if (!node)
		return -ENOMEM;
	va_start(ap, fmt);
	vsnprintf((char *)(node + 1), TEXT_MAX, fmt, ap);
	va_end(ap);
	*node = (struct pn_yaml){ .type = PN_YAML_SCALAR, .line = map->line,
				  .column = map->column, .key_line = map->line,
				  .key_column = map->column, .key = key,
				  .text = (const char *)(node + 1), .next = map->child };
	map->child = node;
	map->n++;
	return 0;
}

/* --- what a shaper needs ------------------------------------------------------ */

static uint32_t burst_of(uint32_t said, uint64_t rate)
{
	return said ? said : pn_shaper_burst(rate, FRAME);
}

static int overhead_check(struct deriver *d, const struct pn_topo_shaper *s)
{
	const struct pn_shaper_conf *c = &s->conf;

	if (c->l3)
		return fail(d, s, PN_SW_LENGTH, "queues count whole frames: leave it out");
	if (c->qdisc == PN_QDISC_TBF && (c->overhead || c->mpu || c->atm))
		return fail(d, s, c->overhead ? PN_SW_OVERHEAD : c->mpu ? PN_SW_MPU :
			    PN_SW_LINKLAYER, "is not for qdisc tbf: take htb or cake");
	if (has_classes(s) && c->overhead < 0)
		return fail(d, s, PN_SW_OVERHEAD, "htb only adds bytes: take cake for less");
	if (c->qdisc == PN_QDISC_CAKE && c->mpu > 256)
		return fail(d, s, PN_SW_MPU, "cake has 256 at most");
	return 0;
}

static int class_derive(struct deriver *d, const struct pn_topo_shaper *s)
{
	const struct pn_shaper_conf *c = &s->conf;
	struct pn_yaml *map = map_add(d, &d->classes, s);
	uint64_t ceil = pn_shaper_ceil(c);
	int rc;

	put(d, map, "rate", "%" PRIu64 "bps", (uint64_t)c->rate);
	put(d, map, "ceil", "%" PRIu64 "bps", ceil);
	put(d, map, "burst", "%ub", burst_of(c->burst, c->rate));
	put(d, map, "cburst", "%ub", burst_of(c->cburst, ceil));
	put(d, map, "overhead", "%d", c->overhead);
	put(d, map, "mpu", "%u", c->mpu);
	put(d, map, "linklayer", "%s", c->atm ? "atm" : "ethernet");
	rc = put(d, map, "classid", "1:%x", c->minor % MINORS);
	if (s->parent)
		rc = put(d, map, "parent", "1:%x", s->parent->conf.minor % MINORS);
	return rc ? rc : put(d, map, "dev", "%s", c->ifb);
}

/* Where packets of a class wait; of one with children none do. */
static int leaf_derive(struct deriver *d, const struct pn_topo_shaper *s)
{
	const struct pn_shaper_conf *c = &s->conf;
	bool codel = c->qdisc == PN_QDISC_FQ_CODEL;
	struct pn_yaml *map;
	int rc;

	if (s->n_children)
		return 0;
	map = map_add(d, &d->qdiscs, s);
	rc = put(d, map, "kind", "%s", codel ? "fq_codel" : "pfifo");
	if (!codel || c->limit)
		rc = put(d, map, "limit", "%u", c->limit ? c->limit : LEAF_LIMIT);
	put(d, map, "parent", "1:%x", c->minor % MINORS);
	return rc ? rc : put(d, map, "dev", "%s", c->ifb);
}

static void tbf_words(struct deriver *d, struct pn_yaml *map, const struct pn_shaper_conf *c)
{
	put(d, map, "rate", "%" PRIu64 "bps", (uint64_t)c->rate);
	put(d, map, "burst", "%ub", burst_of(c->burst, c->rate));
	if (c->limit)
		put(d, map, "limit", "%ub", c->limit);
	else
		put(d, map, "latency", "%s", TBF_LATENCY);
}

static void fq_words(struct deriver *d, struct pn_yaml *map, const struct pn_shaper_conf *c)
{
	put(d, map, "limit", "%u", c->limit ? c->limit : FQ_LIMIT);
	put(d, map, "flow_limit", "%u", c->limit ? c->limit : FQ_LIMIT);
}

static void cake_words(struct deriver *d, struct pn_yaml *map, const struct pn_shaper_conf *c)
{
	put(d, map, "bandwidth", "%" PRIu64 "bps", (uint64_t)c->rate);
	if (c->overhead)
		put(d, map, "overhead", "%d", c->overhead);
	if (c->mpu)
		put(d, map, "mpu", "%u", c->mpu);
	if (c->atm)
		put(d, map, "atm", "atm");
	if (c->limit)
		put(d, map, "memlimit", "%ub", c->limit);
}

static const struct {
	const char *kind;
	void (*words)(struct deriver *d, struct pn_yaml *map, const struct pn_shaper_conf *c);
} roots[] = {
	[PN_QDISC_HTB] = { "htb", NULL },
	[PN_QDISC_TBF] = { "tbf", tbf_words },
	[PN_QDISC_FQ] = { "fq", fq_words },
	[PN_QDISC_FQ_CODEL] = { "htb", NULL },
	[PN_QDISC_CAKE] = { "cake", cake_words },
};

static int ifb_derive(struct deriver *d, const struct pn_topo_shaper *s)
{
	const struct pn_topo_link *link = pn_topo_link_find(d->r->topo, NULL, s->conf.ifb);
	struct pn_yaml *map;

	if (link && (!link->kind || strcmp(link->kind->name, "ifb")))
		return fail(d, s, PN_SW_IFB, "is in the file as a link of another kind");
	if (!link) {
		map = map_add(d, &d->links, s);
		put(d, map, "up", "true");
		put(d, map, "kind", "ifb");
		if (put(d, map, "name", "%s", s->conf.ifb))
			return -ENOMEM;
	}
	map = map_add(d, &d->qdiscs, s);
	if (roots[s->conf.qdisc].words)
		roots[s->conf.qdisc].words(d, map, &s->conf);
	put(d, map, "handle", "1:");
	put(d, map, "kind", "%s", roots[s->conf.qdisc].kind);
	return put(d, map, "dev", "%s", s->conf.ifb);
}

static struct ifb *ifb_find(struct deriver *d, struct pn_topo_shaper *s, bool *fresh)
{
	struct ifb *ifb;

	HASH_FIND_STR(d->ifbs, s->conf.ifb, ifb);
	*fresh = !ifb;
	if (ifb)
		return ifb;
	ifb = pn_read_alloc(d->r, 1, sizeof(*ifb));
	if (!ifb)
		return NULL;
	ifb->name = s->conf.ifb;
	ifb->top = s;
	ifb->minors[0] = 1;
	HASH_ADD_KEYPTR(hh, d->ifbs, ifb->name, strlen(ifb->name), ifb);
	return ifb;
}

/*
 * From the name, so that a shaper keeps its class when others come and go; the
 * next that is free where two names have the same.
 */
static int minor_take(struct deriver *d, struct ifb *ifb, struct pn_topo_shaper *s)
{
	uint32_t hash = pn_fnv1a(s->conf.name, strlen(s->conf.name));
	unsigned int i, minor;

	for (i = 0; i < MINORS; i++) {
		minor = (hash + i) % MINORS;
		if (ifb->minors[minor / 8] & 1 << minor % 8)
			continue;
		ifb->minors[minor / 8] |= 1 << minor % 8;
		s->conf.minor = ROOT | minor;
		return 0;
	}
	return fail(d, s, PN_SW_IFB, "has 65535 classes already: name another device");
}

/* Fair queues pace the whole tree; what has no classes stands alone at its device. */
static int device_check(struct deriver *d, const struct ifb *ifb,
			const struct pn_topo_shaper *s)
{
	bool both_classes = has_classes(s) && has_classes(ifb->top);
	bool both_fq = s->conf.qdisc == PN_QDISC_FQ && ifb->top->conf.qdisc == PN_QDISC_FQ;

	if (both_classes || both_fq)
		return 0;
	return fail(d, s, PN_SW_QDISC, "another shaper's qdisc is at this IFB device already");
}

static void qdiscs_settle(struct pn_topo *topo)
{
	struct pn_topo_shaper *s, *up;
	unsigned int i;

	for (i = 0; i < topo->n_shapers; i++) {
		s = &topo->shapers[i];
		for (up = s->parent; s->conf.qdisc == PN_QDISC_FQ && up; up = up->parent)
			up->conf.qdisc = PN_QDISC_FQ;
	}
	for (i = 0; i < topo->n_shapers; i++) {
		s = &topo->shapers[i];
		for (up = s->parent; is_queued(s) && up; up = up->parent) {
			if (up->conf.qdisc == PN_QDISC_FQ)
				s->conf.qdisc = PN_QDISC_FQ;
		}
	}
}

static int shapers_walk(struct deriver *d)
{
	struct pn_topo *topo = d->r->topo;
	struct pn_topo_shaper *s;
	struct ifb *ifb;
	unsigned int i;
	bool fresh;
	int rc = 0;

	for (i = 0; i < topo->n_shapers && !rc; i++) {
		s = &topo->shapers[i];
		if (!is_queued(s))
			continue;
		ifb = ifb_find(d, s, &fresh);
		rc = ifb ? overhead_check(d, s) : -ENOMEM;
		if (!rc)
			rc = fresh ? ifb_derive(d, s) : device_check(d, ifb, s);
		if (!rc && has_classes(s))
			rc = minor_take(d, ifb, s);
	}
	for (i = 0; i < topo->n_shapers && !rc; i++) {
		s = &topo->shapers[i];
		if (!is_queued(s) || !has_classes(s))
			continue;
		rc = class_derive(d, s);
		if (!rc)
			rc = leaf_derive(d, s);
	}
	HASH_CLEAR(hh, d->ifbs);
	return rc;
}

/* They were put in front of each other. */
static void list_reverse(struct pn_yaml *list)
{
	struct pn_yaml *node = list->child, *next;

	for (list->child = NULL; node; node = next) {
		next = node->next;
		node->next = list->child;
		list->child = node;
	}
}

int pn_shapers_derive(struct pn_reader *r)
{
	struct deriver d = { .r = r };
	int rc;

	d.links.type = d.qdiscs.type = d.classes.type = PN_YAML_LIST;
	qdiscs_settle(r->topo);
	rc = shapers_walk(&d);
	list_reverse(&d.links);
	list_reverse(&d.qdiscs);
	list_reverse(&d.classes);
	if (!rc)
		rc = pn_read_links(r, &d.links);
	if (!rc)
		rc = pn_read_objects(r, &d.qdiscs, &pn_class_qdiscs);
	return rc ? rc : pn_read_objects(r, &d.classes, &pn_class_classes);
}
