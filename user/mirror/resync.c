// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Reading everything anew: at start, and after notifications were lost. Links
 * and addresses are few and are read at once. The FDB may be large, so its
 * dump is taken in piece by piece, between notifications, which go on.
 *
 * A dump during a storm would be outdated by the next loss, so it begins when
 * no loss has been reported for a moment, or after a while all the same.
 */
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mirror/state.h"
#include "nl/addr.h"
#include "nl/link.h"
#include "nl/vlan.h"
#include "nl/vni.h"

#define QUIET_NS	5000000ull	/* without a loss: the storm is over */
#define PATIENCE_NS	250000000ull	/* doubled by every dump that was cut short */
#define RESTARTS_MAX	4		/* then a dump is taken to its end, losses or not */
#define PIECES		8		/* of a dump, before other work gets a turn */
#define LOOK_AHEAD	8		/* messages whose memory is on its way */

void mirror_resync_lost(struct pn_mirror *m)
{
	struct mirror_resync_state *r = &m->resync;

	r->lost_last = mirror_now();
	if (r->step == RESYNC_WAITING)
		return;
	if (r->step == RESYNC_DUMPING) {
		if (r->restarts >= RESTARTS_MAX) {
			r->again = true;
			return;
		}
		r->restarts++;
		pn_fdbs_dump_abort(&m->bridge_fdb);
		pn_fdbs_dump_abort(&m->tunnel_fdb);
		pn_nl_close(&r->nl);
	}
	r->lost_first = r->lost_last;
	r->step = RESYNC_WAITING;
}

__u64 mirror_resync_due(const struct pn_mirror *m)
{
	const struct mirror_resync_state *r = &m->resync;
	__u64 quiet = r->lost_last + QUIET_NS;
	__u64 patience = r->lost_first + (PATIENCE_NS << r->restarts);

	if (r->step != RESYNC_WAITING)
		return 0;
	return quiet < patience ? quiet : patience;
}

static int dump_message(const struct nlmsghdr *nlh, void *data)
{
	return mirror_message(data, nlh, true);
}

/* A kernel without VLAN filtering has no such messages. */
static int vlans_dump(struct pn_mirror *m, struct pn_err *err)
{
	struct pn_err none = { 0 };
	int rc;

	pn_vlans_dump_begin(&m->vlans);
	rc = pn_nl_vlan_dump(&m->nl, 0, dump_message, m, &none);
	if (rc == -EOPNOTSUPP)
		return 0;
	if (rc)
		*err = none;
	else if (pn_vlans_dump_end(&m->vlans))
		m->links_changed = true;
	return rc;
}

/* Nor has one without lists of VNIs (before 5.18, or without vxlan). */
static int vnis_dump(struct pn_mirror *m)
{
	int rc;

	pn_vnis_dump_begin(&m->vnis);
	rc = pn_nl_vni_dump(&m->nl, dump_message, m, NULL);
	if (rc == -EINTR || rc == -ENOMEM)
		return rc;
	/* Who does not answer has none. */
	if (pn_vnis_dump_end(&m->vnis))
		m->links_changed = true;
	return 0;
}

/* RTEXT_FILTER_SKIP_STATS: nobody here reads them, and they are most of a link. */
static int links_dump(struct pn_mirror *m, struct pn_err *err)
{
	int rc, tries;

	for (tries = 0; tries < PN_NL_DUMP_TRIES; tries++) {
		pn_model_dump_begin(&m->model);
		rc = pn_nl_link_dump(&m->nl, AF_UNSPEC, RTEXT_FILTER_SKIP_STATS,
				     dump_message, m, err);
		if (!rc)
			rc = pn_nl_addr_dump(&m->nl, AF_UNSPEC, dump_message, m, err);
		if (!rc)
			rc = vlans_dump(m, err);
		if (!rc)
			rc = vnis_dump(m);
		if (rc != -EINTR)
			return rc;
	}
	return pn_err_set(err, PN_EXIT_KERNEL, EAGAIN, "mirror",
			  "links change faster than they can be read");
}

/* Bridges keep the numbers that their ports' entries have from an earlier run. */
static void bridges_adopt(struct pn_mirror *m)
{
	const struct pn_dev *dev, *bridge;
	const struct pn_port *port;
	size_t i;

	for (i = 0; i < m->model.ndevs; i++) {
		dev = m->model.devs[i];
		bridge = mirror_bridge_of(m, dev);
		port = &m->maps.ports[pn_ids_find(&m->ports, dev->ifindex)];
		if (bridge && port->ifindex == dev->ifindex && port->fid &&
		    port->fid < m->bridges.max)
			pn_ids_adopt(&m->bridges, bridge->ifindex, port->fid);
	}
}

static int links_read(struct pn_mirror *m, struct pn_err *err)
{
	__u32 stale = 0;
	int rc;

	rc = links_dump(m, err);
	if (rc)
		return rc;
	while ((stale = pn_model_stale(&m->model, stale)))
		mirror_link_gone(m, stale);
	if (pn_model_dump_end(&m->model))
		mirror_endpoints_changed(m);
	if (m->resync.first) {
		bridges_adopt(m);
		mirror_fids_adopt(m);
	}
	m->links_changed = true;
	return mirror_compose(m);
}

