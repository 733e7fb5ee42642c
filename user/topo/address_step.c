// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Steps about addresses, done and undone; see address.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topo/address.h"
#include "topo/step.h"

static int refused(struct pn_plan *plan, struct pn_step *s, const struct pn_topo_addr *a,
		   const char *verb, struct pn_err *err)
{
	char host[INET6_ADDRSTRLEN] = "";
	int rc;

	inet_ntop(a->family, a->bin, host, sizeof(host));
	rc = pn_nl_refused(&s->ns->nl, err, s->id, "cannot %s address %s/%u", verb, host,
			   a->prefixlen);
	if (s->addr.line && plan->topo)
		pn_err_place(err, pn_topo_file(plan->topo), s->addr.line, s->addr.column);
	return rc;
}

static int addr_add(struct pn_plan *plan, struct pn_step *s, int index,
		    const struct pn_topo_addr *a, struct pn_err *err)
{
	int rc = pn_addr_talk(&s->ns->nl, index, a, PN_ADDR_ADD);

	return rc ? refused(plan, s, a, "add", err) : 0;
}

/* IPv6 addresses go by themselves when a device goes down. */
static int addr_del(struct pn_plan *plan, struct pn_step *s, int index,
		    const struct pn_topo_addr *a, struct pn_err *err)
{
	int rc = pn_addr_talk(&s->ns->nl, index, a, PN_ADDR_DEL);

	return rc && rc != -EADDRNOTAVAIL ? refused(plan, s, a, "remove", err) : 0;
}

/* Addresses that another one of their prefix takes along, in the order of the kernel. */
struct others {
	uint32_t ifindex;
	const char *dev;
	struct pn_sys_addr *list, **end;
};

static int others_take(const struct nlmsghdr *nlh, void *data)
{
	struct others *o = data;
	struct pn_sys_addr *sa;
	struct pn_nl_addr a;

	if (pn_nl_addr_parse(nlh, &a) || a.ifindex != o->ifindex ||
	    !(a.flags & IFA_F_SECONDARY))
		return 0;
	sa = pn_sys_addr_new(&a, o->dev);
	if (!sa)
		return -ENOMEM;
	*o->end = sa;
	o->end = &sa->next;
	return 0;
}

static int others_read(struct pn_step *s, struct others *o, struct pn_err *err)
{
	o->end = &o->list;
	o->dev = s->name;
	return s->addr.family == AF_INET ?
		pn_nl_addr_dump(&s->ns->nl, AF_INET, others_take, o, err) : 0;
}

static bool addr_is(const struct pn_topo_addr *a, const struct pn_topo_addr *b)
{
	return a->len == b->len && !memcmp(a->bin, b->bin, a->len);
}

/* They come back, but for @gone. The first refusal stays in the acknowledgement. */
static int others_settle(struct pn_step *s, struct others *o, const struct pn_topo_addr *gone)
{
	struct pn_nl_ack ack = s->ns->nl.ack;
	struct pn_sys_addr *sa;
	int rc = 0, one;

	while ((sa = o->list)) {
		o->list = sa->next;
		one = addr_is(&sa->a, gone) ? 0 : pn_addr_talk(&s->ns->nl, o->ifindex, &sa->a,
							       PN_ADDR_ADD);
		if (one && one != -EEXIST && !rc) {
			rc = one;
			ack = s->ns->nl.ack;
		}
		free(sa);
	}
	s->ns->nl.ack = ack;
	return rc;
}

static int addr_remove(struct pn_plan *plan, struct pn_step *s, int index, struct pn_err *err)
{
	struct others others = { .ifindex = index };
	int rc = others_read(s, &others, err);

	if (!rc)
		rc = addr_del(plan, s, index, &s->addr_old->a, err);
	if (others_settle(s, &others, &s->addr_old->a) && !rc)
		rc = refused(plan, s, &s->addr_old->a, "keep the others of", err);
	return rc;
}

static int addr_turn(struct pn_plan *plan, struct pn_step *s, int index,
		     const struct pn_topo_addr *from, const struct pn_topo_addr *to,
		     struct pn_err *err)
{
	struct others others = { .ifindex = index };
	struct pn_nl_ack ack;
	int rc, kept;

	if (!pn_addr_is_anew(from, to, s->name)) {
		rc = pn_addr_talk(&s->ns->nl, index, to, PN_ADDR_SET);
		return rc ? refused(plan, s, to, "change", err) : 0;
	}
	rc = others_read(s, &others, err);
	if (!rc)
		rc = addr_del(plan, s, index, from, err);
	if (rc) {
		others_settle(s, &others, from);
		return rc;
	}
	rc = pn_addr_talk(&s->ns->nl, index, to, PN_ADDR_ADD);
	ack = s->ns->nl.ack;
	if (rc)
		pn_addr_talk(&s->ns->nl, index, from, PN_ADDR_ADD);
	kept = others_settle(s, &others, from);
	if (rc)
		s->ns->nl.ack = ack;
	return rc || kept ? refused(plan, s, to, "change", err) : 0;
}

int pn_addr_step_do(struct pn_plan *plan, struct pn_step *s, int index, struct pn_err *err)
{
	switch (s->op) {
	case PN_STEP_ADDR_ADD:
		return addr_add(plan, s, index, &s->addr, err);
	case PN_STEP_ADDR_SET:
		return addr_turn(plan, s, index, &s->addr_old->a, &s->addr, err);
	default:
		return addr_remove(plan, s, index, err);
	}
}

int pn_addr_step_undo(struct pn_plan *plan, struct pn_step *s, int index, struct pn_err *err)
{
	switch (s->op) {
	case PN_STEP_ADDR_ADD:
		return addr_del(plan, s, index, &s->addr, err);
	case PN_STEP_ADDR_SET:
		return addr_turn(plan, s, index, &s->addr, &s->addr_old->a, err);
	default:
		return addr_add(plan, s, index, &s->addr_old->a, err);
	}
}
