// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Named network namespaces; see netns.h for the contract. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nl/netns.h"

#define NETNS_SELF "/proc/thread-self/ns/net"

static int netns_path(const char *name, char *path, size_t len, struct pn_err *err)
{
	if (!name[0] || strchr(name, '/') || !strcmp(name, ".") ||
	    !strcmp(name, "..") || strlen(name) > NAME_MAX)
		return pn_err_set(err, PN_EXIT_USAGE, EINVAL, name,
				  "is not a name for a network namespace");
	snprintf(path, len, "%s/%s", PN_NETNS_DIR, name);
	return 0;
}

static int netns_fail(struct pn_err *err, const char *name, const char *what)
{
	int sys = errno;

	return pn_err_set(err, PN_EXIT_KERNEL, sys, name,
			  "cannot %s the network namespace: %s", what, strerror(sys));
}

bool pn_netns_exists(const char *name)
{
	char path[sizeof(PN_NETNS_DIR) + NAME_MAX + 2];

	return !netns_path(name, path, sizeof(path), NULL) && !access(path, F_OK);
}

/* Mounts below the directory must reach every mount namespace, as with `ip`. */
static int netns_dir_prepare(void)
{
	if (mkdir(PN_NETNS_DIR, 0755) && errno != EEXIST)
		return -errno;
	if (!mount("", PN_NETNS_DIR, "none", MS_SHARED | MS_REC, NULL))
		return 0;
	if (errno != EINVAL)
		return -errno;
	if (mount(PN_NETNS_DIR, PN_NETNS_DIR, "none", MS_BIND | MS_REC, NULL))
		return -errno;
	if (mount("", PN_NETNS_DIR, "none", MS_SHARED | MS_REC, NULL))
		return -errno;
	return 0;
}

static int netns_mount_new(const char *path)
{
	int home = pn_netns_self();
	int rc = 0;

	if (home < 0)
		return home;
	if (unshare(CLONE_NEWNET)) {
		rc = -errno;
		close(home);
		return rc;
	}
	if (mount(NETNS_SELF, path, "none", MS_BIND, NULL))
		rc = -errno;
	pn_netns_leave(home);
	return rc;
}

static int is_visible(const struct dirent *de)
{
	return de->d_name[0] != '.';
}

char **pn_netns_names(void)
{
	struct dirent **de = NULL;
	int n = scandir(PN_NETNS_DIR, &de, is_visible, alphasort);
	size_t len = sizeof(char *);
	char **names;
	char *text;
	int i;

	for (i = 0; i < n; i++)
		len += sizeof(char *) + strlen(de[i]->d_name) + 1;
	names = calloc(1, len);
	text = names ? (char *)(names + (n > 0 ? n : 0) + 1) : NULL;
	for (i = 0; i < n; i++) {
		if (names) {
			names[i] = text;
			text = stpcpy(text, de[i]->d_name) + 1;
		}
		free(de[i]);
	}
	free(de);
	return names;
}

int pn_netns_create(const char *name, struct pn_err *err)
{
	char path[sizeof(PN_NETNS_DIR) + NAME_MAX + 2];
	int fd;
	int rc;

	rc = netns_path(name, path, sizeof(path), err);
	if (rc)
		return rc;
	rc = netns_dir_prepare();
	if (rc) {
		errno = -rc;
		return netns_fail(err, name, "prepare " PN_NETNS_DIR " for");
	}
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
	if (fd < 0)
		return netns_fail(err, name, "create");
	close(fd);
	rc = netns_mount_new(path);
	if (rc) {
		unlink(path);
		errno = -rc;
		return netns_fail(err, name, "create");
	}
	return 0;
}

int pn_netns_delete(const char *name, struct pn_err *err)
{
	char path[sizeof(PN_NETNS_DIR) + NAME_MAX + 2];
	int rc;

	rc = netns_path(name, path, sizeof(path), err);
	if (rc)
		return rc;
	/* EINVAL: not a mount, what a crashed create leaves behind. */
	if (umount2(path, MNT_DETACH) && errno != EINVAL)
		return netns_fail(err, name, "unmount");
	if (unlink(path))
		return netns_fail(err, name, "delete");
	return 0;
}

int pn_netns_open(const char *name, struct pn_err *err)
{
	char path[sizeof(PN_NETNS_DIR) + NAME_MAX + 2];
	int fd;
	int rc;

	rc = netns_path(name, path, sizeof(path), err);
	if (rc)
		return rc;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? netns_fail(err, name, "open") : fd;
}

int pn_netns_self(void)
{
	int fd = open(NETNS_SELF, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int pn_netns_enter(int fd, int *home)
{
	int rc;

	*home = pn_netns_self();
	if (*home < 0)
		return *home;
	if (!setns(fd, CLONE_NEWNET))
		return 0;
	rc = -errno;
	close(*home);
	*home = -1;
	return rc;
}

void pn_netns_leave(int home)
{
	if (setns(home, CLONE_NEWNET))
		abort();
	close(home);
}
