// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The gates as a whole: sockets, what is dirty, which detectors run. See
 * gate.h for the contract; what is found and told is in gate_found.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mirror/gate_detect.h"
#include "nl/netns.h"

/* Polling costs about one part in POLL_SHARE of a processor, within POLL_MS_MAX. */
#define POLL_MS		1000
#define POLL_MS_MAX	5000
#define POLL_SHARE	50

static const struct gate_detector detectors[] = {
	{ "devices", PN_GATE_UPPER, GATE_SRC_LINK | GATE_SRC_ENGINE | GATE_SRC_POLL,
	  PN_GATE_AT(PN_PLACE_PORT), pn_gate_detect_topology },
	{ "netfilter", PN_GATE_NETFILTER, GATE_SRC_NFT | GATE_SRC_POLL,
	  GATE_AT_OUTER | GATE_AT_ROUTED | PN_GATE_AT(PN_PLACE_BRIDGE),
	  pn_gate_detect_netfilter },
	{ "tc", PN_GATE_TC_INGRESS, GATE_SRC_TC | GATE_SRC_POLL,
	  PN_GATE_AT(PN_PLACE_PORT), pn_gate_detect_tc },
	{ "xfrm", PN_GATE_XFRM, GATE_SRC_XFRM,
	  GATE_AT_OUTER | GATE_AT_ROUTED, pn_gate_detect_xfrm },
	{ "rules", PN_GATE_TUNNEL_CONFIG, GATE_SRC_RULE,
	  PN_GATE_AT(PN_PLACE_PORT) | GATE_AT_ROUTED, pn_gate_detect_rules },
	{ "sockets", PN_GATE_SOCKET, GATE_SRC_POLL, GATE_AT_OUTER,
	  pn_gate_detect_sockets },
	{ "taps", PN_GATE_TAP, GATE_SRC_POLL,
	  GATE_AT_OUTER | GATE_AT_ROUTED | PN_GATE_AT(PN_PLACE_BRIDGE),
	  pn_gate_detect_taps },
	{ "routes", PN_GATE_ROUTING, GATE_SRC_ODD | GATE_SRC_RULE | GATE_SRC_POLL,
	  GATE_AT_ROUTED, pn_gate_detect_routes },
	{ "offload", PN_GATE_OFFLOAD, GATE_SRC_LINK | GATE_SRC_ENGINE | GATE_SRC_POLL,
	  PN_GATE_AT(PN_PLACE_PORT), pn_gate_detect_offload },
};
#define N_DETECTORS (sizeof(detectors) / sizeof(detectors[0]))
_Static_assert(N_DETECTORS <= GATE_DETECTORS_MAX, "room for every detector");

static uint64_t clock_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
}

uint64_t pn_gate_clock_ms(void)
{
	return clock_us(CLOCK_MONOTONIC) / 1000;
}

/* --- sockets ------------------------------------------------------------ */

struct event_group {
	size_t socket;		/* offset of its pn_nl in struct pn_gates */
	unsigned int group;
};

#define ON(member, grp) { offsetof(struct pn_gates, member), grp }
static const struct event_group event_groups[] = {
	ON(rtnl_events, RTNLGRP_LINK),
	ON(rtnl_events, RTNLGRP_TC),
	ON(rtnl_events, RTNLGRP_IPV4_NETCONF),
	ON(rtnl_events, RTNLGRP_IPV6_NETCONF),
	ON(rtnl_events, RTNLGRP_IPV4_RULE),
	ON(rtnl_events, RTNLGRP_IPV6_RULE),
	ON(rtnl_events, RTNLGRP_IPV4_ROUTE),
	ON(rtnl_events, RTNLGRP_IPV6_ROUTE),
	ON(nf_events, NFNLGRP_NFTABLES),
	ON(xfrm_events, XFRMNLGRP_POLICY),
};

/* A bus that the kernel lacks is no error: nothing of it can be a gate. */
static int bus_open(struct pn_nl *nl, int netns_fd, int bus, struct pn_err *err)
{
	struct pn_err why = { 0 };
	int rc = pn_nl_open_in(nl, netns_fd, bus, &why);

	if (rc != -EPROTONOSUPPORT && rc && err)
		*err = why;
	return rc == -EPROTONOSUPPORT ? 0 : rc;
}

static int sockets_open(struct pn_gates *g, struct pn_err *err)
{
	const struct { struct pn_nl *nl; int bus; } all[] = {
		{ &g->rtnl, NETLINK_ROUTE },
		{ &g->nf, NETLINK_NETFILTER },
		{ &g->xfrm, NETLINK_XFRM },
		{ &g->diag, NETLINK_SOCK_DIAG },
		{ &g->genl, NETLINK_GENERIC },
		{ &g->rtnl_events, NETLINK_ROUTE },
		{ &g->nf_events, NETLINK_NETFILTER },
		{ &g->xfrm_events, NETLINK_XFRM },
	};
	size_t i;
	int rc;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		rc = bus_open(all[i].nl, g->netns_fd, all[i].bus, err);
		if (rc)
			return rc;
	}
	return 0;
}

