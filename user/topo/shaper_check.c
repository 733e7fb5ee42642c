// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the words of a shaper, and shapers among each other, must be. Every
 * wrong value is one sentence with its place. Fills in what follows from the
 * rest: parents, the action of a parent alone, the IFB device of a tree.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <penstock/rate.h>

#include "topo/read.h"
#include "topo/shaper.h"
#include "topo/units.h"

#define BURST_SECONDS	60	/* of a bucket at its rate: longer is a mistake */

static bool said(const struct pn_topo_shaper *s, enum pn_shaper_word word)
{
	return s->conf.said >> word & 1;
}

int pn_shaper_fail(struct pn_reader *r, const struct pn_topo_shaper *s,
		   enum pn_shaper_word word, const char *fmt, ...)
{
	const struct pn_shaper_place own = { s->line, s->column };
	const struct pn_shaper_place at = s->place[word].line ? s->place[word] : own;
	const struct pn_yaml node = { .line = at.line, .column = at.column };
	char text[sizeof(r->err->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return pn_read_fail(r, &node, s->conf.name, "%s", text);
}

static const char *rate_text(uint64_t rate, char buf[32])
{
	const struct pn_value v = { .num = rate };

	pn_field_rate.format(&v, buf, 32);
	return buf;
}

static int burst_check(struct pn_reader *r, const struct pn_topo_shaper *s,
		       enum pn_shaper_word word, uint32_t burst, uint64_t rate)
{
	char text[32];

	if (!burst || burst / BURST_SECONDS < rate)
		return 0;
	return pn_shaper_fail(r, s, word, "%s: takes %" PRIu64 " s to fill at %s: at most %" PRIu64
			      " bytes, which are %u s", pn_shaper_rows[word].key, burst / rate,
			      rate_text(rate, text), rate * BURST_SECONDS, BURST_SECONDS);
}

static int rates_check(struct pn_reader *r, const struct pn_topo_shaper *s)
{
	const struct pn_shaper_conf *c = &s->conf;
	char rate[32], ceil[32];
	int rc;

	if (c->ceil && c->ceil < c->rate)
		return pn_shaper_fail(r, s, PN_SW_CEIL, "ceil: %s is below the guaranteed rate of "
				      "%s: make it as high, or leave it out",
				      rate_text(c->ceil, ceil), rate_text(c->rate, rate));
	rc = burst_check(r, s, PN_SW_BURST, c->burst, c->rate);
	return rc ? rc : burst_check(r, s, PN_SW_CBURST, c->cburst, pn_shaper_ceil(c));
}

/* Words that only mean something beside others. */
static int actions_check(struct pn_reader *r, const struct pn_topo_shaper *s)
{
	static const struct {
		enum pn_shaper_word word;
		unsigned int actions;	/* bits */
		const char *text;
	} rows[] = {
		{ PN_SW_ECN, 1 << PN_SHAPER_POLICE, "action police" },
		{ PN_SW_REMARK, 1 << PN_SHAPER_MARK, "action mark" },
		{ PN_SW_PER, 1 << PN_SHAPER_POLICE | 1 << PN_SHAPER_MARK,
		  "actions police and mark" },
		{ PN_SW_QDISC, 1 << PN_SHAPER_SHAPE, "action shape" },
		{ PN_SW_LIMIT, 1 << PN_SHAPER_SHAPE, "action shape" },
		{ PN_SW_IFB, 1 << PN_SHAPER_SHAPE, "action shape" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (said(s, rows[i].word) && !(rows[i].actions >> s->conf.action & 1))
			return pn_shaper_fail(r, s, rows[i].word, "%s: is for %s, and this "
					      "shaper's is %s: leave it out, or change the action",
					      pn_shaper_rows[rows[i].word].key, rows[i].text,
					      pn_shaper_action_words[s->conf.action]);
	if (said(s, PN_SW_CBURST) && !s->conf.ceil)
		return pn_shaper_fail(r, s, PN_SW_CBURST, "cburst: is the burst of ceil, which is "
				      "not given: give it, or say burst");
	if (!said(s, PN_SW_MATCH) && said(s, PN_SW_SPREAD))
		return pn_shaper_fail(r, s, PN_SW_SPREAD, "spread: has no packets of its own to "
				      "spread: give it a match");
	return 0;
}

static bool is_v4(const struct pn_prefix *p)
{
	return p->len >= 96 && !p->addr[0] && !p->addr[1] && p->addr[2] == htonl(0xffff);
}

static int family_check(struct pn_reader *r, const struct pn_topo_shaper *s,
			enum pn_shaper_word a, enum pn_shaper_word b)
{
	const char *base = (const char *)&s->conf;
	const struct pn_prefix *pa = (const void *)(base + pn_shaper_rows[a].at);
	const struct pn_prefix *pb = (const void *)(base + pn_shaper_rows[b].at);

	if (!said(s, a) || !said(s, b) || is_v4(pa) == is_v4(pb))
		return 0;
	return pn_shaper_fail(r, s, b, "%s: is IPv%d, and %s is IPv%d: no packet is both",
			      pn_shaper_rows[b].key, is_v4(pb) ? 4 : 6, pn_shaper_rows[a].key,
			      is_v4(pa) ? 4 : 6);
}

static bool kind_has_vni(unsigned int kind)
{
	return kind == PN_TUNNEL_VXLAN || kind == PN_TUNNEL_GENEVE;
}

static bool kind_has_key(unsigned int kind)
{
	return kind == PN_TUNNEL_GRE || kind == PN_TUNNEL_GRETAP || kind == PN_TUNNEL_IP6GRE ||
	       kind == PN_TUNNEL_IP6GRETAP;
}

static int tunnel_check(struct pn_reader *r, const struct pn_topo_shaper *s)
{
	unsigned int kind = s->conf.kind;

	if (said(s, PN_SW_VNI) && said(s, PN_SW_KEY))
		return pn_shaper_fail(r, s, PN_SW_KEY, "key: cannot be set together with vni: "
				      "tunnels have the one or the other");
	if (said(s, PN_SW_VNI) && kind && !kind_has_vni(kind))
		return pn_shaper_fail(r, s, PN_SW_VNI, "vni: %s has none: vxlan and geneve do",
				      pn_tunnel_kind_words[kind]);
	if (said(s, PN_SW_KEY) && kind && !kind_has_key(kind))
		return pn_shaper_fail(r, s, PN_SW_KEY, "key: %s has none: gre, gretap and their "
				      "IPv6 kinds do", pn_tunnel_kind_words[kind]);
	return 0;
}

static bool proto_has_ports(unsigned int proto)
{
	return proto == 6 || proto == 17 || proto == 33 || proto == 132 || proto == 136;
}

static int match_check(struct pn_reader *r, const struct pn_topo_shaper *s)
{
	enum pn_shaper_word port = said(s, PN_SW_SPORT) ? PN_SW_SPORT : PN_SW_DPORT;
	int rc = tunnel_check(r, s);

	if (!rc)
		rc = family_check(r, s, PN_SW_SRC, PN_SW_DST);
	if (!rc)
		rc = family_check(r, s, PN_SW_PEER, PN_SW_LOCAL);
	if (rc || !said(s, port))
		return rc;
	if (!said(s, PN_SW_PROTO))
		return pn_shaper_fail(r, s, port, "%s: needs proto: say tcp or udp beside it",
				      pn_shaper_rows[port].key);
	if (!proto_has_ports(s->conf.proto))
		return pn_shaper_fail(r, s, port, "%s: protocol %u has no ports: tcp, udp, sctp, "
				      "dccp and udplite do", pn_shaper_rows[port].key,
				      s->conf.proto);
	return 0;
}

static int parents_find(struct pn_reader *r)
{
	struct pn_topo *topo = r->topo;
	struct pn_topo_shaper *s;
	unsigned int i;
	int rc;

	for (i = 0; i < topo->n_shapers; i++) {
		s = &topo->shapers[i];
		if (!said(s, PN_SW_PARENT))
			continue;
		HASH_FIND_STR(topo->shaper_by_name, s->conf.parent, s->parent);
		if (!s->parent) {
			rc = pn_shaper_fail(r, s, PN_SW_PARENT, "parent: there is no shaper \"%s\" "
					    "in this file", s->conf.parent);
			pn_err_hint(r->err, "parents are shapers of the same file; their order "
				    "does not matter");
			return rc;
		}
		s->parent->n_children++;
	}
	return 0;
}

static int depth_check(struct pn_reader *r, struct pn_topo_shaper *s)
{
	const struct pn_topo_shaper *up = s->parent;

	for (s->depth = 0; up; up = up->parent) {
		if (up == s)
			return pn_shaper_fail(r, s, PN_SW_PARENT, "parent: \"%s\" is below it "
					      "already: a shaper cannot be a part of itself",
					      s->conf.parent);
		if (++s->depth < PN_SHAPER_DEPTH)
			continue;
		/* In a circle further up it would go on for ever. */
		return pn_shaper_fail(r, s, PN_SW_PARENT, "parent: is the %uth level, at most %u: "
				      "host, port, tunnel or VLAN, tenant", PN_SHAPER_DEPTH + 1,
				      PN_SHAPER_DEPTH);
	}
	return 0;
}

/* What is guaranteed to the children of one parent together. */
static int guarantees_check(struct pn_reader *r)
{
	struct pn_topo *topo = r->topo;
	char sum[32], rate[32];
	struct pn_topo_shaper *s;
	unsigned int i;

	for (i = 0; i < topo->n_shapers; i++) {
		s = &topo->shapers[i];
		if (!s->parent)
			continue;
		s->parent->guaranteed += s->conf.rate;
		if (s->parent->guaranteed <= s->parent->conf.rate)
			continue;
		pn_shaper_fail(r, s, PN_SW_RATE, "rate: with it %s is guaranteed below %s, which "
			       "has %s", rate_text(s->parent->guaranteed, sum),
			       s->parent->conf.name, rate_text(s->parent->conf.rate, rate));
		pn_err_hint(r->err, "lower the rates of its children, and let them borrow with "
			    "ceil: %s", rate);
		return -EINVAL;
	}
	return 0;
}

/* A parent alone does what its children do. */
static void actions_fill(struct pn_topo *topo)
{
	struct pn_topo_shaper *s, *up;
	unsigned int i;

	for (i = 0; i < topo->n_shapers; i++) {
		s = &topo->shapers[i];
		if (said(s, PN_SW_ACTION) && s->conf.action != PN_SHAPER_SHAPE)
			continue;
		for (up = s->parent; said(s, PN_SW_ACTION) && up; up = up->parent)
			if (!said(up, PN_SW_ACTION) && !said(up, PN_SW_MATCH))
				up->conf.action = PN_SHAPER_SHAPE;
	}
	for (i = 0; i < topo->n_shapers; i++) {
		s = &topo->shapers[i];
		if (!s->conf.action)
			s->conf.action = said(s, PN_SW_MATCH) || said(s, PN_SW_ACTION) ?
						 PN_SHAPER_POLICE : PN_SHAPER_NONE;
	}
}

static bool is_shape(const struct pn_topo_shaper *s)
{
	return s->conf.action == PN_SHAPER_SHAPE;
}

static int tree_check(struct pn_reader *r, struct pn_topo_shaper *s)
{
	bool alone = s->conf.qdisc == PN_QDISC_TBF || s->conf.qdisc == PN_QDISC_CAKE;

	if (s->parent && is_shape(s) != is_shape(s->parent))
		return pn_shaper_fail(r, s, PN_SW_ACTION, "action: %s %s, and its parent %s %s: "
				      "either all of a tree is queued, or nothing", s->conf.name,
				      is_shape(s) ? "is queued" : "is not queued",
				      s->parent->conf.name, is_shape(s->parent) ? "is" : "is not");
	if (is_shape(s) && alone && (s->parent || s->n_children))
		return pn_shaper_fail(r, s, PN_SW_QDISC, "qdisc: %s has no classes, so the shaper "
				      "can neither have a parent nor be one: take htb",
				      pn_shaper_qdisc_words[s->conf.qdisc]);
	if (is_shape(s) && s->parent && said(s, PN_SW_IFB))
		return pn_shaper_fail(r, s, PN_SW_IFB, "ifb: is said of the topmost shaper of a "
				      "tree, which is queued at one device");
	return 0;
}

/* Shapers of a tree are queued at one device, which has the name of the topmost. */
static int ifb_fill(struct pn_reader *r, struct pn_topo_shaper *s)
{
	const struct pn_topo_shaper *top = s;
	char name[PN_SHAPER_NAME + 4];

	if (!is_shape(s) || s->conf.ifb[0])
		return 0;
	while (top->parent)
		top = top->parent;
	snprintf(name, sizeof(name), "%s%s", top->conf.ifb[0] ? "" : "ifb-",
		 top->conf.ifb[0] ? top->conf.ifb : top->conf.name);
	if (strlen(name) >= IFNAMSIZ) {
		pn_shaper_fail(r, top, PN_SW_NAME, "the name of its IFB device, %s, is too long: "
			       "%zu characters, at most 15", name, strlen(name));
		pn_err_hint(r->err, "give it a name of its own: ifb: ifb-0");
		return -EINVAL;
	}
	memcpy(s->conf.ifb, name, strlen(name) + 1);
	return 0;
}

int pn_shapers_check(struct pn_reader *r)
{
	struct pn_topo *topo = r->topo;
	struct pn_topo_shaper *s;
	unsigned int i;
	int rc = parents_find(r);

	for (i = 0; i < topo->n_shapers && !rc; i++) {
		rc = depth_check(r, &topo->shapers[i]);
	}
	if (!rc)
		actions_fill(topo);
	for (i = 0; i < topo->n_shapers && !rc; i++) {
		s = &topo->shapers[i];
		rc = rates_check(r, s);
		if (!rc)
			rc = match_check(r, s);
		if (!rc)
			rc = actions_check(r, s);
		if (!rc)
			rc = tree_check(r, s);
		if (!rc)
			rc = ifb_fill(r, s);
	}
	if (!rc)
		rc = guarantees_check(r);
	return rc ? rc : pn_shaper_matches_check(r);
}
