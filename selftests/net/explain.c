// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * explain and doctor on a live port: verdicts, resulting packets, nothing sent
 * or counted; damaged and foreign files; a target that takes no XDP frames.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gateway.h"
#include "tap.h"

#define IN	"/run/netns/in.pcap"
#define OUT	"/run/netns/out.pcap"
#define ATTACH	"attach d --ignore offload,sysctl --hook "

struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, sigfigs, snaplen, linktype;
};

struct packet_header {
	uint32_t sec, usec, caplen, len;
};

static struct gateway gw;

static FILE *pcap_new(uint32_t magic, uint32_t linktype)
{
	struct file_header h = { .magic = magic, .major = 2, .minor = 4, .snaplen = 65535,
				 .linktype = linktype };
	FILE *f = fopen(IN, "we");

	if (f)
		fwrite(&h, sizeof(h), 1, f);
	return f;
}

static void pcap_add(FILE *f, const void *data, uint32_t caplen, uint32_t len)
{
	struct packet_header h = { 7, 8, caplen, len };

	fwrite(&h, sizeof(h), 1, f);
	fwrite(data, caplen, 1, f);
}

/* One that is forwarded, one for another host, one of three bytes. */
static void capture_write(void)
{
	struct pkt other = gw.packet;
	FILE *f = pcap_new(0xa1b2c3d4, 1);

	if (!tap_true(f, "write " IN))
		return;
	pkt_data(&other)[5] ^= 1;
	pcap_add(f, pkt_data(&gw.packet), gw.packet.len, gw.packet.len);
	pcap_add(f, pkt_data(&other), other.len, other.len);
	pcap_add(f, "abc", 3, 3);
	fclose(f);
}

static void value_is(struct json_object *row, const char *key, const char *want)
{
	struct json_object *v = NULL;

	json_object_object_get_ex(row, key, &v);
	tap_str(v ? json_object_get_string(v) : "null", want, key);
}

static void row_is(struct json_object *rows, int i, const char *const *want)
{
	static const char *const keys[] = { "packet", "verdict", "reason", "tunnel", "egress" };
	struct json_object *row = json_object_array_get_idx(rows, i);
	unsigned int k;

	for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
		value_is(row, keys[k], want[k]);
}

/* The forwarded packet is the inner frame, the others are as they came. */
static void output_check(void)
{
	struct packet_header h = { 0 };
	struct pkt want = gw.packet;
	uint8_t data[2048];
	FILE *f = fopen(OUT, "re");

	if (!tap_true(f, "open " OUT))
		return;
	fseek(f, sizeof(struct file_header), SEEK_SET);
	pkt_pull(&want, 50);
	if (tap_eq(fread(&h, sizeof(h), 1, f), 1, "first packet") && h.caplen < sizeof(data) &&
	    tap_eq(fread(data, h.caplen, 1, f), 1, "its bytes"))
		tap_bytes(data, h.caplen, pkt_data(&want), want.len, "forwarded packet");
	tap_eq(h.sec, 7, "its time");
	if (tap_eq(fread(&h, sizeof(h), 1, f), 1, "second packet"))
		tap_eq(h.caplen, gw.packet.len, "length of the passed packet");
	fclose(f);
}

static void explained(const char *hook)
{
	static const char *const want[][5] = {
		{ "1", "forward", "decap", "vx", "w" },
		{ "2", "pass", "other-mac", "null", "null" },
		{ "3", "pass", "short", "null", "null" },
	};
	struct json_object *rows;
	uint64_t arrived = gateway_received(&gw);
	char line[64];
	int i;

	tap_case("explain at %s: verdicts and bytes, and nothing is sent or counted", hook);
	snprintf(line, sizeof(line), ATTACH "%s", hook);
	gateway_runs(line, 0, NULL);
	capture_write();
	rows = json_tokener_parse(gateway_output("explain " IN " --dev d -w " OUT " -j"));
	if (tap_true(rows && json_object_array_length(rows) == 3, "three rows"))
		for (i = 0; i < 3; i++)
			row_is(rows, i, want[i]);
	json_object_put(rows);
	output_check();
	tap_eq(gateway_received(&gw), arrived, "packets at the workload");
	tap_eq(gateway_reason("d", "decap"), 0, "packets counted");
	gateway_runs("detach --all", 0, NULL);
	gateway_runs("explain " IN " --dev d", 1, "is not attached");
	tap_end();
}

