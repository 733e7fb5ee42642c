// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Packet sockets that would have seen an accelerated packet: tcpdump and its
 * like. A socket's filter is asked about the packets in question, so that a
 * DHCP client or an LLDP daemon closes nothing. Polled: nobody notifies these.
 *
 * A socket of all protocols sits before tc ingress and after the egress queue,
 * so tc jumps over none of them where it is attached; one of a single protocol
 * gets what goes up the stack, that is outer packets.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "mirror/gate_cbpf.h"
#include "mirror/gate_detect.h"

#define AT(place) PN_GATE_AT(PN_PLACE_##place)

struct tap {
	uint32_t ifindex;	/* 0: of every device */
	uint32_t inode;
	uint16_t protocol;
	uint8_t type;		/* SOCK_* */
	const struct sock_filter *filter;	/* NULL: none that can be read */
	size_t filter_len;
};

/* --- the packets in question -------------------------------------------- */

static void packet_set(struct pn_cbpf_packet *p, unsigned int at, uint8_t value,
		       uint8_t known)
{
	p->value[at] = value;
	p->known[at] = known;
}

static void packet_set16(struct pn_cbpf_packet *p, unsigned int at, uint16_t value)
{
	packet_set(p, at, value >> 8, 0xff);
	packet_set(p, at + 1, value & 0xff, 0xff);
}

/* Any frame the fast path takes: to a single station. */
static void packet_unicast(struct pn_cbpf_packet *p, int pkttype)
{
	memset(p, 0, sizeof(*p));
	p->pkttype = pkttype;
	packet_set(p, 0, 0, 1);
}

/* A tunnel packet: no options or extension headers, no fragment. */
static void packet_outer(struct pn_cbpf_packet *p, const struct gate_service *s)
{
	packet_unicast(p, PACKET_HOST);
	p->protocol = s->v6 ? ETH_P_IPV6 : ETH_P_IP;
	packet_set16(p, 12, p->protocol);
	if (s->v6) {
		packet_set(p, 14, 0x60, 0xf0);
		/* Of the IP protocols some come behind a limit of encapsulation. */
		if (s->proto == IPPROTO_UDP)
			packet_set(p, 20, s->proto, 0xff);
	} else {
		packet_set(p, 14, 0x45, 0xff);
		packet_set(p, 20, 0, 0xbf);
		packet_set(p, 21, 0, 0xff);
		packet_set(p, 23, s->proto, 0xff);
	}
	if (s->proto == IPPROTO_UDP)
		packet_set16(p, s->v6 ? 56 : 36, s->port);
}

/* What comes out of a routed tunnel; without Ethernet the packet is all there is. */
static void packet_inner(struct pn_cbpf_packet *p, bool v6, bool ether)
{
	unsigned int at = ether ? ETH_HLEN : 0;

	memset(p, 0, sizeof(*p));
	p->pkttype = PACKET_HOST;
	p->protocol = v6 ? ETH_P_IPV6 : ETH_P_IP;
	if (ether) {
		packet_set(p, 0, 0, 1);
		packet_set16(p, 12, p->protocol);
	}
	packet_set(p, at, v6 ? 0x60 : 0x45, v6 ? 0xf0 : 0xff);
}

static bool tap_wants(const struct tap *t, struct pn_cbpf_packet *p)
{
	if (!t->filter)
		return true;
	p->start = t->type == SOCK_DGRAM ? ETH_HLEN : 0;
	return pn_cbpf_may_accept(t->filter, t->filter_len, p);
}

/* Two tags: the second is still in the bytes, and nothing behind it where it was. */
static bool vlans_stacked(const struct pn_gates *g)
{
	const struct gate_dev *d, *low;

	for (d = g->devs; d < g->devs + g->n_devs; d++) {
		low = strcmp(d->kind, "vlan") ? NULL : pn_gate_dev(g, d->link);
		if (low && !strcmp(low->kind, "vlan"))
			return true;
	}
	return false;
}

static bool tap_wants_outer(const struct pn_gates *g, const struct tap *t, bool v6)
{
	const struct gate_service *s, *end = g->services + g->n_services;
	struct pn_cbpf_packet p;

	if (t->protocol != ETH_P_ALL && t->protocol != (v6 ? ETH_P_IPV6 : ETH_P_IP))
		return false;
	packet_unicast(&p, PACKET_HOST);
	if (vlans_stacked(g) && tap_wants(t, &p))
		return true;
	for (s = g->services; s < end; s++) {
		if (s->v6 != v6)
			continue;
		packet_outer(&p, s);
		if (tap_wants(t, &p))
			return true;
	}
	return false;
}

/* Is there a tunnel, with Ethernet or without, whose packets the socket gets? */
static bool tap_sees_tunnel(const struct pn_gates *g, const struct tap *t, bool ether)
{
	const struct gate_dev *d;

	for (d = g->devs; d < g->devs + g->n_devs; d++)
		if (d->tunnel && d->ether == ether && (!t->ifindex || t->ifindex == d->ifindex))
			return true;
	return false;
}

