// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The pin directory; see pins.h. Everything below it goes through its descriptor. */
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "plane/abi.h"
#include "plane/dir.h"
#include "plane/pins.h"

#define LOCK_WAIT_MS 5000
#define LOCK_STEP_MS 10

static const char *const subdirs[] = { "maps", "ports" };

void pn_pins_path(const struct pn_pins *p, const char *name, char path[PN_PINS_PATH])
{
	snprintf(path, PN_PINS_PATH, "/proc/self/fd/%d/%s", p->fd, name);
}

/* A reader without the right to write takes what it can get. */
int pn_pins_get(const struct pn_pins *p, const char *name)
{
	LIBBPF_OPTS(bpf_obj_get_opts, opts);
	char path[PN_PINS_PATH];
	int fd;

	pn_pins_path(p, name, path);
	fd = bpf_obj_get_opts(path, &opts);
	if (fd < 0 && !p->writing && (errno == EACCES || errno == EPERM)) {
		opts.file_flags = BPF_F_RDONLY;
		fd = bpf_obj_get_opts(path, &opts);
	}
	return fd < 0 ? -errno : fd;
}

static bool is_map(int fd)
{
	struct bpf_map_info info = { 0 };
	uint32_t len = sizeof(info);
	char link[64], target[64] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, target, sizeof(target) - 1) < 0)
		return false;
	return !strcmp(target, "anon_inode:bpf-map") &&
	       !bpf_obj_get_info_by_fd(fd, &info, &len);
}

/* The group may read maps (counters, state); programs and links are the owner's. */
int pn_pins_put(const struct pn_pins *p, const char *name, int fd)
{
	char path[PN_PINS_PATH];

	pn_pins_path(p, name, path);
	if (bpf_obj_pin(fd, path))
		return -errno;
	return chmod(path, is_map(fd) ? 0640 : 0600) ? -errno : 0;
}

/* There is no moment at which the name is missing: the new pin is renamed over the old. */
int pn_pins_replace(const struct pn_pins *p, const char *name, int fd)
{
	char fresh[PN_PINS_PATH];
	int ret;

	snprintf(fresh, sizeof(fresh), "%s_new", name);
	pn_pins_remove(p, fresh);
	ret = pn_pins_put(p, fresh, fd);
	if (!ret)
		ret = pn_pins_rename(p, fresh, name);
	if (ret)
		pn_pins_remove(p, fresh);
	return ret;
}

int pn_pins_remove(const struct pn_pins *p, const char *name)
{
	return unlinkat(p->fd, name, 0) ? -errno : 0;
}

int pn_pins_mkdir(const struct pn_pins *p, const char *name)
{
	return mkdirat(p->fd, name, 0750) && errno != EEXIST ? -errno : 0;
}

int pn_pins_rmdir(const struct pn_pins *p, const char *name)
{
	return unlinkat(p->fd, name, AT_REMOVEDIR) ? -errno : 0;
}

int pn_pins_rename(const struct pn_pins *p, const char *from, const char *to)
{
	return renameat(p->fd, from, p->fd, to) ? -errno : 0;
}

