// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Every row of every kind: text to value to message and back. Golden bytes of
 * the creating message of each kind. Which row the kernel's objection is about.
 */
#include <errno.h>
#include <inttypes.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/encode.h"
#include "tap.h"

static int dev_index(void *data, const char *name)
{
	return !strcmp(name, "eth0") ? 7 : -ENODEV;
}

static const char *dev_name(void *data, uint32_t index)
{
	return index == 7 ? "eth0" : NULL;
}

static const struct pn_devs devs = { .index = dev_index, .name = dev_name };

static void round_trip(const struct pn_kind *kind, const struct pn_rows *rows,
		       const struct pn_row *row, const char *text)
{
	struct pn_value v = { 0 }, back;
	struct pn_link_view view;
	char why[300], buf[300];
	struct pn_msg m;

	if (!tap_sys(pn_row_parse(row, text, &v, why, sizeof(why)), text))
		return;
	if (row->flags & PN_ROW_BOTH)
		return;	/* a word for two others, that is never sent */
	tap_sys(pn_link_change(&m, 3, kind, rows, row, &v, &devs), "encode");
	tap_sys(pn_link_view(pn_msg_hdr(&m), &view), "view");
	tap_true(pn_row_decode(rows, row, &view, &devs, &back), "decode");
	tap_true(pn_row_equal(row, &v, &back), text);
	pn_row_format(row, &back, buf, sizeof(buf));
	tap_sys(pn_row_parse(row, buf, &back, why, sizeof(why)), buf);
	tap_true(pn_row_equal(row, &v, &back), buf);
	pn_msg_fini(&m);
}

static void refused(const struct pn_row *row, const char *text)
{
	struct pn_value v = { 0 };
	char why[300] = "";

	tap_true(pn_row_parse(row, text, &v, why, sizeof(why)) < 0, text);
	tap_true(!strncmp(why, "must be ", 8), why);
	tap_true(!v.set, text);
}

static void numbers(const struct pn_kind *kind, const struct pn_rows *rows,
		    const struct pn_row *row)
{
	const struct pn_named *n;
	char text[32];

	for (n = row->named; n && n->name; n++)
		round_trip(kind, rows, row, n->name);
	if (row->max) {
		snprintf(text, sizeof(text), "%" PRIu64, row->min);
		round_trip(kind, rows, row, text);
		snprintf(text, sizeof(text), "%" PRIu64, row->max);
		round_trip(kind, rows, row, text);
		snprintf(text, sizeof(text), "%" PRIu64, row->max + 1);
		refused(row, text);
	}
	if (row->min) {
		snprintf(text, sizeof(text), "%" PRIu64, row->min - 1);
		if (!row->named || strcmp(text, "0"))
			refused(row, text);
	}
	refused(row, "");
	refused(row, "-1");
	refused(row, "1x");
}

