// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * UDP ports of FOU and GUE. The kernel does not tell of them, so it is asked
 * whenever links change, and every second while there are tunnels whose
 * packets may come by such a port.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/state.h"
#include "nl/fou.h"

#define ASK_NS		1000000000ull
#define PORTS_MAX	4096

struct fou_answer {
	struct mirror_fou *v;
	size_t n;
	bool oom;
};

static void port_take(void *ctx, const struct pn_nl_fou *fou)
{
	struct fou_answer *a = ctx;
	struct mirror_fou *v;

	/* A port that looks at more than its number is left to the kernel. */
	if (fou->tied || a->n == PORTS_MAX)
		return;
	v = realloc(a->v, (a->n + 1) * sizeof(*v));
	a->oom |= !v;
	if (!v)
		return;
	a->v = v;
	v[a->n++] = (struct mirror_fou){
		.key = PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, fou->ipv6, fou->port, 0),
		.index = fou->gue ? PN_UDP_INDEX(PN_UDP_GUE, 0) :
				    PN_UDP_INDEX(PN_UDP_FOU, fou->protocol),
	};
}

static bool is_carried(const struct pn_dev *dev)
{
	return dev->kind == PN_DEV_TUNNEL && (dev->flags & IFF_UP) && !dev->tunnel.foreign &&
	       dev->tunnel.kind != PN_TUNNEL_GENEVE;
}

static bool fou_matters(const struct pn_mirror *m)
{
	size_t i;

	for (i = 0; i < m->model.ndevs; i++)
		if (is_carried(m->model.devs[i]))
			return true;
	return false;
}

static int fou_answer(struct pn_mirror *m, struct fou_answer *a)
{
	int rc = 0, tries;

	if (!m->fou_nl.sock)
		rc = pn_nl_open_in(&m->fou_nl, m->netns_fd, NETLINK_GENERIC, NULL);
	for (tries = 0; !rc && tries < PN_NL_DUMP_TRIES; tries++) {
		a->n = 0;
		rc = pn_nl_fou_each(&m->fou_nl, port_take, a);
		if (rc != -EINTR)
			break;
		rc = 0;
	}
	return a->oom ? -ENOMEM : rc;
}

bool mirror_fou_ask(struct pn_mirror *m)
{
	struct fou_answer a = { 0 };
	bool changed;

	m->fou_due = 0;
	/* A mirror that listens to nothing asks for nothing. */
	if (!m->nl.sock)
		return false;
	if (fou_matters(m)) {
		m->fou_due = mirror_now() + ASK_NS;
		/* Who does not answer has no ports. */
		if (fou_answer(m, &a))
			a.n = 0;
	}
	changed = a.n != m->n_fou || (a.n && memcmp(a.v, m->fou, a.n * sizeof(*a.v)) != 0);
	free(m->fou);
	m->fou = a.v;
	m->n_fou = a.n;
	return changed;
}

void mirror_fou_demux(const struct pn_mirror *m, struct demux_list *list)
{
	size_t i;

	for (i = 0; i < m->n_fou; i++)
		demux_add_index(list, m->fou[i].key, m->fou[i].index);
}

void mirror_fou_fini(struct pn_mirror *m)
{
	pn_nl_close(&m->fou_nl);
	free(m->fou);
}
