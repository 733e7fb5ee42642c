// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Netlink messages: builder, attribute parser, and mutated kernel messages. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "nl/addr.h"
#include "nl/link.h"
#include "nl/neigh.h"
#include "tap.h"

static void test_builder(void)
{
	const struct nlattr *tb[4];
	struct ifinfomsg ifm = { .ifi_index = 7 };
	struct pn_msg m;
	size_t nest, gone;

	tap_case("built and parsed: numbers, text, nests");
	pn_msg_init(&m, RTM_NEWLINK, NLM_F_ACK);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	pn_msg_put_u8(&m, 1, 0xab);
	nest = pn_msg_nest(&m, 2);
	pn_msg_put_be32(&m, 1, htonl(0x01020304));
	pn_msg_put_u64(&m, 2, 1ull << 40);
	pn_msg_put_str(&m, 3, "text");
	gone = pn_msg_nest(&m, 4);
	pn_msg_put_u32(&m, 1, 5);
	pn_msg_nest_cancel(&m, gone);
	pn_msg_nest_end(&m, nest);
	pn_msg_put_flag(&m, 3);
	tap_eq(m.err, 0, "error");
	tap_eq(pn_msg_hdr(&m)->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK, "flags");
	pn_attrs_parse(tb, 3, m.buf + 32, pn_msg_len(&m) - 32);
	tap_eq(pn_attr_u8(tb[1], 0), 0xab, "u8");
	tap_true(tb[3] && !pn_attr_len(tb[3]), "flag");
	pn_attrs_nested(tb, 3, tb[2]);
	tap_eq(pn_attr_be32(tb[1], 0), htonl(0x01020304), "be32");
	tap_eq(pn_attr_u64(tb[2], 0), 1ll << 40, "u64");
	tap_str(pn_attr_str(tb[3]), "text", "text");
	tap_eq(pn_attr_u32(NULL, 9), 9, "absent");
	tap_eq(pn_attr_u64(tb[1], 9), 9, "too short");
	pn_msg_fini(&m);
	tap_end();
}

static void test_limits(void)
{
	char *big = calloc(1, 70000);
	struct pn_msg m;
	size_t nest;
	unsigned int i;

	tap_case("an attribute too long: sticky error, nothing appended");
	pn_msg_init(&m, RTM_NEWLINK, 0);
	pn_msg_put(&m, 1, big, 65532);
	tap_eq(m.err, -EMSGSIZE, "error");
	pn_msg_put_u8(&m, 1, 1);
	tap_eq(pn_msg_len(&m), MNL_NLMSG_HDRLEN, "length");
	pn_msg_fini(&m);
	tap_end();
	tap_case("the longest attribute; a nest too long");
	pn_msg_init(&m, RTM_NEWLINK, 0);
	nest = pn_msg_nest(&m, 1);
	pn_msg_put(&m, 1, big, 65531);
	tap_eq(m.err, 0, "attribute");
	pn_msg_nest_end(&m, nest);
	tap_eq(m.err, -EMSGSIZE, "nest");
	pn_msg_fini(&m);
	tap_end();
	tap_case("a message grows to its limit and no further");
	pn_msg_init(&m, RTM_NEWLINK, 0);
	for (i = 0; i < 10 && !m.err; i++)
		pn_msg_put(&m, 1, big, 60000);
	tap_eq(i, 5, "attributes until refused");
	tap_eq(m.err, -EMSGSIZE, "error");
	pn_msg_fini(&m);
	tap_end();
	free(big);
}

static void neigh_build(struct pn_msg *m)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 }, ip[4] = { 10, 0, 0, 1 };
	struct nda_cacheinfo ci = { .ndm_used = 1, .ndm_confirmed = 2, .ndm_updated = 3 };
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE, .ndm_ifindex = 5, .ndm_state = 2,
			     .ndm_flags = NTF_SELF };

	pn_msg_init(m, RTM_NEWNEIGH, 0);
	pn_msg_extra(m, &ndm, sizeof(ndm));
	pn_msg_put(m, NDA_LLADDR, mac, 6);
	pn_msg_put(m, NDA_DST, ip, 4);
	pn_msg_put_u16(m, NDA_VLAN, 100);
	pn_msg_put_be16(m, NDA_PORT, htons(4789));
	pn_msg_put_u32(m, NDA_VNI, 77);
	pn_msg_put_u32(m, NDA_MASTER, 9);
	pn_msg_put_u32(m, NDA_FLAGS_EXT, 2);
	pn_msg_put_u32(m, NDA_NH_ID, 4);
	pn_msg_put(m, NDA_CACHEINFO, &ci, sizeof(ci));
}

static void link_build(struct pn_msg *m)
{
	struct ifinfomsg ifm = { .ifi_index = 7, .ifi_flags = IFF_UP };
	size_t info, data;

	pn_msg_init(m, RTM_NEWLINK, 0);
	pn_msg_extra(m, &ifm, sizeof(ifm));
	pn_msg_put_str(m, IFLA_IFNAME, "vx0");
	pn_msg_put_u32(m, IFLA_MTU, 1450);
	pn_msg_put_u32(m, IFLA_MASTER, 3);
	pn_msg_put_u32(m, IFLA_LINK_NETNSID, 0);
	info = pn_msg_nest(m, IFLA_LINKINFO);
	pn_msg_put_str(m, IFLA_INFO_KIND, "vxlan");
	data = pn_msg_nest(m, IFLA_INFO_DATA);
	pn_msg_put_u32(m, IFLA_VXLAN_ID, 5);
	pn_msg_nest_end(m, data);
	pn_msg_put_str(m, IFLA_INFO_SLAVE_KIND, "bridge");
	pn_msg_nest_end(m, info);
}

