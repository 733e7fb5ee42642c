// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Attribute rows: text to value and back; see row.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "link/row.h"
#include "util/num.h"

#define ALIAS_MAX	255	/* IFALIASZ - 1 */

static const struct pn_named bool_names[] = {
	{ "true", 1 }, { "false", 0 }, { "on", 1 }, { "off", 0 },
	{ "yes", 1 }, { "no", 0 }, { "1", 1 }, { "0", 0 }, { NULL, 0 },
};

const struct pn_row *pn_row_find(const struct pn_rows *rows, const char *name)
{
	unsigned int i;

	for (i = 0; i < rows->n; i++) {
		const struct pn_row *row = &rows->row[i];

		if (!strcmp(row->name, name) || (row->alias && !strcmp(row->alias, name)))
			return row;
	}
	return NULL;
}

bool pn_row_is_bool(const struct pn_row *row)
{
	return row->type <= PN_T_BOOLOPT;
}

static const struct pn_named *named_find(const struct pn_named *named, const char *text)
{
	for (; named && named->name; named++) {
		if (!strcmp(named->name, text))
			return named;
	}
	return NULL;
}

static const char *named_text(const struct pn_named *named, uint64_t value)
{
	for (; named && named->name; named++) {
		if (named->value == value)
			return named->name;
	}
	return NULL;
}

static int number_parse(const struct pn_row *row, const char *text, struct pn_value *v)
{
	const struct pn_named *named = pn_row_is_bool(row) ? bool_names : row->named;
	const struct pn_named *hit = named_find(named, text);

	if (hit) {
		v->num = hit->value;
		return 0;
	}
	return row->max ? pn_num_u64(text, row->min, row->max, &v->num) : -EINVAL;
}

static int range_parse(const struct pn_row *row, const char *text, struct pn_value *v)
{
	char low[16];
	uint64_t a, b;
	const char *sep = strpbrk(text, " -");
	size_t n = sep ? (size_t)(sep - text) : 0;
	int rc;

	if (!n || n >= sizeof(low))
		return -EINVAL;
	memcpy(low, text, n);
	low[n] = 0;
	rc = pn_num_u64(low, row->min, row->max, &a);
	if (!rc)
		rc = pn_num_u64(sep + 1, row->min, row->max, &b);
	if (!rc && a > b)
		rc = -ERANGE;
	if (!rc)
		v->num = a << 16 | b;
	return rc;
}

static int ip_parse(const char *text, struct pn_value *v)
{
	if (!strcmp(text, "any")) {
		v->len = 0;
		return 0;
	}
	if (inet_pton(AF_INET, text, v->bin) == 1)
		v->len = 4;
	else if (inet_pton(AF_INET6, text, v->bin) == 1)
		v->len = 16;
	else
		return -EINVAL;
	return 0;
}

static int mac_parse(const char *text, struct pn_value *v)
{
	unsigned int i, hi, lo;
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *p, *q;

	for (i = 0; i < 6; i++, text += 3) {
		p = text[0] ? strchr(digits, text[0]) : NULL;
		q = p && text[1] ? strchr(digits, text[1]) : NULL;
		if (!q || text[2] != (i < 5 ? ':' : 0))
			return -EINVAL;
		hi = (p - digits) % 16;
		lo = (q - digits) % 16;
		v->bin[i] = hi << 4 | lo;
	}
	v->len = 6;
	return 0;
}

static int dev_parse(const char *text, struct pn_value *v)
{
	v->str = strcmp(text, "none") ? text : "";
	return text[0] && strlen(text) < IFNAMSIZ ? 0 : -EINVAL;
}

static int str_parse(const char *text, struct pn_value *v)
{
	v->str = text;
	return strlen(text) <= ALIAS_MAX ? 0 : -ERANGE;
}

int pn_row_parse(const struct pn_row *row, const char *text, struct pn_value *v,
		 char *why, size_t why_len)
{
	char accepts[256];
	int rc;

	switch (row->type) {
	case PN_T_RANGE:
		rc = range_parse(row, text, v);
		break;
	case PN_T_DEV:
		rc = dev_parse(text, v);
		break;
	case PN_T_IP:
		rc = ip_parse(text, v);
		break;
	case PN_T_MAC:
		rc = mac_parse(text, v);
		break;
	case PN_T_STR:
		rc = str_parse(text, v);
		break;
	default:
		rc = number_parse(row, text, v);
	}
	v->set = !rc;
	if (rc)
		snprintf(why, why_len, "must be %s",
			 pn_row_accepts(row, accepts, sizeof(accepts)));
	return rc;
}

