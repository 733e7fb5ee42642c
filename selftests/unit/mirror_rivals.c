// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Who gets a packet, where several tunnel devices could: rows of made-up
 * devices and of what each of them must win, as the kernel's look-ups have it.
 * And a hundred thousand devices within a bound of steps.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/rivals.h"
#include "tap.h"

enum { ETH = 5, OTHER = 6 };		/* ifindexes of ports */

/* What a device gets, by type; one that wins none of it: 0. */
#define TAP	(1u << PN_DEMUX_GRETAP)
#define TAPK	(1u << PN_DEMUX_GRETAP_KEY)
#define GRE	(1u << PN_DEMUX_GRE)
#define GREK	(1u << PN_DEMUX_GRE_KEY)
#define ER1	(1u << PN_DEMUX_ERSPAN1)
#define IN4	(1u << PN_DEMUX_IPV4)
#define IN6	(1u << PN_DEMUX_IPV6)
#define VTI	(1u << PN_DEMUX_VTI)
#define GNV	(1u << PN_DEMUX_GENEVE)

struct want {
	__u8 kind;
	const char *remote, *local;
	__u32 wins;
	__u32 lower;
	int key;		/* -1: no key; over IPv6 and for GENEVE its value */
	__u8 proto;
	bool external;
	bool unable;		/* something else is against it */
	int next;		/* place of its successor in the row, 1..; 0: none */
};
#define NOKEY	.key = -1

#define A "10.0.0.1"
#define A2 "10.0.0.3"
#define B "10.0.0.2"
#define C "10.0.0.9"
#define A6 "fd00::1"
#define B6 "fd00::2"

#define DEVS_MAX 8

