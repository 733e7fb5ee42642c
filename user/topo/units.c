// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Rates, sizes and times in the words of tc(8); see units.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "topo/units.h"

#define NSEC		1000000000ULL
#define TICK_SHIFT	6	/* PSCHED_SHIFT: the kernel's ticks are of 64 ns */
#define CODEL_SHIFT	10	/* codel's are of 1024 ns */

/* One unit is @mult divided by @div. */
struct unit {
	const char *name;
	double mult, div;
};

static const struct unit rate_units[] = {
	{ "", 1, 8 }, { "bit", 1, 8 }, { "kbit", 1e3, 8 }, { "mbit", 1e6, 8 },
	{ "gbit", 1e9, 8 }, { "tbit", 1e12, 8 },
	{ "kibit", 1024., 8 }, { "mibit", 1048576., 8 }, { "gibit", 1073741824., 8 },
	{ "tibit", 1099511627776., 8 },
	{ "bps", 1, 1 }, { "kbps", 1e3, 1 }, { "mbps", 1e6, 1 }, { "gbps", 1e9, 1 },
	{ "tbps", 1e12, 1 }, { "kibps", 1024., 1 }, { "mibps", 1048576., 1 },
	{ "gibps", 1073741824., 1 }, { "tibps", 1099511627776., 1 },
	{ NULL, 0, 0 },
};

static const struct unit size_units[] = {
	{ "", 1, 1 }, { "b", 1, 1 }, { "k", 1024., 1 }, { "kb", 1024., 1 },
	{ "m", 1048576., 1 }, { "mb", 1048576., 1 }, { "g", 1073741824., 1 },
	{ "gb", 1073741824., 1 }, { "kbit", 1024., 8 }, { "mbit", 1048576., 8 },
	{ "gbit", 1073741824., 8 }, { NULL, 0, 0 },
};

static const struct unit time_units[] = {
	{ "", 1, 1 }, { "us", 1, 1 }, { "usec", 1, 1 }, { "usecs", 1, 1 },
	{ "ms", 1e3, 1 }, { "msec", 1e3, 1 }, { "msecs", 1e3, 1 },
	{ "s", 1e6, 1 }, { "sec", 1e6, 1 }, { "secs", 1e6, 1 }, { NULL, 0, 0 },
};

/* A decimal number, and one of the units behind it. */
static int units_parse(const char *text, const struct unit *unit, uint64_t max, uint64_t *num)
{
	size_t digits = strspn(text, "0123456789.");
	char *end;
	double n;

	if (!digits || text[0] == '.' || digits > 20)
		return -EINVAL;
	n = strtod(text, &end);
	if (end != text + digits)
		return -EINVAL;
	while (unit->name && strcasecmp(unit->name, end))
		unit++;
	if (!unit->name)
		return -EINVAL;
	n = n * unit->mult / unit->div + 0.5;
	if (n >= (double)max + 1)
		return -ERANGE;
	*num = n;
	return 0;
}

static int rate_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	v->num = 0;
	if (!strcmp(text, "unlimited"))
		return 0;
	return units_parse(text, rate_units, (uint64_t)1 << 50, &v->num);
}

static int size_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	return units_parse(text, size_units, UINT32_MAX, &v->num);
}

static int time_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	return units_parse(text, time_units, UINT32_MAX, &v->num);
}

/* In the greatest of the units, ended by 1, that it is a multiple of. */
static void units_format(uint64_t num, const uint64_t *of, const char *const *unit,
			 char *buf, size_t len)
{
	while (*of > 1 && (!num || num % *of)) {
		of++;
		unit++;
	}
	snprintf(buf, len, "%" PRIu64 "%s", num / *of, *unit);
}

static void rate_format(const struct pn_value *v, char *buf, size_t len)
{
	static const uint64_t of[] = { 1000000000, 1000000, 1000, 1 };
	static const char *const unit[] = { "gbit", "mbit", "kbit", "bit" };

	if (v->num)
		units_format(v->num * 8, of, unit, buf, len);
	else
		snprintf(buf, len, "unlimited");
}

static void size_format(const struct pn_value *v, char *buf, size_t len)
{
	static const uint64_t of[] = { 1 << 20, 1 << 10, 1 };
	static const char *const unit[] = { "m", "k", "b" };

	units_format(v->num, of, unit, buf, len);
}

static void count_format(const struct pn_value *v, char *buf, size_t len)
{
	snprintf(buf, len, "%" PRIu64, v->num);
}

static void time_format(const struct pn_value *v, char *buf, size_t len)
{
	static const uint64_t of[] = { 1000000, 1000, 1 };
	static const char *const unit[] = { "s", "ms", "us" };

	units_format(v->num, of, unit, buf, len);
}

const struct pn_field_type pn_field_rate = {
	.accepts = "a rate such as 100mbit (bit, kbit, mbit, gbit; bps, kbps, mbps: bytes), or "
		   "unlimited",
	.parse = rate_parse,
	.format = rate_format,
};

const struct pn_field_type pn_field_size = {
	.accepts = "a size such as 64k (b, k, m, g: powers of 1024), less than 4g",
	.parse = size_parse,
	.format = size_format,
};

const struct pn_field_type pn_field_count = {
	.accepts = "0..4294967295, or a size such as 64k",
	.parse = size_parse,
	.format = count_format,
};

const struct pn_field_type pn_field_time = {
	.accepts = "a time such as 20ms (us, ms, s), at most 4294s",
	.parse = time_parse,
	.format = time_format,
};

const struct pn_steps pn_steps_codel = { .mult = 0 };

/* As psched_ratecfg_precompute() has it. */
struct pn_steps pn_steps_of_rate(uint64_t rate)
{
	struct pn_steps s = { .mult = 1 };
	uint64_t factor = NSEC;

	while (rate) {
		s.mult = factor / rate;
		if (s.mult >> 31 || factor >> 63)
			break;
		factor <<= 1;
		s.shift++;
	}
	return s;
}

uint64_t pn_steps_told(const struct pn_steps *s, uint64_t v)
{
	if (!s->mult)
		return ((v * 1000) >> CODEL_SHIFT << CODEL_SHIFT) / 1000;
	return (v * s->mult >> s->shift) >> TICK_SHIFT;
}

/* The least number that is told as @told or more. */
static uint64_t steps_least(const struct pn_steps *s, uint64_t told)
{
	uint64_t low = 0, high = UINT32_MAX, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (pn_steps_told(s, mid) >= told)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

uint64_t pn_steps_value(const struct pn_steps *s, uint64_t told)
{
	uint64_t base = s->mult ? 2 : 10, round = s->mult ? 1U << 31 : NSEC;
	uint64_t low = steps_least(s, told), high = steps_least(s, told + 1);

	/* What is told was not said by one who rounds in this way. */
	if (high <= low)
		return low;
	while (round > 1 && (high - 1) / round * round < low)
		round /= base;
	return (high - 1) / round * round;
}
