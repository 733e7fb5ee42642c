// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The words of a shaper, one row each; see shaper.h. What words together must be
 * is shaper_check.c's.
 */
#include <stdio.h>
#include <string.h>

#include "topo/shaper.h"

static const struct pn_named dscps[] = {
	{ "be", 0 }, { "le", 1 }, { "cs0", 0 }, { "cs1", 8 }, { "cs2", 16 },
	{ "cs3", 24 }, { "cs4", 32 }, { "cs5", 40 }, { "cs6", 48 }, { "cs7", 56 },
	{ "af11", 10 }, { "af12", 12 }, { "af13", 14 }, { "af21", 18 }, { "af22", 20 },
	{ "af23", 22 }, { "af31", 26 }, { "af32", 28 }, { "af33", 30 }, { "af41", 34 },
	{ "af42", 36 }, { "af43", 38 }, { "va", 44 }, { "ef", 46 }, { NULL, 0 },
};

static const struct pn_named protos[] = {
	{ "icmp", 1 }, { "igmp", 2 }, { "tcp", 6 }, { "udp", 17 }, { "dccp", 33 },
	{ "gre", 47 }, { "esp", 50 }, { "ah", 51 }, { "icmpv6", 58 }, { "ospf", 89 },
	{ "sctp", 132 }, { "udplite", 136 }, { NULL, 0 },
};

static const char *const bool_words[] = { "false", "true", NULL };
static const char *const linklayer_words[] = { "ethernet", "atm", NULL };
static const char *const length_words[] = { "l2", "l3", NULL };

#define RATE_WORDS "must be a rate of 8kbit to 1tbit, such as 100mbit (bit, kbit, mbit, gbit; " \
	"bps, kbps, mbps: bytes)"
#define SIZE_WORDS "must be a size such as 64k (b, k, m: powers of 1024), more than 0"
#define PREFIX_WORDS "must be an IP prefix such as 10.0.0.0/24 or fd00::/64, without bits behind it"
#define DSCP_WORDS "must be a DSCP: 0..63, or a name such as af41, cs1, ef"
#define PORT_WORDS "must be a port, 1..65535"

#define AT(field) \
	.at = offsetof(struct pn_shaper_conf, field), \
	.size = sizeof(((struct pn_shaper_conf *)0)->field)
#define MATCH PN_SR_MATCH

