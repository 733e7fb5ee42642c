// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The `shapers` of topology files: what is refused, where and in which words; what is read. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "topo/file.h"
#include "topo/shaper.h"

#define HEAD "penstock: 1\nshapers:\n"
#define ONE(rest) HEAD "  - {name: a, rate: 1mbit" rest "}\n"
#define MATCH(rest) ONE(", match: {" rest "}")
#define RATES "must be a rate of 8kbit to 1tbit, such as 100mbit (bit, kbit, mbit, gbit; " \
	"bps, kbps, mbps: bytes)"

/* want: "LINE:COLUMN: OBJECT: TEXT"; " | HINT" is compared where it is given. */
static const struct {
	const char *text, *want;
} bad[] = {
	{ "penstock: 1\nshapers: {}\n", "2:10: shapers must be a list, not a map" },
	{ HEAD "  - a\n", "3:5: shapers: must be a map, not a text" },
	{ HEAD "  - {rate: 1mbit}\n", "3:5: shapers: name is required" },
	{ HEAD "  - {name: a b, rate: 1mbit}\n",
	  "3:12: shapers: name: \"a b\" must be 1 to 31 letters, digits, dots, dashes and "
	  "underscores" },
	{ HEAD "  - {name: a}\n", "3:5: a: rate is required: " RATES },
	{ HEAD "  - {name: a, rate: 0}\n", "3:21: a: rate: \"0\" is out of range: " RATES },
	{ HEAD "  - {name: a, rate: 7kbit}\n",
	  "3:21: a: rate: \"7kbit\" is out of range: " RATES },
	{ HEAD "  - {name: a, rate: unlimited}\n",
	  "3:21: a: rate: \"unlimited\" is out of range: " RATES },
	{ HEAD "  - {name: a, rate: 5 apples}\n", "3:21: a: rate: \"5 apples\" " RATES },
	{ ONE(", ceil: 500kbit"),
	  "3:34: a: ceil: 500kbit is below the guaranteed rate of 1mbit: make it as high, or "
	  "leave it out" },
	{ ONE(", burst: 0"), "3:35: a: burst: \"0\" is out of range: must be a size such as 64k "
	  "(b, k, m: powers of 1024), more than 0" },
	{ ONE(", burst: 1g"), "3:35: a: burst: takes 8589 s to fill at 1mbit: at most 7500000 "
	  "bytes, which are 60 s" },
	{ ONE(", cburst: 64k"), "3:36: a: cburst: is the burst of ceil, which is not given: give "
	  "it, or say burst" },
	{ ONE(", rat: 1"), "3:28: a: unknown key \"rat\" | did you mean \"rate\"?" },
	{ ONE(", action: drop"), "3:36: a: action: \"drop\" must be police, shape or mark" },
	{ ONE(", action: shape, ecn: true"), "3:48: a: ecn: is for action police, and this "
	  "shaper's is shape: leave it out, or change the action" },
	{ ONE(", match: {}, remark: cs1"), "3:47: a: remark: is for action mark, and this "
	  "shaper's is police: leave it out, or change the action" },
	{ ONE(", match: {}, per: dst"), "3:44: a: per: \"dst\" must be src or mac" },
	{ ONE(", match: {}, qdisc: tbf"), "3:46: a: qdisc: is for action shape, and this "
	  "shaper's is police: leave it out, or change the action" },
	{ ONE(", overhead: -65"), "3:38: a: overhead: \"-65\" is out of range: must be -64..256 "
	  "bytes" },
	{ ONE(", spread: [0, 0]"), "3:40: a: spread: \"0\" is given twice" },
	{ ONE(", spread: [0, true]"), "3:40: a: spread: \"true\" must be CPUs, 0..255, such as "
	  "[0, 1], or true for all that are online" },
	{ ONE(", spread: [0]"), "3:36: a: spread: has no packets of its own to spread: give it a "
	  "match" },
	{ ONE(", match: []"), "3:35: a: match must be a map, not a list" },
	{ MATCH("dev: eth0/1"), "3:41: a: dev: \"eth0/1\" must be the name of a port, or a list of "
	  "them, at most 16" },
	{ MATCH("dev: [eth0, eth0]"), "3:48: a: dev: \"eth0\" is given twice" },
	{ MATCH("dev: []"), "3:41: a: dev: the list is empty: leave it out" },
	{ MATCH("vlan: 4095"), "3:42: a: vlan: \"4095\" is out of range: must be 0..4094" },
	{ MATCH("kind: none"), "3:42: a: kind: \"none\" must be a kind of tunnel such as vxlan, "
	  "geneve, gretap" },
	{ MATCH("kind: gre, vni: 1"), "3:52: a: vni: gre has none: vxlan and geneve do" },
	{ MATCH("kind: vxlan, key: 1.2.3.4"), "3:54: a: key: vxlan has none: gre, gretap and "
	  "their IPv6 kinds do" },
	{ MATCH("vni: 1, key: 1"), "3:49: a: key: cannot be set together with vni: tunnels have "
	  "the one or the other" },
	{ MATCH("src: 10.0.0.1/8"), "3:41: a: src: \"10.0.0.1/8\" has bits set behind the "
	  "prefix: must be 10.0.0.0/8" },
	{ MATCH("src: 10.0.0.0/8, dst: 'fd00::/8'"), "3:58: a: dst: is IPv6, and src is IPv4: no "
	  "packet is both" },
	{ MATCH("dscp: af99"), "3:42: a: dscp: \"af99\" must be a DSCP: 0..63, or a name such as "
	  "af41, cs1, ef" },
	{ MATCH("sport: 80"), "3:43: a: sport: needs proto: say tcp or udp beside it" },
	{ MATCH("proto: icmp, dport: 80"), "3:56: a: dport: protocol 1 has no ports: tcp, udp, "
	  "sctp, dccp and udplite do" },
	{ ONE("") "  - {name: a, rate: 1mbit}\n", "4:5: a: is given twice, first in line 3" },
	{ ONE(", parent: b"), "3:36: a: parent: there is no shaper \"b\" in this file | parents "
	  "are shapers of the same file; their order does not matter" },
	{ ONE(", parent: a"), "3:36: a: parent: \"a\" is below it already: a shaper cannot be a "
	  "part of itself" },
	{ ONE(", parent: b") "  - {name: b, rate: 1mbit, parent: a}\n",
	  "3:36: a: parent: \"b\" is below it already: a shaper cannot be a part of itself" },
	{ ONE("") "  - {name: b, rate: 1mbit, parent: a}\n  - {name: c, rate: 1mbit, parent: b}\n"
	  "  - {name: d, rate: 1mbit, parent: c}\n  - {name: e, rate: 1mbit, parent: d}\n",
	  "7:36: e: parent: is the 5th level, at most 4: host, port, tunnel or VLAN, tenant" },
	{ ONE("") "  - {name: b, rate: 600kbit, parent: a}\n  - {name: c, rate: 600kbit, "
	  "parent: a}\n",
	  "5:21: c: rate: with it 1200kbit is guaranteed below a, which has 1mbit | lower the "
	  "rates of its children, and let them borrow with ceil: 1mbit" },
	{ MATCH("vni: 1") "  - {name: b, rate: 1mbit, match: {vni: 1}}\n",
	  "4:35: b: match: is the same as that of a in line 3, which is first and takes every "
	  "packet" },
	{ MATCH("dev: [e0, e1]") "  - {name: b, rate: 1mbit, match: {dev: e1}}\n",
	  "4:35: b: match: is the same as that of a in line 3, at e1, which is first and takes "
	  "every packet" },
	{ ONE(", action: police") "  - {name: b, rate: 1mbit, parent: a, action: shape, "
	  "match: {}}\n",
	  "4:47: b: action: b is queued, and its parent a is not: either all of a tree is queued, "
	  "or nothing" },
	{ HEAD "  - {name: abcdefghijklm, rate: 1mbit, action: shape, match: {}}\n",
	  "3:12: abcdefghijklm: the name of its IFB device, ifb-abcdefghijklm, is too long: 17 "
	  "characters, at most 15 | give it a name of its own: ifb: ifb-0" },
	{ ONE(", action: shape, qdisc: tbf") "  - {name: b, rate: 1mbit, parent: a, action: shape, "
	  "match: {}}\n",
	  "3:50: a: qdisc: tbf has no classes, so the shaper can neither have a parent nor be "
	  "one: take htb" },
};

