// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Netfilter: which hook stands at which place. What hangs on the hooks is
 * found by gate_nf_chains.c, gate_nf_hooks.c and gate_xt.c.
 */
#include <errno.h>
#include <linux/netfilter.h>
#include <stdio.h>
#include <string.h>

#include "mirror/gate_netfilter.h"

#define AT(place) PN_GATE_AT(PN_PLACE_##place)

/* Not in the user-space headers of Debian 12. */
#define BR_PRE_ROUTING	0
#define BR_FORWARD	2
#define BR_POST_ROUTING	4
#define ARP_FORWARD	2

/* Does the bridge hand its frames to this protocol's hooks (br_netfilter)? */
struct nf_call {
	const char *sysctl;
	size_t flag;	/* offset of a bool in struct gate_dev: the bridge's own switch */
};

static const struct nf_call call_ip = {
	"/proc/sys/net/bridge/bridge-nf-call-iptables",
	offsetof(struct gate_dev, nf_call_ip),
};
static const struct nf_call call_ip6 = {
	"/proc/sys/net/bridge/bridge-nf-call-ip6tables",
	offsetof(struct gate_dev, nf_call_ip6),
};
static const struct nf_call call_arp = {
	"/proc/sys/net/bridge/bridge-nf-call-arptables",
	offsetof(struct gate_dev, nf_call_arp),
};

static const struct nf_reach {
	uint8_t proto;
	uint8_t hooknum;
	uint8_t places;			/* of every device */
	const struct nf_call *call;	/* and of bridge ports, if switched on */
	const char *name;
} reaches[] = {
	{ NFPROTO_IPV4, NF_INET_PRE_ROUTING, AT(OUTER4) | AT(ROUTED4), &call_ip,
	  "ip prerouting" },
	{ NFPROTO_IPV4, NF_INET_LOCAL_IN, AT(OUTER4), NULL, "ip input" },
	{ NFPROTO_IPV4, NF_INET_FORWARD, AT(ROUTED4), &call_ip, "ip forward" },
	{ NFPROTO_IPV4, NF_INET_POST_ROUTING, AT(ROUTED4), &call_ip, "ip postrouting" },
	{ NFPROTO_IPV6, NF_INET_PRE_ROUTING, AT(OUTER6) | AT(ROUTED6), &call_ip6,
	  "ip6 prerouting" },
	{ NFPROTO_IPV6, NF_INET_LOCAL_IN, AT(OUTER6), NULL, "ip6 input" },
	{ NFPROTO_IPV6, NF_INET_FORWARD, AT(ROUTED6), &call_ip6, "ip6 forward" },
	{ NFPROTO_IPV6, NF_INET_POST_ROUTING, AT(ROUTED6), &call_ip6,
	  "ip6 postrouting" },
	{ NFPROTO_ARP, ARP_FORWARD, 0, &call_arp, "arp forward" },
	{ NFPROTO_BRIDGE, BR_PRE_ROUTING, AT(BRIDGE), NULL, "bridge prerouting" },
	{ NFPROTO_BRIDGE, BR_FORWARD, AT(BRIDGE), NULL, "bridge forward" },
	{ NFPROTO_BRIDGE, BR_POST_ROUTING, AT(BRIDGE), NULL, "bridge postrouting" },
};

static const struct nf_reach *reach_of(uint8_t proto, unsigned int hooknum)
{
	const struct nf_reach *r;

	for (r = reaches; r < reaches + sizeof(reaches) / sizeof(reaches[0]); r++)
		if (r->proto == proto && r->hooknum == hooknum)
			return r;
	return NULL;
}

const char *pn_gate_nf_hook_name(uint8_t proto, unsigned int hooknum)
{
	const struct nf_reach *r = reach_of(proto, hooknum);

	return r ? r->name : NULL;
}

static bool bridge_calls(const struct gate_dev *br, const struct nf_call *call)
{
	return *(const bool *)((const char *)br + call->flag) ||
	       pn_gate_proc_number(call->sysctl, 0) > 0;
}

static void bridges_found(struct gate_run *run, const struct nf_call *call,
			  const char *what)
{
	const struct gate_dev *d, *br;

	for (d = run->g->devs; d < run->g->devs + run->g->n_devs; d++) {
		br = d->master ? pn_gate_dev(run->g, d->master) : NULL;
		if (br && !strcmp(br->kind, "bridge") && bridge_calls(br, call))
			pn_gate_found(run, d->ifindex, AT(BRIDGE),
				      "br_netfilter hands it frames: %s", what);
	}
}

void pn_gate_nf_found(struct gate_run *run, uint8_t proto, unsigned int hooknum,
		      const char *what)
{
	const struct nf_reach *r = reach_of(proto, hooknum);

	if (!r)
		return;
	if (r->places)
		pn_gate_found(run, 0, r->places, "%s", what);
	if (r->call)
		bridges_found(run, r->call, what);
}

/* Kernels that cannot list hooks: connection tracking shows by its entries. */
static void conntrack_find(struct gate_run *run)
{
	const char *what = "connection tracking is in use";

	if (pn_gate_proc_number("/proc/sys/net/netfilter/nf_conntrack_count", 0) <= 0)
		return;
	pn_gate_nf_found(run, NFPROTO_IPV4, NF_INET_PRE_ROUTING, what);
	pn_gate_nf_found(run, NFPROTO_IPV6, NF_INET_PRE_ROUTING, what);
}

/* Asking for a table of a module that is not there would load it. */
static bool ebtables_loaded(void)
{
	FILE *f = fopen("/proc/modules", "re");
	bool loaded = !f;
	char line[256];

	while (f && !loaded && fgets(line, sizeof(line), f))
		loaded = !strncmp(line, "ebtable_", 8);
	if (f)
		fclose(f);
	return loaded;
}

static int functions_find(struct gate_run *run, unsigned int *ebt)
{
	int rc = -EOPNOTSUPP;

	if (!run->g->lacks_hook_list)
		rc = pn_gate_nf_functions(run, ebt);
	if (rc != -EOPNOTSUPP)
		return rc;
	run->g->lacks_hook_list = true;
	conntrack_find(run);
	*ebt = ebtables_loaded() ? GATE_EBT_ALL : 0;
	return 0;
}

/*
 * Without any rule br_netfilter still drops, trims and fragments IP packets;
 * the data plane leaves those to it, one by one.
 */
static void calls_find(struct gate_run *run)
{
	static const struct pn_gate_finding alone = {
		.gate = PN_GATE_BR_NETFILTER,
		.places = AT(BRIDGE),
		.engines = PN_GATE_BOTH,
	};
	const struct gate_dev *d, *br;
	struct pn_gate_finding f = alone;

	for (d = run->g->devs; d < run->g->devs + run->g->n_devs; d++) {
		br = d->master ? pn_gate_dev(run->g, d->master) : NULL;
		if (!br || strcmp(br->kind, "bridge") != 0 ||
		    (!bridge_calls(br, &call_ip) && !bridge_calls(br, &call_ip6)))
			continue;
		f.ifindex = d->ifindex;
		pn_gate_found_as(run, &f, "bridge %s checks IP packets (bridge-nf-call)",
				 br->name);
	}
}

int pn_gate_detect_netfilter(struct gate_run *run)
{
	unsigned int ebt = 0;
	int rc;

	calls_find(run);
	if (run->g->nf.fd >= 0) {
		rc = pn_gate_nf_chains(run);
		if (rc < 0)
			return rc;
	}
	rc = functions_find(run, &ebt);
	return rc < 0 ? rc : pn_gate_xt_tables(run, ebt);
}