static char *number_accepts(const struct pn_row *row, char *buf, size_t len)
{
	const struct pn_named *n;
	size_t at = 0;

	buf[0] = 0;
	for (n = row->named; n && n->name && at < len; n++)
		at += snprintf(buf + at, len - at, "%s%s", at ? ", " : "", n->name);
	if (row->max && at < len)
		snprintf(buf + at, len - at, "%s%" PRIu64 "..%" PRIu64 "%s%s",
			 at ? ", or " : "", row->min, row->max, row->unit ? " " : "",
			 row->unit ? row->unit : "");
	return buf;
}

char *pn_row_accepts(const struct pn_row *row, char *buf, size_t len)
{
	const char *text;

	switch (row->type) {
	case PN_T_RANGE:
		snprintf(buf, len, "two numbers, lowest first, of %" PRIu64 "..%" PRIu64,
			 row->min, row->max);
		return buf;
	case PN_T_DEV:
		text = "the name of a device (1 to 15 characters), or none";
		break;
	case PN_T_IP:
		text = "an IPv4 or IPv6 address, or any";
		break;
	case PN_T_MAC:
		text = "a MAC address such as 02:00:5e:10:00:01";
		break;
	case PN_T_STR:
		text = "text of at most 255 bytes";
		break;
	default:
		if (!pn_row_is_bool(row))
			return number_accepts(row, buf, len);
		text = "true or false";
	}
	snprintf(buf, len, "%s", text);
	return buf;
}

static char *bin_format(const struct pn_row *row, const struct pn_value *v, char *buf,
			size_t len)
{
	const uint8_t *b = v->bin;

	if (row->type == PN_T_MAC)
		snprintf(buf, len, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2],
			 b[3], b[4], b[5]);
	else if (!v->len || !inet_ntop(v->len == 4 ? AF_INET : AF_INET6, b, buf, len))
		snprintf(buf, len, "any");
	return buf;
}

char *pn_row_format(const struct pn_row *row, const struct pn_value *v, char *buf,
		    size_t len)
{
	const char *name = named_text(row->named, v->num);

	switch (row->type) {
	case PN_T_IP:
	case PN_T_MAC:
		return bin_format(row, v, buf, len);
	case PN_T_DEV:
		snprintf(buf, len, "%s", v->str && v->str[0] ? v->str : "none");
		return buf;
	case PN_T_STR:
		snprintf(buf, len, "%s", v->str ? v->str : "");
		return buf;
	case PN_T_RANGE:
		snprintf(buf, len, "%u %u", (unsigned int)(v->num >> 16),
			 (unsigned int)(v->num & 0xffff));
		return buf;
	default:
		break;
	}
	if (pn_row_is_bool(row))
		snprintf(buf, len, "%s", v->num ? "true" : "false");
	else if (name)
		snprintf(buf, len, "%s", name);
	else
		snprintf(buf, len, row->flags & PN_ROW_HEX ? "0x%" PRIx64 : "%" PRIu64,
			 v->num);
	return buf;
}

/* An unspecified address is the same as none. */
static bool ip_is_any(const struct pn_value *v)
{
	static const uint8_t zero[16];

	return !memcmp(v->bin, zero, v->len);
}

bool pn_row_equal(const struct pn_row *row, const struct pn_value *a,
		  const struct pn_value *b)
{
	switch (row->type) {
	case PN_T_IP:
		if (ip_is_any(a) || ip_is_any(b))
			return ip_is_any(a) && ip_is_any(b);
		return a->len == b->len && !memcmp(a->bin, b->bin, a->len);
	case PN_T_MAC:
		return a->len == b->len && !memcmp(a->bin, b->bin, a->len);
	case PN_T_DEV:
	case PN_T_STR:
		return !strcmp(a->str ? a->str : "", b->str ? b->str : "");
	default:
		return a->num == b->num;
	}
}
