// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Finding a namespace by its number: ask the kernel about each one in sight; see nsid.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nl/netns.h"
#include "nl/nsid.h"
#include "nl/sock.h"

#define SEEN_MAX 512	/* namespaces that are looked at */

struct search {
	struct pn_nl nl;
	int32_t nsid;
	ino_t seen[SEEN_MAX];
	unsigned int n_seen;
};

static int nsid_take(const struct nlmsghdr *nlh, void *data)
{
	const char *start = (const char *)nlh + NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct rtgenmsg));
	const struct nlattr *tb[NETNSA_MAX + 1];

	if (nlh->nlmsg_len < NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct rtgenmsg)))
		return -EBADMSG;
	pn_attrs_parse(tb, NETNSA_MAX, start, (const char *)nlh + nlh->nlmsg_len - start);
	*(int32_t *)data = pn_attr_u32(tb[NETNSA_NSID], -1);
	return 0;
}

int32_t pn_nsid_of(struct pn_nl *nl, int fd)
{
	struct rtgenmsg g = { .rtgen_family = AF_UNSPEC };
	struct pn_msg m;
	int32_t nsid = -1;

	pn_msg_init(&m, RTM_GETNSID, 0);
	pn_msg_extra(&m, &g, sizeof(g));
	pn_msg_put_u32(&m, NETNSA_FD, fd);
	if (pn_nl_get(nl, &m, nsid_take, &nsid, NULL))
		nsid = -1;
	pn_msg_fini(&m);
	return nsid;
}

/* Many processes share a namespace: each is asked about once. */
static bool seen_before(struct search *s, int fd)
{
	struct stat st;
	unsigned int i;

	if (fstat(fd, &st))
		return true;
	for (i = 0; i < s->n_seen; i++)
		if (s->seen[i] == st.st_ino)
			return true;
	if (s->n_seen < SEEN_MAX)
		s->seen[s->n_seen++] = st.st_ino;
	return false;
}

static int path_try(struct search *s, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -ENOENT;
	if (!seen_before(s, fd) && pn_nsid_of(&s->nl, fd) == s->nsid)
		return fd;
	close(fd);
	return -ENOENT;
}

/* @tail: what follows an entry's name; "" for the entry itself. */
static int dir_try(struct search *s, const char *dir, const char *tail)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char path[512];
	int fd = -ENOENT;

	if (!d)
		return -ENOENT;
	while (fd < 0 && (e = readdir(d))) {
		if (e->d_name[0] == '.' || (tail[0] && !strchr("123456789", e->d_name[0])))
			continue;
		snprintf(path, sizeof(path), "%s/%s%s", dir, e->d_name, tail);
		fd = path_try(s, path);
	}
	closedir(d);
	return fd;
}

int pn_netns_by_id(int32_t nsid)
{
	static const char *const dirs[][2] = {
		{ "/run/netns", "" }, { "/run/docker/netns", "" }, { "/proc", "/ns/net" },
	};
	struct search s = { .nsid = nsid };
	unsigned int i;
	int fd = -ENOENT;

	if (nsid < 0 || pn_nl_open(&s.nl, NETLINK_ROUTE, NULL))
		return -ENOENT;
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]) && fd < 0; i++)
		fd = dir_try(&s, dirs[i][0], dirs[i][1]);
	pn_nl_close(&s.nl);
	return fd;
}

/* The entry of /run/netns that is the same file as @fd, which is closed. */
static int name_find(int fd, char *name, size_t size)
{
	struct stat want, st;
	struct dirent *e;
	char path[512];
	int ret = -ENOENT;
	DIR *d;

	name[0] = '\0';
	if (fd < 0)
		return ret;
	d = fstat(fd, &want) ? NULL : opendir(PN_NETNS_DIR);
	while (ret && d && (e = readdir(d))) {
		snprintf(path, sizeof(path), PN_NETNS_DIR "/%s", e->d_name);
		if (stat(path, &st) || st.st_ino != want.st_ino || st.st_dev != want.st_dev)
			continue;
		snprintf(name, size, "%s", e->d_name);
		ret = 0;
	}
	if (d)
		closedir(d);
	close(fd);
	return ret;
}

int pn_netns_name_by_id(int32_t nsid, char *name, size_t size)
{
	return name_find(pn_netns_by_id(nsid), name, size);
}

int pn_netns_self_name(char *name, size_t size)
{
	return name_find(pn_netns_self(), name, size);
}
