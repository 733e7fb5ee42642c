// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a mirror would make of the configurations with other tunnels than
 * VXLAN. A device that is left to the kernel says why; what the kernel prefers
 * to it, or would take in its place, has no keys either.
 */
#include <string.h>

#include "scene.h"
#include "world.h"

#define ENDS	.remote = "10.0.0.2", .local = "10.0.0.1"
#define ENDS6	.remote = "fd00::2", .local = "fd00::1"
#define L2(...) { .port = W_TUNNEL, __VA_ARGS__ }
#define L3(...) { __VA_ARGS__ }
#define GN(...) \
	{ \
		L2(.kind = PN_TUNNEL_GENEVE, .dport = 6081, .id = 5, __VA_ARGS__) \
	}
#define GRE(...)  { L3(.kind = PN_TUNNEL_GRE, __VA_ARGS__) }
#define GRE6(...) { L3(.kind = PN_TUNNEL_IP6GRE, __VA_ARGS__) }
#define TAP6(...) { L2(.kind = PN_TUNNEL_IP6GRETAP, ENDS6, __VA_ARGS__) }
#define IPIP(...) { L3(.kind = PN_TUNNEL_IPIP, __VA_ARGS__) }
#define SIT(...)  { L3(.kind = PN_TUNNEL_SIT, __VA_ARGS__) }
#define TNL(...)  { L3(.kind = PN_TUNNEL_IP6TNL, __VA_ARGS__) }
#define WHY(w)	  .why = PN_WHY_##w
#define SPAN(...) { L2(.kind = PN_TUNNEL_ERSPAN, ENDS, __VA_ARGS__) }
#define FOU_DEVICES \
	{ \
		L3(.kind = PN_TUNNEL_IPIP, ENDS), L3(.kind = PN_TUNNEL_GRE, ENDS), \
			L3(.kind = PN_TUNNEL_SIT, ENDS) \
	}

#define DEVICES 3

static const struct world_tunnel tunnels[CONFIGS][DEVICES] = {
	[C_GN] = GN(.remote = "10.0.0.2"),
	[C_GN6] = GN(.v6 = true, .remote = "fd00::2"),
	[C_GN6Z] = GN(.v6 = true, .remote = "fd00::2", .flags = PN_TUNNEL_F_ZERO_CSUM6),
	[C_GNRULE] = GN(.remote = "10.0.0.2", WHY(TUN_ID_RULE)),
	[C_GNINHERIT] = GN(.remote = "10.0.0.2", WHY(PROTO_INHERIT)),
	[C_GNEXTERNAL] = GN(WHY(EXTERNAL)),
	[C_GRE] = GRE(ENDS),
	[C_GREKEY7] = GRE(ENDS, .keyed = true, .id = 7),
	[C_GREKEY0] = GRE(ENDS, .keyed = true),
	[C_GREICSUM] = GRE(ENDS, .flags = PN_TUNNEL_F_ICSUM),
	[C_GRESEQ] = GRE(ENDS, WHY(SEQ)),
	[C_GRESEQ2] = GRE(ENDS, WHY(SEQ)),
	[C_GREALL] = GRE(ENDS),
	[C_GREREMOTE] = GRE(.remote = "10.0.0.2"),
	[C_GRELOCAL] = GRE(.local = "10.0.0.1", WHY(NO_REMOTE)),
	[C_GREEXTERNAL] = GRE(WHY(EXTERNAL)),
	[C_GRE0] = GRE(WHY(FALLBACK)),
	[C_GREBOUND] = GRE(.local = "10.0.0.1", WHY(NO_REMOTE)),
	[C_GREOTHER] = GRE(ENDS),
	[C_GREOLDER] = GRE(ENDS, WHY(AMBIGUOUS)),
	[C_GREXFRM] = GRE(ENDS),
	[C_GREGROUP] = GRE(.remote = "239.1.1.1", WHY(MULTICAST)),
	[C_TAP] = { L2(.kind = PN_TUNNEL_GRETAP, ENDS) },
	[C_TAPKEY] = { L2(.kind = PN_TUNNEL_GRETAP, ENDS, .keyed = true, .id = 0x12345) },
	[C_ERSPAN0] = SPAN(.id = 0),
	[C_ERSPAN1] = SPAN(WHY(ERSPAN)),
	[C_ERSPAN2] = SPAN(WHY(ERSPAN)),
	[C_GRE6] = GRE6(ENDS6),
	[C_GRE6KEY0] = GRE6(ENDS6),
	[C_GRE6DSCP] = GRE6(ENDS6, WHY(DSCP)),
	[C_GRE6BOUND] = GRE6(ENDS6, WHY(AMBIGUOUS)),
	[C_TAP6] = TAP6(.id = 0),
	[C_TAP6DSCP] = TAP6(WHY(DSCP)),
	[C_TAP6BOTH] = TAP6(.id = 0),
	[C_ERSPAN6] = { L2(.kind = PN_TUNNEL_IP6ERSPAN, ENDS6, WHY(ERSPAN)) },
	[C_IPIP] = IPIP(ENDS),
	[C_MPLSIP] = IPIP(ENDS, WHY(MPLS)),
	[C_TUNL0] = IPIP(ENDS),
	[C_IPIPVTI] = { L3(.kind = PN_TUNNEL_IPIP, ENDS, WHY(XFRM)),
			L3(.kind = PN_TUNNEL_VTI, ENDS, WHY(XFRM)) },
	[C_IPIPXFRM] = IPIP(ENDS),
	[C_IPIPFOU] = IPIP(ENDS),
	[C_SIT] = SIT(ENDS),
	[C_SITIP6] = SIT(ENDS, .proto = 41),
	[C_SITIP4] = SIT(ENDS, .proto = 4),
	[C_SITBOUND] = SIT(ENDS, WHY(BOUND)),
	[C_SITXFRM] = SIT(ENDS),
	[C_6TO4] = SIT(.local = "10.0.0.1", .rd_prefix = "2002::", .rd_prefix_len = 16),
	[C_6TO4PREFIX] = SIT(.local = "10.0.0.1", WHY(NO_REMOTE)),
	[C_6RD] = SIT(.local = "10.0.0.1", .rd_prefix = "2001:db8::", .rd_prefix_len = 32,
		      .rd_relay = "10.0.0.0", .rd_relay_len = 8),
	[C_ISATAP] = SIT(.local = "10.0.0.1", WHY(ISATAP)),
	[C_IP6TNL] = TNL(ENDS6),
	[C_IP6TNLOWN] = TNL(ENDS6, WHY(LOCAL_REMOTE)),
	[C_IP6IP6] = TNL(ENDS6, .proto = 41),
	[C_IP6TNLDSCP] = TNL(ENDS6, WHY(DSCP)),
	[C_IP6TNLALL] = TNL(ENDS6),
	[C_IP6TNLLOCAL] = TNL(.local = "fd00::1", WHY(NO_REMOTE)),
	[C_FOU4] = FOU_DEVICES,
	[C_FOUGRE] = FOU_DEVICES,
	[C_FOU6] = FOU_DEVICES,
	[C_FOUPEER] = IPIP(ENDS),
	[C_FOUOVER6] = TNL(ENDS6),
	[C_VTI] = { L3(.kind = PN_TUNNEL_VTI, ENDS, WHY(XFRM)) },
	[C_GRERPF] = GRE(ENDS, .rpf = PN_RPF_STRICT),
	[C_GREMTU] = GRE(ENDS, .gate = { PN_GATE_ROUTING }),
	[C_VXR] = { L2(.kind = PN_TUNNEL_VXLAN, .dport = 4789, .id = 5) },
	[C_GNR] = GN(.remote = "10.0.0.2"),
	[C_TAPR] = { L2(.kind = PN_TUNNEL_GRETAP, ENDS) },
	[C_TAP6R] = TAP6(.id = 0),
	[C_VTI6] = { L3(.kind = PN_TUNNEL_VTI, .v6 = true, ENDS6, WHY(XFRM)) },
};

