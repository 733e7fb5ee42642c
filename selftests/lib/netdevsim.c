// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* netdevsim by its files; see netdevsim.h. */
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netdevsim.h"
#include "tap.h"

#define BUS   "/sys/bus/netdevsim"
#define DEBUG "/sys/kernel/debug"

static int file_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, value, strlen(value));
	n = n < 0 ? -errno : 0;
	close(fd);
	return n;
}

bool netdevsim_there(void)
{
	if (access(BUS, F_OK) && system("modprobe -q netdevsim >/dev/null 2>&1"))
		return false;
	if (access(DEBUG "/netdevsim", F_OK))
		mount("debugfs", DEBUG, "debugfs", 0, NULL);
	return !access(BUS "/new_device", W_OK) && !access(DEBUG "/netdevsim", F_OK);
}

static int dev_up(const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret;
	struct ifreq ifr = { .ifr_flags = IFF_UP };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	ret = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &ifr) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return ret;
}

const char *netdevsim_port(const struct netdevsim *sim, int port)
{
	char path[300], want[24], line[24];
	static char name[IFNAMSIZ];
	struct dirent *e;
	FILE *f;
	DIR *d;

	name[0] = '\0';
	snprintf(path, sizeof(path), BUS "/devices/netdevsim%d/net", sim->id);
	snprintf(want, sizeof(want), "p%d\n", port + 1);
	d = opendir(path);
	while (d && (e = readdir(d)) && !name[0]) {
		snprintf(path, sizeof(path), BUS "/devices/netdevsim%d/net/%.15s/phys_port_name",
			 sim->id, e->d_name);
		f = fopen(path, "re");
		if (f && fgets(line, sizeof(line), f) && !strcmp(line, want))
			snprintf(name, sizeof(name), "%.15s", e->d_name);
		if (f)
			fclose(f);
	}
	if (d)
		closedir(d);
	return name;
}

int netdevsim_open(struct netdevsim *sim, int id, int ports)
{
	char text[32];
	int ret;

	*sim = (struct netdevsim){ .id = id };
	snprintf(text, sizeof(text), "%d %d", id, ports);
	ret = file_write(BUS "/new_device", text);
	if (ret)
		return ret;
	snprintf(sim->dev, sizeof(sim->dev), "%s", netdevsim_port(sim, 0));
	return sim->dev[0] ? dev_up(sim->dev) : -ENODEV;
}

void netdevsim_or_hardware(struct netdevsim *sim)
{
	const char *dev = getenv("DEV");
	int ret;

	*sim = (struct netdevsim){ .id = -1 };
	if (dev && *dev) {
		snprintf(sim->dev, sizeof(sim->dev), "%.15s", dev);
		if (!if_nametoindex(sim->dev))
			tap_bail("DEV=%s: there is no such device", dev);
		return;
	}
	if (!netdevsim_there()) {
		tap_case("netdevsim");
		tap_skip("this kernel has no netdevsim; DEV= names hardware");
		exit(tap_done());
	}
	ret = netdevsim_open(sim, 1, 1);
	if (ret)
		tap_bail("netdevsim: %s", strerror(-ret));
}

void netdevsim_close(struct netdevsim *sim)
{
	char text[16];

	if (sim->id < 0)
		return;
	snprintf(text, sizeof(text), "%d", sim->id);
	file_write(BUS "/del_device", text);
	sim->id = -1;
}

int netdevsim_debug(const struct netdevsim *sim, const char *name, const char *value)
{
	char path[200];

	snprintf(path, sizeof(path), DEBUG "/netdevsim/netdevsim%d/%s", sim->id, name);
	return file_write(path, value);
}

int netdevsim_sys(const struct netdevsim *sim, const char *name, const char *value)
{
	char path[200];

	snprintf(path, sizeof(path), BUS "/devices/netdevsim%d/%s", sim->id, name);
	return file_write(path, value);
}

const char *netdevsim_read(const struct netdevsim *sim, const char *name)
{
	static char line[128];
	char path[200];
	FILE *f;

	line[0] = '\0';
	snprintf(path, sizeof(path), DEBUG "/netdevsim/netdevsim%d/%s", sim->id, name);
	f = fopen(path, "re");
	if (f && fgets(line, sizeof(line), f))
		line[strcspn(line, "\n")] = '\0';
	if (f)
		fclose(f);
	return line;
}

struct bpf_mark bpf_mark(void)
{
	struct bpf_mark m = { 0 };
	uint32_t id;

	for (id = 0; !bpf_prog_get_next_id(id, &id);)
		m.prog = id;
	for (id = 0; !bpf_map_get_next_id(id, &id);)
		m.map = id;
	return m;
}

struct bpf_counts bpf_counts(const struct bpf_mark *since)
{
	struct bpf_prog_info prog = { 0 };
	struct bpf_map_info map = { 0 };
	struct bpf_counts c = { 0 };
	uint32_t id, len;
	int fd;

	for (id = since->prog; !bpf_prog_get_next_id(id, &id); c.progs++) {
		len = sizeof(prog);
		fd = bpf_prog_get_fd_by_id(id);
		memset(&prog, 0, sizeof(prog));
		c.bound_progs += fd >= 0 && (bpf_obj_get_info_by_fd(fd, &prog, &len) ?
					     errno == ENODEV : !!prog.ifindex);
		close(fd);
	}
	for (id = since->map; !bpf_map_get_next_id(id, &id); c.maps++) {
		len = sizeof(map);
		fd = bpf_map_get_fd_by_id(id);
		memset(&map, 0, sizeof(map));
		c.bound_maps += fd >= 0 && (bpf_obj_get_info_by_fd(fd, &map, &len) ?
					    errno == ENODEV : !!map.ifindex);
		close(fd);
	}
	return c;
}
