// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Routes, IPv4 and IPv6: the class; its fields are those of ip-route(8). */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "topo/class.h"
#include "topo/nexthops.h"

#define ROUTE_FIELD(name) (pn_field_find(&pn_class_routes, name) - pn_class_routes.field)
#define METRIC_IPV6	1024	/* the kernel's, where none is asked for */

static const struct pn_named types[] = {
	{ "unicast", RTN_UNICAST }, { "local", RTN_LOCAL }, { "broadcast", RTN_BROADCAST },
	{ "anycast", RTN_ANYCAST }, { "multicast", RTN_MULTICAST },
	{ "blackhole", RTN_BLACKHOLE }, { "unreachable", RTN_UNREACHABLE },
	{ "prohibit", RTN_PROHIBIT }, { "throw", RTN_THROW }, { NULL, 0 },
};

static const struct pn_named tables[] = {
	{ "default", RT_TABLE_DEFAULT }, { "main", RT_TABLE_MAIN },
	{ "local", RT_TABLE_LOCAL }, { NULL, 0 },
};

static const struct pn_named protos[] = {
	{ "redirect", RTPROT_REDIRECT }, { "kernel", RTPROT_KERNEL }, { "boot", RTPROT_BOOT },
	{ "static", RTPROT_STATIC }, { "ra", RTPROT_RA }, { "dhcp", RTPROT_DHCP },
	{ "zebra", RTPROT_ZEBRA }, { "bird", RTPROT_BIRD }, { "babel", RTPROT_BABEL },
	{ "bgp", RTPROT_BGP }, { "isis", RTPROT_ISIS }, { "ospf", RTPROT_OSPF },
	{ "rip", RTPROT_RIP }, { "eigrp", RTPROT_EIGRP }, { NULL, 0 },
};

static const struct pn_named scopes[] = {
	{ "global", RT_SCOPE_UNIVERSE }, { "site", RT_SCOPE_SITE }, { "link", RT_SCOPE_LINK },
	{ "host", RT_SCOPE_HOST }, { "nowhere", RT_SCOPE_NOWHERE }, { NULL, 0 },
};

static const struct pn_named prefs[] = {
	{ "low", 3 }, { "medium", 0 }, { "high", 1 }, { NULL, 0 },
};

#define HEAD(member) PN_HEAD(rtmsg, member)
#define METRIC(what, t, attribute, low, high, text) \
	{ { .name = what, .type = t, .attr = attribute, .min = low, .max = high, .help = text }, \
	  PN_F_NEST, RTA_METRICS }

