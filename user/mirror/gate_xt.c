// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Legacy tables: iptables, ip6tables and arptables (x_tables) and ebtables. A
 * built-in chain is empty when its entry point is its policy; the policy is
 * the verdict of the entry there. Only tables that exist are asked for: asking
 * for another one would create it.
 */
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter_arp/arp_tables.h>
#include <linux/netfilter_bridge/ebtables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mirror/gate_netfilter.h"

#define VERDICT_ACCEPT (-NF_ACCEPT - 1)

static const struct xt_family {
	const char *tool;
	const char *names;	/* of the tables that exist */
	uint8_t proto;
	int af, level, get_info, get_entries;
	unsigned int hooks;
	size_t target_offset;	/* of the u16 in an entry */
} xt_families[] = {
	{ "iptables", "/proc/thread-self/net/ip_tables_names", NFPROTO_IPV4, AF_INET,
	  IPPROTO_IP, IPT_SO_GET_INFO, IPT_SO_GET_ENTRIES, NF_INET_NUMHOOKS,
	  offsetof(struct ipt_entry, target_offset) },
	{ "ip6tables", "/proc/thread-self/net/ip6_tables_names", NFPROTO_IPV6, AF_INET6,
	  IPPROTO_IPV6, IP6T_SO_GET_INFO, IP6T_SO_GET_ENTRIES, NF_INET_NUMHOOKS,
	  offsetof(struct ip6t_entry, target_offset) },
	{ "arptables", "/proc/thread-self/net/arp_tables_names", NFPROTO_ARP, AF_INET,
	  IPPROTO_IP, ARPT_SO_GET_INFO, ARPT_SO_GET_ENTRIES, 3,
	  offsetof(struct arpt_entry, target_offset) },
};

/* struct ipt_getinfo for @hooks hooks: name, valid_hooks, entries, underflows, 2 sizes. */
struct xt_info {
	char name[XT_TABLE_MAXNAMELEN];
	unsigned int v[1 + 2 * NF_INET_NUMHOOKS + 2];
};

struct xt_get_entries {
	char name[XT_TABLE_MAXNAMELEN];
	unsigned int size;
	char table[];
};

struct xt_table {
	const struct xt_family *family;
	const char *name;
	int fd;
	struct xt_info info;
	struct xt_get_entries *entries;	/* NULL until a policy is asked for */
};

static int xt_info_get(struct xt_table *t)
{
	socklen_t len = sizeof(t->info.name) +
			(3 + 2 * t->family->hooks) * sizeof(t->info.v[0]);

	memset(&t->info, 0, sizeof(t->info));
	snprintf(t->info.name, sizeof(t->info.name), "%s", t->name);
	if (getsockopt(t->fd, t->family->level, t->family->get_info, &t->info, &len))
		return -errno;
	return 0;
}

static int xt_entries_get(struct xt_table *t)
{
	unsigned int size = t->info.v[1 + 2 * t->family->hooks + 1];
	/* struct ipt_get_entries is padded to 8. */
	size_t head = (sizeof(*t->entries) + 7) & ~7ul;
	socklen_t len = head + size;

	t->entries = calloc(1, len);
	if (!t->entries)
		return -ENOMEM;
	snprintf(t->entries->name, sizeof(t->entries->name), "%s", t->name);
	t->entries->size = size;
	if (getsockopt(t->fd, t->family->level, t->family->get_entries, t->entries, &len))
		return -errno;
	return 0;
}

/* 1: the policy at @at is accept; 0: it is not. */
static int xt_policy_accepts(struct xt_table *t, unsigned int at)
{
	const char *entry;
	struct xt_standard_target target;
	uint16_t offset;
	int rc;

	if (!t->entries) {
		rc = xt_entries_get(t);
		if (rc < 0)
			return rc;
	}
	if (at + t->family->target_offset + sizeof(offset) > t->entries->size)
		return -EBADMSG;
	entry = (const char *)t->entries + ((sizeof(*t->entries) + 7) & ~7ul) + at;
	memcpy(&offset, entry + t->family->target_offset, sizeof(offset));
	if (at + offset + sizeof(target) > t->entries->size)
		return -EBADMSG;
	memcpy(&target, entry + offset, sizeof(target));
	return target.verdict == VERDICT_ACCEPT;
}

static int xt_hook_find(struct gate_run *run, struct xt_table *t, unsigned int hook)
{
	const char *name = pn_gate_nf_hook_name(t->family->proto, hook);
	unsigned int entry = t->info.v[1 + hook];
	unsigned int underflow = t->info.v[1 + t->family->hooks + hook];
	char what[96];
	int rc = 0;

	if (!name || !(t->info.v[0] & 1u << hook))
		return 0;
	if (entry == underflow)
		rc = xt_policy_accepts(t, underflow);
	if (rc)
		return rc < 0 ? rc : 0;
	snprintf(what, sizeof(what), "%s-legacy table %.31s, hook %s: %s",
		 t->family->tool, t->name, name,
		 entry == underflow ? "policy drop" : "rules");
	pn_gate_nf_found(run, t->family->proto, hook, what);
	return 0;
}

