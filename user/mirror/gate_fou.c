// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * UDP ports of FOU and GUE, by which tunnels without UDP of their own are
 * reached. Asked for where there are such tunnels; the kernel does not notify.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/gate_detect.h"
#include "nl/fou.h"

struct fou_list {
	struct gate_service *v;
	size_t n;
	bool oom;
};

static void fou_note(void *ctx, const struct pn_nl_fou *fou)
{
	struct fou_list *l = ctx;
	struct gate_service *v;

	/* What is tied to an address or a device is left to the kernel. */
	if (fou->tied)
		return;
	v = realloc(l->v, (l->n + 1) * sizeof(*v));
	if (!v) {
		l->oom = true;
		return;
	}
	l->v = v;
	memset(&v[l->n], 0, sizeof(*v));
	v[l->n].proto = IPPROTO_UDP;
	v[l->n].v6 = fou->ipv6;
	v[l->n++].port = fou->port;
}

static bool fou_matters(const struct pn_gates *g)
{
	const struct gate_dev *d;

	for (d = g->devs; d < g->devs + g->n_devs; d++)
		if ((d->flags & IFF_UP) && d->protos[0])
			return true;
	return false;
}

int pn_gate_fou_read(struct pn_gates *g)
{
	struct fou_list l = { 0 };
	int tries = 0, rc = 0;

	if (fou_matters(g) && g->genl.fd >= 0) {
		do {
			l.n = 0;
			rc = pn_nl_fou_each(&g->genl, fou_note, &l);
		} while (rc == -EINTR && ++tries < PN_NL_DUMP_TRIES);
	}
	if (l.oom) {
		free(l.v);
		return -ENOMEM;
	}
	rc = l.n != g->n_fou || (l.n && memcmp(l.v, g->fou, l.n * sizeof(*l.v)) != 0);
	free(g->fou);
	g->fou = l.v;
	g->n_fou = l.n;
	return rc;
}