/* To the workload's network, and to this host itself; the frame is the tunnel device's. */
static void routed_capture(void)
{
	static const char *const to[] = { "192.168.5.1", "192.168.5.254" };
	FILE *f = pcap_new(0xa1b2c3d4, 1);
	struct pkt p;

	if (!tap_true(f, "write " IN))
		return;
	for (int i = 0; i < 2; i++) {
		struct pkt_ip ip = { .addr = pkt_addr("192.168.5.2", to[i]), .proto = 17,
				     .ttl = 64 };

		pkt_init(&p);
		pkt_append(&p, NULL, 24);
		pkt_udp(&p, 1000, 2000);
		pkt_ip(&p, &ip);
		pkt_E(&p);
		pkt_vxlan(&p, 5);
		pkt_U(&p, 4789);
		pkt_O4(&p, 17);
		pcap_add(f, pkt_data(&p), p.len, p.len);
	}
	fclose(f);
}

/* The first packet of the output: a new Ethernet header, one hop less. */
static void routed_output(void)
{
	static const uint8_t mac[] = { 0x02, 0xaa, 0, 0, 0, 4, 0x02, 0xbb, 0, 0, 0, 2, 8, 0 };
	struct packet_header h = { 0 };
	uint8_t data[2048];
	FILE *f = fopen(OUT, "re");

	if (!tap_true(f, "open " OUT))
		return;
	fseek(f, sizeof(struct file_header), SEEK_SET);
	if (tap_eq(fread(&h, sizeof(h), 1, f), 1, "first packet") && h.caplen < sizeof(data) &&
	    tap_eq(fread(data, h.caplen, 1, f), 1, "its bytes"))
		tap_bytes(data, sizeof(mac), mac, sizeof(mac), "Ethernet header");
	fclose(f);
}