static const struct row {
	const char *name;
	__u32 ports[3];
	struct want dev[DEVS_MAX];
} rows[] = {
	{ "one gre", { ETH }, { { PN_TUNNEL_GRE, B, A, GRE, NOKEY } } },
	{ "gre: no key and key 0 are two tunnels", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, GRE, NOKEY },
		{ PN_TUNNEL_GRE, B, A, GREK, .key = 0 } } },
	{ "gre and gretap have tables of their own", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, GRE, NOKEY },
		{ PN_TUNNEL_GRETAP, B, A, TAP, NOKEY } } },
	{ "gre: exact before remote-only, one key for both", { ETH }, {
		{ PN_TUNNEL_GRE, B, NULL, GRE, NOKEY },
		{ PN_TUNNEL_GRE, B, A, GRE, NOKEY, .next = 1 } } },
	{ "gre: locals differ", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, GRE, NOKEY, .next = 2 },
		{ PN_TUNNEL_GRE, B, A2, GRE, NOKEY } } },
	{ "gre: exact loses to local-only bound to the ingress device", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, 0, NOKEY },
		{ PN_TUNNEL_GRE, NULL, A, 0, .lower = ETH, NOKEY, .unable = true } } },
	{ "gre: bound to a device that is no port is no rival", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, GRE, NOKEY },
		{ PN_TUNNEL_GRE, NULL, A, 0, .lower = OTHER, NOKEY, .unable = true } } },
	{ "gre: local-only bound elsewhere hides remote-only there", { ETH, OTHER }, {
		{ PN_TUNNEL_GRE, B, NULL, 0, NOKEY },
		{ PN_TUNNEL_GRE, NULL, A, 0, .lower = OTHER, NOKEY, .unable = true } } },
	{ "gre: bound to another port still receives", { ETH, OTHER }, {
		{ PN_TUNNEL_GRE, B, A, GRE, .lower = OTHER, NOKEY } } },
	{ "gre: two that differ by their device, both are ports", { ETH, OTHER }, {
		{ PN_TUNNEL_GRE, B, A, 0, .lower = ETH, NOKEY },
		{ PN_TUNNEL_GRE, B, A, 0, .lower = OTHER, NOKEY } } },
	{ "gre: two that differ by their device, one is a port", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, GRE, .lower = ETH, NOKEY },
		{ PN_TUNNEL_GRE, B, A, 0, .lower = OTHER, NOKEY } } },
	{ "gre: two that differ by their device, neither is a port: the older one", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, 0, .lower = 8, NOKEY },
		{ PN_TUNNEL_GRE, B, A, 0, .lower = 9, NOKEY } } },
	{ "gre: without addresses, bound to the port, takes all", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, 0, NOKEY },
		{ PN_TUNNEL_GRE, NULL, NULL, 0, .lower = ETH, NOKEY, .unable = true } } },
	{ "gre: without addresses, key 0, takes what has no key too", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, 0, NOKEY },
		{ PN_TUNNEL_GRE, NULL, NULL, 0, .lower = ETH, .key = 0, .unable = true } } },
	{ "gre: gre0 and an external device come last", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, GRE, NOKEY },
		{ PN_TUNNEL_GRE, NULL, NULL, 0, NOKEY, .unable = true },
		{ PN_TUNNEL_GRE, NULL, NULL, 0, NOKEY, .external = true } } },
	{ "gre: one that the kernel keeps for itself hides nothing else", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, 0, NOKEY, .unable = true },
		{ PN_TUNNEL_GRE, C, A, GRE, NOKEY } } },
	{ "gre: and what it would take goes to nobody else", { ETH }, {
		{ PN_TUNNEL_GRE, B, A, 0, NOKEY, .unable = true },
		{ PN_TUNNEL_GRE, B, NULL, 0, NOKEY } } },
	{ "gretap: five locals of one remote are more than a chain has", { ETH }, {
		{ PN_TUNNEL_GRETAP, B, "10.1.0.1", TAP, NOKEY, .next = 2 },
		{ PN_TUNNEL_GRETAP, B, "10.1.0.2", TAP, NOKEY, .next = 3 },
		{ PN_TUNNEL_GRETAP, B, "10.1.0.3", TAP, NOKEY, .next = 4 },
		{ PN_TUNNEL_GRETAP, B, "10.1.0.4", TAP, NOKEY },
		{ PN_TUNNEL_GRETAP, B, "10.1.0.5", 0, NOKEY },
		{ PN_TUNNEL_GRETAP, B, NULL, 0, NOKEY } } },
	{ "erspan type I: by no key; a keyed one is none of its rivals", { ETH }, {
		{ PN_TUNNEL_ERSPAN, B, A, ER1, NOKEY },
		{ PN_TUNNEL_ERSPAN, B, A, 0, .key = 0, .unable = true } } },
	{ "ip6gre: no key is key 0", { ETH }, {
		{ PN_TUNNEL_IP6GRE, B6, A6, GREK, .key = 0 } } },
	{ "ip6gre takes Ethernet only where no tap does", { ETH }, {
		{ PN_TUNNEL_IP6GRE, B6, A6, GREK, .key = 7 },
		{ PN_TUNNEL_IP6GRETAP, B6, A6, TAPK, .key = 7 } } },
	{ "ip6gre bound to the port, tap unbound: the kind goes first", { ETH }, {
		{ PN_TUNNEL_IP6GRE, B6, A6, GREK, .lower = ETH, .key = 7 },
		{ PN_TUNNEL_IP6GRETAP, B6, A6, TAPK, .key = 7 } } },
	{ "ip6erspan of the same key is a rival of ip6gretap", { ETH }, {
		{ PN_TUNNEL_IP6ERSPAN, B6, A6, 0, .key = 7, .unable = true },
		{ PN_TUNNEL_IP6GRETAP, B6, NULL, 0, .key = 7 } } },
	{ "ip6gretap: local-only bound to the port beats exact", { ETH }, {
		{ PN_TUNNEL_IP6GRETAP, B6, A6, 0, .key = 7 },
		{ PN_TUNNEL_IP6GRETAP, NULL, A6, 0, .lower = ETH, .key = 7, .unable = true } } },
	{ "ipip and sit: ipip is asked first", { ETH }, {
		{ PN_TUNNEL_IPIP, B, A, IN4 }, { PN_TUNNEL_SIT, B, A, IN6 } } },
	{ "ipip for MPLS only swallows what sit could take", { ETH }, {
		{ PN_TUNNEL_IPIP, B, A, 0, .proto = 137, .unable = true },
		{ PN_TUNNEL_SIT, B, A, IN6 } } },
	{ "tunl0 takes protocol 4 before sit does", { ETH }, {
		{ PN_TUNNEL_IPIP, NULL, NULL, 0, .unable = true },
		{ PN_TUNNEL_SIT, B, A, IN6 } } },
	{ "an external ipip takes protocol 4 before sit does", { ETH }, {
		{ PN_TUNNEL_IPIP, NULL, NULL, 0, .external = true },
		{ PN_TUNNEL_SIT, B, A, IN6 } } },
	{ "sit for IPv4 only", { ETH }, { { PN_TUNNEL_SIT, B, A, IN4, .proto = 4 } } },
	{ "sit: bound is a filter; both ports", { ETH, OTHER }, {
		{ PN_TUNNEL_SIT, B, A, 0, .lower = ETH } } },
	{ "sit: bound to the only port", { ETH }, {
		{ PN_TUNNEL_SIT, B, A, IN4 | IN6, .lower = ETH } } },
	{ "sit: two by device, one port: the other is out of the way", { ETH }, {
		{ PN_TUNNEL_SIT, B, A, IN4 | IN6, .lower = ETH },
		{ PN_TUNNEL_SIT, B, A, 0, .lower = OTHER } } },
	{ "sit: bound and unbound: the age decides", { ETH }, {
		{ PN_TUNNEL_SIT, B, A, 0, .lower = ETH }, { PN_TUNNEL_SIT, B, A, 0 } } },
	{ "vti swallows, with the same endpoints", { ETH }, {
		{ PN_TUNNEL_VTI, B, A, VTI }, { PN_TUNNEL_IPIP, B, A, 0 },
		{ PN_TUNNEL_SIT, B, A, 0 } } },
	{ "vti with another local", { ETH }, {
		{ PN_TUNNEL_VTI, B, A2, VTI }, { PN_TUNNEL_IPIP, B, A, IN4 } } },
	{ "vti with another local under an ipip that takes any", { ETH }, {
		{ PN_TUNNEL_VTI, B, A2, VTI }, { PN_TUNNEL_IPIP, B, NULL, 0 } } },
	{ "ip_vti0 takes everything", { ETH }, {
		{ PN_TUNNEL_VTI, NULL, NULL, 0 }, { PN_TUNNEL_IPIP, B, A, 0 } } },
	{ "ip6tnl: both protocols, one record", { ETH }, {
		{ PN_TUNNEL_IP6TNL, B6, A6, IN4 | IN6 } } },
	{ "ip6tnl: of two modes", { ETH }, {
		{ PN_TUNNEL_IP6TNL, B6, A6, IN4, .proto = 4 } } },
	{ "ip6tnl: local-only before remote-only", { ETH }, {
		{ PN_TUNNEL_IP6TNL, B6, NULL, 0 },
		{ PN_TUNNEL_IP6TNL, NULL, A6, 0, .unable = true } } },
	{ "ip6tnl: a chain whose members differ by mode", { ETH }, {
		{ PN_TUNNEL_IP6TNL, B6, A6, IN4 | IN6 },
		{ PN_TUNNEL_IP6TNL, B6, "fd00::11", IN4, .proto = 4, .next = 1 },
		{ PN_TUNNEL_IP6TNL, B6, "fd00::12", IN6, .proto = 41, .next = 1 } } },
	{ "ip6tnl: two successors in two classes: it leaves one", { ETH }, {
		{ PN_TUNNEL_IP6TNL, B6, A6, IN4, .next = 2 },
		{ PN_TUNNEL_IP6TNL, B6, NULL, IN4, .proto = 4 } } },
	{ "no remote: takes what is left", { ETH }, {
		{ PN_TUNNEL_SIT, NULL, A, IN6, .proto = 41 },
		{ PN_TUNNEL_SIT, B, A, IN6, .proto = 41 } } },
	{ "no remote: not beside one that has no key", { ETH }, {
		{ PN_TUNNEL_SIT, NULL, A, 0, .proto = 41 },
		{ PN_TUNNEL_SIT, B, A, 0, .proto = 41, .unable = true } } },
	{ "no remote: sit and ip6tnl share a key", { ETH }, {
		{ PN_TUNNEL_SIT, NULL, A, IN6, .proto = 41, .next = 2 },
		{ PN_TUNNEL_IP6TNL, NULL, A6, IN6, .proto = 41 } } },
	{ "geneve: VNI and remote", { ETH }, {
		{ PN_TUNNEL_GENEVE, B, NULL, GNV, .key = 7 },
		{ PN_TUNNEL_GENEVE, C, NULL, GNV, .key = 7 },
		{ PN_TUNNEL_GENEVE, B, NULL, GNV, .key = 8 } } },
};

