// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Values of macsec objects: identifiers and keys in hexadecimal; see class_macsec.h. */
#include <errno.h>
#include <linux/if_macsec.h>
#include <stdio.h>
#include <string.h>

#include "topo/class_macsec.h"
#include "util/num.h"

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (p - digits) % 16 : -1;
}

int pn_hex_parse(const char *text, uint8_t *to, size_t max)
{
	size_t n;

	for (n = 0; text[0]; text += 2, n++) {
		if (n == max || digit(text[0]) < 0 || digit(text[1]) < 0)
			return -EINVAL;
		to[n] = digit(text[0]) << 4 | digit(text[1]);
	}
	return n;
}

static void hex_format(const uint8_t *from, size_t n, char *buf, size_t len)
{
	size_t i;

	buf[0] = '\0';
	for (i = 0; i < n && 2 * i + 2 < len; i++)
		snprintf(buf + 2 * i, len - 2 * i, "%02x", from[i]);
}

/* It counts by itself: what was said of its start is compared with nothing. */
static bool same(const struct pn_value *a, const struct pn_value *b)
{
	return true;
}

static int pn_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	return pn_num_u64(text, 1, UINT64_MAX, &v->num);
}

static void pn_format(const struct pn_value *v, char *buf, size_t len)
{
	snprintf(buf, len, "%llu", (unsigned long long)v->num);
}

const struct pn_field_type pn_field_macsec_pn = {
	.accepts = "1..4294967295, or with ssci 1..18446744073709551615",
	.parse = pn_parse,
	.format = pn_format,
	.equal = same,
};

/* As ip-macsec: what is shorter is filled with zeroes. */
static int key_id_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	memset(v->bin, 0, sizeof(v->bin));
	v->len = MACSEC_KEYID_LEN;
	return pn_hex_parse(text, v->bin, MACSEC_KEYID_LEN) > 0 ? 0 : -EINVAL;
}

static void key_id_format(const struct pn_value *v, char *buf, size_t len)
{
	hex_format(v->bin, v->len, buf, len);
}

const struct pn_field_type pn_field_macsec_key_id = {
	.accepts = "2 to 32 hexadecimal digits",
	.parse = key_id_parse,
	.format = key_id_format,
};

static int secret_parse(const char *text, struct pn_value *v, struct pn_pool *pool,
			const uint8_t *lens, size_t n)
{
	uint8_t bytes[32];
	int len = pn_hex_parse(text, bytes, sizeof(bytes));
	size_t i;

	for (i = 0; i < n && lens[i] != len; i++)
		;
	v->str = i < n ? pn_pool_text(pool, text) : NULL;
	return v->str ? 0 : -EINVAL;
}

static int key_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	return secret_parse(text, v, pool, (const uint8_t[]){ 16, 32 }, 2);
}

static int salt_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	return secret_parse(text, v, pool, (const uint8_t[]){ MACSEC_SALT_LEN }, 1);
}

static void secret_format(const struct pn_value *v, char *buf, size_t len)
{
	snprintf(buf, len, "(not shown)");
}

const struct pn_field_type pn_field_macsec_key = {
	.accepts = "32 or 64 hexadecimal digits",
	.parse = key_parse,
	.format = secret_format,
	.equal = same,
};

const struct pn_field_type pn_field_macsec_salt = {
	.accepts = "24 hexadecimal digits",
	.parse = salt_parse,
	.format = secret_format,
	.equal = same,
};