static int xt_table_find(struct gate_run *run, const struct xt_family *family, int fd,
			 const char *name)
{
	struct xt_table t = { .family = family, .name = name, .fd = fd };
	size_t before = run->found.n;
	unsigned int hook;
	int tries = 0;
	int rc;

	/* EAGAIN: the table was replaced between the two questions. */
	do {
		free(t.entries);
		t.entries = NULL;
		run->found.n = before;
		rc = xt_info_get(&t);
		for (hook = 0; !rc && hook < family->hooks; hook++)
			rc = xt_hook_find(run, &t, hook);
	} while (rc == -EAGAIN && ++tries < PN_NL_DUMP_TRIES);
	free(t.entries);
	return rc == -ENOENT ? 0 : rc;
}

static int xt_family_find(struct gate_run *run, const struct xt_family *family)
{
	char name[XT_TABLE_MAXNAMELEN + 2];
	FILE *f = fopen(family->names, "re");
	int fd = -1;
	int rc = 0;

	if (!f)
		return 0;
	while (!rc && fgets(name, sizeof(name), f)) {
		name[strcspn(name, "\n")] = 0;
		if (fd < 0)
			fd = socket(family->af, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
		rc = fd < 0 ? -errno : xt_table_find(run, family, fd, name);
	}
	if (fd >= 0)
		close(fd);
	fclose(f);
	return rc;
}

/* --- ebtables ----------------------------------------------------------- */

static const struct {
	const char *table;
	const char *chain;
	unsigned int hook;	/* of the bridge family */
} ebt_chains[] = {
	{ "broute", "BROUTING", 0 },
	{ "nat", "PREROUTING", 0 },
	{ "filter", "FORWARD", 2 },
	{ "nat", "POSTROUTING", 4 },
};

static void ebt_chain_find(struct gate_run *run, const char *table,
			   const struct ebt_entries *chain)
{
	char what[96];
	size_t i;

	if (!chain->nentries && chain->policy == EBT_ACCEPT)
		return;
	for (i = 0; i < sizeof(ebt_chains) / sizeof(ebt_chains[0]); i++) {
		if (strcmp(ebt_chains[i].table, table) ||
		    strncmp(ebt_chains[i].chain, chain->name, sizeof(chain->name)))
			continue;
		snprintf(what, sizeof(what), "ebtables-legacy table %s chain %s: %s", table,
			 ebt_chains[i].chain, chain->nentries ? "rules" : "policy drop");
		pn_gate_nf_found(run, NFPROTO_BRIDGE, ebt_chains[i].hook, what);
	}
}

/* Chains and their entries follow one another; a chain begins with a zero word. */
static void ebt_walk(struct gate_run *run, const char *table, const char *p, size_t size)
{
	const struct ebt_entries *chain;
	const struct ebt_entry *entry;
	size_t at = 0;

	while (at + sizeof(*chain) <= size) {
		chain = (const struct ebt_entries *)(p + at);
		entry = (const struct ebt_entry *)(p + at);
		if (!chain->distinguisher) {
			ebt_chain_find(run, table, chain);
			at += sizeof(*chain);
		} else if (entry->next_offset) {
			at += entry->next_offset;
		} else {
			return;
		}
	}
}

/* The kernel takes no size: it wants to be told the numbers it gave. */
static int ebt_table_find(struct gate_run *run, int fd, const char *table)
{
	struct ebt_replace r = { 0 };
	socklen_t len = sizeof(r);
	int rc = 0;

	snprintf(r.name, sizeof(r.name), "%s", table);
	if (getsockopt(fd, IPPROTO_IP, EBT_SO_GET_INFO, &r, &len))
		return errno == ENOENT || errno == ENOPROTOOPT || errno == EINVAL ?
			       0 : -errno;
	r.entries = calloc(1, r.entries_size + 1);
	if (!r.entries)
		return -ENOMEM;
	r.num_counters = 0;
	r.counters = NULL;
	len = sizeof(r) + r.entries_size;
	if (getsockopt(fd, IPPROTO_IP, EBT_SO_GET_ENTRIES, &r, &len))
		rc = -errno;
	else
		ebt_walk(run, table, r.entries, r.entries_size);
	free(r.entries);
	return rc;
}

static int ebt_find(struct gate_run *run, unsigned int ebt)
{
	/* By bit of GATE_EBT_*. */
	static const char *const tables[] = { "broute", "nat", "filter" };
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	size_t i;
	int rc = 0;

	if (fd < 0)
		return -errno;
	for (i = 0; !rc && i < sizeof(tables) / sizeof(tables[0]); i++)
		if (ebt & 1u << i)
			rc = ebt_table_find(run, fd, tables[i]);
	close(fd);
	return rc;
}

int pn_gate_xt_tables(struct gate_run *run, unsigned int ebt)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < sizeof(xt_families) / sizeof(xt_families[0]); i++)
		rc = xt_family_find(run, &xt_families[i]);
	if (!rc && ebt)
		rc = ebt_find(run, ebt);
	return rc;
}
