// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Numbers and addresses of remote VTEPs; see peers.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stats/peers.h"

static int number_compare(const void *a, const void *b)
{
	const struct pn_peer_name *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static int addr_compare(const void *a, const void *b)
{
	const struct pn_peer_name *x = a, *y = b;

	return memcmp(&x->addr, &y->addr, sizeof(x->addr));
}

static unsigned int names_collect(struct pn_peer_name *name, const struct pn_maps *m)
{
	unsigned int n = 0;
	uint32_t b, s;

	for (b = 0; b < m->abi.endpoint_buckets; b++) {
		for (s = 0; s < PN_BUCKET_SLOTS; s++) {
			const struct pn_endpoint *e = &m->endpoints[b].slot[s];

			if (!e->gen || !e->vtep || e->vtep == PN_VTEP_ANY)
				continue;
			name[n].number = e->vtep;
			memcpy(&name[n++].addr, e->src, sizeof(e->src));
		}
	}
	return n;
}

/* A peer has an endpoint for each port and local address: once is enough. */
static unsigned int names_once(struct pn_peer_name *name, unsigned int n)
{
	unsigned int i, kept = 0;

	for (i = 0; i < n; i++)
		if (!kept || name[kept - 1].number != name[i].number)
			name[kept++] = name[i];
	return kept;
}

int pn_peer_names_read(struct pn_peer_names *names, const struct pn_maps *maps)
{
	size_t room = (size_t)maps->abi.endpoint_buckets * PN_BUCKET_SLOTS + 1;

	*names = (struct pn_peer_names){ .by_number = calloc(room, sizeof(*names->by_number)) };
	if (!names->by_number)
		return -ENOMEM;
	names->n = names_collect(names->by_number, maps);
	qsort(names->by_number, names->n, sizeof(*names->by_number), number_compare);
	names->n = names_once(names->by_number, names->n);
	names->by_addr = calloc(names->n + 1, sizeof(*names->by_addr));
	if (!names->by_addr) {
		pn_peer_names_free(names);
		return -ENOMEM;
	}
	memcpy(names->by_addr, names->by_number, names->n * sizeof(*names->by_addr));
	qsort(names->by_addr, names->n, sizeof(*names->by_addr), addr_compare);
	return 0;
}

void pn_peer_names_free(struct pn_peer_names *names)
{
	free(names->by_number);
	free(names->by_addr);
	memset(names, 0, sizeof(*names));
}

const struct pn_peer_name *pn_peer_names_find(const struct pn_peer_names *names,
					      uint32_t number)
{
	const struct pn_peer_name key = { .number = number };

	return number && names->n ? bsearch(&key, names->by_number, names->n, sizeof(key),
					    number_compare) : NULL;
}

bool pn_peer_names_has(const struct pn_peer_names *names, const struct in6_addr *addr)
{
	const struct pn_peer_name key = { .addr = *addr };

	return names->n && bsearch(&key, names->by_addr, names->n, sizeof(key), addr_compare);
}

char *pn_peer_text(const struct in6_addr *addr, char *buf)
{
	if (IN6_IS_ADDR_V4MAPPED(addr))
		inet_ntop(AF_INET, &addr->s6_addr[12], buf, INET6_ADDRSTRLEN);
	else
		inet_ntop(AF_INET6, addr, buf, INET6_ADDRSTRLEN);
	return buf;
}
