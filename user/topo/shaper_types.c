// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Values of a shaper's words: text to field and back, by type. A type knows the
 * place of its field from the row, and nothing of the other words.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <penstock/rate.h>

#include "topo/shaper.h"
#include "topo/units.h"
#include "util/num.h"
#include "util/words.h"

#define FIELD(c, row) ((char *)(c) + (row)->at)
#define CONST_FIELD(c, row) ((const char *)(c) + (row)->at)

static void num_set(const struct pn_shaper_row *row, struct pn_shaper_conf *c, uint64_t num)
{
	memcpy(FIELD(c, row), &num, row->size);
}

static uint64_t num_get(const struct pn_shaper_row *row, const struct pn_shaper_conf *c)
{
	uint64_t num = 0;

	memcpy(&num, CONST_FIELD(c, row), row->size);
	return num;
}

static int number_read(const struct pn_shaper_row *row, const char *text,
		       struct pn_shaper_conf *c)
{
	uint64_t num = 0;
	int rc = pn_num_u64(text, row->min, row->max, &num);

	if (!rc)
		num_set(row, c, num);
	return rc;
}

static bool number_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
			 unsigned int i, char *buf, size_t len)
{
	return snprintf(buf, len, "%" PRIu64, num_get(row, c));
}

/* A number, or a name for one. */
static int named_read(const struct pn_shaper_row *row, const char *text,
		      struct pn_shaper_conf *c)
{
	const struct pn_named *n;

	for (n = row->named; n->name; n++) {
		if (strcasecmp(n->name, text))
			continue;
		num_set(row, c, n->value);
		return 0;
	}
	return number_read(row, text, c);
}

static bool named_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
			unsigned int i, char *buf, size_t len)
{
	const struct pn_named *n = row->named;

	while (n->name && n->value != num_get(row, c))
		n++;
	if (!n->name)
		return number_write(row, c, i, buf, len);
	return snprintf(buf, len, "%s", n->name);
}

/* One of the row's words, which count from row->min. */
static int word_read(const struct pn_shaper_row *row, const char *text,
		     struct pn_shaper_conf *c)
{
	int i = pn_word_find(text, row->words);

	if (i < 0)
		return -EINVAL;
	num_set(row, c, row->min + i);
	return 0;
}

static bool word_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
		       unsigned int i, char *buf, size_t len)
{
	return snprintf(buf, len, "%s", row->words[num_get(row, c) - row->min]);
}

static int name_read(const struct pn_shaper_row *row, const char *text,
		     struct pn_shaper_conf *c)
{
	size_t len = strlen(text), i;

	if (!len || len >= PN_SHAPER_NAME)
		return -EINVAL;
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("._-", text[i]))
			return -EINVAL;
	memcpy(FIELD(c, row), text, len + 1);
	return 0;
}

static bool text_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
		       unsigned int i, char *buf, size_t len)
{
	return snprintf(buf, len, "%s", CONST_FIELD(c, row));
}

static int rate_read(const struct pn_shaper_row *row, const char *text,
		     struct pn_shaper_conf *c)
{
	struct pn_value v = { 0 };
	int rc = pn_field_rate.parse(text, &v, NULL);

	if (rc)
		return rc;
	num_set(row, c, v.num);
	return v.num < PN_RATE_LEAST || v.num > PN_RATE_MOST ? -ERANGE : 0;
}

static bool rate_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
		       unsigned int i, char *buf, size_t len)
{
	const struct pn_value v = { .num = num_get(row, c) };

	pn_field_rate.format(&v, buf, len);
	return true;
}

static int size_read(const struct pn_shaper_row *row, const char *text,
		     struct pn_shaper_conf *c)
{
	struct pn_value v = { 0 };
	int rc = pn_field_size.parse(text, &v, NULL);

	if (rc)
		return rc;
	num_set(row, c, v.num);
	return v.num ? 0 : -ERANGE;
}

static bool size_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
		       unsigned int i, char *buf, size_t len)
{
	const struct pn_value v = { .num = num_get(row, c) };

	pn_field_size.format(&v, buf, len);
	return true;
}

static int prefix_read(const struct pn_shaper_row *row, const char *text,
		       struct pn_shaper_conf *c)
{
	char why[200];

	return pn_prefix_parse(text, (struct pn_prefix *)FIELD(c, row), why, sizeof(why));
}

static bool prefix_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
			 unsigned int i, char *buf, size_t len)
{
	char text[PN_PREFIX_TEXT];

	pn_prefix_text((const struct pn_prefix *)CONST_FIELD(c, row), text);
	return snprintf(buf, len, "%s", text);
}

