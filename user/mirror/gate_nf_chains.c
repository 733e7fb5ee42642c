// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * nf_tables: base chains that hold rules or do not accept by policy, and flow
 * tables. The kernel counts a chain's rules for us (NFTA_CHAIN_USE), so rules
 * are never read. A chain of a dormant table hangs on no hook.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/gate_netfilter.h"

/* 6.16: a name that stands for all devices beginning so. */
#define DEVICE_PREFIX 2

/* The hook of a device in family inet, beside netdev's own. */
#define INET_INGRESS 5

struct nft_name {
	uint8_t family;
	char name[64];
};

struct nft_walk {
	struct gate_run *run;
	struct nft_name *dormant;
	size_t n_dormant;
};

static const struct {
	uint8_t family;
	const char *name;
} families[] = {
	{ NFPROTO_INET, "inet" },	{ NFPROTO_IPV4, "ip" },
	{ NFPROTO_IPV6, "ip6" },	{ NFPROTO_ARP, "arp" },
	{ NFPROTO_BRIDGE, "bridge" },	{ NFPROTO_NETDEV, "netdev" },
};

static const char *family_name(uint8_t family)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (families[i].family == family)
			return families[i].name;
	return "?";
}

/* Attributes of a message of this bus; returns its family, or -EBADMSG. */
static int nft_parse(const struct nlmsghdr *nlh, const struct nlattr **tb,
		     unsigned int max)
{
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	if (len < sizeof(*nfg))
		return -EBADMSG;
	pn_attrs_parse(tb, max, nfg + 1, len - sizeof(*nfg));
	return nfg->nfgen_family;
}

/* --- tables ------------------------------------------------------------- */

static int table_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[NFTA_TABLE_MAX + 1];
	struct nft_walk *w = data;
	struct nft_name *v;
	int family = nft_parse(nlh, tb, NFTA_TABLE_MAX);
	const char *name;

	if (family < 0)
		return 0;
	name = pn_attr_str(tb[NFTA_TABLE_NAME]);
	if (!name || !(ntohl(pn_attr_be32(tb[NFTA_TABLE_FLAGS], 0)) & NFT_TABLE_F_DORMANT))
		return 0;
	v = realloc(w->dormant, (w->n_dormant + 1) * sizeof(*v));
	if (!v)
		return -ENOMEM;
	w->dormant = v;
	v += w->n_dormant++;
	v->family = family;
	snprintf(v->name, sizeof(v->name), "%s", name);
	return 0;
}

static bool table_dormant(const struct nft_walk *w, uint8_t family, const char *name)
{
	const struct nft_name *v;

	for (v = w->dormant; v < w->dormant + w->n_dormant; v++)
		if (v->family == family && !strncmp(v->name, name, sizeof(v->name) - 1))
			return true;
	return false;
}

/* --- devices of a hook -------------------------------------------------- */

static void device_found(struct gate_run *run, const struct nlattr *a, bool egress,
			 const char *what)
{
	const struct gate_dev *d;
	size_t len = strnlen(pn_attr_data(a), pn_attr_len(a));
	bool prefix = (a->nla_type & NLA_TYPE_MASK) == DEVICE_PREFIX;
	struct pn_gate_finding f = {
		.places = PN_GATE_AT(egress ? PN_PLACE_EGRESS : PN_PLACE_PORT),
		/* What tc sends still passes the egress hook. */
		.engines = egress ? PN_GATE_XDP : PN_GATE_BOTH,
	};

	for (d = run->g->devs; d < run->g->devs + run->g->n_devs; d++) {
		if (strncmp(d->name, pn_attr_data(a), len) || (d->name[len] && !prefix))
			continue;
		f.ifindex = d->ifindex;
		pn_gate_found_as(run, &f, "%s", what);
	}
}

static void devices_found(struct gate_run *run, const struct nlattr *devs, bool egress,
			  const char *what)
{
	const struct nlattr *a;

	if (!devs)
		return;
	mnl_attr_for_each_nested(a, devs) {
		if (pn_attr_len(a))
			device_found(run, a, egress, what);
	}
}

/* --- chains ------------------------------------------------------------- */

static bool device_hook(uint8_t family, uint32_t hooknum)
{
	return family == NFPROTO_NETDEV ||
	       (family == NFPROTO_INET && hooknum == INET_INGRESS);
}

