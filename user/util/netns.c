// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Network namespaces by name; see netns.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/netns.h"

int pn_netns_open(const char *name, struct pn_err *err)
{
	char path[PATH_MAX];
	int fd, sys;

	if (strchr(name, '/'))
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	sys = errno;
	pn_err_set(err, PN_EXIT_KERNEL, sys, name, "cannot open network namespace: %s",
		   strerror(sys));
	if (sys == ENOENT)
		pn_err_hint(err, "'ip netns list' shows the names; a path with a slash works too");
	return -sys;
}

int pn_netns_enter(const char *name, struct pn_err *err)
{
	int fd = pn_netns_open(name, err);
	int sys = 0;

	if (fd < 0)
		return fd;
	if (setns(fd, CLONE_NEWNET))
		sys = errno;
	close(fd);
	if (!sys)
		return 0;
	pn_err_set(err, PN_EXIT_KERNEL, sys, name, "cannot enter network namespace: %s",
		   strerror(sys));
	if (sys == EPERM)
		pn_err_hint(err, "run it as root (CAP_SYS_ADMIN)");
	return -sys;
}
