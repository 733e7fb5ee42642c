// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Namespaces by number; see running_ns.h. A namespace of a container knows but
 * one other, and that is ours: it is asked about that first, and about the
 * next only when the number was not found.
 */
#include <errno.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nl/netns.h"
#include "nl/nsid.h"
#include "topo/running_ns.h"

/* What @ns has said about the others, in the order of asking. */
struct pn_running_ns {
	struct pn_running_ns *next;
	struct pn_sys_ns *ns;
	unsigned int n, total;
	int32_t nsid[];			/* 0: ours; then by names[] */
};

static unsigned int names_count(char *const *names)
{
	unsigned int n = 0;

	while (names[n])
		n++;
	return n;
}

/* The inode of a network namespace; 0: it is none, as where its mount is gone. */
static uint64_t netns_inode(int fd)
{
	bool is_netns = fd >= 0 && ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET;
	struct stat st;
	uint64_t inode = is_netns && !fstat(fd, &st) ? st.st_ino : 0;

	if (fd >= 0)
		close(fd);
	return inode;
}

/* Our own has a name, too, where penstock was started in it: it is told once. */
static void names_sift(char **names)
{
	uint64_t own = netns_inode(pn_netns_self()), inode;
	unsigned int i, n = 0;

	for (i = 0; names[i]; i++) {
		inode = netns_inode(pn_netns_open(names[i], NULL));
		if (inode && inode != own)
			names[n++] = names[i];
	}
	names[n] = NULL;
}

int pn_running_spaces_open(struct pn_running_spaces *s, struct pn_err *err)
{
	memset(s, 0, sizeof(*s));
	s->names = pn_netns_names();
	if (!s->names)
		return pn_err_memory(err, "");
	names_sift(s->names);
	return 0;
}

void pn_running_spaces_close(struct pn_running_spaces *s)
{
	struct pn_running_ns *k;

	while ((k = s->known)) {
		s->known = k->next;
		free(k);
	}
	pn_sys_fini(&s->sys);
	free(s->names);
}

static struct pn_running_ns *known_find(struct pn_running_spaces *s, struct pn_sys_ns *ns)
{
	unsigned int total = names_count(s->names) + 1;
	struct pn_running_ns *k;

	for (k = s->known; k; k = k->next) {
		if (k->ns == ns)
			return k;
	}
	k = calloc(1, sizeof(*k) + total * sizeof(k->nsid[0]));
	if (!k)
		return NULL;
	k->ns = ns;
	k->total = total;
	k->next = s->known;
	s->known = k;
	return k;
}

static int32_t id_ask(struct pn_running_spaces *s, struct pn_sys_ns *ns, unsigned int i)
{
	int fd = i ? pn_netns_open(s->names[i - 1], NULL) : pn_netns_self();
	int32_t nsid;

	if (fd < 0)
		return -1;
	nsid = pn_nsid_of(&ns->nl, fd);
	close(fd);
	return nsid;
}

struct pn_sys_ns *pn_running_by_id(struct pn_running_spaces *s, struct pn_sys_ns *ns,
				   int32_t nsid)
{
	struct pn_running_ns *k = known_find(s, ns);
	unsigned int i;

	if (!k || nsid < 0)
		return NULL;
	for (i = 0; i < k->n && k->nsid[i] != nsid; i++)
		;
	while (i == k->n && k->n < k->total) {
		k->nsid[k->n] = id_ask(s, ns, k->n);
		if (k->nsid[k->n++] != nsid)
			i = k->n;
	}
	return i < k->n ? pn_sys_ns(&s->sys, i ? s->names[i - 1] : NULL, NULL) : NULL;
}
