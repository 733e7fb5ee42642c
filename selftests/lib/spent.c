// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Commands by the clock; see spent.h. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "spent.h"
#include "tap.h"

double spent_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* What @fd holds, where the user reads. */
static void text_show(int fd)
{
	char buf[4096];
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, n, stderr);
}

int spent_run(const char *const *argv, struct spent *out)
{
	double start = spent_now();
	int said = memfd_create("said", MFD_CLOEXEC), status, ret;
	struct rusage use;
	pid_t pid = fork();

	if (!pid) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, 1);
		dup2(said, 2);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid)
		tap_bail("cannot run %s", argv[0]);
	out->wall = spent_now() - start;
	out->cpu = use.ru_utime.tv_sec + use.ru_stime.tv_sec +
		(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
	out->kib = use.ru_maxrss;
	ret = WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -1;
	if (ret)
		text_show(said);
	close(said);
	return ret;
}
