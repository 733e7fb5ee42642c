// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gre, gretap, erspan and their IPv6 kin. A change resets every attribute
 * that its message leaves out. The kernel takes a key only with its flag.
 */
#include <errno.h>
#include <stdio.h>

#include "link/tunnel_rows.h"

const struct pn_named pn_ttl_names[] = { { "inherit", 0 }, { NULL, 0 } };
const struct pn_named pn_tos_names[] = { { "inherit", 1 }, { NULL, 0 } };
const struct pn_named pn_bit_names[] = { { "inherit", PN_NUM_BIT }, { NULL, 0 } };
const struct pn_named pn_elim_names[] = { { "none", PN_NUM_BIT }, { NULL, 0 } };
const struct pn_named pn_dscp_names[] = { { "inherit", 1 }, { "none", 0 }, { NULL, 0 } };
const struct pn_named pn_port_names[] = { { "auto", 0 }, { NULL, 0 } };
const struct pn_named pn_encap_names[] = {
	{ "none", TUNNEL_ENCAP_NONE },
	{ "fou", TUNNEL_ENCAP_FOU },
	{ "gue", TUNNEL_ENCAP_GUE },
	{ NULL, 0 },
};

static const struct pn_named erspan_dirs[] = {
	{ "ingress", 0 },
	{ "egress", 1 },
	{ NULL, 0 },
};

#define FLAG(word, ID, bit, text) \
	{ .name = word, .type = PN_T_BIT_BE16, .attr = IFLA_GRE_##ID##FLAGS, \
	  .mask = PN_GRE_##bit, .flags = PN_ROW_TUNNEL, .def = "false", .help = text }
#define KEY(word, ID, text) \
	{ .name = word, .type = PN_T_KEY, .attr = IFLA_GRE_##ID##KEY, \
	  .attr2 = IFLA_GRE_##ID##FLAGS, .mask = PN_GRE_KEY, .flags = PN_ROW_TUNNEL, \
	  .def = "none", .help = text }
#define BOTH(word, kind, text) \
	{ .name = word, .type = kind, .flags = PN_ROW_BOTH, .help = text }

#define GRE_ROWS \
	BOTH("key", PN_T_KEY, "ikey and okey"), \
	KEY("ikey", I, "key that received packets must have"), \
	KEY("okey", O, "key of sent packets"), \
	BOTH("seq", PN_T_BIT_BE16, "iseq and oseq"), \
	FLAG("iseq", I, SEQ, "require sequence numbers, in order"), \
	FLAG("oseq", O, SEQ, "send sequence numbers"), \
	BOTH("csum", PN_T_BIT_BE16, "icsum and ocsum"), \
	FLAG("icsum", I, CSUM, "require checksums"), \
	FLAG("ocsum", O, CSUM, "send checksums")

#define IGNORE_DF \
	{ .name = "ignore-df", .type = PN_T_BOOL, .attr = IFLA_GRE_IGNORE_DF, .def = "false", \
	  .help = "ignore Don't Fragment of the inner packet; not with pmtudisc" }

#define ERSPAN_ROWS(lowest) \
	{ .name = "erspan_ver", .type = PN_T_U8, .attr = IFLA_GRE_ERSPAN_VER, .min = lowest, \
	  .max = 2, .def = "1", .help = "1: type II, 2: type III" }, \
	{ .name = "erspan", .alias = "erspan_index", .type = PN_T_U32, \
	  .attr = IFLA_GRE_ERSPAN_INDEX, .max = 0xfffff, \
	  .help = "port that the frames come from (version 1)" }, \
	{ .name = "erspan_dir", .type = PN_T_U8, .attr = IFLA_GRE_ERSPAN_DIR, \
	  .named = erspan_dirs, .help = "direction of the mirrored traffic (version 2)" }, \
	{ .name = "erspan_hwid", .type = PN_T_U16, .attr = IFLA_GRE_ERSPAN_HWID, .max = 63, \
	  .flags = PN_ROW_HEX, .help = "engine that mirrors (version 2)" }

static const struct pn_row gre_row[] = {
	PN_ROWS_ADDR(IFLA_GRE, PN_T_IP4),
	GRE_ROWS,
	PN_ROWS_IPV4(IFLA_GRE),
	IGNORE_DF,
	PN_ROW_EXTERNAL(IFLA_GRE),
	PN_ROWS_ENCAP(IFLA_GRE),
};

static const struct pn_row erspan_row[] = {
	PN_ROWS_ADDR(IFLA_GRE, PN_T_IP4),
	GRE_ROWS,
	PN_ROWS_IPV4(IFLA_GRE),
	IGNORE_DF,
	ERSPAN_ROWS(0),
	PN_ROW_EXTERNAL(IFLA_GRE),
	PN_ROWS_ENCAP(IFLA_GRE),
};

static const struct pn_row gre6_row[] = {
	PN_ROWS_ADDR(IFLA_GRE, PN_T_IP6),
	GRE_ROWS,
	PN_ROWS_IPV6(IFLA_GRE),
	PN_ROW_EXTERNAL(IFLA_GRE),
	PN_ROWS_ENCAP(IFLA_GRE),
};

static const struct pn_row erspan6_row[] = {
	PN_ROWS_ADDR(IFLA_GRE, PN_T_IP6),
	GRE_ROWS,
	PN_ROWS_IPV6(IFLA_GRE),
	ERSPAN_ROWS(1),
	PN_ROW_EXTERNAL(IFLA_GRE),
	PN_ROWS_ENCAP(IFLA_GRE),
};

static const struct pn_rows gre_rows = PN_ROWS(PN_AT_DATA, gre_row);
static const struct pn_rows erspan_rows = PN_ROWS(PN_AT_DATA, erspan_row);
static const struct pn_rows gre6_rows = PN_ROWS(PN_AT_DATA, gre6_row);
static const struct pn_rows erspan6_rows = PN_ROWS(PN_AT_DATA, erspan6_row);

int pn_tunnel_check(const struct pn_rows *rows, const struct pn_value *v, int *row,
		    char *why, size_t why_len)
{
	const struct pn_value *external = pn_kind_value(rows, v, "external");
	unsigned int i;

	*row = -1;
	if (!external || !external->num)
		return 0;
	for (i = 0; i < rows->n; i++) {
		if (!(rows->row[i].flags & PN_ROW_TUNNEL) || !v[i].set ||
		    pn_row_is_none(&rows->row[i], &v[i]))
			continue;
		*row = i;
		snprintf(why, why_len, "cannot be set together with external");
		return -EINVAL;
	}
	return 0;
}

/* Is the row set to something, or without a word of the file something by itself? */
static bool is_on(const struct pn_rows *rows, const struct pn_value *v, const char *name,
		  bool silent)
{
	const struct pn_value *value = pn_kind_value(rows, v, name);

	return value && value->set ? value->num : silent;
}

static int gre_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	if (is_on(&gre_rows, v, "ignore-df", false) && is_on(&gre_rows, v, "pmtudisc", true)) {
		*row = pn_kind_value(&gre_rows, v, "ignore-df") - v;
		snprintf(why, why_len, "needs pmtudisc: false");
		return -EINVAL;
	}
	return pn_tunnel_check(&gre_rows, v, row, why, why_len);
}