static const struct pn_field fields[] = {
	{ { "dst", "to", .flags = PN_ROW_REQUIRED, .help = "where the packets go" },
	  PN_F_OWN, .flags = PN_FIELD_KEY, .type = &pn_field_prefix },
	{ { "tos", "dsfield", PN_T_U8, .flags = PN_ROW_HEX, .max = 255, .def = "0x0",
	    .help = "type of service of the packets" }, HEAD(rtm_tos), .flags = PN_FIELD_KEY },
	{ { "table", NULL, PN_T_U32, RTA_TABLE, .min = 1, .max = UINT32_MAX, .named = tables,
	    .def = "main", .help = "routing table" }, PN_F_ATTR, .flags = PN_FIELD_KEY },
	{ { "metric", "preference", PN_T_U32, RTA_PRIORITY, .max = UINT32_MAX, .def = "0",
	    .help = "preference: the lowest wins (IPv6: 1024 where none is given)" },
	  PN_F_ATTR, .flags = PN_FIELD_KEY },
	{ { "type", NULL, PN_T_U8, .named = types, .def = "unicast",
	    .help = "what becomes of the packets" }, HEAD(rtm_type), .flags = PN_FIELD_WHOLE },
	{ { "via", "gateway", .def = "none", .help = "the next router" },
	  PN_F_OWN, .flags = PN_FIELD_WHOLE, .type = &pn_field_via },
	{ { "dev", NULL, PN_T_DEV, RTA_OIF, .help = "the device that they leave by" },
	  PN_F_ATTR, .flags = PN_FIELD_WHOLE },
	{ { "nexthops", NULL, .def = "none", .help = "several ways, shared by weight" },
	  PN_F_OWN, .flags = PN_FIELD_WHOLE | PN_FIELD_LIST, .type = &pn_field_nexthops },
	{ { "nhid", NULL, PN_T_U32, RTA_NH_ID, .min = 1, .max = UINT32_MAX,
	    .help = "a nexthop object, by its id" }, PN_F_ATTR, .flags = PN_FIELD_WHOLE },
	{ { "onlink", NULL, PN_T_BOOL, .def = "false",
	    .help = "the gateway is on the link, whatever the addresses say" },
	  HEAD(rtm_flags), RTNH_F_ONLINK, .flags = PN_FIELD_WHOLE },
	{ { "src", "prefsrc", PN_T_IP, RTA_PREFSRC, RTA_PREFSRC,
	    .help = "source address of what this host sends there" }, PN_F_ATTR },
	{ { "proto", "protocol", PN_T_U8, .flags = PN_ROW_EXPLICIT, .min = 1, .max = 255,
	    .named = protos, .def = "static", .help = "who made it" }, HEAD(rtm_protocol) },
	{ { "scope", NULL, PN_T_U8, .max = 255, .named = scopes,
	    .help = "how far its addresses reach (IPv4)" }, HEAD(rtm_scope),
	  .flags = PN_FIELD_WHOLE },
	{ { "pref", NULL, PN_T_U8, RTA_PREF, .named = prefs,
	    .def = "medium", .help = "preference among routers (IPv6)" }, PN_F_ATTR },
	METRIC("mtu", PN_T_U32, RTAX_MTU, 68, UINT32_MAX, "MTU of the path"),
	METRIC("window", PN_T_U32, RTAX_WINDOW, 1, UINT32_MAX, "largest TCP window, in bytes"),
	METRIC("advmss", PN_T_U32, RTAX_ADVMSS, 1, 65495, "TCP MSS that is advertised"),
	METRIC("hoplimit", PN_T_U32, RTAX_HOPLIMIT, 1, 255, "hop limit of what this host sends"),
	METRIC("initcwnd", PN_T_U32, RTAX_INITCWND, 1, UINT32_MAX,
	       "TCP congestion window at the start, in segments"),
	METRIC("initrwnd", PN_T_U32, RTAX_INITRWND, 1, UINT32_MAX,
	       "TCP receive window at the start, in segments"),
	METRIC("quickack", PN_T_BOOL32, RTAX_QUICKACK, 0, 0, "TCP acknowledges at once"),
	METRIC("congctl", PN_T_STR, RTAX_CC_ALGO, 0, 0, "TCP congestion control"),
};

static uint8_t route_family(const struct pn_object *o)
{
	uint8_t family = pn_family_of(pn_object_value(o, "dst"));

	if (!family)
		family = pn_family_of(pn_object_value(o, "via"));
	if (!family)
		family = pn_family_of(pn_object_value(o, "src"));
	return family ? family : AF_INET;
}

/* Packets of these go nowhere: they have no way out. */
static bool type_has_way(uint64_t type)
{
	return type != RTN_BLACKHOLE && type != RTN_UNREACHABLE && type != RTN_PROHIBIT &&
	       type != RTN_THROW;
}

static int way_check(const struct pn_object *o, int *field, char *why, size_t len)
{
	const struct pn_value *type = pn_object_value(o, "type");
	static const char *const ways[] = { "via", "nexthops", "nhid", "dev" };
	unsigned int i, n = 0;

	for (i = 0; i < 4; i++) {
		if (!pn_object_value(o, ways[i])->set)
			continue;
		if (type->set && !type_has_way(type->num)) {
			*field = ROUTE_FIELD(ways[i]);
			snprintf(why, len, "has no meaning where packets go nowhere");
			return -EINVAL;
		}
		if (n && i && (i < 3 || !pn_object_value(o, "via")->set)) {
			*field = ROUTE_FIELD(ways[i]);
			snprintf(why, len, "excludes the other ways: via and dev, nexthops, or "
				 "nhid, only one");
			return -EINVAL;
		}
		n++;
	}
	if (n || (type->set && !type_has_way(type->num)))
		return 0;
	*field = -1;
	snprintf(why, len, "needs a way out: via, dev, nexthops or nhid; or a type such as "
		 "blackhole");
	return -EINVAL;
}

