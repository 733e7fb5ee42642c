// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A page of metrics; see page.h. */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <time.h>

#include "stats/page.h"
#include "stats/prom.h"
#include "stats/view.h"
#include "util/log.h"
#include "version.h"

static double clock_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int stats_read(const char *dir, struct pn_stats *stats)
{
	static struct pn_log_limit limit = { .interval_ms = 60000, .burst = 1 };
	struct pn_err err = { 0 };
	struct pn_view v;
	int ret = pn_view_open(&v, dir, &err);

	if (!ret) {
		ret = pn_view_stats(&v, stats, &err);
		pn_view_close(&v);
	}
	if (ret)
		pn_log_limited(&limit, PN_LOG_WARN, "%s: %s", err.object, err.text);
	return ret;
}

char *pn_page_make(const char *dir, size_t *size, int *up)
{
	struct pn_prom_info info = { .version = PN_VERSION };
	struct pn_stats stats = { 0 };
	double start = clock_seconds();
	struct utsname uts;
	char libbpf[16];
	char *text = NULL;
	FILE *f;
	int ret;

	uname(&uts);
	snprintf(libbpf, sizeof(libbpf), "%u.%u", libbpf_major_version(),
		 libbpf_minor_version());
	info.kernel = uts.release;
	info.libbpf = libbpf;
	ret = stats_read(dir, &stats);
	info.seconds = clock_seconds() - start;
	f = open_memstream(&text, size);
	if (f) {
		pn_prom_write(f, &info, ret ? NULL : &stats);
		if (fclose(f)) {
			free(text);
			text = NULL;
		}
	}
	pn_stats_fini(&stats);
	if (up)
		*up = !ret;
	return text;
}