static void addr_build(struct pn_msg *m)
{
	static const uint8_t own[4] = { 10, 0, 0, 1 }, peer[4] = { 10, 0, 0, 2 };
	struct ifaddrmsg ifa = { .ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = 3 };

	pn_msg_init(m, RTM_NEWADDR, 0);
	pn_msg_extra(m, &ifa, sizeof(ifa));
	pn_msg_put(m, IFA_ADDRESS, peer, 4);
	pn_msg_put(m, IFA_LOCAL, own, 4);
	pn_msg_put_u32(m, IFA_FLAGS, 0x180);
}

static void test_parsers(void)
{
	struct pn_nl_neigh n;
	struct pn_nl_link l;
	struct pn_nl_addr a;
	struct pn_msg m;

	tap_case("an FDB entry");
	neigh_build(&m);
	tap_sys(pn_nl_neigh_parse(pn_msg_hdr(&m), &n), "parse");
	tap_true(!n.deleted && n.family == AF_BRIDGE && n.ifindex == 5, "header");
	tap_true(n.lladdr_len == 6 && n.lladdr[5] == 1, "lladdr");
	tap_true(n.dst_len == 4 && n.dst[0] == 10, "dst");
	tap_true(n.vlan == 100 && n.port == htons(4789) && n.has_vni && n.vni == 77, "vlan");
	tap_true(n.master == 9 && n.flags_ext == 2 && n.nhid == 4, "master");
	tap_true(n.used == 1 && n.confirmed == 2 && n.updated == 3, "ages");
	tap_eq(pn_nl_link_parse(pn_msg_hdr(&m), &l), -EBADMSG, "is no link");
	pn_msg_fini(&m);
	tap_end();
	tap_case("a link");
	link_build(&m);
	tap_sys(pn_nl_link_parse(pn_msg_hdr(&m), &l), "parse");
	tap_str(l.name, "vx0", "name");
	tap_str(l.kind, "vxlan", "kind");
	tap_str(l.slave_kind, "bridge", "slave kind");
	tap_true(l.ifindex == 7 && l.mtu == 1450 && l.master == 3 && !l.netnsid, "numbers");
	tap_true(l.info_data && !l.slave_data && !l.protinfo, "nests");
	tap_eq(pn_nl_neigh_parse(pn_msg_hdr(&m), &n), -EBADMSG, "is no neighbour");
	pn_msg_fini(&m);
	tap_end();
	tap_case("an address");
	addr_build(&m);
	tap_sys(pn_nl_addr_parse(pn_msg_hdr(&m), &a), "parse");
	tap_true(a.addr_len == 4 && a.addr[3] == 1, "our own address");
	tap_true(a.prefixlen == 32 && a.flags == 0x180 && a.ifindex == 3, "numbers");
	pn_msg_fini(&m);
	tap_end();
}

static int link_eat(const struct nlmsghdr *nlh)
{
	struct pn_nl_link l;

	return pn_nl_link_parse(nlh, &l) ? 0 : strlen(l.name) + (l.kind ? strlen(l.kind) : 0);
}

static int neigh_eat(const struct nlmsghdr *nlh)
{
	struct pn_nl_neigh n;

	if (pn_nl_neigh_parse(nlh, &n))
		return 0;
	return (n.lladdr_len ? n.lladdr[n.lladdr_len - 1] : 0) +
		(n.dst_len ? n.dst[n.dst_len - 1] : 0);
}

static int addr_eat(const struct nlmsghdr *nlh)
{
	struct pn_nl_addr a;

	return pn_nl_addr_parse(nlh, &a) ? 0 : a.addr[a.addr_len - 1];
}

/* Truncated and with wrong bytes: what is returned lies inside the message. */
static void test_mutated(const char *what, void (*build)(struct pn_msg *m),
			 int (*eat)(const struct nlmsghdr *nlh))
{
	unsigned int seed = 1, round;
	struct pn_msg m;
	size_t len, i;
	long sum = 0;
	char *copy;

	tap_case("mutated messages: %s", what);
	build(&m);
	len = pn_msg_len(&m);
	for (i = MNL_NLMSG_HDRLEN; i <= len; i++) {
		copy = malloc(i);	/* just as long, so that ASan sees a step beyond */
		memcpy(copy, m.buf, i);
		((struct nlmsghdr *)copy)->nlmsg_len = i;
		sum += eat((void *)copy);
		free(copy);
	}
	copy = malloc(len);
	for (round = 0; round < 100000; round++) {
		memcpy(copy, m.buf, len);
		for (i = rand_r(&seed) % 4 + 1; i > 0; i--)
			copy[MNL_NLMSG_HDRLEN + rand_r(&seed) % (len - MNL_NLMSG_HDRLEN)] =
				rand_r(&seed);
		sum += eat((void *)copy);
	}
	tap_true(sum != 0, "some were read");
	free(copy);
	pn_msg_fini(&m);
	tap_end();
}

int main(void)
{
	test_builder();
	test_limits();
	test_parsers();
	test_mutated("links", link_build, link_eat);
	test_mutated("FDB entries", neigh_build, neigh_eat);
	test_mutated("addresses", addr_build, addr_eat);
	return tap_done();
}