static int family_check(const struct pn_object *o, int *field, char *why, size_t len)
{
	const struct pn_value *via = pn_object_value(o, "via");
	uint8_t family = route_family(o);
	const char *name = NULL;

	if (pn_family_of(via) == AF_INET && family == AF_INET6)
		name = "via";
	if (pn_object_value(o, "src")->set && pn_family_of(pn_object_value(o, "src")) != family)
		name = "src";
	if (name) {
		snprintf(why, len, "must be an %s address, as dst is",
			 family == AF_INET ? "IPv4" : "IPv6");
	} else if (family == AF_INET6 && pn_object_value(o, "scope")->set) {
		name = "scope";
		snprintf(why, len, "is for IPv4 routes");
	} else if (family == AF_INET6 && pn_object_value(o, "tos")->set) {
		name = "tos";
		snprintf(why, len, "is for IPv4 routes");
	} else if (family == AF_INET && pn_object_value(o, "pref")->set) {
		name = "pref";
		snprintf(why, len, "is for IPv6 routes");
	}
	if (!name)
		return 0;
	*field = ROUTE_FIELD(name);
	return -EINVAL;
}

static void value_default(struct pn_object *o, const char *name, uint64_t num)
{
	struct pn_value *v = pn_object_value(o, name);

	if (!v->set)
		*v = (struct pn_value){ .set = true, .num = num };
}

/* "default" is of a family; the metric that the kernel takes for none is known. */
static void family_settle(struct pn_object *o, uint8_t family)
{
	struct pn_value *dst = pn_object_value(o, "dst");
	struct pn_value *metric = pn_object_value(o, "metric");

	if (!dst->len)
		dst->len = family == AF_INET ? 4 : 16;
	dst->set = true;
	if (family == AF_INET6 && (!metric->set || !metric->num))
		*metric = (struct pn_value){ .set = true, .num = METRIC_IPV6 };
}

static int nexthops_check(const struct pn_object *o, int *field, char *why, size_t len)
{
	const struct pn_value *v = pn_object_value(o, "nexthops");

	if (!v->set || v->num >= 2)
		return 0;
	*field = ROUTE_FIELD("nexthops");
	snprintf(why, len, "must be two or more: one is via and dev");
	return -EINVAL;
}

/* As ip-route(8) has it. */
static uint8_t scope_default(const struct pn_object *o)
{
	uint64_t type = pn_object_value(o, "type")->num;

	if (route_family(o) == AF_INET6)
		return RT_SCOPE_UNIVERSE;
	if (type == RTN_LOCAL)
		return RT_SCOPE_HOST;
	if (type == RTN_BROADCAST || type == RTN_MULTICAST || type == RTN_ANYCAST)
		return RT_SCOPE_LINK;
	if (type == RTN_UNICAST && !pn_object_value(o, "via")->len &&
	    !pn_object_value(o, "nexthops")->num && !pn_object_value(o, "nhid")->set)
		return RT_SCOPE_LINK;
	return RT_SCOPE_UNIVERSE;
}

static bool route_implied(const struct pn_object *o, unsigned int field)
{
	if (field == ROUTE_FIELD("scope"))
		return o->v[field].num == scope_default(o);
	return field == ROUTE_FIELD("metric") && route_family(o) == AF_INET6 &&
	       o->v[field].num == METRIC_IPV6;
}

static int route_check(struct pn_object *o, int *field, char *why, size_t len)
{
	int rc;

	rc = way_check(o, field, why, len);
	if (!rc)
		rc = family_check(o, field, why, len);
	if (!rc)
		rc = nexthops_check(o, field, why, len);
	if (rc)
		return rc;
	family_settle(o, route_family(o));
	/* What the file does not say here is none, not anything. */
	value_default(o, "type", RTN_UNICAST);
	value_default(o, "via", 0);
	value_default(o, "nexthops", 0);
	if (route_family(o) == AF_INET)
		value_default(o, "scope", scope_default(o));
	return 0;
}