static bool tap_wants_inner(const struct pn_gates *g, const struct tap *t, bool v6)
{
	struct pn_cbpf_packet p;

	if (t->protocol != ETH_P_ALL && t->protocol != (v6 ? ETH_P_IPV6 : ETH_P_IP))
		return false;
	packet_inner(&p, v6, true);
	if (tap_sees_tunnel(g, t, true) && tap_wants(t, &p))
		return true;
	packet_inner(&p, v6, false);
	return tap_sees_tunnel(g, t, false) &&
	       (!t->filter || pn_cbpf_may_accept(t->filter, t->filter_len, &p));
}

static bool tap_wants_frames(const struct tap *t, int pkttype)
{
	struct pn_cbpf_packet p;

	if (t->protocol != ETH_P_ALL)
		return false;
	packet_unicast(&p, pkttype);
	return tap_wants(t, &p);
}

static void tap_find(struct gate_run *run, const struct tap *t)
{
	struct pn_gate_finding f = {
		.ifindex = t->ifindex,
		.engines = t->protocol == ETH_P_ALL ? PN_GATE_XDP : PN_GATE_BOTH,
	};
	struct pn_gate_finding inner = { .ifindex = t->ifindex, .proto = PN_GATE_TUNNELS };
	const char *where;
	char owner[48];

	if (tap_wants_inner(run->g, t, false))
		inner.places |= AT(ROUTED4);
	if (tap_wants_inner(run->g, t, true))
		inner.places |= AT(ROUTED6);
	if (tap_wants_outer(run->g, t, false))
		f.places |= AT(OUTER4);
	if (tap_wants_outer(run->g, t, true))
		f.places |= AT(OUTER6);
	if (tap_wants_frames(t, -1))
		f.places |= AT(BRIDGE);
	if (tap_wants_frames(t, PACKET_OUTGOING))
		f.places |= AT(EGRESS);
	if (!f.places && !inner.places)
		return;
	pn_gate_owner(run->g, t->inode, owner, sizeof(owner));
	where = t->ifindex ? pn_gate_dev_name(run->g, t->ifindex) : "every device";
	if (inner.places)
		pn_gate_found_as(run, &inner, "%s on %s", owner, where);
	if (f.places)
		pn_gate_found_as(run, &f, "%s on %s", owner, where);
}

/* --- where they are listed ---------------------------------------------- */

static int tap_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct packet_diag_msg *m = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[PACKET_DIAG_MAX + 1];
	const struct packet_diag_info *info;
	struct tap t = { 0 };

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*m) || !m->pdiag_num)
		return 0;
	pn_attrs_parse(tb, PACKET_DIAG_MAX, m + 1,
		       mnl_nlmsg_get_payload_len(nlh) - sizeof(*m));
	info = pn_attr_data(tb[PACKET_DIAG_INFO]);
	t.ifindex = info ? info->pdi_index : 0;
	t.inode = m->pdiag_ino;
	t.protocol = m->pdiag_num;
	t.type = m->pdiag_type;
	t.filter_len = pn_attr_len(tb[PACKET_DIAG_FILTER]) / sizeof(*t.filter);
	if (t.filter_len)
		t.filter = pn_attr_data(tb[PACKET_DIAG_FILTER]);
	tap_find(data, &t);
	return 0;
}

/* Without the diag module: the same sockets, but nobody knows their filters. */
static int taps_listed(struct gate_run *run)
{
	unsigned int type, protocol, ifindex, inode;
	char line[160];
	FILE *f = fopen("/proc/thread-self/net/packet", "re");

	if (!f)
		return errno == ENOENT ? 0 : -errno;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*x %*d %u %x %u %*d %*u %*u %u", &type, &protocol,
			   &ifindex, &inode) == 4 && protocol)
			tap_find(run, &(struct tap){ .ifindex = ifindex, .inode = inode,
						     .protocol = protocol, .type = type });
	}
	fclose(f);
	return 0;
}

int pn_gate_detect_taps(struct gate_run *run)
{
	struct packet_diag_req req = {
		.sdiag_family = AF_PACKET,
		.pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_FILTER,
	};
	struct pn_msg m;
	int rc = -ENOENT;

	if (!run->g->lacks_packet_diag) {
		pn_msg_init(&m, SOCK_DIAG_BY_FAMILY, 0);
		pn_msg_extra(&m, &req, sizeof(req));
		rc = pn_gate_dump(run, &run->g->diag, &m, tap_seen, run);
	}
	if (rc == -ENOENT || rc == -EINVAL || rc == -EPROTONOSUPPORT) {
		run->g->lacks_packet_diag = true;
		rc = taps_listed(run);
	}
	pn_gate_owners_sweep(run->g);
	return rc;
}
