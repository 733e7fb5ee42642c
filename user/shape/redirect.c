// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Filters to IFB devices; see redirect.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plane/program.h"
#include "shape/redirect.h"
#include "util/hash.h"

/* What is wanted and what is there of one port. */
struct redirects {
	const struct pn_maps *maps;
	struct pn_redirect_port *port;
	struct pn_nl nl;
	uint32_t ifb[PN_REDIRECTS_MAX];
	unsigned int n_ifb;
	struct pn_nl_filter has[PN_REDIRECTS_MAX];
	int n_has;
};

static int ifb_want(struct redirects *r, uint32_t ifb, struct pn_err *err)
{
	unsigned int i;

	for (i = 0; i < r->n_ifb && r->ifb[i] != ifb; i++)
		;
	if (i < r->n_ifb)
		return 0;
	if (i == PN_REDIRECTS_MAX) {
		pn_err_set(err, PN_EXIT_USAGE, E2BIG, r->port->dev,
			   "its shapers queue at more than %u IFB devices", PN_REDIRECTS_MAX);
		pn_err_hint(err, "let some share one: `ifb` of a shaper, or a common parent");
		return -E2BIG;
	}
	r->ifb[r->n_ifb++] = ifb;
	return 0;
}

/* Where do shapers queue that take packets of this port? */
static int ifbs_find(struct redirects *r, struct pn_err *err)
{
	const struct pn_maps *m = r->maps;
	const struct pn_shaper *shaper;
	const struct pn_match *match;
	uint32_t i;
	int rc = 0;

	for (i = 1; i < m->abi.shapers && !rc; i++) {
		match = &m->matches[i];
		if (!match->generation || match->mask >= PN_MAX_MASKS ||
		    match->shaper >= m->abi.shapers ||
		    (m->masks[match->mask].bits.port && match->want.port != r->port->index))
			continue;
		shaper = &m->shapers[match->shaper];
		if (shaper->generation && shaper->action == PN_SHAPER_SHAPE && shaper->ifb)
			rc = ifb_want(r, shaper->ifb, err);
	}
	return rc;
}

static bool is_wanted(const struct redirects *r, const struct pn_nl_filter *f)
{
	unsigned int i;

	for (i = 0; i < r->n_ifb; i++)
		if (r->ifb[i] == f->handle)
			return true;
	return false;
}

static int refused(struct redirects *r, const char *what, struct pn_err *err)
{
	return pn_nl_refused(&r->nl, err, r->port->dev, "%s", what);
}

/* The filter's name tells what its program was made with. */
static void name_make(const struct pn_conf *conf, char name[PN_NL_FILTER_NAME])
{
	snprintf(name, PN_NL_FILTER_NAME, PN_NL_FILTER_OURS "%08x",
		 pn_fnv1a(conf, sizeof(*conf)));
}

static const struct pn_nl_filter *has_find(const struct redirects *r, uint32_t ifb)
{
	int i;

	for (i = 0; i < r->n_has; i++)
		if (r->has[i].handle == ifb)
			return &r->has[i];
	return NULL;
}

static int filter_make(struct redirects *r, uint32_t ifb, bool anew, struct pn_err *err)
{
	struct pn_program_spec spec = { .hook = PN_HOOK_TC, .dev = r->port->dev, .ifb = ifb,
					.conf.port = r->port->index };
	struct pn_nl_filter f = { .ifindex = r->port->ifindex, .prio = PN_NL_FILTER_PRIO,
				  .handle = ifb, .to = ifb };
	const struct pn_nl_filter *has = has_find(r, ifb);
	struct pn_program prog;
	int rc;

	pn_program_conf(&spec.conf, r->maps);
	name_make(&spec.conf, f.name);
	if (has && !anew && has->to == ifb && !strcmp(has->name, f.name))
		return 0;
	rc = pn_program_load(&prog, &spec, r->maps, -1, err);
	if (rc)
		return rc;
	f.prog_fd = prog.fd;
	rc = pn_nl_filter_set(&r->nl, &f);
	pn_program_close(&prog);
	return rc ? refused(r, "the filter of its shapers is refused", err) : 0;
}

static int filters_settle(struct redirects *r, bool anew, struct pn_err *err)
{
	unsigned int i;
	int k, rc = 0;

	if (r->n_ifb) {
		rc = pn_nl_filter_place(&r->nl, r->port->ifindex);
		if (rc < 0)
			return refused(r, "has no place for the filters of its shapers", err);
		r->port->placed = r->port->placed || rc;
		rc = 0;
	}
	for (i = 0; i < r->n_ifb && !rc; i++)
		rc = filter_make(r, r->ifb[i], anew, err);
	for (k = 0; k < r->n_has && !rc; k++) {
		if (is_wanted(r, &r->has[k]))
			continue;
		rc = pn_nl_filter_del(&r->nl, &r->has[k]);
		if (rc && rc != -ENOENT)
			rc = refused(r, "a filter of its shapers cannot be removed", err);
		else
			rc = 0;
	}
	if (!rc && !r->n_ifb && r->port->placed)
		r->port->placed = pn_nl_filter_unplace(&r->nl, r->port->ifindex) > 0;
	return rc;
}

int pn_redirects_settle(const struct pn_maps *maps, struct pn_redirect_port *p, bool anew,
			struct pn_err *err)
{
	struct redirects r = { .maps = maps, .port = p };
	int rc = ifbs_find(&r, err);

	if (!rc)
		rc = pn_nl_open(&r.nl, NETLINK_ROUTE, err);
	if (rc)
		return rc;
	r.n_has = pn_nl_filter_list(&r.nl, p->ifindex, PN_NL_FILTER_PRIO, r.has,
				    PN_REDIRECTS_MAX);
	if (r.n_has < 0)
		rc = refused(&r, "its filters cannot be read", err);
	else if (r.n_has || r.n_ifb || p->placed)
		rc = filters_settle(&r, anew, err);
	pn_nl_close(&r.nl);
	return rc;
}

void pn_redirects_clear(uint32_t ifindex)
{
	struct pn_nl_filter has[PN_REDIRECTS_MAX];
	struct pn_nl nl = { 0 };
	int i, n;

	if (pn_nl_open(&nl, NETLINK_ROUTE, NULL))
		return;
	n = pn_nl_filter_list(&nl, ifindex, PN_NL_FILTER_PRIO, has, PN_REDIRECTS_MAX);
	for (i = 0; i < n; i++)
		pn_nl_filter_del(&nl, &has[i]);
	pn_nl_close(&nl);
}

int pn_redirects_list(uint32_t ifindex, struct pn_nl_filter to[PN_REDIRECTS_MAX])
{
	struct pn_nl nl = { 0 };
	int n = pn_nl_open(&nl, NETLINK_ROUTE, NULL);

	if (n)
		return n;
	n = pn_nl_filter_list(&nl, ifindex, PN_NL_FILTER_PRIO, to, PN_REDIRECTS_MAX);
	pn_nl_close(&nl);
	return n;
}

void pn_redirects_unplace(uint32_t ifindex)
{
	struct pn_nl nl = { 0 };

	if (pn_nl_open(&nl, NETLINK_ROUTE, NULL))
		return;
	pn_nl_filter_unplace(&nl, ifindex);
	pn_nl_close(&nl);
}