static int route_head(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		      void *head)
{
	uint64_t table = pn_object_value(o, "table")->num;
	struct rtmsg *r = head;

	r->rtm_family = route_family(o);
	r->rtm_dst_len = pn_object_value(o, "dst")->num;
	r->rtm_table = table < 256 ? table : RT_TABLE_COMPAT;
	if (op != PN_OBJECT_DEL)
		return 0;
	/* The key says which; the rest would only have to match. */
	r->rtm_scope = RT_SCOPE_NOWHERE;
	r->rtm_flags = 0;
	r->rtm_protocol = RTPROT_UNSPEC;
	return 0;
}

static void gateway_put(struct pn_msg *m, const struct pn_value *via, uint8_t family)
{
	struct {
		uint16_t family;
		uint8_t addr[16];
	} v = { .family = pn_family_of(via) };

	if (v.family == family) {
		pn_msg_put(m, RTA_GATEWAY, via->bin, via->len);
		return;
	}
	memcpy(v.addr, via->bin, via->len);
	pn_msg_put(m, RTA_VIA, &v, sizeof(v.family) + via->len);
}

static int nexthop_put(struct pn_msg *m, const struct pn_nexthop *h, uint8_t family,
		       struct pn_sys_ns *ns)
{
	struct rtnexthop rtnh = { .rtnh_hops = h->weight - 1 };
	size_t at = pn_msg_len(m);
	int index = h->dev[0] ? ns->devs.index(ns->devs.data, h->dev) : 0;

	if (index < 0)
		return index;
	rtnh.rtnh_ifindex = index;
	rtnh.rtnh_flags = h->onlink ? RTNH_F_ONLINK : 0;
	pn_msg_extra(m, &rtnh, sizeof(rtnh));
	if (h->via.len)
		gateway_put(m, &h->via, family);
	if (!m->err)
		((struct rtnexthop *)(m->buf + at))->rtnh_len = pn_msg_len(m) - at;
	return m->err;
}

static int nexthops_put(struct pn_msg *m, const struct pn_object *o, struct pn_sys_ns *ns)
{
	struct pn_nexthop h[PN_NEXTHOPS_MAX];
	int i, n = pn_nexthops_parse(pn_object_value(o, "nexthops")->str, h);
	size_t nest;
	int rc = 0;

	nest = pn_msg_nest(m, RTA_MULTIPATH);
	for (i = 0; i < n && !rc; i++)
		rc = nexthop_put(m, &h[i], route_family(o), ns);
	pn_msg_nest_end(m, nest);
	return n < 0 ? n : rc;
}

static int route_encode(const struct pn_object *o, enum pn_object_op op,
			struct pn_sys_ns *ns, struct pn_msg *m)
{
	const struct pn_value *dst = pn_object_value(o, "dst");
	const struct pn_value *via = pn_object_value(o, "via");
	int rc = 0;

	if (dst->num)
		pn_msg_put(m, RTA_DST, dst->bin, dst->len);
	if (via->set && via->len)
		gateway_put(m, via, route_family(o));
	if (pn_object_value(o, "nexthops")->num)
		rc = nexthops_put(m, o, ns);
	return rc ? rc : m->err;
}

static void address_get(struct pn_value *v, const void *data, size_t len)
{
	memset(v, 0, sizeof(*v));
	v->set = true;
	if (len > sizeof(v->bin))
		return;
	if (len)
		memcpy(v->bin, data, len);
	v->len = len;
}

static void gateway_get(struct pn_value *v, const struct nlattr *const *tb)
{
	const char *via = pn_attr_data(tb[RTA_VIA]);

	if (tb[RTA_VIA])
		address_get(v, via + 2, pn_attr_len(tb[RTA_VIA]) - 2);
	else
		address_get(v, pn_attr_data(tb[RTA_GATEWAY]), pn_attr_len(tb[RTA_GATEWAY]));
}

