// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * explain and doctor on a live port: verdicts, resulting packets, nothing sent
 * or counted; damaged and foreign files; a target that takes no XDP frames.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "gateway.h"
#include "tap.h"

#define IN	"/run/netns/in.pcap"
#define OUT	"/run/netns/out.pcap"
#define ATTACH	"attach d --ignore offload,sysctl --hook "

static struct gateway gw;

/* One that is forwarded, one for another host, one of three bytes. */
static void capture_write(void)
{
	struct pkt other = gw.packet;
	FILE *f = capture_new(IN, CAPTURE_MAGIC, CAPTURE_ETHERNET);

	if (!f)
		return;
	pkt_data(&other)[5] ^= 1;
	capture_add(f, pkt_data(&gw.packet), gw.packet.len, gw.packet.len);
	capture_add(f, pkt_data(&other), other.len, other.len);
	capture_add(f, "abc", 3, 3);
	fclose(f);
}

/* The forwarded packet is the inner frame, the others are as they came. */
static void output_check(void)
{
	struct pkt want = gw.packet;
	FILE *f = capture_open(OUT);
	struct capture_packet h;
	uint8_t data[2048];

	if (!f)
		return;
	pkt_pull(&want, 50);
	if (capture_next(f, &h, data, sizeof(data))) {
		tap_bytes(data, h.caplen, pkt_data(&want), want.len, "forwarded packet");
		tap_eq(h.sec, CAPTURE_SEC, "its time");
	}
	if (capture_next(f, &h, data, sizeof(data)))
		tap_eq(h.caplen, gw.packet.len, "length of the passed packet");
	fclose(f);
}

static void explained(const char *hook)
{
	static const struct gateway_met want[] = {
		{ "forward", "decap", "vx", "w" },
		{ "pass", "other-mac", "null", "null" },
		{ "pass", "short", "null", "null" },
	};
	uint64_t arrived = gateway_received(&gw);
	char line[64];

	tap_case("explain at %s: verdicts and bytes, and nothing is sent or counted", hook);
	snprintf(line, sizeof(line), ATTACH "%s", hook);
	gateway_runs(line, 0, NULL);
	capture_write();
	gateway_explains("explain " IN " --dev d -w " OUT " -j", want, 3);
	output_check();
	tap_eq(gateway_received(&gw), arrived, "packets at the workload");
	tap_eq(gateway_reason("d", "decap"), 0, "packets counted");
	gateway_runs("detach --all", 0, NULL);
	gateway_runs("explain " IN " --dev d", 1, "is not attached");
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
	tap_sys(truncate(IN, sizeof(struct capture_header) + sizeof(struct capture_packet) + 20),
		"truncate");
	refused("packet 1 ends before its last byte");
	tap_sys(truncate(IN, sizeof(struct capture_header) + 3), "truncate");
	refused("packet 1 ends inside its header");
	tap_sys(truncate(IN, 10), "truncate");
	refused("too short for a capture file");
	f = capture_new(IN, 0x0a0d0d0a, CAPTURE_ETHERNET);
	fclose(f);
	refused("is a pcapng file");
	f = capture_new(IN, 0x12345678, CAPTURE_ETHERNET);
	fclose(f);
	refused("is no capture file");
	f = capture_new(IN, CAPTURE_MAGIC, 113);
	fclose(f);
	refused("holds no Ethernet frames");
	f = capture_new(IN, CAPTURE_MAGIC, CAPTURE_ETHERNET);
	capture_add(f, pkt_data(&gw.packet), 40, gw.packet.len);
	fclose(f);
	refused("packet 1 was cut off");
	f = capture_new(IN, CAPTURE_MAGIC, CAPTURE_ETHERNET);
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
	gateway_close(&gw);
	return tap_done();
}