static int events_watch(struct pn_gates *g, struct pn_nl *nl)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = nl };

	if (nl->fd < 0)
		return 0;
	return epoll_ctl(g->epoll_fd, EPOLL_CTL_ADD, nl->fd, &ev) ? -errno : 0;
}

static int events_open(struct pn_gates *g)
{
	const struct event_group *e;
	struct pn_nl *nl;
	size_t i;
	int rc = 0;

	g->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (g->epoll_fd < 0)
		return -errno;
	for (i = 0; i < sizeof(event_groups) / sizeof(event_groups[0]) && !rc; i++) {
		e = &event_groups[i];
		nl = (struct pn_nl *)((char *)g + e->socket);
		/* ENOENT: the group's subsystem is not there. */
		if (nl->fd >= 0)
			rc = pn_nl_join(nl, e->group);
		if (rc == -ENOENT)
			rc = 0;
	}
	if (!rc)
		rc = events_watch(g, &g->rtnl_events);
	if (!rc)
		rc = events_watch(g, &g->nf_events);
	if (!rc)
		rc = events_watch(g, &g->xfrm_events);
	return rc;
}

struct pn_gates *pn_gates_open(int netns_fd, struct pn_err *err)
{
	struct pn_gates *g = calloc(1, sizeof(*g));
	int rc;

	if (!g) {
		pn_err_memory(err, "gates");
		errno = ENOMEM;
		return NULL;
	}
	g->epoll_fd = -1;
	g->poll_ms = POLL_MS;
	g->dirty = GATE_SRC_ALL;
	g->netns_fd = netns_fd < 0 ? pn_netns_self() :
				     fcntl(netns_fd, F_DUPFD_CLOEXEC, 0);
	rc = g->netns_fd < 0 ? -errno : sockets_open(g, err);
	if (!rc)
		rc = events_open(g);
	if (!rc)
		return g;
	pn_err_set(err, PN_EXIT_KERNEL, -rc, "gates", "cannot watch the kernel: %s",
		   strerror(-rc));
	pn_gates_close(g);
	errno = -rc;
	return NULL;
}

void pn_gates_close(struct pn_gates *g)
{
	size_t i;

	if (!g)
		return;
	pn_nl_close(&g->rtnl);
	pn_nl_close(&g->nf);
	pn_nl_close(&g->xfrm);
	pn_nl_close(&g->diag);
	pn_nl_close(&g->genl);
	pn_nl_close(&g->rtnl_events);
	pn_nl_close(&g->nf_events);
	pn_nl_close(&g->xfrm_events);
	for (i = 0; i < GATE_DETECTORS_MAX; i++)
		free(g->found[i].v);
	if (g->epoll_fd >= 0)
		close(g->epoll_fd);
	if (g->netns_fd >= 0)
		close(g->netns_fd);
	free(g->peers.v);
	free(g->devs);
	free(g->services);
	free(g->fou);
	free(g->engines);
	free(g->ours);
	free(g->owners);
	free(g);
}

/* --- events ------------------------------------------------------------- */

/* Sources are asked of the kernel again for routes of IPv4 only: IPv6 has no rp_filter. */
static unsigned int route_source(struct pn_gates *g, const struct nlmsghdr *nlh)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*rtm))
		return 0;
	return (rtm->rtm_family == AF_INET ? GATE_SRC_ROUTE : 0) |
	       (pn_gate_route_odd(g, nlh) ? GATE_SRC_ODD : 0);
}

static unsigned int rtnl_source(struct pn_gates *g, const struct nlmsghdr *nlh)
{
	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
	case RTM_NEWNETCONF:
	case RTM_DELNETCONF:
		return GATE_SRC_LINK | GATE_SRC_ROUTE;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return route_source(g, nlh);
	case RTM_NEWRULE:
	case RTM_DELRULE:
		return GATE_SRC_RULE | GATE_SRC_ROUTE;
	default:
		return GATE_SRC_TC;
	}
}

static unsigned int rtnl_sources(struct pn_gates *g, const struct pn_nl *nl, int len)
{
	const struct nlmsghdr *nlh;
	unsigned int dirty = 0;

	for (nlh = (void *)nl->buf; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len))
		dirty |= rtnl_source(g, nlh);
	return dirty;
}

/* What is in the socket is a hint only; an overrun (ENOBUFS) is one as well. */
static unsigned int events_drain(struct pn_gates *g, struct pn_nl *nl, unsigned int sources)
{
	unsigned int dirty = 0;
	ssize_t n;

	if (nl->fd < 0)
		return 0;
	for (;;) {
		n = recv(nl->fd, nl->buf, nl->buflen, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == ENOBUFS) {
			dirty |= sources;
			/* Not at once: where routes come in floods they are many. */
			g->odd.went |= !!(sources & GATE_SRC_ODD);
			continue;
		}
		if (n <= 0)
			return dirty;
		dirty |= sources & (GATE_SRC_NFT | GATE_SRC_XFRM);
		if (sources & GATE_SRC_LINK)
			dirty |= rtnl_sources(g, nl, n);
	}
}

