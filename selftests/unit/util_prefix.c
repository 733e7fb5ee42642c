// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* IP prefixes: what is taken, how it is kept and written, and each sentence. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"
#include "util/port_conf.h"

#define SHAPE "must be an IP prefix such as 10.0.0.0/24 or fd00::/64"
#define IPV4 "must not hold IPv4 addresses (::ffff:0:0/96), which are written as IPv4; " \
	     "2000::/3 are the global ones of IPv6"

static const struct {
	const char *text, *as;	/* NULL: refused */
	const char *why;
	unsigned int len;
} rows[] = {
	{ "10.0.0.0/24", "10.0.0.0/24", NULL, 120 },
	{ "10.0.0.1", "10.0.0.1/32", NULL, 128 },
	{ "0.0.0.0/0", "0.0.0.0/0", NULL, 96 },
	{ "255.255.255.255/32", "255.255.255.255/32", NULL, 128 },
	{ "128.0.0.0/1", "128.0.0.0/1", NULL, 97 },
	{ "fd00::/64", "fd00::/64", NULL, 64 },
	{ "FD00:0::0/64", "fd00::/64", NULL, 64 },
	{ "2001:db8::1", "2001:db8::1/128", NULL, 128 },
	{ "2000::/3", "2000::/3", NULL, 3 },
	{ "8000::/1", "8000::/1", NULL, 1 },
	{ "10.0.0.1/24", NULL, "has bits set behind the prefix: must be 10.0.0.0/24", 0 },
	{ "11.0.0.0/7", NULL, "has bits set behind the prefix: must be 10.0.0.0/7", 0 },
	{ "fd00::1/127", NULL, "has bits set behind the prefix: must be fd00::/127", 0 },
	{ "10.0.0.0/33", NULL, "must have a prefix length of 0 to 32", 0 },
	{ "10.0.0.0/", NULL, "must have a prefix length of 0 to 32", 0 },
	{ "10.0.0.0/0x8", NULL, "must have a prefix length of 0 to 32", 0 },
	{ "10.0.0.0/-1", NULL, "must have a prefix length of 0 to 32", 0 },
	{ "10.0.0.0/24/8", NULL, "must have a prefix length of 0 to 32", 0 },
	{ "fd00::/129", NULL, "must have a prefix length of 0 to 128", 0 },
	{ "::/0", NULL, IPV4, 0 },
	{ "::/64", NULL, IPV4, 0 },
	{ "::ffff:0:0/96", NULL, IPV4, 0 },
	{ "::ffff:10.0.0.1", NULL, IPV4, 0 },
	{ "::/97", "::/97", NULL, 97 },
	{ "", NULL, SHAPE, 0 },
	{ "/24", NULL, SHAPE, 0 },
	{ "10.0.0/24", NULL, SHAPE, 0 },
	{ " 10.0.0.0/24", NULL, SHAPE, 0 },
	{ "eth0", NULL, SHAPE, 0 },
	{ "fd00::1%eth0/64", NULL, SHAPE, 0 },
	{ "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa/64", NULL, SHAPE, 0 },
};

static void rows_test(void)
{
	char why[160], text[PN_PREFIX_TEXT];
	struct pn_prefix p;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int ret = pn_prefix_parse(rows[i].text, &p, why, sizeof(why));

		tap_case("prefix \"%s\"", rows[i].text);
		if (tap_eq(!ret, !!rows[i].as, "taken") && !ret) {
			tap_str(pn_prefix_text(&p, text), rows[i].as, "as it is written");
			tap_eq(p.len, rows[i].len, "bits");
		} else if (ret) {
			tap_str(why, rows[i].why, "why not");
		}
		tap_end();
	}
}

static void list_test(void)
{
	struct pn_port_peers peers = { 0 };
	char why[160], text[32];
	unsigned int i;

	tap_case("a port's list: no prefix twice, and a last one");
	for (i = 0; i < PN_PORT_PREFIXES; i++) {
		snprintf(text, sizeof(text), "10.0.%u.0/24", i);
		tap_eq(pn_port_peers_add(&peers, text, why, sizeof(why)), 0, text);
	}
	tap_eq(peers.mode, PN_PEERS_LISTED, "mode");
	tap_true(pn_port_peers_add(&peers, "10.0.63.0/24", why, sizeof(why)) < 0, "twice");
	tap_str(why, "is given twice", "why not");
	tap_true(pn_port_peers_add(&peers, "fd00::/8", why, sizeof(why)) < 0, "one more");
	tap_str(why, "is one too many: a port has at most 64 prefixes", "why not");
	tap_eq(peers.n, PN_PORT_PREFIXES, "prefixes");
	tap_end();
}

int main(void)
{
	rows_test();
	list_test();
	return tap_done();
}
