// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * How exactly a policed port keeps its rate: load far above it from one CPU or
 * two, bytes that arrive in windows of a second, against the rate, and against
 * what an exact bucket would have let pass of the load as it came (which does
 * not suffer from a generator that has to wait on a busy machine).
 */
#include <bpf/libbpf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "offer.h"
#include "policed.h"
#include "tap.h"

#define ROUNDS_DEFAULT 2
#define WINDOW	   1000 /* slots */
#define STEP	   100
#define SKIP	   200	/* the burst is gone by then */
#define RUN_MS	   1700
#define BURST_MS   10
#define BURST_LEAST 3028

struct rate_case {
	const char *name;
	uint64_t bits;	/* a second */
	int len;	/* of the frame */
	int senders;
};

static const struct rate_case cases[] = {
	{ "1 Mbit/s, 64 bytes", 1000000, 64, 1 },
	{ "1 Mbit/s, 1514 bytes", 1000000, 1514, 1 },
	{ "100 Mbit/s, 64 bytes", 100000000, 64, 1 },
	{ "100 Mbit/s, 64 bytes, 2 CPUs", 100000000, 64, 2 },
	{ "100 Mbit/s, 1514 bytes", 100000000, 1514, 1 },
	{ "500 Mbit/s, 1000 bytes", 500000000, 1000, 1 },
	{ "500 Mbit/s, 64 bytes, 2 CPUs", 500000000, 64, 2 },
	{ "1 Gbit/s, 1514 bytes", 1000000000, 1514, 1 },
	{ "10 Gbit/s, 1514 bytes", 10000000000, 1514, 1 },
	{ "10 Gbit/s, 1514 bytes, 2 CPUs", 10000000000, 1514, 2 },
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static struct offer offer;
static struct netns d;
static struct policed port;

/* Where the windows of a run lie furthest from what they should be, in per cent. */
struct errors {
	double of_rate, of_model, above;
	double offered;
};

static double window_model(const double *want, uint32_t from)
{
	double sum = 0;

	for (uint32_t i = from; i < from + WINDOW; i++)
		sum += want[i];
	return sum;
}

static void errors_look(const struct offer_seen *seen, double rate, double burst, struct errors *e)
{
	static double want[OFFERED_SLOTS];

	memset(e, 0, sizeof(*e));
	offer_model(seen, rate, burst, want);
	for (uint32_t i = SKIP; i + WINDOW <= seen->slots; i += STEP) {
		double got = offer_bytes(seen->got, i, i + WINDOW);
		double rate_off = (got / rate - 1) * 100;
		double model_off = (got / window_model(want, i) - 1) * 100;

		if (fabs(rate_off) > fabs(e->of_rate))
			e->of_rate = rate_off;
		if (fabs(model_off) > fabs(e->of_model))
			e->of_model = model_off;
	}
	e->above = offer_bytes(seen->got, 0, OFFERED_SLOTS) - burst - rate * seen->slots / 1000;
	e->offered = offer_bytes(seen->sent, 0, seen->slots) / (rate * seen->slots / 1000);
}

static struct errors worst;	/* medians of all cases */

static void worst_of(double *most, struct samples *s)
{
	if (samples_median(s) > *most)
		*most = samples_median(s);
}

static void case_print(const struct rate_case *c, const char *what, const char *unit,
		       struct samples *s)
{
	char name[96];

	snprintf(name, sizeof(name), "rate/%s%s", c->name, what);
	result_print(&(struct result){ .name = name, .unit = unit, .ours = s });
}

static void case_run(const struct rate_case *c, int rounds)
{
	struct samples of_rate = { 0 }, of_model = { 0 }, above = { 0 }, offered = { 0 };
	static struct offer_seen seen;
	uint64_t rate = c->bits / 8, burst = rate * BURST_MS / 1000;
	struct frame_spec spec = { 0, c->len, false };
	struct offer_load load = { .senders = c->senders, .ms = RUN_MS };
	struct pkt packet;

	if (c->senders > offer.cpus)
		return;
	burst = burst < BURST_LEAST ? BURST_LEAST : burst;
	frame_build(&packet, &spec);
	load.packet = &packet;
	for (int r = 0; r < rounds; r++) {
		struct pn_shaper police = { .action = PN_SHAPER_POLICE };
		struct errors e;

		policed_all(&port, &police, (struct shaped_rate){ rate, burst });
		offer_run(&offer, &load, &seen);
		errors_look(&seen, rate, burst, &e);
		samples_add(&of_rate, fabs(e.of_rate));
		samples_add(&of_model, fabs(e.of_model));
		samples_add(&above, e.above < 0 ? 0 : e.above / c->len);
		samples_add(&offered, e.offered);
	}
	case_print(c, "", "percent_off", &of_rate);
	case_print(c, ", as the load came", "percent_off", &of_model);
	case_print(c, ", above the burst", "packets", &above);
	case_print(c, ", offered", "times_the_rate", &offered);
	worst_of(&worst.of_rate, &of_rate);
	worst_of(&worst.of_model, &of_model);
	worst_of(&worst.above, &above);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;
	const char *only = argc > 2 ? argv[2] : "";

	policed_lane(&port, NULL, &offer, &d);
	for (size_t i = 0; i < CASES; i++)
		if (strstr(cases[i].name, only))
			case_run(&cases[i], rounds);
	result_figure("rate/worst", "percent_off", worst.of_rate);
	result_figure("rate/worst, as the load came", "percent_off", worst.of_model);
	result_figure("rate/worst, above the burst", "packets", worst.above);
	offer_close(&offer);
	return 0;
}