static void refused(const char *text, const char *want)
{
	struct pn_err err = { 0 };
	struct pn_topo *topo;
	char got[1024];
	int rc = pn_topo_parse("test.yaml", text, strlen(text), &topo, &err);

	tap_case("refused: %s", want);
	snprintf(got, sizeof(got), "%u:%u: %s%s%s%s%s", err.line, err.column, err.object,
		 err.object[0] ? ": " : "", err.text, strstr(want, " | ") ? " | " : "",
		 strstr(want, " | ") ? err.hint : "");
	if (!rc)
		tap_fail("it was accepted");
	else if (strcmp(got, want))
		tap_fail("got:  %s", got);
	if (!rc)
		pn_topo_free(topo);
	tap_end();
}

static const char whole[] = HEAD
	"  - {name: tree, rate: 1gbit, ceil: 2gbit, cburst: 1m}\n"
	"  - {name: tenant, parent: tree, rate: 10mbit, ceil: 20mbit, burst: 64k, action: shape,\n"
	"     qdisc: fq_codel, limit: 100, spread: [1, 3], overhead: 4, mpu: 64,\n"
	"     linklayer: atm, length: l2,\n"
	"     match: {dev: [e0, e1], vlan: 0, kind: gretap, key: 0.0.1.0, peer: 10.0.0.0/24,\n"
	"             local: 10.0.1.1, src: 'fd00::/64', dscp: af41, proto: tcp, sport: 80,\n"
	"             mark: 0x7}}\n"
	"  - {name: guests, rate: 1mbit, action: mark, remark: cs1, per: mac, match: {}}\n";