static void row_test(const struct pn_kind *kind, const struct pn_rows *rows,
		     const struct pn_row *row)
{
	static const struct {
		enum pn_row_type type;
		const char *good[3], *bad[3];
	} texts[] = {
		{ PN_T_RANGE, { "1 65535", "7-9" }, { "9 8", "1", "1 65536" } },
		{ PN_T_DEV, { "eth0", "none" }, { "", "abcdefghijklmnop" } },
		{ PN_T_IP, { "10.0.0.1", "2001:db8::1", "any" }, { "10.0.0", "::1::", "" } },
		{ PN_T_S32, { "-2147483648", "2147483647", "0" },
		  { "2147483648", "-2147483649", "x" } },
		{ PN_T_IP4, { "10.0.0.1", "any" }, { "2001:db8::1", "10.0.0", "" } },
		{ PN_T_IP6, { "2001:db8::1", "any" }, { "10.0.0.1", "::1::", "" } },
		{ PN_T_PREFIX4, { "10.0.0.0/8", "none", "0.0.0.0/0" },
		  { "10.0.0.1/8", "10.0.0.0", "10.0.0.0/33" } },
		{ PN_T_PREFIX6, { "2001:db8::/32", "none", "::1/128" },
		  { "2001:db8::1/32", "10.0.0.0/8", "2001:db8::/129" } },
		{ PN_T_KEY, { "4294967295", "1.2.3.4", "none" }, { "4294967296", "-1", "1.2.3" } },
		{ PN_T_MACS, { "02:00:5e:10:00:01", "02:00:5e:10:00:01, 02:00:5e:10:00:02", "" },
		  { "02:00", "02:00:5e:10:00:01 02:00:5E:10:00:01", "x" } },
		{ PN_T_IP4S, { "10.0.0.1", "10.0.0.1 10.0.0.2", "" },
		  { "::1", "10.0.0.1 10.0.0.1", "x" } },
		{ PN_T_IP6S, { "2001:db8::1", "2001:db8::1,2001:db8::2", "" },
		  { "10.0.0.1", "::1 ::1", "x" } },
		{ PN_T_QOS_IN, { "0:1", "7:4294967295 1:2", "" },
		  { "8:1", "1:2 1:3", "1" } },
		{ PN_T_QOS_OUT, { "0:1", "4294967295:7 1:2", "" },
		  { "1:8", "1:2 1:3", "4294967296:1" } },
		{ PN_T_MAC, { "02:00:5E:10:00:ff" },
		  { "02:00:5e:10:00", "02-00-5e-10-00-01", "" } },
		{ PN_T_SCI, { "020000000001000A", "0200000000010001" },
		  { "1", "0x00000000000001", "" } },
		{ PN_T_STR, { "a text", "" }, { NULL } },
	};
	unsigned int i, j;

	if (pn_row_is_bool(row)) {
		/* A flag that is absent and one that is false are the same. */
		round_trip(kind, rows, row, "true");
		round_trip(kind, rows, row, "off");
		refused(row, "2");
		refused(row, "");
		return;
	}
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].type != row->type)
			continue;
		for (j = 0; j < 3 && texts[i].good[j]; j++)
			round_trip(kind, rows, row, texts[i].good[j]);
		for (j = 0; j < 3 && texts[i].bad[j]; j++)
			refused(row, texts[i].bad[j]);
		return;
	}
	numbers(kind, rows, row);
}

/* Every row: works, and is described; no name twice. */
static void rows_test(const char *what, const struct pn_kind *kind,
		      const struct pn_rows *rows)
{
	unsigned int i, j;

	for (i = 0; i < rows->n; i++) {
		const struct pn_row *row = &rows->row[i];

		tap_case("%s %s: text to message and back", what, row->name);
		row_test(kind, rows, row);
		tap_true(row->help && row->help[0], "help");
		tap_true(row->attr <= (rows->place == PN_AT_LINK ? 0x8000 : PN_DATA_ATTRS),
			 "attribute in range");
		for (j = 0; j < rows->n; j++) {
			if (i != j)
				tap_true(strcmp(row->name, rows->row[j].name), row->name);
		}
		if (kind && rows->place == PN_AT_DATA)
			tap_true(!pn_row_find(&pn_common_rows, row->name) &&
				 !(row->alias && pn_row_find(&pn_common_rows, row->alias)),
				 row->name);
		if (row->flags & PN_ROW_EXPLICIT)
			tap_true(!!row->def, "an explicit default");
		/* Without the others of its attribute such a row cannot be sent. */
		if (row->mask && row->type != PN_T_TTL && !(row->flags & PN_ROW_BOTH))
			tap_true(kind && (kind->flags & PN_KIND_WHOLE), "all rows are sent");
		if (row->def && !(row->flags & PN_ROW_BOTH))
			round_trip(kind, rows, row, row->def);
		tap_end();
	}
}

/* NAME=VALUE words for common rows and data rows alike. */
static void values_set(const struct pn_kind *kind, const char *words,
		       struct pn_value *common, struct pn_value *data, char *keep)
{
	char why[300], *save = NULL, *word, *eq;
	const struct pn_row *row, *half;
	char name[32];
	int i;