int pn_gates_fd(const struct pn_gates *g)
{
	return g->epoll_fd;
}

int pn_gates_timeout(const struct pn_gates *g)
{
	uint64_t now = pn_gate_clock_ms();

	if (g->dirty || now >= g->poll_at)
		return 0;
	return g->poll_at - now;
}

void pn_gates_set_poll(struct pn_gates *g, unsigned int ms)
{
	g->poll_ms = ms;
	g->dirty |= GATE_SRC_POLL;
}

static void events_collect(struct pn_gates *g)
{
	g->dirty |= events_drain(g, &g->rtnl_events, GATE_SRC_LINK | GATE_SRC_TC |
				 GATE_SRC_RULE | GATE_SRC_ROUTE | GATE_SRC_ODD);
	g->dirty |= events_drain(g, &g->nf_events, GATE_SRC_NFT);
	g->dirty |= events_drain(g, &g->xfrm_events, GATE_SRC_XFRM);
	if (pn_gate_clock_ms() >= g->poll_at)
		g->dirty |= GATE_SRC_POLL;
}

/* --- detectors ---------------------------------------------------------- */

static bool list_equal(const struct gate_list *a, const struct gate_list *b)
{
	return a->n == b->n && (!a->n || !memcmp(a->v, b->v, a->n * sizeof(*a->v)));
}

/* 1: findings differ from before. */
static int detector_run(struct pn_gates *g, size_t i)
{
	const struct gate_detector *d = &detectors[i];
	struct gate_run run = { .g = g, .gate = d->gate };
	int rc = d->detect(&run);

	if (rc < 0)
		pn_gate_found(&run, 0, d->places, "cannot tell (%s): %s", d->name,
			      strerror(-rc));
	if (run.oom) {
		free(run.found.v);
		return -ENOMEM;
	}
	pn_gate_list_sort(&run.found);
	rc = !list_equal(&run.found, &g->found[i]);
	free(g->found[i].v);
	g->found[i] = run.found;
	return rc;
}

/* 1: the devices, or what they are reached by, differ from before. */
static int devices_read(struct pn_gates *g)
{
	int devs = pn_gate_devs_collect(g);
	int fou = devs < 0 ? devs : pn_gate_fou_read(g);

	if (fou < 0)
		return fou;
	if (!devs && !fou)
		return 0;
	return pn_gate_services_make(g) ? -ENOMEM : 1;
}

static int detectors_run(struct pn_gates *g, unsigned int dirty)
{
	bool looked_up = pn_gate_sources_looked_up(g);
	int changed = 0;
	size_t i;
	int rc;

	if (dirty & (GATE_SRC_LINK | GATE_SRC_POLL)) {
		rc = devices_read(g);
		if (rc < 0)
			return rc;
		/* Everything is said of devices: look at everything again. */
		if (rc)
			dirty |= GATE_SRC_ALL;
		changed |= rc;
	}
	for (i = 0; i < N_DETECTORS; i++) {
		rc = detectors[i].sources & dirty ? detector_run(g, i) : 0;
		if (rc < 0)
			return rc;
		changed |= rc;
	}
	return changed | (looked_up != pn_gate_sources_looked_up(g));
}

/* When to poll next, if this time took @us of the processor. */
static uint64_t poll_next(const struct pn_gates *g, uint64_t us)
{
	uint64_t ms = g->poll_ms + POLL_SHARE * us / 1000;

	return pn_gate_clock_ms() + (ms < POLL_MS_MAX ? ms : POLL_MS_MAX);
}

int pn_gates_update(struct pn_gates *g, struct pn_err *err)
{
	uint64_t start = clock_us(CLOCK_THREAD_CPUTIME_ID);
	unsigned int dirty;
	int home = -1;
	int rc;

	events_collect(g);
	dirty = g->dirty;
	g->dirty = 0;
	if (!dirty)
		return 0;
	rc = pn_netns_enter(g->netns_fd, &home);
	if (!rc) {
		rc = detectors_run(g, dirty);
		pn_netns_leave(home);
	}
	if (dirty & GATE_SRC_POLL)
		g->poll_at = poll_next(g, clock_us(CLOCK_THREAD_CPUTIME_ID) - start);
	if (rc >= 0)
		return (rc ? PN_GATES_WORDS : 0) |
		       (dirty & GATE_SRC_ROUTE ? PN_GATES_ROUTES : 0);
	g->dirty = dirty;
	return pn_err_set(err, PN_EXIT_KERNEL, -rc, "gates",
			  "cannot read the devices: %s", strerror(-rc));
}
