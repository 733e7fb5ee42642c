// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sockets that could take, or also get, a tunnel's packets: UDP sockets on its
 * port that are more specific than the tunnel's own wildcard, raw sockets of
 * a tunnel's protocol, programs of type sk_lookup. Polled: nobody notifies these.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/bpf.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mirror/gate_detect.h"

/* --- UDP ---------------------------------------------------------------- */

static bool words_zero(const __be32 *v)
{
	return !(v[0] | v[1] | v[2] | v[3]);
}

/* The tunnel's own socket: any address, any device, no peer. */
static bool socket_wildcard(const struct inet_diag_msg *m)
{
	return words_zero(m->id.idiag_src) && words_zero(m->id.idiag_dst) &&
	       !m->id.idiag_if;
}

static unsigned int socket_places(const struct inet_diag_msg *m, const struct nlattr *only)
{
	if (m->idiag_family == AF_INET)
		return PN_GATE_AT(PN_PLACE_OUTER4);
	/* A v6 socket takes mapped v4 peers as well, unless told not to. */
	return pn_attr_u8(only, 0) ? PN_GATE_AT(PN_PLACE_OUTER6) : GATE_AT_OUTER;
}

struct udp_walk {
	struct gate_run *run;
	unsigned int place;	/* that the port's tunnels are at */
};

static int udp_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct inet_diag_msg *m = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[INET_DIAG_SKV6ONLY + 1];
	struct udp_walk *w = data;
	char addr[INET6_ADDRSTRLEN] = "?";

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*m) || socket_wildcard(m))
		return 0;
	pn_attrs_parse(tb, INET_DIAG_SKV6ONLY, m + 1,
		       mnl_nlmsg_get_payload_len(nlh) - sizeof(*m));
	inet_ntop(m->idiag_family, m->id.idiag_src, addr, sizeof(addr));
	if (!(socket_places(m, tb[INET_DIAG_SKV6ONLY]) & w->place))
		return 0;
	pn_gate_found(w->run, m->id.idiag_if, w->place,
		      "UDP socket on %s port %u (inode %u)", addr,
		      ntohs(m->id.idiag_sport), m->idiag_inode);
	return 0;
}

static int udp_find(struct gate_run *run, const struct gate_service *s, uint8_t family)
{
	struct udp_walk w = { run, s->v6 ? PN_GATE_AT(PN_PLACE_OUTER6) :
					   PN_GATE_AT(PN_PLACE_OUTER4) };
	struct inet_diag_req_v2 req = {
		.sdiag_family = family,
		.sdiag_protocol = IPPROTO_UDP,
		.idiag_states = ~0u,
		.id = { .idiag_sport = htons(s->port) },
	};
	struct pn_msg m;

	pn_msg_init(&m, SOCK_DIAG_BY_FAMILY, 0);
	pn_msg_extra(&m, &req, sizeof(req));
	return pn_gate_dump(run, &run->g->diag, &m, udp_seen, &w);
}

static int udp_find_all(struct gate_run *run)
{
	const struct gate_service *s, *end = run->g->services + run->g->n_services;
	int rc = 0;

	for (s = run->g->services; s < end && !rc; s++) {
		if (s->proto != IPPROTO_UDP)
			continue;
		if (!s->v6)
			rc = udp_find(run, s, AF_INET);
		if (!rc)
			rc = udp_find(run, s, AF_INET6);
	}
	return rc;
}

/* --- raw sockets -------------------------------------------------------- */

/* It gets a copy before the tunnel does: of UDP of everything, else of one protocol. */
static void raw_seen(struct gate_run *run, unsigned int proto, bool v6)
{
	const char *file = v6 ? "raw6" : "raw";
	const struct pn_gate_finding f = {
		.places = PN_GATE_AT(PN_PLACE_PORT),
		.proto = proto,
		.v6 = v6,
	};

	if (proto > UINT8_MAX || !pn_gate_has_service(run->g, proto, v6))
		return;
	if (proto == IPPROTO_UDP)
		pn_gate_found(run, 0, PN_GATE_AT(v6 ? PN_PLACE_OUTER6 : PN_PLACE_OUTER4),
			      "raw socket of protocol UDP (%s)", file);
	else
		pn_gate_found_as(run, &f, "raw socket of protocol %u (%s)", proto, file);
}

static void raw_find(struct gate_run *run, bool v6)
{
	char line[256];
	unsigned int proto;
	FILE *f = fopen(v6 ? "/proc/thread-self/net/raw6" : "/proc/thread-self/net/raw", "re");

	if (!f)
		return;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " %*u: %*[0-9A-Fa-f]:%x", &proto) == 1)
			raw_seen(run, proto, v6);
	fclose(f);
}

/* --- sk_lookup ---------------------------------------------------------- */

static int lookup_find(struct gate_run *run)
{
	unsigned int places =
		(pn_gate_has_service(run->g, IPPROTO_UDP, false) ?
		 PN_GATE_AT(PN_PLACE_OUTER4) : 0) |
		(pn_gate_has_service(run->g, IPPROTO_UDP, true) ?
		 PN_GATE_AT(PN_PLACE_OUTER6) : 0);
	uint32_t ids[16] = { 0 };
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = run->g->netns_fd;
	attr.query.attach_type = BPF_SK_LOOKUP;
	attr.query.prog_ids = (uintptr_t)ids;
	attr.query.prog_cnt = sizeof(ids) / sizeof(ids[0]);
	if (syscall(__NR_bpf, BPF_PROG_QUERY, &attr, sizeof(attr)) && errno != ENOSPC)
		return errno == EINVAL || errno == ENOSYS ? 0 : -errno;
	if (attr.query.prog_cnt && places)
		pn_gate_found(run, 0, places, "sk_lookup program %u", ids[0]);
	return 0;
}

int pn_gate_detect_sockets(struct gate_run *run)
{
	int rc;

	raw_find(run, false);
	raw_find(run, true);
	rc = lookup_find(run);
	return rc ? rc : udp_find_all(run);
}