static void routed(const char *hook)
{
	static const char *const want[][5] = {
		{ "1", "forward", "routed", "vx", "w" },
		{ "2", "forward", "delivered", "vx", "null" },
		{ "2", "pass", "route-local", "vx", "null" },
	};
	bool tc = !strcmp(hook, "tc");
	struct json_object *rows;
	char line[64];

	tap_case("explain at %s: a packet that is routed, and one for this host", hook);
	routed_capture();
	snprintf(line, sizeof(line), ATTACH "%s", hook);
	gateway_runs(line, 0, NULL);
	rows = json_tokener_parse(gateway_output("explain " IN " --dev d -w " OUT " -j"));
	if (tap_true(rows && json_object_array_length(rows) == 2, "two rows")) {
		row_is(rows, 0, want[0]);
		row_is(rows, 1, want[tc ? 1 : 2]);
	}
	json_object_put(rows);
	routed_output();
	tap_eq(gateway_reason("d", "routed") + gateway_reason("d", "refresh"), 0, "counted");
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

/* The tunnel leaves the bridge, and so does the way to the workload. */
static void route_instead(void)
{
	struct netns *d = &gw.scene.d;

	tap_case("the tunnel is no bridge port any more");
	tap_sys(netns_ip(d, "link set vx nomaster\nlink set w nomaster\n"), "no bridge");
	tap_sys(netns_sysctl(d, "net/ipv4/ip_forward", "1"), "forwarding");
	tap_sys(scene_routes(d), "addresses and neighbours");
	tap_end();
}

static void refused(const char *says)
{
	unlink(OUT);
	gateway_runs("explain " IN " --dev d -w " OUT, 1, says);
	tap_true(access(OUT, F_OK), "no output file");
}

static void files(void)
{
	FILE *f;

	tap_case("a file that is no whole capture is refused with a sentence");
	gateway_runs(ATTACH "tc", 0, NULL);
	gateway_runs("explain " IN, 1, "--dev is missing");
	gateway_runs("explain /run/netns/none --dev d", 1, "cannot be opened");
	capture_write();
	tap_sys(truncate(IN, sizeof(struct file_header) + sizeof(struct packet_header) + 20),
		"truncate");
	refused("packet 1 ends before its last byte");
	tap_sys(truncate(IN, sizeof(struct file_header) + 3), "truncate");
	refused("packet 1 ends inside its header");
	tap_sys(truncate(IN, 10), "truncate");
	refused("too short for a capture file");
	f = pcap_new(0x0a0d0d0a, 1);
	fclose(f);
	refused("is a pcapng file");
	f = pcap_new(0x12345678, 1);
	fclose(f);
	refused("is no capture file");
	f = pcap_new(0xa1b2c3d4, 113);
	fclose(f);
	refused("holds no Ethernet frames");
	f = pcap_new(0xa1b2c3d4, 1);
	pcap_add(f, pkt_data(&gw.packet), 40, gw.packet.len);
	fclose(f);
	refused("packet 1 was cut off");
	f = pcap_new(0xa1b2c3d4, 1);
	fclose(f);
	gateway_runs("explain " IN " --dev d", 0, NULL);
	gateway_runs("detach --all", 0, NULL);
	unlink(IN);
	unlink(OUT);
	tap_end();
}

static void has(const char *text, const char *word)
{
	if (!strstr(text, word))
		tap_fail("no %s in %s", word, text);
}

static void doctor(void)
{
	const char *text;

	tap_case("doctor tries out the kernel, looks at the devices and changes nothing");
	text = gateway_output("doctor -j d w br0");
	has(text, "{\"check\":\"xdp program\",\"state\":\"ok\"");
	has(text, "{\"check\":\"tc program\",\"state\":\"ok\"");
	has(text, "\"device\":\"d\",\"driver\":\"veth\"");
	has(text, "\"device\":\"br0\",\"driver\":\"bridge\"");
	has(text, "\"target\":false,\"target_why\":\"its driver takes no XDP frames\"");
	tap_true(access("/sys/fs/bpf/penstock", F_OK), "no pins");
	gateway_runs("doctor nope", 2, "there is no such device");
	text = gateway_output("doctor -j w --bpffs /tmp/none");
	has(text, "there is no bpffs at /tmp");
	tap_end();
}

/* The workload behind a macvlan, which has no XDP: XDP passes, tc forwards. */
static void no_xdp_target(void)
{
	struct netns *d = &gw.scene.d;
	uint64_t before;

	tap_case("a bridge port that takes no XDP frames: XDP passes, tc forwards");
	tap_sys(netns_ip(d, "link set w nomaster\n"
			    "link add link w name mv0 type macvlan mode bridge\n"
			    "link set mv0 up\n"
			    "link set mv0 master br0\n"), "macvlan");
	tap_sys(netns_fdb(d, "mv0", SCENE_IN_DST, NULL), "fdb");
	gateway_runs(ATTACH "xdp", 0, NULL);
	before = gateway_received(&gw);
	gateway_send(&gw, 64);
	tap_eq(gateway_received(&gw) - before, 64, "packets at the workload");
	tap_true(gateway_reason("d", "egress-hook") >= 60, "left to the kernel");
	gateway_runs(ATTACH "tc", 0, NULL);
	gateway_send(&gw, 64);
	tap_eq(gateway_received(&gw) - before, 128, "packets at the workload");
	tap_true(gateway_reason("d", "decap") >= 60, "decapsulated");
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	netns_name(&gw.scene.e, "workload");
	explained("tc");
	explained("xdp");
	files();
	doctor();
	no_xdp_target();
	route_instead();
	routed("tc");
	routed("xdp");
	gateway_close(&gw);
	return tap_done();
}