static void addr_set(struct in6_addr *to, const char *text)
{
	memset(to, 0, sizeof(*to));
	if (!text || inet_pton(AF_INET6, text, to) == 1)
		return;
	if (inet_pton(AF_INET, text, &to->s6_addr[12]) == 1)
		to->s6_addr[10] = to->s6_addr[11] = 0xff;
}

static bool kind_is_v6(const struct want *w)
{
	const char *any = w->remote ? w->remote : w->local;

	return any && strchr(any, ':');
}

static void dev_make(struct pn_dev_tunnel *t, const struct want *w)
{
	*t = (struct pn_dev_tunnel){ .kind = w->kind, .proto = w->proto, .lower = w->lower,
				     .external = w->external, .ipv6 = kind_is_v6(w) };
	addr_set(&t->remote, w->remote);
	addr_set(&t->local, w->local);
	t->keyed = w->key >= 0;
	t->key = w->key >= 0 ? w->key : 0;
	t->ether = w->kind == PN_TUNNEL_GRETAP || w->kind == PN_TUNNEL_ERSPAN ||
		   w->kind == PN_TUNNEL_IP6GRETAP || w->kind == PN_TUNNEL_IP6ERSPAN ||
		   w->kind == PN_TUNNEL_GENEVE;
}

static __u32 types_won(const struct rival *r)
{
	__u32 types = 0;
	int c;

	for (c = 0; c < RIVAL_CLASSES; c++)
		if (r->won & 1u << c)
			types |= 1u << rival_classes[c].type;
	return types;
}

