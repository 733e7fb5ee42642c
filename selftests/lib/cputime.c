// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* CPU time with its softirq work; see cputime.h. */
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cputime.h"

/* The softirq thread of this CPU; 0 where it cannot be seen. */
static int ksoftirqd_find(int cpu)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	char path[300], want[32], comm[32];
	int found = 0;

	snprintf(want, sizeof(want), "ksoftirqd/%d\n", cpu);
	while (dir && !found && (entry = readdir(dir))) {
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		f = fopen(path, "re");
		if (!f)
			continue;
		if (fgets(comm, sizeof(comm), f) && !strcmp(comm, want))
			found = atoi(entry->d_name);
		fclose(f);
	}
	if (dir)
		closedir(dir);
	return found;
}

static double ksoftirqd_ns(void)
{
	static int cpu = -1, pid;
	int now = sched_getcpu();
	double ns = 0;
	char path[64];
	FILE *f;

	if (cpu != now)
		pid = ksoftirqd_find(now);
	cpu = now;
	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	f = pid ? fopen(path, "re") : NULL;
	if (!f)
		return 0;
	if (fscanf(f, "%lf", &ns) != 1)
		ns = 0;
	fclose(f);
	return ns;
}

static double clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

void cputime_read(struct cputime *now)
{
	double softirq = ksoftirqd_ns();

	now->wall_ns = clock_ns(CLOCK_MONOTONIC);
	now->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) + softirq;
}

void cputime_since(const struct cputime *start, struct cputime *took)
{
	double cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	took->wall_ns = clock_ns(CLOCK_MONOTONIC) - start->wall_ns;
	took->cpu_ns = cpu + ksoftirqd_ns() - start->cpu_ns;
}