const struct pn_shaper_row pn_shaper_rows[PN_SHAPER_WORDS] = {
	[PN_SW_NAME] = { "name", PN_ST_NAME, 0, AT(name), .accepts =
		"must be 1 to 31 letters, digits, dots, dashes and underscores",
		.help = "what it is called everywhere; required" },
	[PN_SW_PARENT] = { "parent", PN_ST_NAME, 0, AT(parent),
		.accepts = "must be the name of a shaper",
		.help = "the shaper that it is a part of: its rate counts against the parent's, "
		"and what the parent has left it may borrow up to ceil; at most 4 levels" },
	[PN_SW_RATE] = { "rate", PN_ST_RATE, 0, AT(rate), .accepts = RATE_WORDS,
		.help = "what is guaranteed; required" },
	[PN_SW_CEIL] = { "ceil", PN_ST_RATE, 0, AT(ceil), .accepts = RATE_WORDS,
		.def = "rate",
		.help = "what it may reach with the rate that its parents leave unused" },
	[PN_SW_BURST] = { "burst", PN_ST_SIZE, 0, AT(burst), .accepts = SIZE_WORDS,
		.def = "what comes in 10 ms at rate, but at least two frames of the ports' MTU",
		.help = "bytes that may come at once after a pause" },
	[PN_SW_CBURST] = { "cburst", PN_ST_SIZE, 0, AT(cburst), .accepts = SIZE_WORDS,
		.def = "as that of burst, at ceil", .help = "the same of ceil" },
	[PN_SW_ACTION] = { "action", PN_ST_WORD, 0, AT(action),
		.accepts = "must be police, shape or mark", .min = PN_SHAPER_POLICE,
		.words = pn_shaper_action_words + PN_SHAPER_POLICE,
		.def = "police; of a parent alone what its children do",
		.help = "what becomes of packets that exceed: police drops them, mark lets them "
		"pass; shape queues all of its packets behind an IFB device" },
	[PN_SW_ECN] = { "ecn", PN_ST_WORD, PN_SR_BOOL, AT(ecn), .words = bool_words,
		.accepts = "must be true or false", .def = "false",
		.help = "police: mark packets that know ECN once half of burst is used, and drop "
		"when all of it is" },
	[PN_SW_REMARK] = { "remark", PN_ST_NAMED, 0, AT(remark), .named = dscps,
		.accepts = DSCP_WORDS, .max = 63,
		.help = "mark: the DSCP of inner packets that exceed; without it they are "
		"counted" },
	[PN_SW_PER] = { "per", PN_ST_WORD, 0, AT(per), .accepts = "must be src or mac",
		.words = pn_shaper_per_words + PN_PER_SRC, .min = PN_PER_SRC,
		.help = "police and mark: fair between source addresses, or source MAC addresses" },
	[PN_SW_OVERHEAD] = { "overhead", PN_ST_OVERHEAD, PN_SR_SIGNED, AT(overhead),
		.accepts = "must be -64..256 bytes", .def = "0", .min = -64ull, .max = 256,
		.help = "bytes that each packet counts more, as of tc(8)" },
	[PN_SW_MPU] = { "mpu", PN_ST_NUMBER, 0, AT(mpu), .accepts = "must be 0..65535 bytes",
		.def = "0", .max = 65535, .help = "the least that a packet counts" },
	[PN_SW_LINKLAYER] = { "linklayer", PN_ST_WORD, 0, AT(atm), .words = linklayer_words,
		.accepts = "must be ethernet or atm", .def = "ethernet",
		.help = "atm: packets count as the cells that they fill" },
	[PN_SW_LENGTH] = { "length", PN_ST_WORD, 0, AT(l3), .words = length_words,
		.accepts = "must be l2 or l3", .def = "l2",
		.help = "l2: the frame as it arrived, without FCS; l3: without its Ethernet header "
		"and tags, as the police action of tc(8) counts at ingress" },
	[PN_SW_QDISC] = { "qdisc", PN_ST_WORD, 0, AT(qdisc), .words = pn_shaper_qdisc_words,
		.accepts = "must be htb, tbf, fq, fq_codel or cake", .def = "htb",
		.help = "shape: the queueing discipline of the IFB device; fq_codel is a leaf "
		"below htb" },
	[PN_SW_LIMIT] = { "limit", PN_ST_COUNT, 0, AT(limit),
		.accepts = "must be a number, or a size such as 64k, more than 0",
		.def = "the kernel's",
		.help = "shape: room in the queue, in what its discipline counts" },
	[PN_SW_IFB] = { "ifb", PN_ST_IFNAME, 0, AT(ifb), .accepts = "must be a name for a device: "
		"1 to 15 characters without blanks, /, : and %",
		.def = "ifb-NAME, of the topmost ancestor", .help = "shape: the IFB device" },
	[PN_SW_SPREAD] = { "spread", PN_ST_CPUS, PN_SR_LIST, AT(spread),
		.accepts = "must be CPUs, 0..255, such as [0, 1], or true for all that are online",
		.max = PN_SHAPER_CPUS - 1, .def = "false",
		.help = "packets that pass go on at these CPUs, each flow at one" },
	[PN_SW_MATCH] = { "match", PN_ST_NONE, 0, .accepts = "must be a map",
		.help = "what its packets are: all that is said holds. Of the shapers that take a "
		"packet it is the first one's of the file. Without it a shaper is only a parent; "
		"{} are all packets" },
	[PN_SW_DEV] = { "dev", PN_ST_DEVS, MATCH | PN_SR_LIST, AT(dev),
		.accepts = "must be the name of a port, or a list of them, at most 16",
		.def = "every port",
		.help = "the port where it arrives; several share one rate" },
	[PN_SW_VLAN] = { "vlan", PN_ST_NUMBER, MATCH, AT(vlan), .accepts = "must be 0..4094",
		.max = 4094, .help = "the VLAN of the first tag; 0: untagged" },
	[PN_SW_KIND] = { "kind", PN_ST_WORD, MATCH, AT(kind), .words = pn_tunnel_kind_words + 1,
		.min = 1, .accepts = "must be a kind of tunnel such as vxlan, geneve, gretap",
		.help = "the kind of tunnel that it comes in" },
	[PN_SW_VNI] = { "vni", PN_ST_NUMBER, MATCH, AT(key), .accepts = "must be 0..16777215",
		.max = 16777215, .help = "the VNI of its tunnel" },
	[PN_SW_KEY] = { "key", PN_ST_KEY, MATCH, AT(key), .max = UINT32_MAX,
		.accepts = "must be 0..4294967295, or a dotted quad",
		.help = "the GRE key of its tunnel" },
	[PN_SW_PEER] = { "peer", PN_ST_PREFIX, MATCH, AT(peer), .accepts = PREFIX_WORDS,
		.help = "the outer source of a tunnel" },
	[PN_SW_LOCAL] = { "local", PN_ST_PREFIX, MATCH, AT(local), .accepts = PREFIX_WORDS,
		.help = "the outer destination of a tunnel" },
	[PN_SW_SRC] = { "src", PN_ST_PREFIX, MATCH, AT(src), .accepts = PREFIX_WORDS,
		.help = "the inner source: of what the tunnel carries, or the packet's own where "
		"there is no tunnel" },
	[PN_SW_DST] = { "dst", PN_ST_PREFIX, MATCH, AT(dst), .accepts = PREFIX_WORDS,
		.help = "the inner destination" },
	[PN_SW_DSCP] = { "dscp", PN_ST_NAMED, MATCH, AT(dscp), .named = dscps, .max = 63,
		.accepts = DSCP_WORDS, .help = "the inner DSCP" },
	[PN_SW_PROTO] = { "proto", PN_ST_NAMED, MATCH, AT(proto), .named = protos, .min = 1,
		.max = 255, .accepts = "must be 1..255, or a name such as tcp, udp, icmp, icmpv6",
		.help = "the inner IP protocol" },
	[PN_SW_SPORT] = { "sport", PN_ST_NUMBER, MATCH, AT(sport), .accepts = PORT_WORDS,
		.min = 1, .max = 65535, .help = "the inner source port; needs proto" },
	[PN_SW_DPORT] = { "dport", PN_ST_NUMBER, MATCH, AT(dport), .accepts = PORT_WORDS,
		.min = 1, .max = 65535, .help = "the inner destination port; needs proto" },
	[PN_SW_MARK] = { "mark", PN_ST_NUMBER, MATCH, AT(mark), .max = UINT32_MAX,
		.accepts = "must be 0..4294967295",
		.help = "the packet mark, at ports whose hook is tc" },
};

