// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Running the program under test; see run.h. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

#define WORDS_MAX 32

/* In the child: does not return. */
static void child_exec(const char *line, int out, int err, uid_t uid)
{
	const char *program = getenv("PENSTOCK");
	char *copy = strdup(line);
	char *argv[WORDS_MAX + 2];
	int argc = 0;

	if (!program)
		program = "build/penstock";
	argv[argc++] = (char *)program;
	while (copy && *copy && argc <= WORDS_MAX)
		argv[argc++] = strsep(&copy, " ");
	argv[argc] = NULL;
	if (dup2(out, STDOUT_FILENO) < 0 || (err >= 0 && dup2(err, STDERR_FILENO) < 0))
		_exit(126);
	if (uid && (setgroups(0, NULL) || setgid(uid) || setuid(uid)))
		_exit(126);
	execv(program, argv);
	_exit(127);
}

static char *text_take(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = size < 0 ? NULL : malloc(size + 1);

	if (text && pread(fd, text, size, 0) == size)
		text[size] = '\0';
	else if (text)
		text[0] = '\0';
	close(fd);
	return text;
}

int run_penstock_as(struct run *r, uid_t uid, const char *line)
{
	int out = memfd_create("stdout", MFD_CLOEXEC);
	int err = memfd_create("stderr", MFD_CLOEXEC);
	int status;
	pid_t pid;

	memset(r, 0, sizeof(*r));
	if (out < 0 || err < 0)
		return -errno;
	pid = fork();
	if (!pid)
		child_exec(line, out, err, uid);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -errno;
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	r->out = text_take(out);
	r->err = text_take(err);
	return r->out && r->err ? 0 : -ENOMEM;
}

int run_penstock(struct run *r, const char *line)
{
	return run_penstock_as(r, 0, line);
}

void run_free(struct run *r)
{
	free(r->out);
	free(r->err);
	memset(r, 0, sizeof(*r));
}

pid_t run_start(const char *line, int *out_fd)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		child_exec(line, fds[1], -1, 0);
	close(fds[1]);
	*out_fd = fds[0];
	return pid;
}
