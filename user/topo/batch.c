// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Deletion of many links; see batch.h. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "topo/batch.h"
#include "topo/hook.h"

#define BATCH_MIN	8
#define GROUP_BASE	0x706e0000u

struct batch {
	struct pn_sys_ns *ns;
	unsigned int n;
	struct pn_sys_link **link;
};

static uint32_t group_of(const struct pn_sys_link *link)
{
	struct pn_link_view view;

	return pn_link_view(link->msg, &view) ? 0 : pn_attr_u32(view.link[IFLA_GROUP], 0);
}

/* A number that no link of the namespace has. */
static uint32_t group_free(const struct pn_sys_ns *ns)
{
	struct pn_sys_link *link, *tmp;
	uint32_t group = GROUP_BASE, other;

	HASH_ITER(by_index, ns->by_index, link, tmp) {
		other = group_of(link);
		if (other >= group && other < UINT32_MAX)
			group = other + 1;
	}
	return group;
}

static int group_set(struct pn_sys_ns *ns, const struct pn_sys_link *link, uint32_t group)
{
	struct ifinfomsg ifm = { .ifi_index = link->ifindex };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_NEWLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	pn_msg_put_u32(&m, IFLA_GROUP, group);
	rc = pn_nl_talk(&ns->nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

static int group_delete(struct pn_sys_ns *ns, uint32_t group)
{
	struct ifinfomsg ifm = { 0 };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_DELLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	pn_msg_put_u32(&m, IFLA_GROUP, group);
	rc = pn_nl_talk(&ns->nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

static int batch_delete(struct batch *b)
{
	uint32_t group = group_free(b->ns);
	unsigned int i;
	int rc = 0;

	for (i = 0; i < b->n && !rc; i++)
		rc = group_set(b->ns, b->link[i], group);
	if (!rc)
		rc = group_delete(b->ns, group);
	while (rc && i-- > 0)
		group_set(b->ns, b->link[i], group_of(b->link[i]));
	return rc;
}

static bool is_deletion(const struct pn_step *s, const struct pn_sys_ns *ns)
{
	return s->op == PN_STEP_LINK_DEL && s->ns == ns &&
	       !pn_hook_removes(pn_kind_find(s->old->kind));
}

static void deletion_done(struct pn_step *s)
{
	s->done = true;
	pn_sys_link_forget(s->ns, s->old);
	if (s->old_peer && s->peer_ns->exists)
		pn_sys_link_forget(s->peer_ns, s->old_peer);
}

unsigned int pn_batch_delete(struct pn_plan *plan, unsigned int first, unsigned int end)
{
	struct pn_step *s = &plan->step[first];
	struct batch b = { .ns = s->ns };
	unsigned int i, n = 0;

	while (first + n < end && is_deletion(&s[n], b.ns))
		n++;
	b.link = n < BATCH_MIN ? NULL : calloc(n, sizeof(*b.link));
	if (!b.link)
		return 0;
	for (i = 0; i < n; i++) {
		pn_hook_snapshot(s[i].ns, s[i].old);
		if (s[i].old_peer)
			pn_hook_snapshot(s[i].peer_ns, s[i].old_peer);
		b.link[b.n++] = s[i].old;
	}
	if (batch_delete(&b))
		n = 0;
	for (i = 0; i < n; i++)
		deletion_done(&s[i]);
	free(b.link);
	return n;
}

/* Going back over this step takes no message, or the deletion of a link. */
static bool is_simple(const struct pn_step *s, const struct pn_sys_ns *ns)
{
	if (!s->done)
		return true;
	if (s->op == PN_STEP_LINK_ADD)
		return s->ns == ns && !pn_hook_removes(s->kind);
	return s->fresh && (s->op == PN_STEP_ATTR || s->op == PN_STEP_ADDR_ADD);
}

/* Pairs have gone as a whole, whichever end it was. */
static void creation_undone(struct pn_step *s, struct pn_sys_link *link)
{
	struct pn_sys_link *peer = NULL;

	if (s->peer_ns && s->peer_ns->exists)
		peer = pn_sys_link(s->peer_ns, s->link->peer->name);
	pn_sys_link_forget(s->ns, link);
	if (peer)
		pn_sys_link_forget(s->peer_ns, peer);
}

static void creations_undone(struct batch *b, struct pn_step *s, unsigned int n)
{
	struct pn_sys_link *link;
	unsigned int i;

	for (i = 0; i < n; i++) {
		link = s[i].done && s[i].op == PN_STEP_LINK_ADD ?
			pn_sys_link(b->ns, s[i].name) : NULL;
		if (link)
			creation_undone(&s[i], link);
		s[i].done = false;
	}
}

unsigned int pn_batch_undo(struct pn_plan *plan, unsigned int end)
{
	const struct pn_step *last = &plan->step[end - 1];
	struct batch b = { .ns = last->ns };
	unsigned int i, first = end, links = 0, n = 0;
	struct pn_sys_link *link;

	for (i = end; i-- > 0 && is_simple(&plan->step[i], b.ns); first = i)
		links += plan->step[i].done && plan->step[i].op == PN_STEP_LINK_ADD;
	b.link = links < BATCH_MIN ? NULL : calloc(links, sizeof(*b.link));
	if (!b.link)
		return 0;
	for (i = first; i < end; i++) {
		if (!plan->step[i].done || plan->step[i].op != PN_STEP_LINK_ADD)
			continue;
		link = pn_sys_link_ask(b.ns, plan->step[i].name);
		if (link)
			b.link[b.n++] = link;
	}
	if (!batch_delete(&b)) {
		n = end - first;
		creations_undone(&b, &plan->step[first], n);
	}
	free(b.link);
	return n;
}