char *pn_shaper_text(const struct pn_shaper_conf *c, enum pn_shaper_word word, char *buf,
		     size_t len)
{
	const struct pn_shaper_row *row = &pn_shaper_rows[word];
	const struct pn_shaper_type *type = &pn_shaper_types[row->type];
	char one[80];
	size_t at = 0;
	unsigned int i;

	buf[0] = 0;
	if (!row->type || !(c->said & 1ull << word))
		return buf;
	for (i = 0; at < len && type->write(row, c, i, one, sizeof(one)); i++) {
		at += snprintf(buf + at, len - at, "%s%s", i ? "," : "", one);
		if (!(row->flags & PN_SR_LIST))
			break;
	}
	return buf;
}

char *pn_shaper_match_text(const struct pn_shaper_conf *c, char *buf, size_t len)
{
	char text[PN_SHAPER_TEXT];
	size_t at = 0;
	int i;

	snprintf(buf, len, "%s", c->said & PN_SW(MATCH) ? "all" : "");
	for (i = PN_SW_MATCH + 1; i < PN_SHAPER_WORDS && at < len; i++) {
		pn_shaper_text(c, i, text, sizeof(text));
		if (text[0])
			at += snprintf(buf + at, len - at, "%s%s=%s", at ? " " : "",
				       pn_shaper_rows[i].key, text);
	}
	return buf;
}