int pn_pins_numbers(const struct pn_pins *p, const char *name, uint32_t *out, int max)
{
	int fd = openat(p->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	int n = 0;

	if (!d) {
		n = -errno;
		if (fd >= 0)
			close(fd);
		return n;
	}
	while ((e = readdir(d)) && n < max) {
		char *end;
		unsigned long v = strtoul(e->d_name, &end, 10);

		if (end != e->d_name && !*end && v && v <= INT32_MAX)
			out[n++] = v;
	}
	closedir(d);
	return n;
}

int pn_pins_lock(struct pn_pins *p, struct pn_err *err)
{
	const struct timespec step = { .tv_nsec = LOCK_STEP_MS * 1000000 };
	int left = LOCK_WAIT_MS / LOCK_STEP_MS;
	int ret;

	while (flock(p->fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return pn_err_set(err, PN_EXIT_KERNEL, errno, p->dir,
					  "cannot be locked: %s", strerror(errno));
		if (!left--)
			goto busy;
		nanosleep(&step, NULL);
	}
	return 0;
busy:
	ret = pn_err_set(err, PN_EXIT_KERNEL, EBUSY, p->dir,
			 "another penstock has been changing it for %d seconds",
			 LOCK_WAIT_MS / 1000);
	pn_err_hint(err, "wait for it to end, or see who it is: fuser %s", p->dir);
	return ret;
}

void pn_pins_unlock(struct pn_pins *p)
{
	flock(p->fd, LOCK_UN);
}

int pn_pins_follow(struct pn_pins *p)
{
	return flock(p->maps_fd, LOCK_EX | LOCK_NB) ? -EBUSY : 0;
}

bool pn_pins_followed(const struct pn_pins *p)
{
	int fd = openat(p->fd, "maps", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool busy;

	if (fd < 0)
		return false;
	busy = flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK;
	close(fd);
	return busy;
}

static int subdirs_open(struct pn_pins *p, struct pn_err *err)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < sizeof(subdirs) / sizeof(subdirs[0]) && !ret && p->writing; i++)
		ret = pn_pins_mkdir(p, subdirs[i]);
	if (!ret) {
		p->maps_fd = openat(p->fd, "maps", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		ret = p->maps_fd < 0 ? -errno : 0;
	}
	if (!ret)
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, p->dir, "cannot be set up: %s",
			  strerror(-ret));
}

static int pins_start(struct pn_pins *p, const char *dir, bool create, struct pn_err *err)
{
	*p = (struct pn_pins){ .fd = -1, .maps_fd = -1 };
	if (strlen(dir) >= sizeof(p->dir))
		return pn_err_set(err, PN_EXIT_USAGE, ENAMETOOLONG, "--bpffs",
				  "longer than %zu characters", sizeof(p->dir) - 1);
	strcpy(p->dir, dir);
	p->fd = pn_dir_open(dir, create, err);
	return p->fd < 0 ? p->fd : 0;
}

int pn_pins_open(struct pn_pins *p, const char *dir, struct pn_err *err)
{
	int ret = pins_start(p, dir, false, err);

	if (!ret)
		ret = pn_abi_check(p, err);
	if (!ret)
		ret = subdirs_open(p, err);
	if (ret)
		pn_pins_close(p);
	return ret;
}

int pn_pins_create(struct pn_pins *p, const char *dir, const struct pn_sizes *sizes,
		   struct pn_err *err)
{
	int ret = pins_start(p, dir, true, err);

	p->writing = true;
	if (!ret)
		ret = pn_pins_lock(p, err);
	if (!ret)
		ret = pn_abi_make(p, sizes, err);
	if (!ret)
		ret = subdirs_open(p, err);
	if (ret)
		pn_pins_close(p);
	return ret;
}

static int pins_change(struct pn_pins *p, const char *dir, struct pn_err *err,
		       int (*check)(struct pn_pins *p, struct pn_err *err))
{
	int ret = pins_start(p, dir, false, err);

	p->writing = true;
	if (!ret)
		ret = pn_pins_lock(p, err);
	if (!ret)
		ret = check(p, err);
	if (!ret)
		ret = subdirs_open(p, err);
	if (ret)
		pn_pins_close(p);
	return ret;
}

int pn_pins_open_to_change(struct pn_pins *p, const char *dir, struct pn_err *err)
{
	return pins_change(p, dir, err, pn_abi_check);
}

int pn_pins_open_any(struct pn_pins *p, const char *dir, struct pn_err *err)
{
	return pins_change(p, dir, err, pn_abi_check_netns);
}

void pn_pins_close(struct pn_pins *p)
{
	if (p->maps_fd >= 0)
		close(p->maps_fd);
	if (p->fd >= 0)
		close(p->fd);
	p->fd = p->maps_fd = -1;
}

/*
 * Only what is known by name goes; a stranger's pin keeps its directory. The
 * record goes last, so that a remainder can still be recognised.
 */
int pn_pins_destroy(struct pn_pins *p, const char *const *map_names)
{
	char name[64];
	int ret = pn_pins_rmdir(p, "ports");

	if (ret && ret != -ENOENT)
		return ret;
	for (; *map_names; map_names++) {
		snprintf(name, sizeof(name), "maps/%s", *map_names);
		pn_pins_remove(p, name);
	}
	ret = pn_pins_rmdir(p, "maps");
	if (ret && ret != -ENOENT)
		return ret;
	pn_pins_remove(p, "abi");
	return rmdir(p->dir) ? -errno : 0;
}