static void nexthops_get(struct pn_object *o, const struct nlattr *a, struct pn_lister *l)
{
	struct pn_nexthop h[PN_NEXTHOPS_MAX] = { 0 };
	const struct nlattr *tb[RTA_MAX + 1];
	const struct rtnexthop *rtnh = pn_attr_data(a);
	size_t left = pn_attr_len(a);
	struct pn_value *v = pn_object_value(o, "nexthops");
	const char *dev;
	int n = 0;

	while (left >= sizeof(*rtnh) && rtnh->rtnh_len >= sizeof(*rtnh) &&
	       rtnh->rtnh_len <= left && n < PN_NEXTHOPS_MAX) {
		pn_attrs_parse(tb, RTA_MAX, (const char *)rtnh + sizeof(*rtnh),
			       rtnh->rtnh_len - sizeof(*rtnh));
		gateway_get(&h[n].via, tb);
		dev = l->ns->devs.name(l->ns->devs.data, rtnh->rtnh_ifindex);
		snprintf(h[n].dev, sizeof(h[n].dev), "%s", dev ? dev : "");
		h[n].weight = rtnh->rtnh_hops + 1;
		h[n++].onlink = rtnh->rtnh_flags & RTNH_F_ONLINK;
		if (left < MNL_ALIGN((size_t)rtnh->rtnh_len))
			break;
		left -= MNL_ALIGN((size_t)rtnh->rtnh_len);
		rtnh = (const void *)((const char *)rtnh + MNL_ALIGN((size_t)rtnh->rtnh_len));
	}
	v->str = pn_nexthops_text(h, n, &l->to->pool);
	v->num = n;
	v->set = true;
}

static bool route_decode(const void *head, const struct nlattr *const *tb,
			 struct pn_object *o, struct pn_lister *l)
{
	struct pn_value *dst = pn_object_value(o, "dst");
	const struct rtmsg *r = head;

	if ((r->rtm_family != AF_INET && r->rtm_family != AF_INET6) ||
	    (r->rtm_flags & RTM_F_CLONED))
		return false;
	address_get(dst, pn_attr_data(tb[RTA_DST]), pn_attr_len(tb[RTA_DST]));
	dst->num = r->rtm_dst_len;
	family_settle(o, r->rtm_family);
	gateway_get(pn_object_value(o, "via"), tb);
	/* The ways of a nexthop object are its own. */
	if (tb[RTA_NH_ID])
		address_get(pn_object_value(o, "via"), NULL, 0);
	nexthops_get(o, tb[RTA_NH_ID] ? NULL : tb[RTA_MULTIPATH], l);
	if (r->rtm_family == AF_INET6)
		pn_object_value(o, "scope")->set = false;
	/* IPv6 has the loopback device there. */
	if (tb[RTA_NH_ID] || !type_has_way(r->rtm_type))
		pn_object_value(o, "dev")->set = false;
	return true;
}

static int route_list(struct pn_lister *l, struct pn_err *err)
{
	static const uint8_t family[] = { AF_INET, AF_INET6 };
	struct pn_msg m;
	unsigned int i;
	int rc = 0;

	for (i = 0; i < sizeof(family) && !rc; i++) {
		const struct rtmsg r = { .rtm_family = family[i] };

		pn_msg_init(&m, RTM_GETROUTE, 0);
		pn_msg_extra(&m, &r, sizeof(r));
		rc = pn_lister_dump(l, &m, err);
	}
	return rc;
}

static bool route_is_config(const struct pn_object *o)
{
	uint64_t proto = pn_object_value(o, "proto")->num;

	return proto != RTPROT_KERNEL && proto != RTPROT_REDIRECT && proto != RTPROT_RA &&
	       pn_object_value(o, "table")->num != RT_TABLE_LOCAL;
}

const struct pn_class pn_class_routes = {
	.section = "routes",
	.noun = "route",
	.help = "routes, IPv4 and IPv6, in any table",
	PN_FIELDS(fields),
	.add = RTM_NEWROUTE,
	.del = RTM_DELROUTE,
	.got = RTM_NEWROUTE,
	.set_flags = NLM_F_CREATE | NLM_F_REPLACE,
	.head_len = sizeof(struct rtmsg),
	.check = route_check,
	.head = route_head,
	.encode = route_encode,
	.decode = route_decode,
	.list = route_list,
	.implied = route_implied,
	.is_config = route_is_config,
};