static int gre6_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	return pn_tunnel_check(&gre6_rows, v, row, why, why_len);
}

#define SESSION_MAX	1023U

/* Sequence numbers, and the session's number as key: nothing else, nothing less. */
static int session_check(const struct pn_rows *rows, const struct pn_value *v, int *row,
			 char *why, size_t why_len)
{
	static const char *const keys[] = { "ikey", "okey" };
	const struct pn_value *key;
	unsigned int i;

	*row = -1;
	if (!is_on(rows, v, "iseq", false) && !is_on(rows, v, "oseq", false)) {
		snprintf(why, why_len, "seq is required: ERSPAN numbers its packets");
		return -EINVAL;
	}
	for (i = 0; i < 2; i++) {
		key = pn_kind_value(rows, v, keys[i]);
		if (key->num > SESSION_MAX)
			*row = key - v;
		if (key->len && key->num <= SESSION_MAX)
			continue;
		if (*row < 0)
			snprintf(why, why_len, "%s is required: 0..%u, the ERSPAN session",
				 keys[i], SESSION_MAX);
		else
			snprintf(why, why_len, "must be 0..%u, the ERSPAN session", SESSION_MAX);
		return -EINVAL;
	}
	for (i = 0; i < 2; i++) {
		const char *const sums[] = { "icsum", "ocsum" };

		if (!is_on(rows, v, sums[i], false))
			continue;
		*row = pn_kind_value(rows, v, sums[i]) - v;
		snprintf(why, why_len, "ERSPAN has no checksums");
		return -EINVAL;
	}
	return 0;
}

/* Words of one version with the other. */
static int version_check(const struct pn_rows *rows, const struct pn_value *v, int *row,
			 char *why, size_t why_len)
{
	static const struct {
		const char *name;
		uint64_t version;
	} words[] = { { "erspan", 1 }, { "erspan_dir", 2 }, { "erspan_hwid", 2 } };
	const struct pn_value *ver = pn_kind_value(rows, v, "erspan_ver"), *word;
	uint64_t version = ver->set ? ver->num : 1;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		word = pn_kind_value(rows, v, words[i].name);
		if (!word->set || words[i].version == version)
			continue;
		*row = word - v;
		snprintf(why, why_len, "is of erspan_ver %u", (unsigned int)words[i].version);
		return -EINVAL;
	}
	return 0;
}

static int erspan_any_check(const struct pn_rows *rows, const struct pn_value *v, int *row,
			    char *why, size_t why_len)
{
	const struct pn_value *ver = pn_kind_value(rows, v, "erspan_ver");
	int rc = pn_tunnel_check(rows, v, row, why, why_len);

	if (!rc && !is_on(rows, v, "external", false) && !(ver->set && !ver->num))
		rc = session_check(rows, v, row, why, why_len);
	return rc ? rc : version_check(rows, v, row, why, why_len);
}

static int erspan_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	return erspan_any_check(&erspan_rows, v, row, why, why_len);
}

static int erspan6_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	return erspan_any_check(&erspan6_rows, v, row, why, why_len);
}

#define KIND(word, text, rows, hook) \
	const struct pn_kind pn_kind_##word = { \
		.name = #word, .help = text, .flags = PN_KIND_WHOLE, \
		.data = PN_ROWS(PN_AT_DATA, rows), .check = hook, \
	}

KIND(gre, "a tunnel for IP packets over IPv4 (RFC 2784, 2890)", gre_row, gre_check);
KIND(gretap, "an Ethernet tunnel over GRE and IPv4", gre_row, gre_check);
KIND(erspan, "mirrored frames over GRE and IPv4 (ERSPAN type I, II or III)", erspan_row,
     erspan_check);
KIND(ip6gre, "a tunnel for IP packets over IPv6", gre6_row, gre6_check);
KIND(ip6gretap, "an Ethernet tunnel over GRE and IPv6", gre6_row, gre6_check);
KIND(ip6erspan, "mirrored frames over GRE and IPv6 (ERSPAN type II or III)", erspan6_row,
     erspan6_check);
