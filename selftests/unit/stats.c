// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Adding up counters and writing them as Prometheus text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "prom.h"
#include "stats/prom.h"
#include "stats/stats.h"
#include "tap.h"
#include "util/names.h"

#define CPUS 3

static void port_fill(struct pn_stats_port *port, const char *device)
{
	static struct pn_port_stats cpu[CPUS];
	unsigned int i;

	memset(cpu, 0, sizeof(cpu));
	for (i = 0; i < CPUS; i++) {
		cpu[i].reason[PN_R_DECAP] = (struct pn_count){ 10 + i, 1000 };
		cpu[i].reason[PN_R_SHORT] = (struct pn_count){ 1, 60 };
	}
	cpu[1].reason[PN_R_EGRESS_GONE] = (struct pn_count){ 7, 700 };
	cpu[2].reason[PN_R_BRIDGED] = (struct pn_count){ UINT64_MAX - 100, UINT64_MAX - 5000 };
	memset(port, 0, sizeof(*port));
	snprintf(port->device, sizeof(port->device), "%s", device);
	port->hook = "xdp";
	pn_stats_add_port(port, cpu, CPUS, sizeof(cpu[0]));
}

static void sums_test(void)
{
	struct pn_stats_port port[2], total;
	struct pn_stats stats = { .n_ports = 2, .port = port };
	uint64_t sum = 0;
	unsigned int v;

	port_fill(&port[0], "eth0");
	port_fill(&port[1], "eth1");
	tap_case("counters of all CPUs and reasons add up");
	tap_eq(port[0].reason[PN_R_DECAP].packets, 33, "decap packets");
	tap_eq(port[0].reason[PN_R_DECAP].bytes, 3000, "decap bytes");
	tap_true(port[0].verdict[PN_FORWARD].packets == UINT64_MAX - 100 + 33, "forwarded");
	tap_eq(port[0].verdict[PN_PASS].packets, 3, "passed");
	tap_eq(port[0].verdict[PN_DROP].bytes, 700, "dropped bytes");
	for (v = 0; v < PN_VERDICTS; v++)
		sum += port[0].verdict[v].packets;
	tap_true(sum == port[0].received.packets, "received = forwarded + passed + dropped");
	pn_stats_total(&stats, &total);
	tap_eq(total.verdict[PN_PASS].packets, 6, "both ports");
	tap_end();
}

static char *page_make(const struct pn_stats *stats)
{
	static const struct pn_prom_info info = { "1.0", "1.1", "6.12", 0.00025 };
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	pn_prom_write(f, &info, stats);
	fclose(f);
	return text;
}

static void value_is(const char *text, const char *series, const char *want)
{
	const char *value = prom_value(text, series);
	char got[32] = "(absent)";

	if (value)
		snprintf(got, sizeof(got), "%.*s", (int)strcspn(value, "\n"), value);
	tap_str(got, want, series);
}

static void prom_test(void)
{
	struct pn_stats_port port[2];
	struct pn_stats_tunnel tunnel[2] = {
		{ .device = "vx100", .kind = "vxlan", .has_vni = true, .id = 100 },
		{ .device = "g7", .kind = "gre", .has_key = true, .id = 7 },
	};
	struct pn_stats_peer peer = { .number = 3, .addr = { .s6_addr = { 0xfd, [15] = 1 } } };
	struct pn_stats stats = {
		.n_ports = 2, .port = port, .n_tunnels = 2, .tunnel = tunnel,
		.n_peers = 1, .peer = &peer,
		.map = { { "fdb", 12, 1024 } }, .followed = true,
	};
	char why[256] = "";
	char *text;

	port_fill(&port[0], "eth0");
	port_fill(&port[1], "e\"\\\xff");
	port[1].gate[PN_PLACE_BRIDGE] = PN_GATE_VLAN_FILTERING;
	port[0].ignored = PN_GATE_TAP;
	tunnel[0].verdict[PN_FORWARD].packets = 42;
	tunnel[1].verdict[PN_DROP].packets = 43;
	peer.verdict[PN_PASS].bytes = 44;
	text = page_make(&stats);
	tap_case("the metrics page passes a strict reader");
	tap_true(prom_check(text, why, sizeof(why)), why);
	tap_end();
	tap_case("values are exact and labelled");
	value_is(text, "penstock_up", "1");
	value_is(text, "penstock_packets_total{device=\"eth0\",hook=\"xdp\",verdict=\"forward\"}",
		 "18446744073709551548");
	value_is(text, "penstock_bytes_total{device=\"eth0\",hook=\"xdp\",verdict=\"drop\"}",
		 "700");
	value_is(text, "penstock_reason_packets_total{device=\"e\\\"\\\\\xef\xbf\xbd\","
		       "reason=\"short\",verdict=\"pass\"}", "3");
	value_is(text, "penstock_tunnel_packets_total{tunnel=\"vx100\",kind=\"vxlan\","
		       "verdict=\"forward\",vni=\"100\"}", "42");
	value_is(text, "penstock_tunnel_packets_total{tunnel=\"g7\",kind=\"gre\","
		       "verdict=\"drop\",key=\"7\"}", "43");
	value_is(text, "penstock_peer_bytes_total{peer=\"fd00::1\",verdict=\"pass\"}", "44");
	value_is(text, "penstock_tunnels", "2");
	value_is(text, "penstock_peers", "1");
	value_is(text, "penstock_fdb_entries", "12");
	value_is(text, "penstock_daemon_follows", "1");
	value_is(text, "penstock_gate_closed{device=\"e\\\"\\\\\xef\xbf\xbd\","
		       "gate=\"vlan-filtering\",place=\"bridge\"}", "1");
	value_is(text, "penstock_gate_ignored{device=\"eth0\",gate=\"tap\"}", "1");
	value_is(text, "penstock_map_max_entries{map=\"fdb\"}", "1024");
	value_is(text, "penstock_reason_packets_total{device=\"eth0\",reason=\"gso\","
		       "verdict=\"pass\"}", "(absent)");
	tap_end();
	free(text);
}

