// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Where tunnels' packets may arrive: the devices (attached ports, VLAN devices
 * on them, tunnel devices where tunnels are inside tunnels) and the addresses
 * of this host. Lists for endpoints.c; what is proven of them is its business.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/state.h"

/* --- ports -------------------------------------------------------------- */

static bool takes_strangers(const struct pn_mirror_port *port)
{
	return port->peers != PN_PEERS_KNOWN || port->strict;
}

static bool any_attached(const struct pn_mirror *m,
			 bool (*is)(const struct pn_mirror_port *port))
{
	size_t i;

	for (i = 0; i < m->n_attached; i++)
		if (is(&m->attached[i]))
			return true;
	return false;
}

static bool nests(const struct pn_mirror_port *port)
{
	return port->nesting > 1;
}

bool mirror_is_nested(const struct pn_mirror *m, const struct pn_dev *dev)
{
	return pn_dev_is_tunnel(dev) && !mirror_bridge_of(m, dev) && any_attached(m, nests);
}

/* A device without a setting of its own has that of the port below, tunnels have any. */
static bool l3_is_wild(const struct pn_mirror *m, const struct pn_dev *dev)
{
	const struct pn_mirror_port *port = mirror_attached_below(m, dev);

	return port ? takes_strangers(port) : any_attached(m, takes_strangers);
}

static bool is_l3_port(const struct pn_mirror *m, const struct pn_dev *dev)
{
	return (dev->flags & IFF_UP) && !mirror_bridge_of(m, dev) &&
	       (mirror_is_ingress(m, dev) || mirror_is_nested(m, dev)) &&
	       pn_ids_find(&m->ports, dev->ifindex);
}

static struct mirror_l3 l3_describe(const struct pn_mirror *m, const struct pn_dev *dev)
{
	struct mirror_l3 l3;

	memset(&l3, 0, sizeof(l3));
	l3.ifindex = dev->ifindex;
	l3.index = pn_ids_find(&m->ports, dev->ifindex);
	l3.tunnel = !mirror_is_ingress(m, dev);
	l3.wild = l3_is_wild(m, dev);
	l3.rpf = mirror_rpf(m, dev->ifindex);
	return l3;
}

static int l3_order(const void *a, const void *b)
{
	const struct mirror_l3 *x = a, *y = b;

	if (x->tunnel != y->tunnel)
		return x->tunnel - y->tunnel;
	return x->ifindex < y->ifindex ? -1 : x->ifindex > y->ifindex;
}

const struct mirror_l3 *mirror_l3_find(const struct mirror_endpoints *e, __u32 ifindex,
				       bool tunnel)
{
	const struct mirror_l3 key = { .ifindex = ifindex, .tunnel = tunnel };

	if (!e->n_ports || !ifindex)
		return NULL;
	return bsearch(&key, e->ports, e->n_ports, sizeof(key), l3_order);
}

static void ports_replace(struct mirror_endpoints *e, struct mirror_l3 *ports, size_t n)
{
	size_t i;

	free(e->ports);
	e->ports = ports;
	e->n_ports = n;
	e->n_wires = 0;
	e->wild = false;
	for (i = 0; i < n; i++) {
		e->n_wires += !ports[i].tunnel;
		e->wild |= ports[i].wild;
	}
	/* The answers are by place. */
	free(e->alike);
	e->alike = NULL;
	e->changed = true;
}

int mirror_endpoints_ports(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;
	struct mirror_l3 *ports = calloc(m->ports.used + 1, sizeof(*ports));
	size_t i, n = 0;

	if (!ports)
		return -ENOMEM;
	for (i = 0; i < m->model.ndevs; i++)
		if (is_l3_port(m, m->model.devs[i]))
			ports[n++] = l3_describe(m, m->model.devs[i]);
	if (n)
		qsort(ports, n, sizeof(*ports), l3_order);
	if (n != e->n_ports || (n && memcmp(ports, e->ports, n * sizeof(*ports)) != 0))
		ports_replace(e, ports, n);
	else
		free(ports);
	if (m->gates)
		pn_gates_want_routes(m->gates, e->wild || e->many);
	return 0;
}

/* --- addresses ---------------------------------------------------------- */

static int addr_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct in6_addr));
}

static int local_order(const void *a, const void *b)
{
	const struct mirror_local *x = a, *y = b;
	int order = addr_order(&x->addr, &y->addr);

	/* Of the same address on several devices the usable one is kept. */
	return order ? order : y->usable - x->usable;
}

const struct mirror_local *mirror_local_find(const struct pn_mirror *m,
					     const struct in6_addr *addr)
{
	const struct mirror_endpoints *e = &m->endpoints;

	return e->n_locals ? bsearch(addr, e->locals, e->n_locals, sizeof(*e->locals),
				     addr_order) : NULL;
}

int mirror_endpoints_locals(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;
	struct mirror_local *v = calloc(m->model.nlocals + 1, sizeof(*v));
	size_t i, to = 0;

	if (!v)
		return -ENOMEM;
	for (i = 0; i < m->model.nlocals; i++) {
		v[i].addr = m->model.locals[i].addr;
		v[i].named = mirror_tunnels_name(m, &v[i].addr);
		v[i].usable = m->model.locals[i].usable && mirror_addr_usable(&v[i].addr);
	}
	qsort(v, m->model.nlocals, sizeof(*v), local_order);
	e->n_usable[0] = e->n_usable[1] = 0;
	for (i = 0; i < m->model.nlocals; i++) {
		if (i && !addr_order(&v[i].addr, &v[i - 1].addr))
			continue;
		e->n_usable[!IN6_IS_ADDR_V4MAPPED(&v[i].addr)] += v[i].usable;
		v[to++] = v[i];
	}
	free(e->locals);
	e->locals = v;
	e->n_locals = to;
	free(e->alike);
	e->alike = e->many ? calloc(e->n_ports * to + 1, 1) : NULL;
	return 0;
}
