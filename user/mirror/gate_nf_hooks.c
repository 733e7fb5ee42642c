// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Functions of modules on netfilter hooks: connection tracking, IPVS, BPF, and
 * whatever else registers there. The kernel lists them since 5.14, where built
 * with CONFIG_NETFILTER_NETLINK_HOOK. Chains and legacy tables, which the list
 * names too, are looked into elsewhere.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_hook.h>
#include <stdio.h>
#include <string.h>

#include "mirror/gate_netfilter.h"

/* Newer than the headers of Debian 12 (6.1). */
#define SUBSYS_HOOK		12
#define CHAIN_TYPE_FLOWTABLE	3

#define BR_FORWARD		2

/*
 * Functions that do nothing to a packet that the fast path takes: it takes no
 * fragments, what br_netfilter hands on is looked at where it is handed, and
 * AppArmor looks at packets that a socket of this host sends. Tables are read
 * by gate_xt.c.
 */
static const char *const harmless[] = {
	"ipv4_conntrack_defrag", "ipv6_defrag", "ip_sabotage_in", "br_nf_", "apparmor_",
	"ipt_do_table", "ip6t_do_table", "arpt_do_table", "iptable_", "ip6table_",
	"arptable_", "ebt_",
};

struct hook_walk {
	struct gate_run *run;
	uint8_t proto;
	uint8_t hooknum;
	unsigned int *ebt;
};

static bool function_harmless(const char *function)
{
	size_t i;

	for (i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (!strncmp(function, harmless[i], strlen(harmless[i])))
			return true;
	return false;
}

/* One function serves both filter and nat, on different hooks. */
static unsigned int ebt_table(const char *function, uint8_t hooknum)
{
	if (!strcmp(function, "ebt_broute"))
		return GATE_EBT_BROUTE;
	return hooknum == BR_FORWARD ? GATE_EBT_FILTER : GATE_EBT_NAT;
}

static bool chain_elsewhere(const struct nlattr *info)
{
	const struct nlattr *tb[NFNLA_HOOK_INFO_MAX + 1];
	uint32_t type;

	pn_attrs_nested(tb, NFNLA_HOOK_INFO_MAX, info);
	type = ntohl(pn_attr_be32(tb[NFNLA_HOOK_INFO_TYPE], 0));
	return type == NFNL_HOOK_TYPE_NFTABLES || type == CHAIN_TYPE_FLOWTABLE;
}

static int function_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[NFNLA_HOOK_MAX + 1];
	struct hook_walk *w = data;
	const char *function, *module;
	char what[96];

	pn_attrs_parse(tb, NFNLA_HOOK_MAX,
		       (const char *)mnl_nlmsg_get_payload(nlh) + sizeof(struct nfgenmsg),
		       mnl_nlmsg_get_payload_len(nlh) - sizeof(struct nfgenmsg));
	function = pn_attr_str(tb[NFNLA_HOOK_FUNCTION_NAME]);
	module = pn_attr_str(tb[NFNLA_HOOK_MODULE_NAME]);
	if (!function)
		function = "an unnamed function";
	if (!strncmp(function, "ebt_", 4))
		*w->ebt |= ebt_table(function, w->hooknum);
	if (chain_elsewhere(tb[NFNLA_HOOK_CHAIN_INFO]) || function_harmless(function))
		return 0;
	snprintf(what, sizeof(what), "%.48s%s%.24s%s on hook %s", function,
		 module ? " [" : "", module ? module : "", module ? "]" : "",
		 pn_gate_nf_hook_name(w->proto, w->hooknum));
	pn_gate_nf_found(w->run, w->proto, w->hooknum, what);
	return 0;
}

static int hook_dump(struct hook_walk *w)
{
	struct nfgenmsg nfg = { .nfgen_family = w->proto };
	struct pn_msg m;

	pn_msg_init(&m, SUBSYS_HOOK << 8 | NFNL_MSG_HOOK_GET, 0);
	pn_msg_extra(&m, &nfg, sizeof(nfg));
	pn_msg_put_be32(&m, NFNLA_HOOK_HOOKNUM, htonl(w->hooknum));
	return pn_gate_dump(w->run, &w->run->g->nf, &m, function_seen, w);
}

int pn_gate_nf_functions(struct gate_run *run, unsigned int *ebt)
{
	static const uint8_t protos[] = { NFPROTO_IPV4, NFPROTO_IPV6, NFPROTO_ARP,
					  NFPROTO_BRIDGE };
	struct hook_walk w = { .run = run, .ebt = ebt };
	size_t i;
	int rc = 0;

	for (i = 0; i < sizeof(protos); i++) {
		w.proto = protos[i];
		for (w.hooknum = 0; w.hooknum < NF_INET_NUMHOOKS; w.hooknum++) {
			if (!pn_gate_nf_hook_name(w.proto, w.hooknum))
				continue;
			rc = hook_dump(&w);
			/* The first question tells whether the kernel can answer. */
			if (rc < 0 && w.proto == NFPROTO_IPV4)
				return rc == -EINVAL || rc == -EPROTONOSUPPORT ?
					       -EOPNOTSUPP : rc;
			if (rc < 0 && rc != -EOPNOTSUPP && rc != -EINVAL && rc != -ENOENT)
				return rc;
		}
	}
	return 0;
}
