// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Whose packets a port takes, from the command line and from a file: what is
 * in the record, in the program's configuration and in the map of prefixes,
 * after each change, refusal and detach.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <penstock/abi.h>

#include "gateway.h"
#include "plane/record.h"
#include "tap.h"

#define PINS "/sys/fs/bpf/penstock"
#define FILE_PATH "/run/netns/pnt-peers.yaml"
#define STATE "/run/netns/pnt-peers-state"

static struct gateway gw;

static bool record_of(const char *dev, struct pn_record *r)
{
	struct pn_err err = { 0 };
	struct pn_pins pins;
	int ret;

	if (!tap_true(!pn_pins_open(&pins, PINS, &err), err.text))
		return false;
	ret = pn_record_find(&pins, dev, r);
	pn_pins_close(&pins);
	return tap_sys(ret, "the record");
}

/* The prefixes that the map has for a port, as "10.0.0.0/24 fd00::/64". */
static const char *prefixes_of(uint16_t port)
{
	static char text[8192];
	struct pn_peer_key key, *last = NULL;
	size_t used = 0;
	int fd = bpf_obj_get(PINS "/maps/pn_peers");

	text[0] = '\0';
	while (fd >= 0 && !bpf_map_get_next_key(fd, last, &key)) {
		struct pn_prefix p = { .len = key.prefix_len - 32 };
		char one[PN_PREFIX_TEXT];

		last = &key;
		memcpy(p.addr, key.addr, sizeof(p.addr));
		if (!port || key.port == port)
			used += snprintf(text + used, sizeof(text) - used, "%s%s",
					 used ? " " : "", pn_prefix_text(&p, one));
	}
	close(fd);
	return text;
}

static bool holds(const char *list, const char *one)
{
	const char *at = strstr(list, one);

	return at && (at == list || at[-1] == ' ') && (!at[strlen(one)] || at[strlen(one)] == ' ');
}

struct want {
	const char *options;
	enum pn_peers peers;
	bool strict;
	unsigned int nesting;
	const char *prefix[3];
};

static void conf_check(const struct want *want)
{
	struct pn_record r;
	unsigned int i, n = 0;
	const char *have;

	if (!record_of("d", &r))
		return;
	tap_eq(r.conf.peers, want->peers, "peers of the program");
	tap_eq(r.conf.strict, want->strict, "strict");
	tap_eq(r.conf.nesting, want->nesting, "nesting");
	have = prefixes_of(r.conf.port);
	for (i = 0; i < 3 && want->prefix[i]; i++, n++)
		if (!holds(have, want->prefix[i]))
			tap_fail("no %s in '%s'", want->prefix[i], have);
	tap_eq(r.n_prefixes, n, "prefixes in the record");
	for (i = n; *have; have++)
		i -= *have == '/';
	tap_eq(i, 0, "prefixes in the map beyond those");
}

static void options(void)
{
	static const struct want wants[] = {
		{ "", PN_PEERS_KNOWN, false, 1, { NULL } },
		{ "--peers any", PN_PEERS_ANY, false, 1, { NULL } },
		{ "--peers 10.0.0.0/24,fd00::/64 --strict", PN_PEERS_LISTED, true, 1,
		  { "10.0.0.0/24", "fd00::/64" } },
		{ "--peers 10.0.0.0/24 --peers 192.0.2.1 --strict --nesting 4", PN_PEERS_LISTED,
		  true, 4, { "10.0.0.0/24", "192.0.2.1/32" } },
		{ "--peers 0.0.0.0/0 --hook xdp", PN_PEERS_LISTED, false, 1, { "0.0.0.0/0" } },
		{ "--peers known --strict --hook tc", PN_PEERS_KNOWN, true, 1, { NULL } },
	};
	char line[128];
	unsigned int i;

	for (i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
		tap_case("attach %s", wants[i].options);
		snprintf(line, sizeof(line), "attach d %s", wants[i].options);
		gateway_runs(line, 0, NULL);
		conf_check(&wants[i]);
		tap_end();
	}
	tap_case("detach leaves no prefix");
	gateway_runs("attach d --peers 10.0.0.0/24", 0, NULL);
	gateway_runs("attach br0", 0, NULL);
	gateway_runs("detach d", 0, NULL);
	tap_str(prefixes_of(0), "", "in the map");
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

static void refusals(void)
{
	static const struct {
		const char *options, *says;
	} rows[] = {
		{ "--peers 10.0.0.1/24", "penstock: peers: --peers '10.0.0.1/24' has bits set "
					 "behind the prefix: must be 10.0.0.0/24" },
		{ "--peers none", "--peers 'none' must be an IP prefix" },
		{ "--peers any,10.0.0.0/24", "--peers 'any' stands alone" },
		{ "--peers 10.0.0.0/24,known", "--peers 'known' stands alone" },
		{ "--peers 10.0.0.0/24,10.0.0.0/24", "--peers '10.0.0.0/24' is given twice" },
		{ "--peers ,", "words separated by single commas" },
		{ "--nesting 5", "from 1 to 4" },
		{ "--nesting 0", "from 1 to 4" },
	};
	char line[128];
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tap_case("refused: attach %s", rows[i].options);
		snprintf(line, sizeof(line), "attach d %s", rows[i].options);
		gateway_runs(line, 1, rows[i].says);
		tap_true(access(PINS, F_OK), "no pins were made");
		tap_end();
	}
}