	strcpy(keep, words);
	for (word = strtok_r(keep, ";", &save); word; word = strtok_r(NULL, ";", &save)) {
		eq = strchr(word, '=');
		*eq = 0;
		row = pn_row_find(&pn_common_rows, word);
		if (row)
			tap_sys(pn_row_parse(row, eq + 1, &common[row - pn_common_rows.row],
					     why, sizeof(why)), word);
		else if ((row = pn_row_find(&kind->data, word)) && (row->flags & PN_ROW_BOTH))
			for (i = 0; i < 2; i++) {
				snprintf(name, sizeof(name), "%c%s", "io"[i], word);
				half = pn_row_find(&kind->data, name);
				tap_sys(pn_row_parse(half, eq + 1, &data[half - kind->data.row],
						     why, sizeof(why)), word);
			}
		else if (row)
			tap_sys(pn_row_parse(row, eq + 1, &data[row - kind->data.row], why,
					     sizeof(why)), word);
		else
			tap_fail("no row %s", word);
	}
}

#define IFINFO	"00000000000000000000000000000000"	/* struct ifinfomsg */
#define NAME_D0	"0700030064300000"			/* IFLA_IFNAME "d0" */

/*
 * The creating message behind its netlink header, little endian. Beside each:
 * what the bytes are.
 */
