// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What tunnels' packets come by: UDP ports and IP protocols, as the devices
 * say. A socket, policy or filter matters only as far as it is about these.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/gate_detect.h"

#define PROTO_MPLS 137

/* --- devices ------------------------------------------------------------ */

/* GBP and GPE are flags without a value; the others hold 0 or 1. */
static bool attr_on(const struct nlattr *a)
{
	return a && (pn_attr_len(a) == 0 || pn_attr_u8(a, 0));
}

static bool attr_link_local(const struct nlattr *a)
{
	return pn_attr_len(a) == 16 && IN6_IS_ADDR_LINKLOCAL((struct in6_addr *)
							     pn_attr_data(a));
}

static void vxlan_parse(struct gate_dev *d, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_VXLAN_MAX + 1];

	pn_attrs_nested(tb, IFLA_VXLAN_MAX, data);
	d->udp_port = ntohs(pn_attr_be16(tb[IFLA_VXLAN_PORT], 0));
	d->udp6 = tb[IFLA_VXLAN_LOCAL6] || tb[IFLA_VXLAN_GROUP6];
	d->udp4 = !d->udp6;
	if (attr_on(tb[IFLA_VXLAN_GPE]))
		d->odd = "gpe";
	if (attr_on(tb[IFLA_VXLAN_COLLECT_METADATA]))
		d->udp4 = d->udp6 = true;
	/* Its VNI is looked up together with the ingress device. */
	if (attr_link_local(tb[IFLA_VXLAN_LOCAL6]) ||
	    attr_link_local(tb[IFLA_VXLAN_GROUP6]))
		d->odd = "a link-local address";
}

static void geneve_parse(struct gate_dev *d, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_GENEVE_MAX + 1];

	pn_attrs_nested(tb, IFLA_GENEVE_MAX, data);
	d->udp_port = ntohs(pn_attr_be16(tb[IFLA_GENEVE_PORT], 0));
	d->udp6 = tb[IFLA_GENEVE_REMOTE6];
	d->udp4 = !d->udp6;
	if (tb[IFLA_GENEVE_COLLECT_METADATA])
		d->udp4 = d->udp6 = true;
}

/* A mode leaves one of the protocols of its kind; 0 is any. */
static void mode_parse(struct gate_dev *d, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_IPTUN_MAX + 1];
	uint8_t mode;

	pn_attrs_nested(tb, IFLA_IPTUN_MAX, data);
	mode = pn_attr_u8(tb[IFLA_IPTUN_PROTO], 0);
	if (!mode)
		return;
	memset(d->protos, 0, sizeof(d->protos));
	d->protos[0] = mode;
}

static const struct tunnel_kind {
	const char *kind;
	void (*parse)(struct gate_dev *d, const struct nlattr *data);
	bool v6;
	uint8_t protos[GATE_PROTOS];
} tunnel_kinds[] = {
	{ "vxlan", vxlan_parse, false, { 0 } },
	{ "geneve", geneve_parse, false, { 0 } },
	{ "gre", NULL, false, { IPPROTO_GRE } },
	{ "gretap", NULL, false, { IPPROTO_GRE } },
	{ "erspan", NULL, false, { IPPROTO_GRE } },
	{ "ip6gre", NULL, true, { IPPROTO_GRE } },
	{ "ip6gretap", NULL, true, { IPPROTO_GRE } },
	{ "ip6erspan", NULL, true, { IPPROTO_GRE } },
	{ "ipip", mode_parse, false, { IPPROTO_IPIP, PROTO_MPLS } },
	{ "sit", mode_parse, false, { IPPROTO_IPV6, IPPROTO_IPIP, PROTO_MPLS } },
	{ "ip6tnl", mode_parse, true, { IPPROTO_IPV6, IPPROTO_IPIP, PROTO_MPLS } },
	/* Their packets are always left to the kernel. */
	{ "vti", NULL, false, { 0 } },
	{ "vti6", NULL, true, { 0 } },
};

bool pn_gate_tunnel_parse(struct gate_dev *d, const struct nlattr *data)
{
	const struct tunnel_kind *k;

	for (k = tunnel_kinds; strcmp(k->kind, d->kind) != 0; k++)
		if (k == &tunnel_kinds[sizeof(tunnel_kinds) / sizeof(*k) - 1])
			return false;
	d->tunnel = true;
	d->outer6 = k->v6;
	memcpy(d->protos, k->protos, sizeof(d->protos));
	if (k->parse && data)
		k->parse(d, data);
	return true;
}

bool pn_gate_dev_takes(const struct gate_dev *d, uint8_t proto, bool v6)
{
	if (!d->tunnel || proto == PN_GATE_TUNNELS)
		return d->tunnel;
	if (proto == IPPROTO_UDP)
		return d->udp_port && (v6 ? d->udp6 : d->udp4);
	return d->outer6 == v6 && memchr(d->protos, proto, sizeof(d->protos));
}

/* --- the list ----------------------------------------------------------- */

static int service_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct gate_service));
}

/* At most GATE_PROTOS of one device. */
static size_t services_of(const struct gate_dev *d, struct gate_service *to)
{
	size_t i, n = 0;

	if (d->udp_port && d->udp4)
		to[n++] = (struct gate_service){ IPPROTO_UDP, false, d->udp_port };
	if (d->udp_port && d->udp6)
		to[n++] = (struct gate_service){ IPPROTO_UDP, true, d->udp_port };
	/* Modules make devices for packets that nobody else wants; these are down. */
	for (i = 0; (d->flags & IFF_UP) && i < GATE_PROTOS && d->protos[i]; i++)
		to[n++] = (struct gate_service){ d->protos[i], d->outer6, 0 };
	return n;
}

int pn_gate_services_make(struct pn_gates *g)
{
	struct gate_service *v = calloc(GATE_PROTOS * g->n_devs + g->n_fou + 1, sizeof(*v));
	const struct gate_dev *d;
	size_t i, n = 0, to = 0;

	if (!v)
		return -ENOMEM;
	for (d = g->devs; d < g->devs + g->n_devs; d++)
		n += services_of(d, v + n);
	if (g->n_fou)
		memcpy(v + n, g->fou, g->n_fou * sizeof(*v));
	n += g->n_fou;
	qsort(v, n, sizeof(*v), service_order);
	for (i = 0; i < n; i++)
		if (!i || service_order(&v[i], &v[i - 1]))
			v[to++] = v[i];
	free(g->services);
	g->services = v;
	g->n_services = to;
	return 0;
}

bool pn_gate_has_service(const struct pn_gates *g, uint8_t proto, bool v6)
{
	const struct gate_service *s;

	for (s = g->services; s < g->services + g->n_services; s++)
		if (s->proto == proto && s->v6 == v6)
			return true;
	return false;
}
