// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* TAP output; see tap.h. State is one stack of groups, the program itself
 * being the outermost. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "hex.h"

#define GROUPS_MAX 4

struct group {
	char name[160];
	int run;
	int failed;
	int skipped;
};

static struct group groups[GROUPS_MAX];
static int depth;
static bool case_open;
static bool case_failed;
static char case_name[200];

static void line_print(const char *prefix, const char *fmt, va_list ap)
{
	printf("%*s%s", depth * 4, "", prefix);
	vprintf(fmt, ap);
	putchar('\n');
	fflush(stdout);
}

static void result_print(bool ok, const char *name, const char *skip)
{
	struct group *g = &groups[depth];

	g->run++;
	g->failed += !ok;
	g->skipped += skip != NULL;
	printf("%*s%s %d - %s%s%s\n", depth * 4, "", ok ? "ok" : "not ok",
	       g->run, name, skip ? " # SKIP " : "", skip ? skip : "");
	fflush(stdout);
}

void tap_diag(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line_print("# ", fmt, ap);
	va_end(ap);
}

void tap_bail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("Bail out! ");
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
	exit(TAP_EXIT_FAIL);
}

void tap_case(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(case_name, sizeof(case_name), fmt, ap);
	va_end(ap);
	case_open = true;
	case_failed = false;
}

bool tap_end(void)
{
	if (!case_open)
		tap_bail("tap_end() without tap_case()");
	case_open = false;
	result_print(!case_failed, case_name, NULL);
	return !case_failed;
}

void tap_skip(const char *fmt, ...)
{
	char why[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	case_open = false;
	result_print(!case_failed, case_name, case_failed ? NULL : why);
}

bool tap_ok(bool cond, const char *fmt, ...)
{
	char name[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	result_print(cond, name, NULL);
	return cond;
}

void tap_group(const char *fmt, ...)
{
	struct group *g;
	va_list ap;

	if (depth + 1 >= GROUPS_MAX)
		tap_bail("groups nested too deeply");
	va_start(ap, fmt);
	line_print("# Subtest: ", fmt, ap);
	va_end(ap);
	g = &groups[++depth];
	memset(g, 0, sizeof(*g));
	va_start(ap, fmt);
	vsnprintf(g->name, sizeof(g->name), fmt, ap);
	va_end(ap);
}

bool tap_group_end(void)
{
	struct group *g = &groups[depth];
	bool all_skipped = g->run && g->skipped == g->run;

	if (!depth)
		tap_bail("tap_group_end() without tap_group()");
	printf("%*s1..%d\n", depth * 4, "", g->run);
	depth--;
	result_print(!g->failed, g->name,
		     all_skipped ? "every case skipped" : NULL);
	return !g->failed;
}

bool tap_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line_print("#   ", fmt, ap);
	va_end(ap);
	case_failed = true;
	return false;
}

bool tap_true_at(bool got, const char *expr, const char *what,
		 const char *file, int line)
{
	if (got)
		return true;
	return tap_fail("%s:%d: %s: (%s) is false", file, line, what, expr);
}

bool tap_eq_at(long long got, long long want, const char *what,
	       const char *file, int line)
{
	if (got == want)
		return true;
	return tap_fail("%s:%d: %s: got %lld (0x%llx), want %lld (0x%llx)",
			file, line, what, got, (unsigned long long)got, want,
			(unsigned long long)want);
}

bool tap_str_at(const char *got, const char *want, const char *what,
		const char *file, int line)
{
	if (got && want && !strcmp(got, want))
		return true;
	return tap_fail("%s:%d: %s: got \"%s\", want \"%s\"", file, line, what,
			got ? got : "(null)", want ? want : "(null)");
}

bool tap_sys_at(long long ret, const char *what, const char *file, int line)
{
	if (ret >= 0)
		return true;
	return tap_fail("%s:%d: %s: %s", file, line, what, strerror(-ret));
}

bool tap_bytes_at(const void *got, size_t got_len, const void *want,
		  size_t want_len, const char *what)
{
	char *diff;

	if (got_len == want_len && !memcmp(got, want, want_len))
		return true;
	tap_fail("%s: got %zu bytes, want %zu", what, got_len, want_len);
	diff = hex_diff(got, got_len, want, want_len);
	if (diff) {
		for (char *l = strtok(diff, "\n"); l; l = strtok(NULL, "\n"))
			tap_diag("  %s", l);
		free(diff);
	}
	return false;
}

int tap_done(void)
{
	struct group *g = &groups[0];

	while (depth)
		tap_group_end();
	printf("1..%d\n", g->run);
	if (g->failed)
		printf("# %d of %d failed\n", g->failed, g->run);
	fflush(stdout);
	if (g->failed || !g->run)
		return TAP_EXIT_FAIL;
	return g->skipped == g->run ? TAP_EXIT_SKIP : TAP_EXIT_PASS;
}
