// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Super-packets of 50 kB against buckets that hold one, or not even that, by real
 * UDP sockets: what tc sees is one packet that costs its frames, and passes whole or
 * not at all; native XDP sees the frames; generic XDP sees one packet with one header.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netns.h"
#include "rated.h"
#include "shell.h"
#include "tap.h"

#define PINS	"/sys/fs/bpf/pnt-shape-gso"
#define AT_PINS	"--bpffs " PINS " "
#define STATE	"/run/pnt-shape-gso"
#define FILE_OF	"/run/pnt-shape-gso.yaml"
#define FRAMES	50
#define PAYLOAD	1000
#define FRAME	(PAYLOAD + 42)
#define WHOLE	(FRAMES * FRAME)
#define ALONE	(FRAMES * PAYLOAD + 42)
#define WAIT_MS	5000

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

static struct netns a, d;

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

static void world_make(void)
{
	must(netns_open(&a), "namespace");
	must(netns_open(&d), "namespace");
	netns_quiet(&a);
	netns_quiet(&d);
	must(netns_veth(&d, "d0", &a, "a0"), "veth");
	must(netns_addr(&a, "a0", "192.168.5.2/24"), "address");
	must(netns_addr(&d, "d0", "192.168.5.1/24"), "address");
	must(netns_mac(&d, "d0", "02:00:00:00:00:01"), "MAC");
	must(netns_neigh(&a, "a0", "192.168.5.1", "02:00:00:00:00:01"), "neighbour");
	must(netns_up(&a, "a0"), "up");
	must(netns_up(&d, "d0"), "up");
	must(netns_wait_up(&d, "d0"), "carrier");
	must(netns_wait_up(&a, "a0"), "carrier");
}

/* One write of a socket that is cut into frames as late as possible. */
static void super_send(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(2000) };
	static const char data[FRAMES * PAYLOAD];
	int fd, size = PAYLOAD;

	must(netns_enter(&a), "namespace");
	inet_pton(AF_INET, "192.168.5.1", &to.sin_addr);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size));
	tap_eq(sendto(fd, data, sizeof(data), 0, (struct sockaddr *)&to, sizeof(to)), sizeof(data),
	       "sent");
	close(fd);
	netns_leave();
}

static void file_apply(const char *hook, int burst)
{
	FILE *f = fopen(FILE_OF, "we");

	if (!f || fprintf(f, "penstock: 1\nports:\n  - {dev: d0, %s}\nshapers:\n"
			  "  - {name: all, rate: 8kbit, burst: %db,\n"
			  "     match: {dev: d0, proto: udp, dport: 2000}}\n", hook, burst) < 0 ||
	    fclose(f))
		tap_bail("cannot write " FILE_OF);
	shell_penstock(&d, AT_PINS "apply --state " STATE " " FILE_OF);
}

struct row {
	const char *name, *hook;
	int burst;
	int passed, dropped;	/* packets, as the shaper counts them, of two super-packets */
	int bytes;		/* of one packet */
};

static const struct row rows[] = {
	{ "tc: it passes whole, the next one not at all", "hook: tc",
	  WHOLE + FRAME, FRAMES, FRAMES, FRAME },
	{ "tc: longer than the burst, as the frames that it was: never", "hook: tc",
	  WHOLE - 1, 0, 2 * FRAMES, FRAME },
	{ "tc: a small burst", "hook: tc", 10 * FRAME, 0, 2 * FRAMES, FRAME },
	{ "native XDP: frames, of which a small burst takes some", "hook: xdp",
	  10 * FRAME, 10, 2 * FRAMES - 10, FRAME },
	{ "generic XDP: it passes whole, the next one not at all", "hook: xdp, mode: generic",
	  WHOLE, 1, 1, ALONE },
	{ "generic XDP: a small burst", "hook: xdp, mode: generic", 10 * FRAME, 0, 2,
	  ALONE },
};

static void row_check(const struct row *row)
{
	struct pn_shaper_stats stats;
	const struct pn_count *passed = &stats.outcome[PN_SHAPER_PASSED];
	const struct pn_count *dropped = &stats.outcome[PN_SHAPER_DROPPED];
	uint64_t want = row->passed + row->dropped;
	struct rated r;

	tap_case("%s", row->name);
	file_apply(row->hook, row->burst);
	must(netns_enter(&d), "namespace");
	rated_open(&r, PINS, "all", netns_ifindex(&d, "d0"));
	netns_leave();
	super_send();
	super_send();
	for (int ms = 0; ms < WAIT_MS && rated_met(&r) < want; ms++)
		poll(NULL, 0, 1);
	rated_stats(&r, &stats);
	tap_eq(passed->packets, row->passed, "passed");
	tap_eq(dropped->packets, row->dropped, "dropped");
	tap_eq(passed->bytes, row->passed * row->bytes, "bytes passed");
	tap_eq(dropped->bytes, row->dropped * row->bytes, "bytes dropped");
	rated_close(&r);
	shell_penstock(&d, AT_PINS "delete --state " STATE " " FILE_OF);
	shell_penstock(&d, AT_PINS "detach --all");
	tap_end();
}

int main(void)
{
	world_make();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_check(&rows[i]);
	unlink(FILE_OF);
	rmdir(STATE);
	netns_close(&a);
	netns_close(&d);
	return tap_done();
}