static void text_is(const struct pn_topo_shaper *s, enum pn_shaper_word word, const char *want)
{
	char got[PN_SHAPER_TEXT];

	tap_str(pn_shaper_text(&s->conf, word, got, sizeof(got)), want,
		pn_shaper_rows[word].key);
}

static void read_whole(void)
{
	const struct pn_topo_shaper *s;
	char text[PN_SHAPER_TEXT];
	struct pn_err err = { 0 };
	struct pn_topo *topo;
	unsigned int n;

	tap_case("words are read, and written as the file would say them");
	if (pn_topo_parse("test.yaml", whole, strlen(whole), &topo, &err)) {
		tap_fail("%u:%u: %s", err.line, err.column, err.text);
		tap_end();
		return;
	}
	s = pn_topo_shapers(topo, &n);
	tap_eq(n, 3, "n");
	tap_eq(s[0].conf.action, PN_SHAPER_SHAPE, "action");
	tap_str(s[0].conf.ifb, "ifb-tree", "the IFB device");
	tap_str(s[1].conf.ifb, "ifb-tree", "the IFB device");
	tap_true(s[1].parent == &s[0] && s[1].depth == 1, "the parent");
	tap_eq(s[1].conf.rate, 1250000, "rate");
	text_is(&s[1], PN_SW_CEIL, "20mbit");
	text_is(&s[1], PN_SW_BURST, "64k");
	text_is(&s[1], PN_SW_ACTION, "shape");
	text_is(&s[1], PN_SW_QDISC, "fq_codel");
	text_is(&s[1], PN_SW_LIMIT, "100");
	text_is(&s[1], PN_SW_SPREAD, "1,3");
	text_is(&s[1], PN_SW_OVERHEAD, "4");
	text_is(&s[1], PN_SW_LINKLAYER, "atm");
	text_is(&s[1], PN_SW_LENGTH, "l2");
	tap_str(pn_shaper_match_text(&s[1].conf, text, sizeof(text)),
		"dev=e0,e1 vlan=0 kind=gretap key=256 peer=10.0.0.0/24 local=10.0.1.1/32 "
		"src=fd00::/64 dscp=af41 proto=tcp sport=80 mark=7", "a match");
	tap_str(pn_shaper_match_text(&s[0].conf, text, sizeof(text)), "", "no match");
	tap_str(pn_shaper_match_text(&s[2].conf, text, sizeof(text)), "all", "an empty match");
	text_is(&s[2], PN_SW_REMARK, "cs1");
	text_is(&s[2], PN_SW_PER, "mac");
	tap_true(pn_topo_shaper_find(topo, "guests") == &s[2], "found by name");
	pn_topo_free(topo);
	tap_end();
}