static const struct {
	const char *kind, *words, *peer, *hex;
} golden[] = {
	{ "dummy", "mtu=9000", NULL,
	  IFINFO NAME_D0
	  "0800040028230000"			/* IFLA_MTU 9000 */
	  "10001280"				/* IFLA_LINKINFO, nested, 16 bytes */
	  "0a00010064756d6d79000000" },		/* IFLA_INFO_KIND "dummy" */
	{ "bridge", "stp_state=on;no_linklocal_learn=on;priority=4096;vlan_protocol=802.1ad",
	  NULL,
	  IFINFO NAME_D0
	  "38001280" "0b00010062726964676500"	/* IFLA_INFO_KIND "bridge" */
	  "00" "28000280"			/* IFLA_INFO_DATA, nested */
	  "0800050001000000"			/* IFLA_BR_STP_STATE u32 */
	  "0600060000100000"			/* IFLA_BR_PRIORITY u16 */
	  "0600080088a80000"			/* IFLA_BR_VLAN_PROTOCOL be16 */
	  "0c002e000100000001000000" },		/* IFLA_BR_MULTI_BOOLOPT value, mask */
	{ "vxlan", "id=100;local=10.0.0.1;remote=10.0.0.2;dev=eth0;dstport=4789;srcport=1 2;"
	  "ttl=inherit;learning=off;gbp=on;gpe=off;flowlabel=1", NULL,
	  IFINFO NAME_D0
	  "5c001280" "0a00010076786c616e000000"	/* IFLA_INFO_KIND "vxlan" */
	  "4c000280"
	  "0800010064000000"			/* IFLA_VXLAN_ID */
	  "080004000a000001"			/* IFLA_VXLAN_LOCAL */
	  "080002000a000002"			/* IFLA_VXLAN_GROUP */
	  "0800030007000000"			/* IFLA_VXLAN_LINK */
	  "06000f0012b50000"			/* IFLA_VXLAN_PORT be16 4789 */
	  "08000a0000010002"			/* IFLA_VXLAN_PORT_RANGE be16 1, 2 */
	  "04001c00"				/* IFLA_VXLAN_TTL_INHERIT, a flag */
	  "08001a0000000001"			/* IFLA_VXLAN_LABEL be32 */
	  "0500070000000000"			/* IFLA_VXLAN_LEARNING u8 0 */
	  "04001700" },				/* IFLA_VXLAN_GBP, a flag */
	{ "vxlan", "id=1;local=2001:db8::1;remote=any;external=off", NULL,
	  IFINFO NAME_D0
	  "38001280" "0a00010076786c616e000000" "28000280"
	  "0800010001000000"			/* IFLA_VXLAN_ID */
	  "1400110020010db8000000000000000000000001" /* IFLA_VXLAN_LOCAL6 */
	  "0500190000000000" },			/* IFLA_VXLAN_COLLECT_METADATA u8 0 */
	/* bits that rows share are one attribute; a key has its flag */
	{ "gre", "local=10.0.0.1;remote=10.0.0.2;ikey=7;okey=none;iseq=on;oseq=on;ocsum=on;ttl=9;"
	  "pmtudisc=off;encap=gue;encap-csum=on;encap-remcsum=on", NULL,
	  IFINFO NAME_D0
	  "58001280" "0800010067726500" "4c000280"
	  "080007000a000002"			/* IFLA_GRE_REMOTE */
	  "080006000a000001"			/* IFLA_GRE_LOCAL */
	  "0600020030000000"			/* IFLA_GRE_IFLAGS be16: KEY, SEQ */
	  "0800040000000007"			/* IFLA_GRE_IKEY be32 */
	  "0600030090000000"			/* IFLA_GRE_OFLAGS: CSUM, SEQ */
	  "0500080009000000"			/* IFLA_GRE_TTL */
	  "05000a0000000000"			/* IFLA_GRE_PMTUDISC */
	  "06000e0002000000"			/* IFLA_GRE_ENCAP_TYPE u16 */
	  "06000f0005000000" },			/* IFLA_GRE_ENCAP_FLAGS u16: CSUM, REMCSUM */
	{ "ip6gretap", "remote=2001:db8::2;hoplimit=64;encaplimit=none;tclass=0x40;"
	  "flowlabel=0x12345;dscp=inherit;fwmark=inherit", NULL,
	  IFINFO NAME_D0
	  "44001280" "0e000100697036677265746170000000" "30000280"
	  "1400070020010db8000000000000000000000002" /* IFLA_GRE_REMOTE */
	  "0500080040000000"			/* IFLA_GRE_TTL */
	  "08000d0031000000"			/* IFLA_GRE_FLAGS u32: limit, dscp, fwmark */
	  "08000c0004012345" },			/* IFLA_GRE_FLOWINFO be32 */
	{ "erspan", "seq=on;key=10;erspan_ver=2;erspan_dir=egress;erspan_hwid=7;external=off",
	  NULL,
	  IFINFO NAME_D0
	  "4c001280" "0b000100657273" "70616e0000" "3c000280"
	  "06000200" "30000000" "080004000000000a"
	  "06000300" "30000000" "080005000000000a"
	  "0500160002000000"			/* IFLA_GRE_ERSPAN_VER */
	  "0500170001000000"			/* IFLA_GRE_ERSPAN_DIR */
	  "0600180007000000" },			/* IFLA_GRE_ERSPAN_HWID u16 */
	/* no machine of the tests has InfiniBand: these bytes are all its test */
	{ "ipoib", "link=eth0;pkey=0x8002;mode=connected;umcast=1", NULL,
	  IFINFO NAME_D0
	  "0800050007000000"			/* IFLA_LINK */
	  "2c001280" "0a00010069706f6962000000" "1c000280"
	  "0600010002800000"			/* IFLA_IPOIB_PKEY u16 */
	  "0600020001000000"			/* IFLA_IPOIB_MODE u16 */
	  "0600030001000000" },			/* IFLA_IPOIB_UMCAST u16 */
	{ "vlan", "link=eth0;id=5;protocol=802.1ad;reorder_hdr=off;mvrp=on;ingress-qos-map=1:2;"
	  "egress-qos-map=9:1", NULL,
	  IFINFO NAME_D0
	  "0800050007000000"			/* IFLA_LINK */
	  "50001280" "09000100766c616e00000000" "40000280"
	  "0600010005000000"			/* IFLA_VLAN_ID u16 */
	  "0600050088a80000"			/* IFLA_VLAN_PROTOCOL be16 */
	  "0c0002000800000009000000"		/* IFLA_VLAN_FLAGS value, mask */
	  "10000480" "0c0001000100000002000000"	/* IFLA_VLAN_INGRESS_QOS: from, to */
	  "10000380" "0c0001000900000001000000" }, /* IFLA_VLAN_EGRESS_QOS */
	{ "macvlan", "mode=source;macaddr=02:00:00:00:00:01 02:00:00:00:00:02", NULL,
	  IFINFO NAME_D0
	  "40001280" "0c0001006d6163766c616e00" "30000280"
	  "0800010010000000"			/* IFLA_MACVLAN_MODE source */
	  "0800030003000000"			/* IFLA_MACVLAN_MACADDR_MODE set */
	  "1c000580"				/* IFLA_MACVLAN_MACADDR_DATA */
	  "0a0004000200000000010000" "0a0004000200000000020000" },
	{ "sit", "6rd-prefix=2001:db8::/32;6rd-relay_prefix=10.0.0.0/8;isatap=on;mode=any", NULL,
	  IFINFO NAME_D0
	  "4c001280" "0800010073697400" "40000280"
	  "0500090000000000"			/* IFLA_IPTUN_PROTO */
	  "0600080001000000"			/* IFLA_IPTUN_FLAGS: ISATAP */
	  "14000b0020010db8000000000000000000000000" "06000d0020000000"
	  "08000c000a000000" "06000e0008000000" },
	{ "geneve", "id=7;remote=10.0.0.2;ttl=inherit;external=off;innerprotoinherit=on", NULL,
	  IFINFO NAME_D0
	  "30001280" "0b00010067656e6576650000" "20000280"
	  "0800010007000000"			/* IFLA_GENEVE_ID */
	  "080002000a000002"			/* IFLA_GENEVE_REMOTE */
	  "05000c0001000000"			/* IFLA_GENEVE_TTL_INHERIT, a u8 */
	  "04000e00" },				/* IFLA_GENEVE_INNER_PROTO_INHERIT */
	{ "bond", "mode=active-backup;arp_interval=500;arp_ip_target=10.0.0.1 10.0.0.2;"
	  "primary=eth0", NULL,
	  IFINFO NAME_D0
	  "38001280" "09000100626f6e6400000000" "28000280"
	  "0500010001000000"			/* IFLA_BOND_MODE */
	  "08000700f4010000"			/* IFLA_BOND_ARP_INTERVAL */
	  "14000880" "080000000a000001" "080001000a000002" }, /* ARP_IP_TARGET, by number */
	{ "macvlan", "link=eth0;address=02:00:5e:10:00:01;mode=bridge", NULL,
	  IFINFO NAME_D0
	  "0800050007000000"			/* IFLA_LINK */
	  "0a00010002005e1000010000"		/* IFLA_ADDRESS */
	  "1c001280" "0c0001006d6163766c616e00" "0c000280"
	  "0800010004000000" },			/* IFLA_MACVLAN_MODE u32 */
	/* master, flags and alias are set afterwards */
	{ "veth", "mtu=1400;up=true;master=eth0;alias=x", "mtu=1400;txqueuelen=5",
	  IFINFO NAME_D0
	  "0800040078050000"			/* IFLA_MTU */
	  "48001280" "090001007665746800000000" "38000280"
	  "34000180" IFINFO			/* VETH_INFO_PEER: header, attributes */
	  "0700030064310000"			/* IFLA_IFNAME "d1" */
	  "0800040078050000"			/* IFLA_MTU */
	  "08000d0005000000"			/* IFLA_TXQLEN */
	  "08001c0005000000" },			/* IFLA_NET_NS_FD */
	{ "vxcan", "", "",
	  IFINFO NAME_D0
	  "38001280" "0a000100767863616e000000" "28000280"
	  "24000180" IFINFO			/* VXCAN_INFO_PEER */
	  "0700030064310000" "08001c0005000000" },
	{ "netkit", "mode=l2;policy=blackhole;scrub=none", "",
	  IFINFO NAME_D0
	  "50001280" "0b0001006e65746b69740000" "40000280"
	  "0800050000000000"			/* IFLA_NETKIT_MODE u32 */
	  "0800030002000000"			/* IFLA_NETKIT_POLICY u32: TC_ACT_SHOT */
	  "0800060000000000"			/* IFLA_NETKIT_SCRUB u32 */
	  "24000180" IFINFO			/* IFLA_NETKIT_PEER_INFO */
	  "0700030064310000" "08001c0005000000" },
	/* replay and window follow by a hook */
	{ "macsec", "link=eth0;port=7;encrypt=on;cipher=gcm-aes-256;replay=on;window=3", NULL,
	  IFINFO NAME_D0
	  "0800050007000000"			/* IFLA_LINK */
	  "30001280" "0b0001006d61637365630000" "20000280"
	  "0600020000070000"			/* IFLA_MACSEC_PORT be16 */
	  "0c0004000200000100c28000"		/* IFLA_MACSEC_CIPHER_SUITE u64 */
	  "0500070001000000" },			/* IFLA_MACSEC_ENCRYPT u8 */
	{ "macsec", "link=eth0;sci=02000000000100ff;icvlen=8;validate=check", NULL,
	  IFINFO NAME_D0
	  "0800050007000000"
	  "30001280" "0b0001006d61637365630000" "20000280"
	  "0c00010002000000000100ff"		/* IFLA_MACSEC_SCI be64 */
	  "0500030008000000"			/* IFLA_MACSEC_ICV_LEN u8 */
	  "05000d0001000000" },			/* IFLA_MACSEC_VALIDATION u8 */
	/* options are generic netlink's */
	{ "team", "mode=random;mtu=1400", NULL,
	  IFINFO NAME_D0
	  "0800040078050000"			/* IFLA_MTU */
	  "10001280" "090001007465616d00000000" },
};

