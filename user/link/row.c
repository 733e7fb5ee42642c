// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Attribute rows: text to value and back; see row.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/list.h"
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

static int signed_parse(const struct pn_row *row, const char *text, struct pn_value *v)
{
	bool minus = text[0] == '-';
	uint64_t n;
	int64_t num;
	int rc = pn_num_u64(text + minus, 0, UINT32_MAX, &n);

	if (rc)
		return rc;
	num = minus ? -(int64_t)n : (int64_t)n;
	v->num = num;
	return num < (int64_t)row->min || num > (int64_t)row->max ? -ERANGE : 0;
}

static int number_parse(const struct pn_row *row, const char *text, struct pn_value *v)
{
	const struct pn_named *named = pn_row_is_bool(row) ? bool_names : row->named;
	const struct pn_named *hit = named_find(named, text);

	if (hit) {
		v->num = hit->value;
		return 0;
	}
	if (row->type == PN_T_S32)
		return signed_parse(row, text, v);
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

int pn_ip_parse(const char *text, int family, struct pn_value *v)
{
	if (family != AF_INET6 && inet_pton(AF_INET, text, v->bin) == 1)
		v->len = 4;
	else if (family != AF_INET && inet_pton(AF_INET6, text, v->bin) == 1)
		v->len = 16;
	else
		return -EINVAL;
	return 0;
}

/* The family that a row is bound to, or any. */
static int ip_family(const struct pn_row *row)
{
	switch (row->type) {
	case PN_T_IP4:
	case PN_T_PREFIX4:
		return AF_INET;
	case PN_T_IP6:
	case PN_T_PREFIX6:
		return AF_INET6;
	default:
		return AF_UNSPEC;
	}
}

static int addr_parse(const struct pn_row *row, const char *text, struct pn_value *v)
{
	v->len = 0;
	return strcmp(text, "any") ? pn_ip_parse(text, ip_family(row), v) : 0;
}

/* ADDRESS/LENGTH without bits behind the length, or "none". */
static int prefix_parse(const struct pn_row *row, const char *text, struct pn_value *v)
{
	char host[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	unsigned int i;

	v->len = 0;
	v->num = 0;
	if (!strcmp(text, "none"))
		return 0;
	if (!slash || (size_t)(slash - text) >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, slash - text);
	host[slash - text] = 0;
	if (pn_ip_parse(host, ip_family(row), v) ||
	    pn_num_u64(slash + 1, 0, v->len * 8, &v->num))
		return -EINVAL;
	for (i = v->num; i < v->len * 8u; i++) {
		if (v->bin[i / 8] & 0x80 >> i % 8)
			return -ERANGE;
	}
	return 0;
}

/* A number, or the same as four bytes; "none". */
static int key_parse(const struct pn_row *row, const char *text, struct pn_value *v)
{
	__be32 quad;

	v->len = 4;
	v->num = 0;
	if (!strcmp(text, "none"))
		v->len = 0;
	else if (inet_pton(AF_INET, text, &quad) == 1)
		v->num = ntohl(quad);
	else if (pn_num_u64(text, 0, UINT32_MAX, &v->num))
		return -EINVAL;
	if (!row->attr2 && !v->num)
		v->len = 0;
	return 0;
}

int pn_mac_parse(const char *text, struct pn_value *v)
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

static int sci_parse(const char *text, struct pn_value *v)
{
	if (strlen(text) != 16 || text[strspn(text, "0123456789abcdefABCDEF")])
		return -EINVAL;
	v->num = strtoull(text, NULL, 16);
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
	case PN_T_IP4:
	case PN_T_IP6:
		rc = addr_parse(row, text, v);
		break;
	case PN_T_PREFIX4:
	case PN_T_PREFIX6:
		rc = prefix_parse(row, text, v);
		break;
	case PN_T_KEY:
		rc = key_parse(row, text, v);
		break;
	case PN_T_MAC:
		rc = pn_mac_parse(text, v);
		break;
	case PN_T_SCI:
		rc = sci_parse(text, v);
		break;
	case PN_T_STR:
		rc = str_parse(text, v);
		break;
	default:
		rc = pn_row_is_list(row) ? pn_list_parse(row, text, v) :
					   number_parse(row, text, v);
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
	if (row->type == PN_T_S32 && at < len)
		snprintf(buf + at, len - at, "%s%" PRId64 "..%" PRId64, at ? ", or " : "",
			 (int64_t)row->min, (int64_t)row->max);
	else if (row->max && at < len)
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
	case PN_T_IP4:
		text = "an IPv4 address, or any";
		break;
	case PN_T_IP6:
		text = "an IPv6 address, or any";
		break;
	case PN_T_PREFIX4:
		text = "an IPv4 prefix such as 10.0.0.0/8 without bits behind it, or none";
		break;
	case PN_T_PREFIX6:
		text = "an IPv6 prefix such as 2001:db8::/32 without bits behind it, or none";
		break;
	case PN_T_KEY:
		text = "0..4294967295 or the same as four bytes such as 0.0.0.1, or none";
		break;
	case PN_T_MAC:
		text = "a MAC address such as 02:00:5e:10:00:01";
		break;
	case PN_T_SCI:
		text = "16 hexadecimal digits";
		break;
	case PN_T_STR:
		text = "text of at most 255 bytes";
		break;
	default:
		if (!pn_row_is_bool(row) && !pn_row_is_list(row))
			return number_accepts(row, buf, len);
		text = pn_row_is_list(row) ? pn_list_accepts(row) : "true or false";
	}
	snprintf(buf, len, "%s", text);
	return buf;
}

static char *bin_format(const struct pn_row *row, const struct pn_value *v, char *buf,
			size_t len)
{
	const uint8_t *b = v->bin;
	size_t n;

	if (row->type == PN_T_MAC)
		snprintf(buf, len, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2],
			 b[3], b[4], b[5]);
	else if (!v->len || !inet_ntop(v->len == 4 ? AF_INET : AF_INET6, b, buf, len))
		snprintf(buf, len, row->type >= PN_T_PREFIX4 ? "none" : "any");
	if (row->type < PN_T_PREFIX4 || row->type > PN_T_PREFIX6 || !v->len)
		return buf;
	n = strlen(buf);
	snprintf(buf + n, len - n, "/%" PRIu64, v->num);
	return buf;
}

