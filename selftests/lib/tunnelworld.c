// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A host with every kind of tunnel; see tunnelworld.h. */
#include <string.h>

#include "pkt.h"
#include "tunnelworld.h"

#define P4 "10.0.0.2"
#define D4 "10.0.0.1"
#define P6 "fd00::2"
#define D6 "fd00::1"

#define PORT(tunnel) (8 + (tunnel)) /* of those with Ethernet inside */
#define TO4	     .remote = P4, .local = D4
#define TO6	     .v6 = true, .remote = P6, .local = D6
#define BARE(tunnel) .ifindex = 100 + (tunnel)

static const struct world_tunnel tunnels[TW_TUNNELS] = {
	[TW_VXLAN] = { .port = W_TUNNEL, .dport = 4789, .id = 5 },
	[TW_GENEVE] = { PORT(TW_GENEVE), .kind = PN_TUNNEL_GENEVE, .dport = 6081, .id = 5,
			.remote = P4 },
	[TW_GENEVE6] = { PORT(TW_GENEVE6), .kind = PN_TUNNEL_GENEVE, .dport = 6081, .id = 5,
			 .v6 = true, .remote = P6 },
	[TW_GRE] = { BARE(TW_GRE), .kind = PN_TUNNEL_GRE, TO4 },
	[TW_GRE_KEY] = { BARE(TW_GRE_KEY), .kind = PN_TUNNEL_GRE, .keyed = true, .id = 7, TO4 },
	[TW_GRE_KEY9] = { BARE(TW_GRE_KEY9), .kind = PN_TUNNEL_GRE, .keyed = true, .id = 7,
			  .remote = P4, .local = "10.0.0.9" },
	[TW_GRE_CSUM] = { BARE(TW_GRE_CSUM), .kind = PN_TUNNEL_GRE, .keyed = true, .id = 11,
			  .flags = PN_TUNNEL_F_ICSUM, TO4 },
	[TW_GRE_ANY] = { BARE(TW_GRE_ANY), .kind = PN_TUNNEL_GRE, .keyed = true, .id = 21,
			 .local = D4 },
	[TW_GRETAP] = { PORT(TW_GRETAP), .kind = PN_TUNNEL_GRETAP, TO4 },
	[TW_NVGRE] = { PORT(TW_NVGRE), .kind = PN_TUNNEL_GRETAP, .keyed = true, .id = 0x12345,
		       TO4 },
	[TW_ERSPAN] = { PORT(TW_ERSPAN), .kind = PN_TUNNEL_ERSPAN, TO4 },
	[TW_IP6GRE] = { BARE(TW_IP6GRE), .kind = PN_TUNNEL_IP6GRE, TO6 },
	[TW_IP6GRE_KEY] = { BARE(TW_IP6GRE_KEY), .kind = PN_TUNNEL_IP6GRE, .id = 7, TO6 },
	[TW_IP6GRETAP] = { PORT(TW_IP6GRETAP), .kind = PN_TUNNEL_IP6GRETAP, TO6 },
	[TW_IPIP] = { BARE(TW_IPIP), .kind = PN_TUNNEL_IPIP, TO4 },
	[TW_SIT] = { BARE(TW_SIT), .kind = PN_TUNNEL_SIT, TO4 },
	[TW_IP6TNL] = { BARE(TW_IP6TNL), .kind = PN_TUNNEL_IP6TNL, TO6 },
	[TW_6TO4] = { BARE(TW_6TO4), .kind = PN_TUNNEL_SIT, .proto = 41, .local = D4,
		      .rd_prefix = "2002::", .rd_prefix_len = 16 },
	[TW_6RD] = { BARE(TW_6RD), .kind = PN_TUNNEL_SIT, .proto = 41, .local = "10.0.0.9",
		     .rd_prefix = "2001:db8::", .rd_prefix_len = 32, .rd_relay = "10.0.0.0",
		     .rd_relay_len = 8 },
	[TW_VTI] = { BARE(TW_VTI), .kind = PN_TUNNEL_VTI, .remote = "10.0.0.4", .local = D4 },
	[TW_TAP_CSUM] = { PORT(TW_TAP_CSUM), .kind = PN_TUNNEL_GRETAP, .keyed = true,
			  .id = TW_CSUM_KEY, .flags = PN_TUNNEL_F_ICSUM, TO4 },
	[TW_TAP6_CSUM] = { PORT(TW_TAP6_CSUM), .kind = PN_TUNNEL_IP6GRETAP, .id = TW_CSUM_KEY,
			   .flags = PN_TUNNEL_F_ICSUM, TO6 },
};

static const struct world_peer peers[] = {
	{ P4, D4, W_WIRE },	    { P4, "10.0.0.9", W_WIRE }, { "10.0.0.3", D4, W_WIRE },
	{ "10.0.0.4", D4, W_WIRE }, { P6, D6, W_WIRE },
};

static const struct world_fou fou[] = {
	{ TW_FOU_IPIP, .proto = 4 },
	{ TW_GUE_PORT, .gue = true },
	{ TW_FOU_GRE, .proto = 47 },
	{ TW_FOU_SIT, .proto = 41 },
	{ TW_FOU_IPIP, .v6 = true, .proto = 4 },
	{ TW_GUE_PORT, .v6 = true, .gue = true },
};

static const struct world_local locals[] = {
	{ D4, W_WIRE },
	{ "10.0.0.9", W_WIRE },
	{ D6, W_WIRE },
};

void tunnelworld(struct world *w)
{
	world_of(C_VX, true, w);
	w->port[W_TUNNEL].flags &= ~PN_PORT_LEARNING;
	memcpy(w->tunnel, tunnels, sizeof(tunnels));
	for (int i = 1; i < TW_TUNNELS; i++)
		if (tunnels[i].port)
			w->port[tunnels[i].port] = w->port[W_TUNNEL];
	memset(w->peer, 0, sizeof(w->peer));
	memcpy(w->peer, peers, sizeof(peers));
	memcpy(w->fou, fou, sizeof(fou));
	memcpy(w->local, locals, sizeof(locals));
}
