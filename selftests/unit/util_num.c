// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Numbers, sizes and times as people write them; log lines and their limit. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "util/log.h"
#include "util/num.h"

typedef int num_fn(const char *text, uint64_t min, uint64_t max, uint64_t *out);

static const struct {
	num_fn *fn;
	const char *text;
	int ret;
	uint64_t value;
} rows[] = {
	{ pn_num_u64, "0", 0, 0 },
	{ pn_num_u64, "007", 0, 7 },
	{ pn_num_u64, "0x10", 0, 16 },
	{ pn_num_u64, "18446744073709551615", 0, UINT64_MAX },
	{ pn_num_u64, "18446744073709551616", -ERANGE, 0 },
	{ pn_num_u64, "", -EINVAL, 0 },
	{ pn_num_u64, " 1", -EINVAL, 0 },
	{ pn_num_u64, "1 ", -EINVAL, 0 },
	{ pn_num_u64, "+1", -EINVAL, 0 },
	{ pn_num_u64, "0x", -EINVAL, 0 },
	{ pn_num_u64, "0xg", -EINVAL, 0 },
	{ pn_num_u64, "1.5", -EINVAL, 0 },
	{ pn_num_size, "1500", 0, 1500 },
	{ pn_num_size, "64k", 0, 65536 },
	{ pn_num_size, "2g", 0, 2ull << 30 },
	{ pn_num_size, "18446744073709551615k", -ERANGE, 0 },
	{ pn_num_size, "k", -EINVAL, 0 },
	{ pn_num_size, "1kb", -EINVAL, 0 },
	{ pn_num_duration, "3", 0, 3000 },
	{ pn_num_duration, "250ms", 0, 250 },
	{ pn_num_duration, "1.5s", 0, 1500 },
	{ pn_num_duration, "0.001", 0, 1 },
	{ pn_num_duration, "0.0001", 0, 0 },
	{ pn_num_duration, "2m", 0, 120000 },
	{ pn_num_duration, "1.5h", 0, 5400000 },
	{ pn_num_duration, "1.", 0, 1000 },
	{ pn_num_duration, ".5", -EINVAL, 0 },
	{ pn_num_duration, "5d", -EINVAL, 0 },
	{ pn_num_duration, "1.5.2s", -EINVAL, 0 },
	{ pn_num_duration, "99999999999999999h", -ERANGE, 0 },
};

static void numbers_test(void)
{
	uint64_t value;
	unsigned int i;
	int ret;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		value = 0;
		ret = rows[i].fn(rows[i].text, 0, UINT64_MAX, &value);
		tap_case("'%s'", rows[i].text);
		tap_eq(ret, rows[i].ret, "return");
		tap_true(value == rows[i].value, "value");
		tap_end();
	}
	tap_case("ends of a range");
	tap_eq(pn_num_u64("9", 10, 20, &value), -ERANGE, "below");
	tap_eq(pn_num_u64("10", 10, 20, &value), 0, "lowest");
	tap_eq(pn_num_u64("20", 10, 20, &value), 0, "highest");
	tap_eq(pn_num_u64("21", 10, 20, &value), -ERANGE, "above");
	tap_end();
}

static int stderr_was;

static int stderr_catch(void)
{
	int fd = memfd_create("stderr", 0);

	stderr_was = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	return fd;
}

static void stderr_is(int fd, const char *want)
{
	char buf[2048];
	ssize_t n = pread(fd, buf, sizeof(buf) - 1, 0);

	dup2(stderr_was, STDERR_FILENO);
	close(stderr_was);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	tap_str(buf, want, "stderr");
}

static void log_test(void)
{
	struct pn_log_limit limit = { .interval_ms = 3600000, .burst = 2 };
	struct stat st;
	char stream[64];
	int fd, i;

	tap_case("levels and prefixes");
	fd = stderr_catch();
	pn_log(PN_LOG_ERR, "one");
	pn_log(PN_LOG_WARN, "two\n");
	pn_log(PN_LOG_INFO, "three");
	pn_log_set_level(PN_LOG_DEBUG);
	pn_log(PN_LOG_INFO, "%s", "four");
	pn_log(PN_LOG_DEBUG, "five");
	stderr_is(fd, "penstock: error: one\npenstock: warning: two\npenstock: four\n"
		      "penstock: debug: five\n");
	tap_end();

	tap_case("under journald the priority stands in front");
	fd = stderr_catch();
	fstat(fd, &st);
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	pn_log(PN_LOG_ERR, "one");
	pn_log(PN_LOG_INFO, "two");
	unsetenv("JOURNAL_STREAM");
	stderr_is(fd, "<3>one\n<6>two\n");
	tap_end();

	tap_case("a limit leaves lines out and says how many");
	fd = stderr_catch();
	for (i = 0; i < 5; i++)
		pn_log_limited(&limit, PN_LOG_INFO, "line %d", i);
	limit.interval_ms = 0;
	pn_log_limited(&limit, PN_LOG_INFO, "last");
	stderr_is(fd, "penstock: line 0\npenstock: line 1\n"
		      "penstock: 3 lines like the next one were left out\npenstock: last\n");
	tap_end();
}

static void short_test(void)
{
	static const struct {
		uint64_t n;
		const char *text;
	} shorts[] = {
		{ 0, "0" }, { 9999, "9999" }, { 10000, "10.0k" }, { 12345, "12.3k" },
		{ 99949, "99.9k" }, { 99950, "100k" }, { 999499, "999k" }, { 999500, "1.00M" },
		{ 1234567, "1.23M" }, { 9995000, "10.0M" }, { 1000000000000, "1.00T" },
		{ UINT64_MAX, "18.4E" },
	};
	char text[16];
	unsigned int i;

	tap_case("three digits in five characters");
	for (i = 0; i < sizeof(shorts) / sizeof(shorts[0]); i++)
		tap_str(pn_num_short(shorts[i].n, text, sizeof(text)), shorts[i].text, "short");
	tap_end();
}

int main(void)
{
	numbers_test();
	short_test();
	log_test();
	return tap_done();
}