static const struct world_fou fous[] = {
	{ 5555, .proto = 4 },
	{ 5556, .gue = true },
	{ 5557, .proto = 47 },
	{ 5558, .proto = 41 },
	{ 5556, .v6 = true, .gue = true },
	{ 5558, .v6 = true, .proto = 41 },
};

/* Whatever a tunnel is, these two are proven peers. */
static const struct world_peer peers[] = {
	{ "10.0.0.2", "10.0.0.1", W_WIRE },
	{ "10.0.0.2", "10.0.0.9", W_WIRE },
	{ "fd00::2", "fd00::1", W_WIRE },
};

static bool config_is_fou(enum config_id config)
{
	return config == C_FOU4 || config == C_FOU6 || config == C_FOUGRE ||
	       config == C_FOUOVER6;
}

/* Packets that are routed leave by the workload's device. */
static void egress_add(struct world *w)
{
	w->port[W_WORK] = (struct world_port){
		.flags = PN_PORT_UP | W_TARGET,
		.max_len = 1518,
		.mac = SCENE_OUT_MAC,
	};
}

bool world_tunnels(enum config_id config, enum form form, struct world *w)
{
	int n = 0;

	for (; n < DEVICES && tunnels[config][n].kind; n++)
		w->tunnel[1 + n] = tunnels[config][n];
	if (!n)
		return false;
	memcpy(w->peer, peers, sizeof(peers));
	if (config_is_fou(config))
		memcpy(w->fou, fous, sizeof(fous));
	w->local[0] = (struct world_local){ .addr = "10.0.0.1", .port = W_WIRE };
	w->local[1] = (struct world_local){ .addr = "10.0.0.9", .port = W_WIRE };
	w->local[2] = (struct world_local){ .addr = "192.168.5.254" };
	if (config == C_GREXFRM || config == C_IPIPXFRM || config == C_SITXFRM)
		w->port[W_WIRE].gate[PN_PLACE_OUTER4] = PN_GATE_XFRM;
	if (form == FORM_ROUTED)
		egress_add(w);
	return true;
}