static void chain_found(struct gate_run *run, uint8_t family, const struct nlattr *hook,
			const char *what)
{
	const struct nlattr *tb[NFTA_HOOK_MAX + 1];
	uint32_t hooknum;

	pn_attrs_nested(tb, NFTA_HOOK_MAX, hook);
	hooknum = ntohl(pn_attr_be32(tb[NFTA_HOOK_HOOKNUM], 0));
	if (device_hook(family, hooknum)) {
		bool egress = family == NFPROTO_NETDEV && hooknum == NF_NETDEV_EGRESS;

		devices_found(run, tb[NFTA_HOOK_DEVS], egress, what);
		if (tb[NFTA_HOOK_DEV] && !tb[NFTA_HOOK_DEVS])
			device_found(run, tb[NFTA_HOOK_DEV], egress, what);
	} else if (family == NFPROTO_INET) {
		pn_gate_nf_found(run, NFPROTO_IPV4, hooknum, what);
		pn_gate_nf_found(run, NFPROTO_IPV6, hooknum, what);
	} else {
		pn_gate_nf_found(run, family, hooknum, what);
	}
}

static int chain_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[NFTA_CHAIN_MAX + 1];
	struct nft_walk *w = data;
	const char *table, *name;
	int family = nft_parse(nlh, tb, NFTA_CHAIN_MAX);
	uint32_t rules, policy;
	char what[96];

	if (family < 0 || !tb[NFTA_CHAIN_HOOK])
		return 0;
	table = pn_attr_str(tb[NFTA_CHAIN_TABLE]);
	name = pn_attr_str(tb[NFTA_CHAIN_NAME]);
	if (!table || !name || table_dormant(w, family, table))
		return 0;
	rules = ntohl(pn_attr_be32(tb[NFTA_CHAIN_USE], 0));
	policy = ntohl(pn_attr_be32(tb[NFTA_CHAIN_POLICY], htonl(NF_ACCEPT)));
	if (rules)
		snprintf(what, sizeof(what), "table %s %.24s chain %.32s: %u rule%s",
			 family_name(family), table, name, rules, rules > 1 ? "s" : "");
	else if (policy != NF_ACCEPT)
		snprintf(what, sizeof(what), "table %s %.24s chain %.32s: policy drop",
			 family_name(family), table, name);
	else
		return 0;
	chain_found(w->run, family, tb[NFTA_CHAIN_HOOK], what);
	return 0;
}

static int flowtable_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[NFTA_FLOWTABLE_MAX + 1];
	const struct nlattr *hook[NFTA_FLOWTABLE_HOOK_MAX + 1];
	struct nft_walk *w = data;
	const char *table, *name;
	int family = nft_parse(nlh, tb, NFTA_FLOWTABLE_MAX);
	char what[96];

	if (family < 0)
		return 0;
	table = pn_attr_str(tb[NFTA_FLOWTABLE_TABLE]);
	name = pn_attr_str(tb[NFTA_FLOWTABLE_NAME]);
	if (!table || !name || table_dormant(w, family, table))
		return 0;
	snprintf(what, sizeof(what), "table %s %.24s flowtable %.32s",
		 family_name(family), table, name);
	pn_attrs_nested(hook, NFTA_FLOWTABLE_HOOK_MAX, tb[NFTA_FLOWTABLE_HOOK]);
	devices_found(w->run, hook[NFTA_FLOWTABLE_HOOK_DEVS], false, what);
	return 0;
}

/* EOPNOTSUPP and EINVAL: no nf_tables in this kernel, so nothing of it hangs anywhere. */
static int nft_dump(struct nft_walk *w, uint8_t type, pn_nl_cb cb)
{
	struct nfgenmsg nfg = { .nfgen_family = NFPROTO_UNSPEC };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, NFNL_SUBSYS_NFTABLES << 8 | type, 0);
	pn_msg_extra(&m, &nfg, sizeof(nfg));
	rc = pn_gate_dump(w->run, &w->run->g->nf, &m, cb, w);
	return rc == -EINVAL || rc == -EOPNOTSUPP ? 0 : rc;
}

int pn_gate_nf_chains(struct gate_run *run)
{
	struct nft_walk w = { .run = run };
	int rc;

	rc = nft_dump(&w, NFT_MSG_GETTABLE, table_seen);
	if (!rc)
		rc = nft_dump(&w, NFT_MSG_GETCHAIN, chain_seen);
	if (!rc)
		rc = nft_dump(&w, NFT_MSG_GETFLOWTABLE, flowtable_seen);
	free(w.dormant);
	return rc;
}