/* br0 has no native XDP: what was wanted beside it is taken back as well. */
static void undone(void)
{
	static const struct want was = { "", PN_PEERS_LISTED, true, 2, { "10.0.0.0/24" } };
	struct pn_record r;

	tap_case("an attempt that fails leaves peers and prefixes as they were");
	gateway_runs("attach d --peers 10.0.0.0/24 --strict --nesting 2", 0, NULL);
	gateway_runs("attach d br0 --peers 10.1.0.0/16 --hook xdp --mode native", 5,
		     "has no native XDP");
	if (record_of("d", &r))
		tap_eq(r.n_prefixes, 1, "prefixes wanted");
	gateway_runs("attach br0 --peers 10.2.0.0/16", 0, NULL);
	gateway_runs("attach br0 --peers 10.3.0.0/16 --hook xdp --mode native", 5,
		     "has no native XDP");
	tap_true(!holds(prefixes_of(0), "10.3.0.0/16"), "what failed is not in the map");
	tap_true(holds(prefixes_of(0), "10.2.0.0/16"), "what was there is");
	gateway_runs("attach d --peers 10.0.0.0/24 --strict --nesting 2", 0, NULL);
	conf_check(&was);
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

static void shown(void)
{
	const char *out;

	tap_case("show ports says whose packets are taken");
	gateway_runs("attach d --peers 10.0.0.0/24,fd00::/64 --strict --nesting 3", 0, NULL);
	out = gateway_output("show ports -j");
	if (!strstr(out, "\"peers\":\"listed\",\"prefixes\":[\"10.0.0.0/24\",\"fd00::/64\"],"
		    "\"strict\":true,\"nesting\":3"))
		tap_fail("not in %s", out);
	out = gateway_output("show ports");
	if (!strstr(out, "listed,strict") || !strstr(out, "peers: 10.0.0.0/24, fd00::/64") ||
	    !strstr(out, "nesting: up to 3 tunnels"))
		tap_fail("not in %s", out);
	gateway_runs("attach d", 0, NULL);
	out = gateway_output("show ports -j");
	if (!strstr(out, "\"peers\":\"known\",\"prefixes\":[],\"strict\":false,\"nesting\":1"))
		tap_fail("not in %s", out);
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

/* The gateway's packet from @src instead of the known peer, 10.0.0.2. */
static void source_set(const char *src)
{
	struct pkt *p = &gw.packet;
	struct pkt_ip ip = { .addr = pkt_addr(src, "10.0.0.1"), .proto = 17, .ttl = 64 };

	pkt_I4(p);
	pkt_eth(p, SCENE_IN_DST, PKT_MAC_I, 0x0800);
	pkt_vxlan(p, 5);
	pkt_U(p, 4789);
	pkt_ip(p, &ip);
	pkt_eth(p, PKT_MAC_D, PKT_MAC_P, 0x0800);
}

/* Packets of a known peer and of somebody else, under each setting. */
static void taken(void)
{
	static const struct {
		const char *options, *src, *reason;
		bool arrives;
	} cases[] = {
		{ "", "10.0.0.2", "decap", true },
		{ "", "10.0.0.77", "endpoint", true },
		{ "--strict", "10.0.0.2", "decap", true },
		{ "--strict", "10.0.0.77", "peer-refused", false },
		{ "--peers any", "10.0.0.2", "decap", true },
		{ "--peers any", "10.0.0.77", "decap", true },
		{ "--peers any --strict", "127.0.0.5", "peer-refused", false },
		{ "--peers 10.0.0.64/26", "10.0.0.77", "decap", true },
		{ "--peers 10.0.0.64/26", "10.0.0.2", "endpoint", true },
		{ "--peers 10.0.0.64/26 --strict", "10.0.0.2", "peer-refused", false },
		{ "--peers 10.0.0.64/26 --strict", "10.0.0.77", "decap", true },
		{ "--peers 2000::/3 --strict", "10.0.0.77", "peer-refused", false },
		{ "--peers 0.0.0.0/0 --strict", "10.0.0.77", "decap", true },
	};
	char line[128];
	unsigned int i;

	for (i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		const char *hook = i % 2 ? "xdp" : "tc";
		uint64_t arrived = gateway_received(&gw), counted;

		tap_case("%s at %s '%s': %s", cases[i / 2].src, hook, cases[i / 2].options,
			 cases[i / 2].reason);
		snprintf(line, sizeof(line), "attach d --ignore offload,sysctl --hook %s %s", hook,
			 cases[i / 2].options);
		gateway_runs(line, 0, NULL);
		source_set(cases[i / 2].src);
		counted = gateway_reason("d", cases[i / 2].reason);
		gateway_send(&gw, 32);
		counted = gateway_reason("d", cases[i / 2].reason) - counted;
		tap_true(counted >= 30, "counted under its reason");
		tap_eq(gateway_received(&gw) - arrived, cases[i / 2].arrives ? 32 : 0,
		       "packets at the workload");
		tap_end();
	}
	source_set("10.0.0.2");
	gateway_runs("detach --all", 0, NULL);
}

static void file_write(const char *port)
{
	FILE *f = fopen(FILE_PATH, "we");

	tap_true(f && fprintf(f, "penstock: 1\nports: [{dev: d, %s}]\n", port) > 0 && !fclose(f),
		 "write " FILE_PATH);
}

/* No packet is lost or left to the kernel while the list changes around its peer. */
static void reloaded(void)
{
	static const struct want second = { "", PN_PEERS_LISTED, true, 1,
					    { "10.0.0.0/24", "fd00::/64" } };
	uint64_t before = gateway_received(&gw), decap;
	pid_t daemon;
	int i;

	tap_case("a changed list takes effect by SIGHUP, without a gap");
	file_write("ignore: [offload, sysctl], peers: [10.0.0.0/24, 192.0.2.0/24], strict: true");
	daemon = gateway_daemon("run " FILE_PATH " --state " STATE);
	if (!tap_sys(daemon, "daemon"))
		goto out;
	gateway_send(&gw, 32);
	decap = gateway_reason("d", "decap");
	file_write("ignore: [offload, sysctl], peers: [10.0.0.0/24, 'fd00::/64'], strict: true");
	kill(daemon, SIGHUP);
	for (i = 0; i < 4; i++)
		gateway_send(&gw, 32);
	gateway_awaits("fd00::/64");
	gateway_awaits("\"state\":\"attached\"");
	tap_eq(gateway_received(&gw) - before, 160, "packets at the workload");
	tap_true(gateway_reason("d", "decap") - decap >= 120, "decapsulated by penstock");
	conf_check(&second);
	gateway_stop(daemon, SIGTERM);
out:
	gateway_runs("delete " FILE_PATH " --state " STATE, 0, NULL);
	gateway_runs("detach --all", 0, NULL);
	unlink(FILE_PATH);
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw) || netns_name(&gw.scene.e, "workload"))
		tap_bail("no gateway");
	refusals();
	options();
	undone();
	shown();
	taken();
	reloaded();
	gateway_close(&gw);
	return tap_done();
}
