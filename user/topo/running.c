// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The running state as a topology file; see running.h. */
#include <errno.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topo/hook.h"
#include "topo/object_emit.h"
#include "topo/running.h"
#include "topo/running_ns.h"

struct running {
	const struct pn_emit *e;
	const struct pn_running_opts *opts;
	struct pn_running_spaces spaces;
};

/* One link, as it will be printed. */
struct told {
	struct pn_sys_ns *ns;
	struct pn_sys_link *sys;
	struct pn_link_view view;
	const struct pn_kind *kind;	/* NULL: it must be there already */
	const char *why;		/* no kind, though the kernel has one */
	struct pn_sys_ns *peer_ns;
	struct pn_sys_link *peer;
};

/* The kernel makes these with the module or the namespace, and they stay. */
static bool is_fallback(const char *name)
{
	static const char *const names[] = {
		"tunl0", "gre0", "gretap0", "erspan0", "sit0", "ip6tnl0", "ip6gre0",
		"ip_vti0", "ip6_vti0",
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i], name))
			return true;
	}
	return false;
}

/* Loopback's own: kernels before 5.18 do not say who made an address. */
static bool addr_is_loopback(const struct pn_topo_addr *a)
{
	static const uint8_t v4[4] = { 127, 0, 0, 1 }, v6[16] = { [15] = 1 };

	return !memcmp(a->bin, a->len == 4 ? v4 : v6, a->len);
}

static bool addr_is_ours(const struct pn_sys_addr *sa)
{
	/* Of IPv4 the bit says that another one of its prefix came first. */
	bool temporary = sa->a.family == AF_INET6 && (sa->flags & IFA_F_TEMPORARY);

	if (!(sa->flags & IFA_F_PERMANENT) || temporary || addr_is_loopback(&sa->a))
		return false;
	return sa->proto < IFAPROT_KERNEL_LO || sa->proto > IFAPROT_KERNEL_LL;
}

static bool has_addr(const struct pn_sys_link *link)
{
	const struct pn_sys_addr *sa;

	for (sa = link->addr; sa; sa = sa->next) {
		if (addr_is_ours(sa))
			return true;
	}
	return false;
}

static bool is_unused(const struct pn_sys_link *link, const struct pn_link_view *view)
{
	return is_fallback(link->name) && !(view->ifm->ifi_flags & IFF_UP) &&
	       !view->link[IFLA_MASTER] && !has_addr(link);
}

/* The other end, where it has a name that a file can say. */
static void peer_find(struct running *r, struct told *t)
{
	const struct nlattr *id = t->view.link[IFLA_LINK_NETNSID];
	struct pn_sys_link *peer;

	t->peer_ns = id ? pn_running_by_id(&r->spaces, t->ns, pn_attr_u32(id, -1)) : t->ns;
	peer = t->peer_ns ? pn_sys_link_by_index(t->peer_ns, t->sys->lower) : NULL;
	if (peer && !strcmp(peer->kind, t->sys->kind) && peer->lower == t->sys->ifindex)
		t->peer = peer;
}

static bool lower_is_here(const struct told *t)
{
	const struct pn_row *row = pn_row_find(&pn_common_rows, "link");
	struct pn_value v;

	return pn_row_decode(&pn_common_rows, row, &t->view, &t->ns->devs, &v) && v.str[0];
}

static int told_init(struct running *r, struct told *t, struct pn_sys_ns *ns,
		     struct pn_sys_link *sys)
{
	memset(t, 0, sizeof(*t));
	t->ns = ns;
	t->sys = sys;
	if (pn_link_view(sys->msg, &t->view))
		return -EBADMSG;
	t->kind = is_fallback(sys->name) ? NULL : pn_kind_find(sys->kind);
	if (!t->kind) {
		t->why = sys->kind[0] && !is_fallback(sys->name) ?
			"penstock cannot make devices of this kind" : NULL;
		return 0;
	}
	if (t->kind->flags & PN_KIND_PEER)
		peer_find(r, t);
	if ((t->kind->flags & PN_KIND_PEER) && !t->peer)
		t->why = "its peer is in a network namespace without a name";
	else if ((t->kind->flags & PN_KIND_LOWER) && !lower_is_here(t))
		t->why = "its lower device is in another network namespace";
	if (t->why)
		t->kind = NULL;
	return 0;
}