/* In decimal, as most are written. */
static char *key_format(const struct pn_value *v, char *buf, size_t len)
{
	if (v->len)
		snprintf(buf, len, "%" PRIu64, v->num);
	else
		snprintf(buf, len, "none");
	return buf;
}

char *pn_row_format(const struct pn_row *row, const struct pn_value *v, char *buf,
		    size_t len)
{
	const char *name = named_text(row->named, v->num);

	switch (row->type) {
	case PN_T_IP:
	case PN_T_IP4:
	case PN_T_IP6:
	case PN_T_PREFIX4:
	case PN_T_PREFIX6:
	case PN_T_MAC:
		return bin_format(row, v, buf, len);
	case PN_T_KEY:
		return key_format(v, buf, len);
	case PN_T_SCI:
		snprintf(buf, len, "%016" PRIx64, v->num);
		return buf;
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
	if (pn_row_is_list(row))
		pn_list_format(row, v, buf, len);
	else if (pn_row_is_bool(row))
		snprintf(buf, len, "%s", v->num ? "true" : "false");
	else if (name)
		snprintf(buf, len, "%s", name);
	else if (row->type == PN_T_S32)
		snprintf(buf, len, "%" PRId64, (int64_t)v->num);
	else
		snprintf(buf, len, row->flags & PN_ROW_HEX ? "0x%" PRIx64 : "%" PRIu64,
			 v->num);
	return buf;
}

/* An unspecified address, or one of zeros, is the same as none. */
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
	case PN_T_IP4:
	case PN_T_IP6:
		if (ip_is_any(a) || ip_is_any(b))
			return ip_is_any(a) && ip_is_any(b);
		return a->len == b->len && !memcmp(a->bin, b->bin, a->len);
	case PN_T_PREFIX4:
	case PN_T_PREFIX6:
		return a->num == b->num && ip_is_any(a) == ip_is_any(b) &&
		       (ip_is_any(a) || !memcmp(a->bin, b->bin, a->len));
	case PN_T_KEY:
		return a->len == b->len && a->num == b->num;
	case PN_T_MAC:
		return a->len == b->len && !memcmp(a->bin, b->bin, a->len);
	case PN_T_DEV:
	case PN_T_STR:
		return !strcmp(a->str ? a->str : "", b->str ? b->str : "");
	default:
		if (pn_row_is_list(row))
			return pn_list_equal(row, a, b);
		return a->num == b->num;
	}
}

bool pn_row_is_default(const struct pn_row *row, const struct pn_value *v)
{
	struct pn_value def = { 0 };
	char why[300];

	return row->def && !(row->flags & PN_ROW_EXPLICIT) &&
	       !pn_row_parse(row, row->def, &def, why, sizeof(why)) &&
	       pn_row_equal(row, v, &def);
}

bool pn_row_is_none(const struct pn_row *row, const struct pn_value *v)
{
	struct pn_list_walk walk = { 0 };
	struct pn_value item;

	switch (row->type) {
	case PN_T_IP:
	case PN_T_IP4:
	case PN_T_IP6:
		return ip_is_any(v);
	case PN_T_PREFIX4:
	case PN_T_PREFIX6:
		return ip_is_any(v) && !v->num;
	case PN_T_KEY:
		return !v->len;
	case PN_T_MAC:
		return !v->len || ip_is_any(v);
	case PN_T_DEV:
	case PN_T_STR:
		return !v->str || !v->str[0];
	default:
		return pn_row_is_list(row) ? !pn_list_next(row, v, &walk, &item) : !v->num;
	}
}
