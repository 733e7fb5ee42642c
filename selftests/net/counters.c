// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Counters of tunnels and peers: they go on over restarts of the daemon, and a
 * number that has come to mean another device or address counts from nothing.
 */
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "gateway.h"
#include "tap.h"

#define RUN "run d --ignore offload,sysctl"
#define PEER "10.0.0.2"
#define AWAITED 100	/* readings, 50 ms apart at least */

static struct gateway gw;

/* .received.packets of the row whose @key is @name; -1: there is none. */
static int64_t packets_of(const char *line, const char *key, const char *name)
{
	struct json_object *rows = json_tokener_parse(gateway_output(line)), *row, *o;
	int64_t packets = -1;
	size_t i;

	for (i = 0; rows && i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		if (strcmp(json_object_get_string(json_object_object_get(row, key)), name))
			continue;
		o = json_object_object_get(row, "received");
		packets = json_object_get_int64(json_object_object_get(o, "packets"));
	}
	json_object_put(rows);
	return packets;
}

static int64_t tunnel_packets(const char *dev)
{
	return packets_of("stats tunnels -j", "tunnel", dev);
}

static int64_t peer_packets(const char *addr)
{
	return packets_of("stats peers -j", "peer", addr);
}

static bool peer_appears(const char *addr)
{
	int i;

	for (i = 0; i < AWAITED; i++)
		if (peer_packets(addr) >= 0)
			return true;
	return tap_fail("no peer %s", addr);
}

static void restarts(void)
{
	int64_t tunnel = 0, peer = 0;
	pid_t daemon;
	int i;

	tap_case("counters of a tunnel and its peer go on over restarts");
	for (i = 0; i < 3; i++) {
		daemon = gateway_daemon(RUN);
		if (!tap_sys(daemon, "daemon"))
			break;
		gateway_send(&gw, 64);
		tap_true(tunnel_packets("vx") >= tunnel + 60, "the tunnel's");
		tap_true(peer_packets(PEER) >= peer + 60, "the peer's");
		tunnel = tunnel_packets("vx");
		peer = peer_packets(PEER);
		gateway_stop(daemon, i == 1 ? SIGKILL : SIGTERM);
		tap_eq(tunnel_packets("vx"), tunnel, "without a daemon");
		tap_eq(peer_packets(PEER), peer, "without a daemon");
	}
	tap_end();
}

/* Each daemon looks for free numbers from the beginning. */
static void numbers_reused(void)
{
	static const char *const devs[] = { "vxa", "vxb", "vxc" };
	const struct netns *d = &gw.scene.d;
	char addr[32];
	pid_t daemon;
	int i;

	tap_case("another device or address with an old number counts from 0");
	netns_del(d, "vx");
	for (i = 0; i < 3; i++) {
		struct netns_vxlan vx = { .id = 50 + i, .dstport = 4800, .remote = addr };

		snprintf(addr, sizeof(addr), "10.0.0.%d", 50 + i);
		if (!tap_sys(netns_vxlan(d, devs[i], &vx), "vxlan") ||
		    !tap_sys(netns_up(d, devs[i]), "up"))
			break;
		daemon = gateway_daemon(RUN);
		if (!tap_sys(daemon, "daemon") || !peer_appears(addr))
			break;
		tap_eq(tunnel_packets(devs[i]), 0, devs[i]);
		tap_eq(peer_packets(addr), 0, addr);
		tap_eq(tunnel_packets("vx"), -1, "the old device");
		tap_eq(peer_packets(PEER), -1, "the old peer");
		gateway_stop(daemon, SIGTERM);
	}
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	restarts();
	numbers_reused();
	gateway_runs("detach --all", 0, NULL);
	gateway_close(&gw);
	return tap_done();
}