static void golden_test(void)
{
	struct pn_value common[32], data[64], peer_common[32];
	char keep[300], peer_keep[300], *hex;
	unsigned int i, j;

	for (i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		const struct pn_kind *kind = pn_kind_find(golden[i].kind);
		struct pn_link_make peer = { .name = "d1", .kind = kind, .devs = &devs,
					     .common = peer_common };
		struct pn_link_make make = { .name = "d0", .kind = kind, .devs = &devs,
					     .common = common, .data = data, .netns_fd = 5,
					     .peer = golden[i].peer ? &peer : NULL };
		struct pn_msg m;
		size_t len;

		tap_case("golden bytes: %s %s", golden[i].kind, golden[i].words);
		memset(common, 0, sizeof(common));
		memset(data, 0, sizeof(data));
		memset(peer_common, 0, sizeof(peer_common));
		values_set(kind, golden[i].words, common, data, keep);
		if (golden[i].peer)
			values_set(kind, golden[i].peer, peer_common, data, peer_keep);
		tap_sys(pn_link_create(&m, &make), "create");
		tap_eq(pn_msg_hdr(&m)->nlmsg_type, RTM_NEWLINK, "type");
		tap_eq(pn_msg_hdr(&m)->nlmsg_flags,
		       NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, "flags");
		len = pn_msg_len(&m) - MNL_NLMSG_HDRLEN;
		hex = calloc(2, len + 1);
		for (j = 0; hex && j < len; j++)
			sprintf(hex + 2 * j, "%02x", (uint8_t)m.buf[MNL_NLMSG_HDRLEN + j]);
		tap_str(hex, golden[i].hex, "bytes");
		free(hex);
		pn_msg_fini(&m);
		tap_end();
	}
}