static bool is_nothing(const struct pn_row *row, const struct pn_value *v)
{
	switch (row->type) {
	case PN_T_FLAG:
		return !v->num;
	case PN_T_IP:
		return !v->len;
	case PN_T_DEV:
	case PN_T_STR:
		return !v->str[0];
	case PN_T_MAC:
		return !memcmp(v->bin, (uint8_t[6]){ 0 }, 6);
	default:
		return pn_row_is_list(row) && pn_row_is_none(row, v);
	}
}

/* What a device of Ethernet type starts with; the rows of all links have no default. */
static bool is_usual(const struct told *t, const struct pn_row *row, const struct pn_value *v)
{
	bool ether = t->view.ifm->ifi_type == ARPHRD_ETHER;

	if (row->type == PN_T_IFF || row->type == PN_T_IFF_NOT) {
		if (row->attr == IFF_NOARP || row->attr == IFF_MULTICAST)
			return ether && v->num;
		return row->attr != IFF_UP && !v->num;
	}
	switch (row->attr) {
	case IFLA_GROUP:
		return !v->num;
	case IFLA_TXQLEN:
		return v->num == 1000;
	case IFLA_NUM_TX_QUEUES:
	case IFLA_NUM_RX_QUEUES:
		return v->num == 1 && !t->peer;
	default:
		return false;
	}
}

static bool is_default(const struct pn_row *row, const struct pn_value *v)
{
	struct pn_value def = { 0 };
	char why[300];

	return row->def && !pn_row_parse(row, row->def, &def, why, sizeof(why)) &&
	       pn_row_equal(row, v, &def);
}

/* Rows that are not the file's to say, of this link in this state. */
static bool is_derived(const struct told *t, const struct pn_rows *rows,
		       const struct pn_row *row, const struct pn_value *v)
{
	const struct nlattr *perm = t->view.link[IFLA_PERM_ADDRESS];

	if (rows->place == PN_AT_SLAVE)
		return row->flags & PN_ROW_LATE;	/* follows carrier and STP */
	if (rows->place != PN_AT_LINK)
		return false;
	/* What is said when a link is made is the hook's to say, where a hook makes it. */
	if ((!t->kind || pn_hook_creates(t->kind)) && (row->flags & PN_ROW_FIXED))
		return true;
	/* Of a pair or a tunnel it is no lower device. */
	if (row->type == PN_T_DEV && row->attr == IFLA_LINK)
		return !t->kind || !(t->kind->flags & PN_KIND_LOWER);
	if (row->type == PN_T_MAC && perm && pn_attr_len(perm) == v->len)
		return !memcmp(pn_attr_data(perm), v->bin, v->len);
	return is_usual(t, row, v);
}

/* A value that the reader would not take, or not as the same one, is not printed. */
static bool reads_back(const struct pn_row *row, const struct pn_value *v, const char *text)
{
	struct pn_value again = { 0 };
	char why[300];

	return !pn_row_parse(row, text, &again, why, sizeof(why)) &&
	       pn_row_equal(row, v, &again);
}

static bool is_plain(const struct pn_row *row, const char *text)
{
	if (pn_row_is_bool(row))
		return true;
	switch (row->type) {
	case PN_T_STR:
	case PN_T_DEV:
	case PN_T_RANGE:
	case PN_T_SCI:
		return false;
	default:
		return text[0] && !text[strspn(text, "0123456789")] &&
		       (text[0] != '0' || !text[1]);
	}
}