static int overhead_read(const struct pn_shaper_row *row, const char *text,
			 struct pn_shaper_conf *c)
{
	bool minus = text[0] == '-';
	uint64_t num = 0;
	int rc = pn_num_u64(text + minus, 0, minus ? -row->min : row->max, &num);

	c->overhead = minus ? -(int)num : (int)num;
	return rc;
}

static bool overhead_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
			   unsigned int i, char *buf, size_t len)
{
	return snprintf(buf, len, "%d", c->overhead);
}

static int key_read(const struct pn_shaper_row *row, const char *text,
		    struct pn_shaper_conf *c)
{
	struct in_addr quad;

	if (inet_pton(AF_INET, text, &quad) != 1)
		return number_read(row, text, c);
	c->key = ntohl(quad.s_addr);
	return 0;
}

static bool is_ifname(const char *text)
{
	size_t len = strlen(text), i;

	if (!len || len >= IFNAMSIZ || !strcmp(text, ".") || !strcmp(text, ".."))
		return false;
	for (i = 0; i < len; i++)
		if (isspace((unsigned char)text[i]) || iscntrl((unsigned char)text[i]) ||
		    strchr("/:%", text[i]))
			return false;
	return true;
}

static int ifname_read(const struct pn_shaper_row *row, const char *text,
		       struct pn_shaper_conf *c)
{
	if (!is_ifname(text))
		return -EINVAL;
	snprintf(FIELD(c, row), IFNAMSIZ, "%s", text);
	return 0;
}

static int devs_read(const struct pn_shaper_row *row, const char *text,
		     struct pn_shaper_conf *c)
{
	unsigned int i;

	if (!is_ifname(text))
		return -EINVAL;
	for (i = 0; i < c->n_dev; i++)
		if (!strcmp(c->dev[i], text))
			return -EEXIST;
	if (c->n_dev == PN_SHAPER_DEVS)
		return -E2BIG;
	snprintf(c->dev[c->n_dev++], IFNAMSIZ, "%s", text);
	return 0;
}

static bool devs_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
		       unsigned int i, char *buf, size_t len)
{
	if (i < c->n_dev)
		snprintf(buf, len, "%s", c->dev[i]);
	return i < c->n_dev;
}

static bool cpu_is_in(const struct pn_shaper_conf *c, unsigned int cpu)
{
	return c->spread[cpu / 64] >> cpu % 64 & 1;
}

static int cpus_read(const struct pn_shaper_row *row, const char *text,
		     struct pn_shaper_conf *c)
{
	uint64_t cpu = 0;
	int rc;

	if (!strcmp(text, "true") || !strcmp(text, "false")) {
		c->spread_all = text[0] == 't';
		return 0;
	}
	rc = pn_num_u64(text, row->min, row->max, &cpu);
	if (!rc && cpu_is_in(c, cpu))
		return -EEXIST;
	if (!rc)
		c->spread[cpu / 64] |= 1ull << cpu % 64;
	return rc;
}

static bool cpus_write(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
		       unsigned int i, char *buf, size_t len)
{
	unsigned int cpu, nth = 0;

	for (cpu = 0; cpu < PN_SHAPER_CPUS; cpu++) {
		if (!cpu_is_in(c, cpu) || nth++ != i)
			continue;
		return snprintf(buf, len, "%u", cpu);
	}
	if (i || nth)
		return false;
	return snprintf(buf, len, "%s", c->spread_all ? "true" : "false");
}

const struct pn_shaper_type pn_shaper_types[] = {
	[PN_ST_NONE] = { NULL, NULL },
	[PN_ST_NUMBER] = { number_read, number_write },
	[PN_ST_NAMED] = { named_read, named_write },
	[PN_ST_WORD] = { word_read, word_write },
	[PN_ST_NAME] = { name_read, text_write },
	[PN_ST_RATE] = { rate_read, rate_write },
	[PN_ST_SIZE] = { size_read, size_write },
	[PN_ST_COUNT] = { size_read, number_write },
	[PN_ST_PREFIX] = { prefix_read, prefix_write },
	[PN_ST_OVERHEAD] = { overhead_read, overhead_write },
	[PN_ST_KEY] = { key_read, number_write },
	[PN_ST_IFNAME] = { ifname_read, text_write },
	[PN_ST_DEVS] = { devs_read, devs_write },
	[PN_ST_CPUS] = { cpus_read, cpus_write },
};