static void row_check(const struct row *row, const struct rivals *s)
{
	const struct rival *r;
	const struct want *w;
	char what[64];
	size_t n;

	for (n = 0; n < s->n; n++) {
		r = &s->v[n];
		w = &row->dev[r->tunnel - 1];
		snprintf(what, sizeof(what), "device %u wins", r->tunnel);
		tap_eq(types_won(r), w->wins, what);
		snprintf(what, sizeof(what), "after device %u", r->tunnel);
		tap_eq(r->next ? r->next->tunnel : 0, w->next, what);
	}
}

static void row_case(const struct row *row)
{
	struct pn_dev_tunnel t[DEVS_MAX];
	struct rivals s;
	size_t n = 0;
	__u32 i;

	tap_case("%s", row->name);
	while (n < 3 && row->ports[n])
		n++;
	rivals_init(&s, row->ports, n);
	for (i = 0; i < DEVS_MAX && row->dev[i].kind; i++) {
		dev_make(&t[i], &row->dev[i]);
		rivals_add(&s, &t[i], i + 1, !row->dev[i].unable);
	}
	rivals_judge(&s);
	tap_true(!s.oom, "memory");
	row_check(row, &s);
	rivals_fini(&s);
	tap_end();
}

/* --- many ----------------------------------------------------------------- */

enum { MANY = 100000 };

/* How the @n-th device differs from the others. */
static void by_remote(struct pn_dev_tunnel *t, __u32 n)
{
	t->remote.s6_addr32[3] = htonl(0x0b000000 + n);
}

static void by_key(struct pn_dev_tunnel *t, __u32 n)
{
	t->key = n;
}

static void by_local(struct pn_dev_tunnel *t, __u32 n)
{
	t->local.s6_addr32[3] = htonl(0x0b000000 + n);
}

static void by_lower(struct pn_dev_tunnel *t, __u32 n)
{
	t->lower = n + 100;
}

static const struct many {
	const char *name;
	__u8 kind;
	void (*differ)(struct pn_dev_tunnel *t, __u32 n);
	__u32 winners;
} manies[] = {
	{ "100,000 gre with a remote each", PN_TUNNEL_GRE, by_remote, MANY },
	{ "100,000 ipip with a remote each", PN_TUNNEL_IPIP, by_remote, MANY },
	{ "100,000 sit with a remote each", PN_TUNNEL_SIT, by_remote, MANY },
	{ "100,000 gretap with a key each", PN_TUNNEL_GRETAP, by_key, MANY },
	{ "100,000 geneve with a VNI each", PN_TUNNEL_GENEVE, by_key, MANY },
	{ "100,000 ipip of one remote, a local each: none", PN_TUNNEL_IPIP, by_local, 0 },
	{ "100,000 ipip that differ by their device: none", PN_TUNNEL_IPIP, by_lower, 0 },
};

static void many_case(const struct many *row)
{
	struct want one = { row->kind, B, row->kind == PN_TUNNEL_GENEVE ? NULL : A };
	struct pn_dev_tunnel *t = calloc(MANY, sizeof(*t));
	const __u32 port = ETH;
	__u32 n, winners = 0;
	struct rivals s;

	tap_case("%s, in a bounded number of steps", row->name);
	rivals_init(&s, &port, 1);
	for (n = 0; t && n < MANY; n++) {
		dev_make(&t[n], &one);
		row->differ(&t[n], n);
		rivals_add(&s, &t[n], n + 1, true);
	}
	rivals_judge(&s);
	tap_true(!s.oom, "memory");
	for (n = 0; n < s.n; n++)
		winners += s.v[n].won != 0;
	tap_eq(winners, row->winners, "winners");
	tap_true(s.work < 400ull * MANY, "steps");
	tap_diag("%llu steps a device", s.work / MANY);
	rivals_fini(&s);
	free(t);
	tap_end();
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_case(&rows[i]);
	for (i = 0; i < sizeof(manies) / sizeof(manies[0]); i++)
		many_case(&manies[i]);
	return tap_done();
}
