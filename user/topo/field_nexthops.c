// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The nexthops of a multipath route: "via ADDRESS dev NAME weight N onlink",
 * one after the other. The value is that text, in one way of writing.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "topo/class.h"
#include "topo/nexthops.h"
#include "util/num.h"

#define TEXT_MAX	(PN_NEXTHOPS_MAX * 96)

static int dev_take(struct pn_nexthop *h, const char *word)
{
	if (strlen(word) >= sizeof(h->dev))
		return -EINVAL;
	strcpy(h->dev, word);
	return 0;
}

static int via_take(struct pn_nexthop *h, const char *word)
{
	h->via.set = true;
	return pn_field_via.parse(word, &h->via, NULL);
}

static int weight_take(struct pn_nexthop *h, const char *word)
{
	return pn_num_u64(word, 1, 256, &h->weight);
}

static const struct {
	const char *word;
	int (*take)(struct pn_nexthop *h, const char *word);
} words[] = {
	{ "via", via_take }, { "dev", dev_take }, { "weight", weight_take },
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

static int nexthop_parse(char *text, struct pn_nexthop *h)
{
	char *word, *arg, *save;
	unsigned int i;
	int rc = 0;

	memset(h, 0, sizeof(*h));
	h->weight = 1;
	for (word = strtok_r(text, " ", &save); word && !rc; word = strtok_r(NULL, " ", &save)) {
		if (!strcmp(word, "onlink")) {
			h->onlink = true;
			continue;
		}
		for (i = 0; i < N_WORDS && strcmp(words[i].word, word); i++)
			;
		arg = i < N_WORDS ? strtok_r(NULL, " ", &save) : NULL;
		rc = arg ? words[i].take(h, arg) : -EINVAL;
	}
	return !rc && !h->via.len && !h->dev[0] ? -EINVAL : rc;
}

int pn_nexthops_parse(const char *text, struct pn_nexthop *h)
{
	char own[TEXT_MAX], *one, *save;
	int n = 0;

	if (strlen(text) >= sizeof(own))
		return -E2BIG;
	strcpy(own, text);
	for (one = strtok_r(own, ",", &save); one; one = strtok_r(NULL, ",", &save)) {
		if (n == PN_NEXTHOPS_MAX)
			return -E2BIG;
		if (nexthop_parse(one, &h[n++]))
			return -EINVAL;
	}
	return n;
}

/* Their order means nothing. */
static void nexthops_sort(struct pn_nexthop *h, int n)
{
	struct pn_nexthop t;
	int i, k;

	for (i = 1; i < n; i++) {
		for (k = i; k && memcmp(&h[k - 1], &h[k], sizeof(t)) > 0; k--) {
			t = h[k];
			h[k] = h[k - 1];
			h[k - 1] = t;
		}
	}
}

char *pn_nexthops_text(struct pn_nexthop *h, int n, struct pn_pool *pool)
{
	char text[TEXT_MAX] = "", via[INET6_ADDRSTRLEN];
	size_t at = 0;
	int i;

	nexthops_sort(h, n);
	for (i = 0; i < n && at < sizeof(text); i++) {
		at += snprintf(text + at, sizeof(text) - at, "%s", i ? ", " : "");
		if (h[i].via.len) {
			pn_field_via.format(&h[i].via, via, sizeof(via));
			at += snprintf(text + at, sizeof(text) - at, "via %s ", via);
		}
		if (h[i].dev[0])
			at += snprintf(text + at, sizeof(text) - at, "dev %s ", h[i].dev);
		at += snprintf(text + at, sizeof(text) - at, "weight %u%s",
			       (unsigned int)h[i].weight, h[i].onlink ? " onlink" : "");
	}
	return pn_pool_text(pool, text);
}

static int nexthops_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	struct pn_nexthop h[PN_NEXTHOPS_MAX];
	int n = pn_nexthops_parse(text, h);

	if (n < 0)
		return n;
	v->str = pn_nexthops_text(h, n, pool);
	v->num = n;
	return v->str ? 0 : -ENOMEM;
}

static void nexthops_format(const struct pn_value *v, char *buf, size_t len)
{
	snprintf(buf, len, "%s", v->str && v->str[0] ? v->str : "none");
}

/* What a file need not say, the device of a gateway, is not compared. */
static bool nexthop_equal(const struct pn_nexthop *a, const struct pn_nexthop *b)
{
	if (a->dev[0] && b->dev[0] && strcmp(a->dev, b->dev))
		return false;
	return a->weight == b->weight && a->onlink == b->onlink &&
	       a->via.len == b->via.len && !memcmp(a->via.bin, b->via.bin, a->via.len);
}

static bool nexthops_equal(const struct pn_value *a, const struct pn_value *b)
{
	struct pn_nexthop ha[PN_NEXTHOPS_MAX], hb[PN_NEXTHOPS_MAX];
	int i, n = pn_nexthops_parse(a->str ? a->str : "", ha);

	if (n < 0 || n != pn_nexthops_parse(b->str ? b->str : "", hb))
		return false;
	for (i = 0; i < n && nexthop_equal(&ha[i], &hb[i]); i++)
		;
	return i == n;
}

const struct pn_field_type pn_field_nexthops = {
	.accepts = "a list of 2 to 64 texts such as \"via 192.0.2.1 dev eth0 weight 2\", or maps "
		   "of via, dev, weight (1..256) and onlink",
	.parse = nexthops_parse,
	.format = nexthops_format,
	.equal = nexthops_equal,
};
