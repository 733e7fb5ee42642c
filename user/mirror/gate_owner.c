// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Whose socket is it? Found by walking /proc/PID/fd, which is slow, so each
 * inode is looked for once and remembered while it is asked for.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mirror/gate_detect.h"

static bool link_is(int dir, const char *name, const char *want)
{
	char target[64];
	ssize_t n = readlinkat(dir, name, target, sizeof(target) - 1);

	if (n <= 0)
		return false;
	target[n] = 0;
	return !strcmp(target, want);
}

static bool process_holds(const char *pid, const char *want)
{
	char path[sizeof("/proc//fd") + 32];
	bool holds = false;
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.31s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!holds && (e = readdir(dir)))
		holds = link_is(dirfd(dir), e->d_name, want);
	closedir(dir);
	return holds;
}

static void process_name(const char *pid, char *buf, size_t size)
{
	char path[sizeof("/proc//comm") + 32];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%.31s/comm", pid);
	f = fopen(path, "re");
	if (!f || !fgets(buf, size, f))
		snprintf(buf, size, "a process");
	buf[strcspn(buf, "\n")] = 0;
	if (f)
		fclose(f);
}

static void owner_find(uint32_t inode, char *buf, size_t size)
{
	char want[32], name[24];
	struct dirent *e;
	DIR *proc = opendir("/proc");

	snprintf(buf, size, "a packet socket (inode %u)", inode);
	snprintf(want, sizeof(want), "socket:[%u]", inode);
	while (proc && (e = readdir(proc))) {
		if (e->d_name[0] < '1' || e->d_name[0] > '9' ||
		    !process_holds(e->d_name, want))
			continue;
		process_name(e->d_name, name, sizeof(name));
		snprintf(buf, size, "%s (pid %.10s)", name, e->d_name);
		break;
	}
	if (proc)
		closedir(proc);
}

void pn_gate_owner(struct pn_gates *g, uint32_t inode, char *buf, size_t size)
{
	struct gate_owner *o;
	size_t i;

	for (i = 0; i < g->n_owners && g->owners[i].inode != inode; i++)
		;
	if (i == g->n_owners) {
		owner_find(inode, buf, size);
		o = realloc(g->owners, (i + 1) * sizeof(*o));
		if (!o)
			return;
		g->owners = o;
		o[i].inode = inode;
		snprintf(o[i].name, sizeof(o[i].name), "%s", buf);
		g->n_owners++;
	}
	g->owners[i].asked = true;
	snprintf(buf, size, "%s", g->owners[i].name);
}

void pn_gate_owners_sweep(struct pn_gates *g)
{
	size_t i, kept = 0;

	for (i = 0; i < g->n_owners; i++) {
		if (!g->owners[i].asked)
			continue;
		g->owners[kept] = g->owners[i];
		g->owners[kept++].asked = false;
	}
	g->n_owners = kept;
}
