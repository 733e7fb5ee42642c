// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What this host takes tunnel packets by: IP protocols and UDP ports. A key
 * for each, however many devices share it.
 */
#include <errno.h>
#include <stdlib.h>

#include "mirror/tunnels.h"

#define UDP_PORTS	65536

/* Outer protocols of the kinds that have some; a mode leaves one of them. */
static const __u8 kind_protos[PN_TUNNEL_KINDS][6] = {
	[PN_TUNNEL_GRETAP] = { 47 }, [PN_TUNNEL_ERSPAN] = { 47 }, [PN_TUNNEL_GRE] = { 47 },
	[PN_TUNNEL_IP6GRETAP] = { 47 }, [PN_TUNNEL_IP6ERSPAN] = { 47 },
	[PN_TUNNEL_IP6GRE] = { 47 }, [PN_TUNNEL_IPIP] = { 4, 137 },
	[PN_TUNNEL_SIT] = { 41, 4, 137 }, [PN_TUNNEL_IP6TNL] = { 41, 4, 137 },
	[PN_TUNNEL_VTI] = { 50, 51, 108, 4, 41 },
};

int tunnel_ports_init(struct tunnel_job *job)
{
	job->udp[0] = calloc(UDP_PORTS, 1);
	job->udp[1] = calloc(UDP_PORTS, 1);
	job->csum6 = calloc(UDP_PORTS, 1);
	job->udp_tunnel = calloc(UDP_PORTS, sizeof(*job->udp_tunnel));
	return job->udp[0] && job->udp[1] && job->csum6 && job->udp_tunnel ? 0 : -ENOMEM;
}

void tunnel_ports_fini(struct tunnel_job *job)
{
	free(job->udp[0]);
	free(job->udp[1]);
	free(job->csum6);
	free(job->udp_tunnel);
}

/* An external device has sockets of both families. */
static void udp_note(struct tunnel_job *job, bool v6, bool both, __u16 port, __u8 service)
{
	if (v6 || both)
		job->udp[1][port] = service;
	if (!v6 || both)
		job->udp[0][port] = service;
}

static void geneve_note(struct tunnel_job *job, const struct pn_dev_tunnel *t)
{
	udp_note(job, t->ipv6, t->external, t->dport, PN_UDP_GENEVE);
	if (t->ipv6)
		job->csum6[t->dport] |= t->zero_csum6 ? CSUM6_ZERO : CSUM6_WANTED;
}

void tunnel_ports_note(struct tunnel_job *job, const struct pn_dev *dev)
{
	const struct pn_dev_tunnel *t = &dev->tunnel;
	const __u8 *proto;

	if (dev->kind == PN_DEV_VXLAN) {
		udp_note(job, dev->vxlan.ipv6, dev->vxlan.external, dev->vxlan.dport,
			 PN_UDP_VXLAN);
		return;
	}
	if (t->kind == PN_TUNNEL_GENEVE)
		geneve_note(job, t);
	for (proto = kind_protos[t->kind]; *proto; proto++)
		if (!t->proto || t->proto == *proto)
			job->protos[t->ipv6][*proto] = true;
}

void tunnel_ports_external(struct tunnel_job *job, __u16 port, __u32 tunnel)
{
	job->udp_tunnel[port] = tunnel;
}

void tunnel_ports_demux(struct tunnel_job *job)
{
	int v6, n;

	for (v6 = 0; v6 < 2; v6++) {
		for (n = 0; n < 256; n++)
			if (job->protos[v6][n])
				demux_add_index(job->list, PN_DEMUX_KEY_UDP(PN_DEMUX_IP_PROTO,
									    v6, n, 0), 1);
		for (n = 0; n < UDP_PORTS; n++)
			if (job->udp[v6][n])
				demux_add(job->list,
					  PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, v6, n, 0),
					  (union pn_value){ .index = job->udp[v6][n],
							    .tunnel = job->udp_tunnel[n] });
	}
}
