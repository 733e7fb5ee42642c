// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Rates, sizes and times as tc has them; steps that the kernel rounds to. */
#include <string.h>

#include "tap.h"
#include "topo/units.h"

static const struct {
	const struct pn_field_type *type;
	const char *text, *want;	/* NULL: refused */
	uint64_t num;
} words[] = {
	{ &pn_field_rate, "100mbit", "100mbit", 12500000 },
	{ &pn_field_rate, "1.5Mbit", "1500kbit", 187500 },
	{ &pn_field_rate, "8", "8bit", 1 },
	{ &pn_field_rate, "1kbps", "8kbit", 1000 },
	{ &pn_field_rate, "1kibit", "1024bit", 128 },
	{ &pn_field_rate, "100gbit", "100gbit", 12500000000 },
	{ &pn_field_rate, "unlimited", "unlimited", 0 },
	{ &pn_field_rate, "100m", NULL, 0 },
	{ &pn_field_rate, "-1mbit", NULL, 0 },
	{ &pn_field_rate, "mbit", NULL, 0 },
	{ &pn_field_rate, "99999999tbit", NULL, 0 },
	{ &pn_field_size, "64k", "64k", 65536 },
	{ &pn_field_size, "64kb", "64k", 65536 },
	{ &pn_field_size, "1m", "1m", 1048576 },
	{ &pn_field_size, "1540", "1540b", 1540 },
	{ &pn_field_size, "0", "0b", 0 },
	{ &pn_field_size, "4g", NULL, 0 },
	{ &pn_field_size, "1.2.3", NULL, 0 },
	{ &pn_field_count, "1000", "1000", 1000 },
	{ &pn_field_count, "1k", "1024", 1024 },
	{ &pn_field_time, "20ms", "20ms", 20000 },
	{ &pn_field_time, "5", "5us", 5 },
	{ &pn_field_time, "1.5s", "1500ms", 1500000 },
	{ &pn_field_time, "2s", "2s", 2000000 },
	{ &pn_field_time, "2h", NULL, 0 },
	{ &pn_field_time, "", NULL, 0 },
};

static void words_test(void)
{
	unsigned int i;
	char text[100];

	tap_case("rates, sizes and times");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct pn_value v = { 0 }, again = { 0 };
		int rc = words[i].type->parse(words[i].text, &v, NULL);

		if (!tap_eq(!rc, words[i].want ? 1 : 0, words[i].text) || rc)
			continue;
		words[i].type->format(&v, text, sizeof(text));
		tap_eq(v.num, words[i].num, words[i].text);
		tap_true(!strcmp(text, words[i].want), text);
		tap_eq(words[i].type->parse(text, &again, NULL), 0, text);
		tap_eq(again.num, v.num, "read again");
	}
	tap_end();
}

/* Whatever is said is told as the same, and stands for itself. */
static void steps_test(const char *name, const struct pn_steps *s, uint64_t upto)
{
	uint64_t v, value;

	tap_case("steps of %s", name);
	for (v = 1; v < upto; v += 1 + v / 7) {
		value = pn_steps_value(s, pn_steps_told(s, v));
		if (pn_steps_told(s, value) != pn_steps_told(s, v) ||
		    pn_steps_value(s, pn_steps_told(s, value)) != value)
			tap_fail("%llu: %llu", (unsigned long long)v, (unsigned long long)value);
	}
	tap_end();
}

int main(void)
{
	static const uint64_t rate[] = { 1, 1000, 187500, 1250000, 125000000, 12500000000 };
	struct pn_steps s;
	unsigned int i;

	words_test();
	steps_test("codel", &pn_steps_codel, 1000000000);
	for (i = 0; i < sizeof(rate) / sizeof(rate[0]); i++) {
		s = pn_steps_of_rate(rate[i]);
		steps_test("a rate", &s, UINT32_MAX);
	}
	tap_case("round numbers stand for themselves");
	tap_eq(pn_steps_value(&pn_steps_codel, pn_steps_told(&pn_steps_codel, 5000)), 5000,
	       "5 ms");
	tap_eq(pn_steps_value(&s, pn_steps_told(&s, 65536)), 65536, "64k at 100 Gbit/s");
	tap_end();
	return tap_done();
}
