// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The checks of dir.h, each with its sentence. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "plane/dir.h"

/* The directory that @dir is to be made in. */
static void parent_of(const char *dir, char *out, size_t size)
{
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	while (n > 0 && dir[n - 1] != '/')
		n--;
	while (n > 1 && dir[n - 1] == '/')
		n--;
	if (n)
		snprintf(out, size, "%.*s", (int)n, dir);
	else
		snprintf(out, size, ".");
}

static bool is_bpffs(const char *path, int fd)
{
	struct statfs sfs;
	int ret = fd < 0 ? statfs(path, &sfs) : fstatfs(fd, &sfs);

	return !ret && sfs.f_type == BPF_FS_MAGIC;
}

static int bpffs_missing(const char *dir, struct pn_err *err)
{
	char parent[PATH_MAX];
	int ret;

	parent_of(dir, parent, sizeof(parent));
	ret = pn_err_set(err, PN_EXIT_KERNEL, ENODEV, dir, "there is no bpffs at %s", parent);
	pn_err_hint(err, "mount -t bpf bpf %s (in `ip netns exec`, which hides it, use "
		    "`penstock -n NETNS` instead)", parent);
	return ret;
}

int pn_dir_parent(const char *dir, struct pn_err *err)
{
	char parent[PATH_MAX];

	parent_of(dir, parent, sizeof(parent));
	return is_bpffs(parent, -1) ? 0 : bpffs_missing(dir, err);
}

static int dir_make(const char *dir, struct pn_err *err)
{
	char parent[PATH_MAX];
	int ret;

	parent_of(dir, parent, sizeof(parent));
	ret = pn_dir_parent(dir, err);
	if (ret)
		return ret;
	if (!mkdir(dir, 0750) || errno == EEXIST)
		return 0;
	ret = pn_err_set(err, PN_EXIT_KERNEL, errno, dir, "cannot be created: %s",
			 strerror(errno));
	if (errno == EACCES || errno == EPERM)
		pn_err_hint(err, "run it as root, or as the owner of %s", parent);
	return ret;
}

static int open_refused(const char *dir, struct pn_err *err)
{
	int sys = errno;
	int ret;

	if (sys == ELOOP || sys == ENOTDIR) {
		ret = pn_err_set(err, PN_EXIT_KERNEL, sys, dir,
				 "is a symbolic link or no directory: pins are not kept there");
		pn_err_hint(err, "remove it, or name another directory by --bpffs");
		return ret;
	}
	ret = pn_err_set(err, PN_EXIT_KERNEL, sys, dir, "cannot be opened: %s", strerror(sys));
	if (sys == EACCES)
		pn_err_hint(err, "run it as root, or as the owner of the pins");
	return ret;
}

/* Readers may look at root's pins, where root let them in. */
static int owner_check(const char *dir, int fd, bool writing, struct pn_err *err)
{
	struct stat st;
	int ret;

	if (!is_bpffs(NULL, fd))
		return bpffs_missing(dir, err);
	if (fstat(fd, &st))
		return pn_err_set(err, PN_EXIT_KERNEL, errno, dir, "cannot be looked at: %s",
				  strerror(errno));
	if (st.st_uid != geteuid() && (writing || st.st_uid)) {
		ret = pn_err_set(err, PN_EXIT_KERNEL, EPERM, dir,
				 "belongs to user %u, not to user %u", st.st_uid, geteuid());
		pn_err_hint(err, "whoever owns the pins decides what runs in the kernel: "
			    "remove it, or name another directory by --bpffs");
		return ret;
	}
	if (st.st_mode & 027) {
		ret = pn_err_set(err, PN_EXIT_KERNEL, EPERM, dir,
				 "has mode %04o: others could put their programs there",
				 st.st_mode & 07777);
		pn_err_hint(err, "chmod 0750 %s once it is known what is in it", dir);
		return ret;
	}
	return 0;
}

int pn_dir_open(const char *dir, bool create, struct pn_err *err)
{
	char plain[PATH_MAX];
	size_t n = strlen(dir);
	int fd, ret;

	/* "DIR/" would follow the link that O_NOFOLLOW is to refuse. */
	while (n > 1 && dir[n - 1] == '/')
		n--;
	snprintf(plain, sizeof(plain), "%.*s", (int)n, dir);
	fd = open(plain, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && create) {
		ret = dir_make(plain, err);
		if (ret)
			return ret;
		fd = open(plain, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	if (fd < 0 && errno == ENOENT) {
		ret = pn_err_set(err, PN_EXIT_KERNEL, ENOENT, plain,
				 "no port is attached: there are no pins");
		pn_err_hint(err, "penstock attach DEV, or --bpffs if they are elsewhere");
		return ret;
	}
	if (fd < 0)
		return open_refused(plain, err);
	ret = owner_check(plain, fd, create, err);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}