/* Seventeen lengths of prefixes are one more than is searched. */
static void masks_limit(void)
{
	char text[4096] = HEAD;
	unsigned int i;

	for (i = 0; i <= PN_MAX_MASKS; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "  - {name: s%u, rate: 1mbit, match: {src: 0.0.0.0/%u}}\n", i, i);
	refused(text, "19:37: s16: match: is one kind too many: there may be 16 different sets of "
		"words and prefix lengths | ask for the same words, and prefixes of the same "
		"length, in more shapers");
}

static void flow_of_match(void)
{
	struct pn_shaper_conf c = { .said = PN_SW(MATCH) | PN_SW(VLAN) | PN_SW(PEER) |
					    PN_SW(DSCP) | PN_SW(VNI), .vlan = 7, .key = 100 };
	struct pn_match_mask mask = { .order = 5 };
	char why[200];
	struct pn_flow want;

	tap_case("the mask and the values of a match");
	pn_prefix_parse("10.0.0.0/9", &c.peer, why, sizeof(why));
	pn_shaper_flow(&c, 3, &mask, &want);
	tap_eq(mask.order, 5, "order");
	tap_eq(mask.parts, PN_PART_VLAN | PN_PART_TUNNEL | PN_PART_OUTER | PN_PART_INNER, "parts");
	tap_eq(mask.bits.port, 0xffff, "port");
	tap_eq(want.port, 3, "port");
	tap_eq(mask.bits.vid, 0xffff, "vid");
	tap_eq(want.vid, 7, "vid");
	tap_eq(mask.bits.key, 0xffffffff, "key");
	tap_eq(want.key, 100, "key");
	tap_eq(mask.bits.has, PN_FLOW_HAS_TUNNEL | PN_FLOW_HAS_KEY, "has");
	tap_eq(want.has, mask.bits.has, "has");
	tap_eq(mask.bits.peer[3], htonl(0xff800000), "peer[3]");
	tap_eq(mask.bits.peer[2], 0xffffffff, "peer[2]");
	tap_eq(want.peer[2], htonl(0xffff), "peer[2]");
	tap_eq(mask.bits.dscp, 0xff, "dscp");
	tap_eq(mask.bits.family & 4 & 6, 4, "family & 4 & 6");
	tap_eq(mask.bits.sport | mask.bits.src[3] | mask.bits.mark, 0,
	       "other bits");
	tap_end();
	tap_case("the burst that holds where none is said");
	tap_eq(pn_shaper_burst(125000, 1518), 3036, "pn_shaper_burst(125000, 1518)");
	tap_eq(pn_shaper_burst(125000000, 1518), 1250000, "pn_shaper_burst(125000000, 1518)");
	tap_end();
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(bad[i].text, bad[i].want);
	read_whole();
	masks_limit();
	flow_of_match();
	return tap_done();
}