/* Ask for all FDB entries; the answer comes in pieces. */
static int fdb_ask(struct pn_mirror *m, struct pn_err *err)
{
	struct mirror_resync_state *r = &m->resync;
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE };
	struct pn_msg msg;
	int rc;

	if (!r->nl.sock) {
		rc = pn_nl_open_in(&r->nl, m->netns_fd, NETLINK_ROUTE, err);
		if (!rc)
			rc = mirror_watch(m, r->nl.fd);
		if (rc)
			return rc;
	}
	pn_msg_init(&msg, RTM_GETNEIGH, NLM_F_DUMP);
	pn_msg_extra(&msg, &ndm, sizeof(ndm));
	rc = msg.err;
	if (!rc) {
		pn_msg_hdr(&msg)->nlmsg_seq = ++r->seq;
		if (send(r->nl.fd, msg.buf, pn_msg_len(&msg), 0) < 0)
			rc = -errno;
	}
	pn_msg_fini(&msg);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, "mirror", "cannot read the FDB: %s",
			   strerror(-rc));
	return rc;
}

int mirror_resync_begin(struct pn_mirror *m, struct pn_err *err)
{
	struct mirror_resync_state *r = &m->resync;
	int rc;

	r->begun = mirror_now();
	r->again = false;
	r->interrupted = false;
	rc = links_read(m, err);
	if (!rc)
		rc = fdb_ask(m, err);
	if (rc)
		return rc;
	pn_fdbs_dump_begin(&m->bridge_fdb);
	pn_fdbs_dump_begin(&m->tunnel_fdb);
	r->step = RESYNC_DUMPING;
	return 0;
}

static void bridge_entry_gone(void *ctx, const struct pn_fdb_entry *e)
{
	mirror_slot_remove(ctx, e);
}

static void tunnel_entry_gone(void *ctx, const struct pn_fdb_entry *e)
{
	struct pn_mirror *m = ctx;
	__u16 port = e->key;

	m->port_state[port].entries--;
	mirror_slot_retunnel(m, m->ports.ifindex[port], e->key >> 16);
	mirror_vtep_put(m, e->value);
}

static void resync_finish(struct pn_mirror *m)
{
	struct mirror_resync_state *r = &m->resync;

	pn_fdbs_dump_end(&m->tunnel_fdb, tunnel_entry_gone, m);
	pn_fdbs_dump_end(&m->bridge_fdb, bridge_entry_gone, m);
	if (r->first) {
		mirror_slots_sweep(m);
		mirror_endpoints_settle(m);
	} else {
		m->counts.resyncs++;
	}
	m->counts.resync_ns = mirror_now() - r->begun;
	r->first = false;
	r->step = RESYNC_NONE;
	r->restarts = 0;
	if (r->again || r->interrupted)
		mirror_resync_lost(m);
}

/* A message that is some way ahead in the same piece, as far as there is one. */
struct ahead {
	const struct nlmsghdr *nlh;
	size_t len;
};

static void ahead_step(const struct pn_mirror *m, struct ahead *a)
{
	if (!NLMSG_OK(a->nlh, a->len))
		return;
	mirror_message_prefetch(m, a->nlh);
	a->nlh = NLMSG_NEXT(a->nlh, a->len);
}

/* 1: the dump is complete. */
static int piece_take(struct pn_mirror *m, size_t len)
{
	const struct nlmsghdr *nlh = (const void *)m->resync.nl.buf;
	struct ahead ahead = { nlh, len };
	const struct nlmsgerr *e;
	int n, rc;

	for (n = 0; n < LOOK_AHEAD; n++)
		ahead_step(m, &ahead);
	for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
		ahead_step(m, &ahead);
		if (nlh->nlmsg_seq != m->resync.seq)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			m->resync.interrupted = true;
		if (nlh->nlmsg_type == NLMSG_DONE)
			return 1;
		e = NLMSG_DATA(nlh);
		if (nlh->nlmsg_type == NLMSG_ERROR)
			return e->error ? e->error : -EIO;
		rc = mirror_message(m, nlh, true);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int pieces_take(struct pn_mirror *m, struct pn_err *err)
{
	struct pn_nl *nl = &m->resync.nl;
	int n, rc = 0;
	ssize_t len;

	for (n = 0; n < PIECES && !rc; n++) {
		len = recv(nl->fd, nl->buf, nl->buflen, MSG_DONTWAIT);
		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		rc = len < 0 ? -errno : piece_take(m, len);
	}
	if (rc > 0) {
		resync_finish(m);
		return 0;
	}
	if (rc < 0)
		return pn_err_set(err, PN_EXIT_KERNEL, -rc, "mirror",
				  "cannot read the FDB: %s", strerror(-rc));
	return 1;
}

int mirror_resync_step(struct pn_mirror *m, struct pn_err *err)
{
	__u64 due = mirror_resync_due(m);

	if (due && mirror_now() >= due)
		return mirror_resync_begin(m, err);
	if (m->resync.step == RESYNC_DUMPING)
		return pieces_take(m, err);
	return 0;
}
