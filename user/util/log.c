// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Log lines on stderr; see log.h. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/log.h"

#define LINE_SIZE 1024

static const struct {
	const char *word;
	int priority;	/* syslog(3) */
} levels[] = {
	[PN_LOG_ERR] = { "error: ", 3 },
	[PN_LOG_WARN] = { "warning: ", 4 },
	[PN_LOG_INFO] = { "", 6 },
	[PN_LOG_DEBUG] = { "debug: ", 7 },
};

static atomic_int max_level = PN_LOG_WARN;

void pn_log_set_level(enum pn_log_level level)
{
	max_level = level;
}

/* systemd names the journal's socket in the environment as DEVICE:INODE. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == dev && st.st_ino == ino;
}

void pn_log_v(enum pn_log_level level, const char *fmt, va_list ap)
{
	char line[LINE_SIZE];
	size_t used;
	int n;

	if ((int)level > max_level)
		return;
	if (stderr_is_journal())
		n = snprintf(line, sizeof(line), "<%d>", levels[level].priority);
	else
		n = snprintf(line, sizeof(line), "penstock: %s", levels[level].word);
	used = n;
	n = vsnprintf(line + used, sizeof(line) - used, fmt, ap);
	if (n < 0)
		return;
	used = strlen(line);
	if (used == sizeof(line) - 1)
		used--;
	/* libbpf ends its lines itself. */
	if (line[used - 1] != '\n')
		line[used++] = '\n';
	if (write(STDERR_FILENO, line, used) < 0)
		return;	/* nobody left to tell */
}

void pn_log(enum pn_log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	pn_log_v(level, fmt, ap);
	va_end(ap);
}

static uint64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

/* May one more line be printed? *@missed: lines left out before this one. */
static bool limit_take(struct pn_log_limit *limit, uint32_t *missed)
{
	uint64_t now = clock_ms();

	if (!limit->printed || now - limit->since_ms >= limit->interval_ms) {
		limit->since_ms = now;
		limit->printed = 0;
	}
	if (limit->printed >= limit->burst) {
		limit->missed++;
		return false;
	}
	limit->printed++;
	*missed = limit->missed;
	limit->missed = 0;
	return true;
}

void pn_log_limited(struct pn_log_limit *limit, enum pn_log_level level,
		    const char *fmt, ...)
{
	uint32_t missed = 0;
	va_list ap;

	if (!limit_take(limit, &missed))
		return;
	if (missed)
		pn_log(level, "%u lines like the next one were left out", missed);
	va_start(ap, fmt);
	pn_log_v(level, fmt, ap);
	va_end(ap);
}