/* The offset of each attribute leads back to its row. */
static void blame_rows(const struct pn_kind *kind, const struct pn_rows *rows)
{
	struct pn_value v;
	struct pn_msg m;
	unsigned int i;

	for (i = 0; i < rows->n; i++) {
		const struct pn_row *row = &rows->row[i];

		if (row->type != PN_T_U32)
			continue;
		memset(&v, 0, sizeof(v));
		v.num = row->min;
		tap_sys(pn_link_change(&m, 3, kind, rows, row, &v, &devs), row->name);
		/* The only payload is the last four bytes, its header before them. */
		tap_true(pn_link_blame(&m, kind, pn_msg_len(&m) - 8) == row, row->name);
		tap_true(!pn_link_blame(&m, kind, pn_msg_len(&m)), "behind the end");
		tap_true(!pn_link_blame(&m, kind, 0), "no offset");
		pn_msg_fini(&m);
	}
}

int main(void)
{
	unsigned int i;

	rows_test("link", NULL, &pn_common_rows);
	for (i = 0; pn_kinds[i]; i++) {
		rows_test(pn_kinds[i]->name, pn_kinds[i], &pn_kinds[i]->data);
		rows_test("port", pn_kinds[i], &pn_kinds[i]->slave);
	}
	golden_test();
	tap_case("the attribute that the kernel objects to");
	for (i = 0; pn_kinds[i]; i++) {
		blame_rows(pn_kinds[i], &pn_common_rows);
		blame_rows(pn_kinds[i], &pn_kinds[i]->data);
		blame_rows(pn_kinds[i], &pn_kinds[i]->slave);
	}
	tap_end();
	return tap_done();
}