static struct pn_value *rows_decode(const struct told *t, const struct pn_kind *kind,
				    const struct pn_rows *rows)
{
	struct pn_value *v = calloc(rows->n + 1, sizeof(*v));
	unsigned int i;

	for (i = 0; v && i < rows->n; i++) {
		pn_value_read(t->ns, t->sys, &t->view, kind, rows, &rows->row[i], &v[i]);
		if (v[i].set && (is_nothing(&rows->row[i], &v[i]) ||
				 is_derived(t, rows, &rows->row[i], &v[i])))
			v[i].set = false;
	}
	return v;
}

static void rows_emit(const struct running *r, const struct pn_rows *rows,
		      const struct pn_value *v)
{
	const struct pn_row *row;
	char text[1024];
	unsigned int i;

	for (i = 0; i < rows->n; i++) {
		row = &rows->row[i];
		if (!v[i].set || is_default(row, &v[i]))
			continue;
		pn_row_format(row, &v[i], text, sizeof(text));
		if (!reads_back(row, &v[i], text))
			continue;
		if (is_plain(row, text))
			pn_emit_plain(r->e, row->name, text);
		else
			pn_emit_text(r->e, row->name, text);
	}
}

static int place_emit(const struct running *r, const struct told *t, const struct pn_kind *kind,
		      const struct pn_rows *rows)
{
	struct pn_value *v = rows_decode(t, kind, rows);

	if (v)
		rows_emit(r, rows, v);
	free(v);
	return v ? 0 : -ENOMEM;
}

/* The kernel shows both of two words that exclude each other: vxlan's id beside external. */
static int data_emit(const struct running *r, const struct told *t)
{
	const struct pn_rows *rows = &t->kind->data;
	struct pn_value *v = rows_decode(t, t->kind, rows);
	unsigned int tries = rows->n;
	char why[300];
	int row;

	while (v && tries-- && t->kind->check && t->kind->check(v, &row, why, sizeof(why)) &&
	       row >= 0)
		v[row].set = false;
	if (v)
		rows_emit(r, rows, v);
	free(v);
	return v ? 0 : -ENOMEM;
}

static int slave_emit(const struct running *r, const struct told *t)
{
	const struct pn_kind *kind = pn_kind_find(t->view.slave_kind);
	char key[48];
	int rc;

	if (!kind || !kind->slave.n)
		return 0;
	snprintf(key, sizeof(key), "%s_slave", kind->name);
	pn_emit_map(r->e, key);
	rc = place_emit(r, t, kind, &kind->slave);
	pn_emit_end(r->e);
	return rc;
}

static void addresses_emit(const struct running *r, const struct told *t)
{
	const struct pn_sys_addr *sa;

	if (!has_addr(t->sys))
		return;
	pn_emit_list(r->e, "addresses");
	for (sa = t->sys->addr; sa; sa = sa->next) {
		if (addr_is_ours(sa))
			pn_addr_emit(r->e, &sa->a);
	}
	pn_emit_end(r->e);
}

static int rest_emit(struct running *r, struct told *t)
{
	int rc = place_emit(r, t, t->kind, &pn_common_rows);

	if (!rc)
		rc = slave_emit(r, t);
	if (!rc)
		addresses_emit(r, t);
	t->sys->told = true;
	return rc;
}

static void name_emit(const struct running *r, const struct told *t)
{
	pn_emit_text(r->e, "name", t->sys->name);
	if (t->ns->name)
		pn_emit_text(r->e, "netns", t->ns->name);
}

static int peer_emit(struct running *r, const struct told *t)
{
	struct told peer;
	int rc = told_init(r, &peer, t->peer_ns, t->peer);

	if (rc)
		return rc;
	pn_emit_map(r->e, "peer");
	name_emit(r, &peer);
	rc = rest_emit(r, &peer);
	pn_emit_end(r->e);
	return rc;
}

/* Of a pair the kernel made the end that the file calls peer first. */
static int told_turn(struct running *r, struct told *t)
{
	if (t->peer && t->peer_ns == t->ns && t->peer->ifindex > t->sys->ifindex)
		return told_init(r, t, t->ns, t->peer);
	return 0;
}

