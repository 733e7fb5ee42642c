// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Types of values that several classes have; see class.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "topo/class.h"
#include "util/num.h"

static int address_parse(const char *text, struct pn_value *v)
{
	if (inet_pton(AF_INET, text, v->bin) == 1)
		v->len = 4;
	else if (inet_pton(AF_INET6, text, v->bin) == 1)
		v->len = 16;
	else
		return -EINVAL;
	return 0;
}

static void bits_clear(struct pn_value *v)
{
	unsigned int i, keep;

	for (i = 0; i < v->len; i++) {
		keep = v->num > i * 8 ? v->num - i * 8 : 0;
		if (keep < 8)
			v->bin[i] &= ~(0xff >> keep);
	}
}

/* An address without a length is all of it; bits behind the prefix are an error. */
static int prefix_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	char host[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	struct pn_value had;

	if (!strcmp(text, "default"))
		return 0;
	if (n >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, n);
	host[n] = 0;
	if (address_parse(host, v))
		return -EINVAL;
	v->num = v->len * 8;
	if (slash && pn_num_u64(slash + 1, 0, v->len * 8, &v->num))
		return -EINVAL;
	had = *v;
	bits_clear(v);
	return memcmp(had.bin, v->bin, v->len) ? -EINVAL : 0;
}

static void prefix_format(const struct pn_value *v, char *buf, size_t len)
{
	char host[INET6_ADDRSTRLEN];

	if (!v->len)
		snprintf(buf, len, "default");
	else
		snprintf(buf, len, "%s/%u", inet_ntop(pn_family_of(v), v->bin, host,
						       sizeof(host)), (unsigned int)v->num);
}

const struct pn_field_type pn_field_prefix = {
	.accepts = "default, or an IPv4 or IPv6 prefix such as 10.0.0.0/8, without bits set "
		   "behind its length",
	.parse = prefix_parse,
	.format = prefix_format,
};

static int via_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	return strcmp(text, "none") ? address_parse(text, v) : 0;
}

static void via_format(const struct pn_value *v, char *buf, size_t len)
{
	if (!v->len || !inet_ntop(pn_family_of(v), v->bin, buf, len))
		snprintf(buf, len, "none");
}

const struct pn_field_type pn_field_via = {
	.accepts = "an IPv4 or IPv6 address, or none",
	.parse = via_parse,
	.format = via_format,
};
