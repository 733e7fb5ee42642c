// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Frames of the benchmarks; see frames.h. */
#include <netinet/in.h>
#include <string.h>

#include "frames.h"
#include "tap.h"

#define INNER_HEADERS 42	/* Ethernet, IPv4, UDP */
#define IFINDEX_NONE  0x10001 /* of no device */

int frame_mac_at(const struct frame_spec *spec)
{
	return spec->family == 4 ? 50 : spec->family == 6 ? 70 : 0;
}

static void outer_push(struct pkt *p, const struct frame_spec *spec)
{
	bool v6 = spec->family == 6;
	struct pkt_ip ip = {
		.addr = pkt_addr(v6 ? FRAME_SRC6 : FRAME_SRC4, v6 ? FRAME_DST6 : FRAME_DST4),
		.proto = IPPROTO_UDP,
		.ttl = 64,
	};
	int csum_at = v6 ? 46 : 26;

	pkt_vxlan(p, FRAME_VNI);
	pkt_udp(p, 5555, FRAME_PORT);
	pkt_ip(p, &ip);
	if (!spec->csum)
		pkt_put16(pkt_data(p) + csum_at, 0);
	pkt_eth(p, PKT_MAC_D, PKT_MAC_P, v6 ? 0x86dd : 0x0800);
}

void frame_build(struct pkt *p, const struct frame_spec *spec)
{
	struct pkt_ip ip = {
		.addr = pkt_addr("192.168.5.2", "192.168.5.1"),
		.proto = IPPROTO_UDP,
		.ttl = 64,
	};

	if (spec->inner_len < INNER_HEADERS)
		tap_bail("inner frame of %d bytes", spec->inner_len);
	pkt_init(p);
	pkt_append(p, NULL, spec->inner_len - INNER_HEADERS);
	memset(pkt_data(p), 0x5a, p->len);
	pkt_udp(p, 1000, 2000);
	pkt_ip(p, &ip);
	pkt_eth(p, FRAME_DST_MAC, FRAME_SRC_MAC, 0x0800);
	if (spec->family)
		outer_push(p, spec);
}

static struct pn_port port_make(uint32_t ifindex, const char *mac, uint16_t fid)
{
	struct pn_port port = {
		.ifindex = ifindex,
		.flags = PN_PORT_UP | PN_PORT_SETS_PROTO,
		.max_len = 1500 + 14 + 4,
		.fid = fid,
	};

	if (fid)
		port.flags |= PN_PORT_FORWARDING | PN_PORT_LEARNING;
	pkt_mac(port.mac, mac);
	return port;
}

void frame_tables(struct tables *t, const struct frame_world *w)
{
	struct tables_tunnel tun = {
		.index = 1,
		.port = FRAME_P_VXLAN,
		.dport = FRAME_PORT,
		.vni = FRAME_VNI,
		.v6 = w->v6,
		.mac = FRAME_VX_MAC,
	};
	struct pn_port wire = port_make(w->wire, PKT_MAC_D, w->bridged);
	struct pn_port vxlan = port_make(w->vxlan ? w->vxlan : IFINDEX_NONE, FRAME_VX_MAC,
					 !w->bridged);
	struct pn_port web = port_make(w->web, "02:aa:00:00:00:03", 1);

	web.flags |= w->tc ? PN_PORT_TC_TARGET : PN_PORT_XDP_TARGET;
	if (w->vxlan)
		vxlan.flags |= PN_PORT_TC_TARGET;
	tables_port(t, FRAME_P_WIRE, &wire);
	tables_port(t, FRAME_P_VXLAN, &vxlan);
	tables_port(t, FRAME_P_WEB, &web);
	tables_tunnel(t, &tun);
	tables_endpoint(t, FRAME_P_WIRE, w->v6 ? FRAME_SRC6 : FRAME_SRC4,
			w->v6 ? FRAME_DST6 : FRAME_DST4);
	tables_fdb(t, tables_mac48(FRAME_SRC_MAC), 1, w->bridged ? FRAME_P_WIRE : FRAME_P_VXLAN,
		   PN_FDB_REFRESH);
	for (uint32_t i = 0; i < w->macs; i++)
		tables_fdb(t, tables_mac48(FRAME_DST_MAC) + i, 1, FRAME_P_WEB, PN_FDB_REFRESH);
}
