// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One program over a world with every tunnel; see tunnelrun.h. */
#include <string.h>

#include "tap.h"
#include "tunnelrun.h"

struct fast tunnelrun;

#define PORT_OUT (WORLD_PORTS - 1) /* the device that 10.8.0.0/16 is behind */

static struct netns ns;
static struct world world;

static void world_make(void)
{
	tunnelworld(&world);
	world.port[W_WORK].ifindex = netns_ifindex(&ns, "w");
	world.port[W_WIRE].ifindex = netns_ifindex(&ns, "w");
	for (int i = 1; i < WORLD_TUNNELS; i++)
		for (int v6 = 0; v6 < 2; v6++)
			world.tunnel[i].gate[v6] = PN_GATE_RESYNC;
	world.port[PORT_OUT] = (struct world_port){
		.ifindex = netns_ifindex(&ns, "e"),
		.flags = PN_PORT_UP | W_TARGET,
		.max_len = 1518,
		.mac = PKT_MAC_D,
	};
	world.listed[0] = (struct world_listed){ "10.0.0.64", 26 };
	world.listed[1] = (struct world_listed){ "fd00::", 64 };
}

void tunnelrun_route(uint32_t tunnel)
{
	memset(world.tunnel[tunnel].gate, 0, sizeof(world.tunnel[tunnel].gate));
	/* any device that forwards does */
	world.tunnel[tunnel].ifindex = world.port[W_WIRE].ifindex;
}

void tunnelrun_start(struct fast_opts opts)
{
	opts.explain = true;
	if (fast_open(&tunnelrun, &opts))
		tap_bail("%s does not load", fast_hooks[opts.hook]);
	fast_world(&tunnelrun, &world);
}

void tunnelrun_check(const struct recipe *r, uint32_t tunnel, enum pn_reason reason)
{
	struct fast_result res = {};
	struct pkt in, out;

	recipe_build(r, SCENE_IN_DST, &in);
	if (!tap_sys(fast_run(&tunnelrun, &in, &out, &res), "run"))
		return;
	tap_str(reason_name(res.reason), reason_name(reason), "reason");
	tap_eq(res.tunnel, tunnel, "tunnel");
	if (res.verdict != PN_FORWARD)
		tap_bytes(pkt_cdata(&out), out.len, pkt_cdata(&in), in.len, "frame");
}

int tunnelrun_routes(struct netns *net)
{
	static const char *const up[] = { "w", "e", "t", "t2" };
	int ret = netns_open(net);

	ret = ret ? ret : netns_quiet(net);
	ret = ret ? ret : netns_sysctl(net, "net/ipv4/ip_forward", "1");
	ret = ret ? ret : netns_sysctl(net, "net/ipv6/conf/all/forwarding", "1");
	ret = ret ? ret : netns_veth(net, "w", net, "e");
	ret = ret ? ret : netns_veth(net, "t", net, "t2");
	for (size_t i = 0; i < sizeof(up) / sizeof(up[0]) && !ret; i++)
		ret = netns_up(net, up[i]);
	ret = ret ? ret : netns_wait_up(net, "w");
	return ret ? ret : netns_ip(net,
		"addr add 10.7.0.1/24 dev w\n"
		"addr add fd07::1/64 dev w nodad\n"
		"neigh add 10.7.0.2 lladdr " TUNNELRUN_HOP " dev w nud permanent\n"
		"neigh add fd07::2 lladdr " TUNNELRUN_HOP " dev w nud permanent\n"
		"route add 10.8.0.0/16 via 10.7.0.2 dev w\n"
		"route add fd08::/16 via fd07::2 dev w\n");
}

static void net_make(void)
{
	int ret = netns_open(&ns);

	ret = ret ? ret : netns_quiet(&ns);
	ret = ret ? ret : netns_veth(&ns, "w", &ns, "e");
	ret = ret ? ret : netns_sysctl(&ns, "net/ipv4/ip_forward", "1");
	ret = ret ? ret : netns_up(&ns, "w");
	ret = ret ? ret : netns_up(&ns, "e");
	ret = ret ? ret : netns_ip(&ns, "addr add 10.0.0.1/24 dev w\n"
					"addr add 10.7.0.1/24 dev e\n"
					"neigh add 10.7.0.2 lladdr 02:dd:00:00:00:02"
					" dev e nud permanent\n"
					"route add 10.8.0.0/16 via 10.7.0.2 dev e\n"
					"route add blackhole 10.10.0.0/16\n");
	if (ret)
		tap_bail("a namespace with a veth: %s", strerror(-ret));
}

void tunnelrun_open(void)
{
	net_make();
	world_make();
	if (netns_enter(&ns))
		tap_bail("the namespace cannot be entered");
}
