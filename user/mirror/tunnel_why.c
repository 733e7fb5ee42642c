// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Why a tunnel device is left to the kernel, as far as that is its own affair:
 * what it is and how it is configured. Others may be in its way (rivals.h).
 */
#include <string.h>

#include "mirror/tunnels.h"

/* What modules make by themselves, for packets that nobody else wants. */
static const char *const fallbacks[] = {
	"gre0", "gretap0", "erspan0", "tunl0", "sit0", "ip_vti0", "ip6tnl0", "ip6gre0", "ip6_vti0",
};

static bool in_vrf(const struct pn_mirror *m, __u32 ifindex)
{
	const struct pn_dev *dev = pn_model_dev(&m->model, ifindex);
	const struct pn_dev *master = dev ? pn_model_dev(&m->model, dev->master) : NULL;

	return (dev && dev->kind == PN_DEV_VRF) || (master && master->kind == PN_DEV_VRF);
}

static bool is_multicast(const struct in6_addr *addr)
{
	if (!IN6_IS_ADDR_V4MAPPED(addr))
		return IN6_IS_ADDR_MULTICAST(addr);
	return addr->s6_addr[12] >> 4 == 0xe;
}

static bool is_fallback(const struct pn_dev *dev)
{
	size_t i;

	if (rival_has(&dev->tunnel.remote) || rival_has(&dev->tunnel.local))
		return false;
	for (i = 0; i < sizeof(fallbacks) / sizeof(fallbacks[0]); i++)
		if (!strcmp(dev->name, fallbacks[i]))
			return true;
	return false;
}

static enum pn_ineligible vxlan_why(const struct pn_mirror *m, const struct pn_dev *dev)
{
	const struct pn_dev_vxlan *v = &dev->vxlan;

	if (v->foreign)
		return PN_WHY_FOREIGN;
	if (v->gpe)
		return PN_WHY_GPE;
	if (v->external && !tunnel_metadata_hidden(m, dev))
		return v->vnifilter ? PN_WHY_VNIFILTER : PN_WHY_EXTERNAL;
	if (v->link_local)
		return PN_WHY_LINK_LOCAL;
	if (in_vrf(m, v->lower))
		return PN_WHY_VRF;
	return dev->flags & IFF_UP ? PN_WHY_NONE : PN_WHY_DOWN;
}

/* ERSPAN with a header is numbered; type I is IPv4's. */
static bool is_numbered_erspan(const struct pn_dev_tunnel *t)
{
	return t->kind == PN_TUNNEL_IP6ERSPAN ||
	       (t->kind == PN_TUNNEL_ERSPAN && (t->keyed || t->seq || t->erspan_ver));
}

static bool is_mpls(const struct pn_dev_tunnel *t)
{
	return t->proto && t->proto != 4 && t->proto != 41;
}

/* What no change of anything else makes right. */
static enum pn_ineligible kind_why(const struct pn_mirror *m, const struct pn_dev *dev)
{
	const struct pn_dev_tunnel *t = &dev->tunnel;

	if (t->foreign)
		return PN_WHY_FOREIGN;
	if (is_fallback(dev))
		return PN_WHY_FALLBACK;
	if (t->kind == PN_TUNNEL_VTI)
		return PN_WHY_XFRM;
	if (t->external && !tunnel_metadata_hidden(m, dev))
		return PN_WHY_EXTERNAL;
	if (is_numbered_erspan(t))
		return PN_WHY_ERSPAN;
	if (t->seq)
		return PN_WHY_SEQ;
	if (t->dscp)
		return PN_WHY_DSCP;
	if (t->proto_inherit)
		return PN_WHY_PROTO_INHERIT;
	if (is_mpls(t))
		return PN_WHY_MPLS;
	return t->isatap ? PN_WHY_ISATAP : PN_WHY_NONE;
}

static bool is_link_local(const struct pn_dev_tunnel *t)
{
	return IN6_IS_ADDR_LINKLOCAL(&t->remote) || IN6_IS_ADDR_LINKLOCAL(&t->local);
}

/*
 * GRE over IPv4 and GENEVE hand on what the header said where they have no
 * remote. The others take packets of everybody whom a port takes them from.
 */
static enum pn_ineligible remote_why(const struct tunnel_job *job, const struct pn_dev_tunnel *t)
{
	enum rival_table table = rival_table_of(t);

	if (rival_has(&t->remote) || t->external)
		return PN_WHY_NONE;
	if (!job->anybody || !rival_has(&t->local))
		return PN_WHY_NO_REMOTE;
	if (table == RIVAL_GRE4 || table == RIVAL_GRETAP4 || table == RIVAL_ERSPAN4)
		return PN_WHY_EXTERNAL;
	return PN_WHY_NONE;
}

enum pn_ineligible tunnel_why(const struct tunnel_job *job, const struct pn_dev *dev)
{
	const struct pn_dev_tunnel *t = &dev->tunnel;
	enum pn_ineligible why;

	if (dev->kind == PN_DEV_VXLAN)
		return vxlan_why(job->m, dev);
	why = kind_why(job->m, dev);
	if (!why && is_multicast(&t->remote))
		why = PN_WHY_MULTICAST;
	if (!why && is_link_local(t))
		why = PN_WHY_LINK_LOCAL;
	if (!why && in_vrf(job->m, t->lower))
		why = PN_WHY_VRF;
	if (!why && tunnel_is_local(job, &t->remote))
		why = PN_WHY_LOCAL_REMOTE;
	if (!why && !(dev->flags & IFF_UP))
		why = PN_WHY_DOWN;
	return why ? why : remote_why(job, t);
}