static int link_emit(struct running *r, struct pn_sys_ns *ns, struct pn_sys_link *sys)
{
	struct told t;
	char text[160];
	int rc = told_init(r, &t, ns, sys);

	if (rc || sys->told || is_unused(sys, &t.view))
		return rc;
	rc = told_turn(r, &t);
	if (rc)
		return rc;
	pn_emit_map(r->e, NULL);
	name_emit(r, &t);
	if (t.kind) {
		pn_emit_text(r->e, "kind", t.kind->name);
		rc = data_emit(r, &t);
	} else if (t.why) {
		snprintf(text, sizeof(text), "%s: %s", t.sys->kind, t.why);
		pn_emit_remark(r->e, text);
	}
	if (!rc)
		rc = rest_emit(r, &t);
	if (!rc && t.peer && t.kind)
		rc = peer_emit(r, &t);
	pn_emit_end(r->e);
	return rc;
}

static int links_emit(struct running *r, struct pn_sys_ns *ns)
{
	struct pn_sys_link *link, *tmp;
	int rc = 0;

	HASH_ITER(by_index, ns->by_index, link, tmp) {
		rc = link_emit(r, ns, link);
		if (rc)
			break;
	}
	return rc;
}

/* The namespaces that the links of @ns reach into. */
static int peers_visit(struct running *r, struct pn_sys_ns *ns)
{
	struct pn_sys_link *link, *tmp;
	struct told t;
	int rc;

	HASH_ITER(by_index, ns->by_index, link, tmp) {
		rc = told_init(r, &t, ns, link);
		if (rc)
			return rc;
	}
	return 0;
}

static void namespaces_emit(struct running *r)
{
	struct pn_sys_ns *ns;
	bool open = false;
	char **name;

	for (name = r->spaces.names; *name; name++) {
		for (ns = r->spaces.sys.ns; ns; ns = ns->next) {
			if (ns->name && !strcmp(ns->name, *name))
				break;
		}
		if (!ns || !ns->exists)
			continue;
		if (!open)
			pn_emit_list(r->e, "namespaces");
		open = true;
		pn_emit_text(r->e, NULL, *name);
	}
	if (open)
		pn_emit_end(r->e);
}

/* What another section says is told already. */
static void derived_tell(const struct running *r, struct pn_sys_ns *home)
{
	const char *const *name;
	struct pn_sys_link *link;

	for (name = r->opts->derived.devs; *name; name++) {
		link = pn_sys_link(home, *name);
		if (link)
			link->told = true;
	}
}

static int sections_emit(struct running *r, struct pn_err *err)
{
	struct pn_sys_ns *home = pn_sys_ns(&r->spaces.sys, NULL, err), *ns;
	bool all = r->opts->all;
	char **name;
	int rc;

	rc = home ? peers_visit(r, home) : -EIO;
	for (name = r->spaces.names; all && !rc && *name; name++)
		rc = pn_sys_ns(&r->spaces.sys, *name, err) ? 0 : -EIO;
	if (rc)
		return rc;
	derived_tell(r, home);
	namespaces_emit(r);
	pn_emit_list(r->e, "links");
	rc = links_emit(r, home);
	for (name = r->spaces.names; all && !rc && *name; name++) {
		ns = pn_sys_ns(&r->spaces.sys, *name, err);
		rc = ns ? links_emit(r, ns) : -EIO;
	}
	pn_emit_end(r->e);
	if (rc)
		return rc;
	return pn_objects_emit(r->e, &r->spaces.sys, all ? r->spaces.names : NULL,
			       &r->opts->derived, err);
}

int pn_topo_running(const struct pn_emit *e, const struct pn_running_opts *opts,
		    struct pn_err *err)
{
	struct running r = { .e = e, .opts = opts };
	int rc;

	rc = pn_running_spaces_open(&r.spaces, err);
	if (rc)
		return rc;
	pn_emit_plain(e, "penstock", "1");
	rc = sections_emit(&r, err);
	pn_running_spaces_close(&r.spaces);
	return rc ? pn_err_set(err, PN_EXIT_KERNEL, -rc, "links", "cannot be shown: %s",
			       strerror(-rc)) : 0;
}