static void nothing_test(void)
{
	char *text = page_make(NULL), why[256] = "";

	tap_case("without counters the page says that it is not up");
	tap_true(prom_check(text, why, sizeof(why)), why);
	value_is(text, "penstock_up", "0");
	tap_true(!strstr(text, "packets_total"), "no counters");
	tap_end();
	free(text);
}

static unsigned int series_count(const char *text, const char *family)
{
	size_t len = strlen(family);
	unsigned int n = 0;

	/* line by line: a checked strstr() measures all that is left each time */
	for (; *text; text += strcspn(text, "\n") + 1)
		n += !strncmp(text, family, len) && text[len] == '{';
	return n;
}

/* Of too many peers those known longest, so that no series comes and goes. */
static void bounds_test(void)
{
	unsigned int n = PN_PROM_PEERS + 10, i;
	struct pn_stats_peer *peer = calloc(n, sizeof(*peer));
	struct pn_stats_tunnel *tunnel = calloc(PN_PROM_TUNNELS + 1, sizeof(*tunnel));
	struct pn_stats stats = {
		.n_tunnels = PN_PROM_TUNNELS + 1, .tunnel = tunnel, .n_peers = n, .peer = peer,
	};
	char *text;

	for (i = 0; i < n; i++) {
		peer[i].number = n - i;
		peer[i].addr.s6_addr[0] = 0xfd;
		peer[i].addr.s6_addr[14] = i >> 8;
		peer[i].addr.s6_addr[15] = i;
	}
	text = page_make(&stats);
	tap_case("tunnels and peers are bounded, and how many there are is said");
	tap_eq(series_count(text, "penstock_peer_packets_total"), PN_PROM_PEERS * PN_VERDICTS,
	       "series of peers");
	tap_eq(series_count(text, "penstock_tunnel_bytes_total"), PN_PROM_TUNNELS * PN_VERDICTS,
	       "series of tunnels");
	value_is(text, "penstock_peers", "1010");
	value_is(text, "penstock_tunnels", "10001");
	value_is(text, "penstock_peer_packets_total{peer=\"fd00::9\",verdict=\"pass\"}",
		 "(absent)");
	value_is(text, "penstock_peer_packets_total{peer=\"fd00::a\",verdict=\"pass\"}", "0");
	tap_end();
	free(text);
	free(tunnel);
	free(peer);
}

/* The reader must be able to fail, or it proves nothing. */
static void reader_test(void)
{
	static const char *const bad[] = {
		"", "a 1", "a 1\n", "# HELP a b\na 1\n", "# HELP a b\n# TYPE a counter\n",
		"# HELP a b\n# TYPE a gauge\na\n", "# HELP a b\n# TYPE a gauge\na 1\na 1\n",
		"# HELP a b\n# TYPE a gauge\na{} 1\n",
		"# HELP a b\n# TYPE a gauge\na{b=\"\\x\"} 1\n",
		"# HELP a b\n# TYPE a gauge\na{b=\"c\" 1\n",
		"# HELP a_total b\n# TYPE a_total counter\na_total 1.5\n",
		"# HELP a b\n# TYPE a gauge\n# HELP a b\n# TYPE a gauge\n",
		"# HELP a b\n# TYPE a gauge\nb 1\n", "# HELP a b\n# TYPE a gauge\n\n",
	};
	unsigned int i;
	char why[256];

	tap_case("the strict reader refuses what is wrong");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_true(!prom_check(bad[i], why, sizeof(why)), bad[i]);
	tap_true(prom_check("# HELP a b\n# TYPE a gauge\na{b=\"c\\n\"} 1.5\n", why,
			    sizeof(why)), "and takes what is right");
	tap_end();
}

static void names_test(void)
{
	unsigned int i, k;

	tap_case("reasons have unique names, a verdict and a text");
	for (i = 0; i < PN_MAX_REASONS; i++) {
		const struct pn_reason_info *r = &pn_reason_info[i];

		if (!r->name)
			continue;
		tap_true(r->verdict < PN_VERDICTS && r->text && *r->text, r->name);
		for (k = 0; k < i; k++)
			tap_true(!pn_reason_info[k].name ||
				 strcmp(pn_reason_info[k].name, r->name), r->name);
	}
	tap_end();
}

int main(void)
{
	sums_test();
	prom_test();
	nothing_test();
	bounds_test();
	reader_test();
	names_test();
	return tap_done();
}
