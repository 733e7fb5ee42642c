// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Cases of gates; see gate.h for the contract. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "gate.h"
#include "tap.h"

#define DEADLINE_MS 20000
#define POLL_MS 20

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int gate_sh(const struct gate_host *h, const char *command)
{
	char line[512];
	int status;

	snprintf(line, sizeof(line), "{ %s; } >/dev/null 2>&1", command);
	fflush(stdout);
	netns_enter(&h->ns);
	status = system(line);
	netns_leave();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- the host ----------------------------------------------------------- */

static bool devices_up(struct gate_host *h)
{
	static const char *const devs[] = { "w", "b", "vx", "br" };
	bool ok = tap_sys(netns_up(&h->peer, "w"), "peer of w up") &&
		  tap_sys(netns_up(&h->peer, "b"), "peer of b up");
	size_t i;

	for (i = 0; ok && i < sizeof(devs) / sizeof(devs[0]); i++)
		ok = tap_sys(netns_up(&h->ns, devs[i]), devs[i]);
	return ok;
}

static bool topology_make(struct gate_host *h)
{
	struct netns_vxlan vx = { .id = 5, .dstport = 4789, .local = "10.0.0.1" };
	struct netns_vxlan six = { .id = 7, .dstport = 4796, .local = "fd00::1" };
	struct netns_vxlan down = { .id = 6, .dstport = 4795, .local = "10.0.0.1" };

	return tap_sys(netns_open(&h->ns), "host") &&
	       tap_sys(netns_open(&h->peer), "peer") &&
	       tap_sys(netns_veth(&h->ns, "w", &h->peer, "w"), "veth w") &&
	       tap_sys(netns_veth(&h->ns, "b", &h->peer, "b"), "veth b") &&
	       tap_sys(netns_bridge(&h->ns, "br"), "bridge") &&
	       tap_sys(netns_vxlan(&h->ns, "vx", &vx), "vxlan") &&
	       tap_sys(netns_vxlan(&h->ns, "down", &down), "vxlan that is down") &&
	       tap_sys(netns_vxlan(&h->ns, "six", &six), "vxlan over IPv6") &&
	       tap_sys(netns_master(&h->ns, "b", "br"), "port b") &&
	       tap_sys(netns_master(&h->ns, "vx", "br"), "port vx") &&
	       tap_sys(netns_addr(&h->ns, "w", "10.0.0.1/24"), "address") &&
	       devices_up(h);
}

void gate_host_open(struct gate_host *h)
{
	struct pn_err err = { 0 };
	unsigned int place;
	int wait;

	tap_case("bare devices have no gate");
	if (!topology_make(h))
		tap_bail("no topology");
	/* Where br_netfilter is there at all, it is on by default. */
	gate_sh(h, "modprobe br_netfilter; "
		   "for f in /proc/sys/net/bridge/bridge-nf-call-*; do echo 0 >$f; done");
	h->gates = pn_gates_open(h->ns.fd, &err);
	if (!h->gates)
		tap_bail("%s", err.text);
	tap_eq(pn_gates_timeout(h->gates), 0, "something to do at once");
	if (!tap_sys(pn_gates_update(h->gates, &err), "first update"))
		tap_diag("%s", err.text);
	wait = pn_gates_timeout(h->gates);
	for (place = 0; place < PN_PLACES; place++)
		tap_eq(pn_gate_word(h->gates, netns_ifindex(&h->ns, "w"), place), 0, "w");
	tap_true(wait > 500 && wait <= 5000, "polls about once a second");
	tap_end();
	pn_gates_set_poll(h->gates, POLL_MS);
}

void gate_host_close(struct gate_host *h)
{
	pn_gates_close(h->gates);
	netns_close(&h->ns);
	netns_close(&h->peer);
}

/* --- findings ----------------------------------------------------------- */

struct told {
	uint32_t gate;
	const char *text;
	char *last;
	bool found;
};

static int finding_match(const struct pn_gate_finding *f, void *data)
{
	struct told *t = data;

	if (f->gate != t->gate)
		return 0;
	snprintf(t->last, 128, "%s", f->text);
	t->found |= !t->text || strstr(f->text, t->text);
	return 0;
}

bool gate_told(const struct pn_gates *g, uint32_t ifindex, uint32_t gate,
	       const char *text, char *last)
{
	struct told t = { .gate = gate, .text = text, .last = last };

	last[0] = 0;
	pn_gate_findings(g, ifindex, finding_match, &t);
	return t.found;
}

/* --- cases -------------------------------------------------------------- */

static unsigned int case_engine(const struct gate_case *c)
{
	return (c->how & BY_XDP ? PN_GATE_XDP : 0) | (c->how & BY_TC ? PN_GATE_TC : 0);
}

/* A device that the case itself makes has no index before. */
static uint32_t case_ifindex(const struct gate_host *h, const struct gate_case *c)
{
	int ifindex = netns_ifindex(&h->ns, c->dev);

	return ifindex > 0 ? ifindex : 0;
}

static bool case_closed(const struct pn_gates *g, const struct gate_host *h,
			const struct gate_case *c)
{
	return pn_gate_word(g, case_ifindex(h, c), c->place) & c->gate;
}

void gate_begin(struct gate_host *h, const struct gate_case *c)
{
	tap_case("%s%s", c->name, c->how & NEAR ? " is no gate" : "");
	if (case_engine(c))
		pn_gates_set_engine(h->gates, case_ifindex(h, c), case_engine(c));
	/* Take in what the case before left behind. */
	tap_sys(pn_gates_update(h->gates, NULL), "update before");
	tap_true(!case_closed(h->gates, h, c), "open before");
}

void gate_end(struct gate_host *h, const struct gate_case *c)
{
	tap_end();
	if (case_engine(c))
		pn_gates_set_engine(h->gates, case_ifindex(h, c), 0);
}

/* The events alone must do for EVENT. */
static bool word_becomes(struct gate_host *h, const struct gate_case *c, bool closed)
{
	struct pollfd p = { .fd = pn_gates_fd(h->gates), .events = POLLIN };
	int64_t end = now_ms() + DEADLINE_MS;
	int wait;

	do {
		wait = c->how & EVENT ? end - now_ms() : pn_gates_timeout(h->gates);
		poll(&p, 1, wait > 0 ? wait : 0);
		if (!tap_sys(pn_gates_update(h->gates, NULL), "update"))
			return false;
		if (case_closed(h->gates, h, c) == closed)
			return true;
	} while (now_ms() < end);
	return false;
}

void gate_closes(struct gate_host *h, const struct gate_case *c)
{
	char last[128];

	if (!tap_true(word_becomes(h, c, true), "closes"))
		return;
	if (!gate_told(h->gates, case_ifindex(h, c), c->gate, c->text, last))
		tap_fail("no finding says \"%s\", but \"%s\"", c->text, last);
}

void gate_opens(struct gate_host *h, const struct gate_case *c)
{
	tap_true(word_becomes(h, c, false), "opens again");
}

void gate_stays_open(struct gate_host *h, const struct gate_case *c)
{
	struct pn_gates *g = pn_gates_open(h->ns.fd, NULL);
	char last[128];

	if (!tap_true(g, "a second pair of eyes"))
		return;
	pn_gates_set_engine(g, case_ifindex(h, c), case_engine(c));
	tap_sys(pn_gates_update(g, NULL), "update");
	if (!tap_true(!case_closed(g, h, c), "stays open")) {
		gate_told(g, case_ifindex(h, c), c->gate, NULL, last);
		tap_diag("it says: %s", last);
	}
	pn_gates_close(g);
}

/* false: the case is over, because the kernel lacks what the row needs. */
static bool row_try(const struct gate_host *h, const struct gate_row *r, const char *command,
		    const char *off)
{
	int status = gate_sh(h, command);

	if (!status)
		return true;
	if (off)
		gate_sh(h, off);
	if (r->with)
		gate_sh(h, "ip link del tu");
	if (status == 127)
		return !tap_fail("a tool is missing: %s", command);
	tap_skip("not on this kernel: %s", command);
	return false;
}

static bool row_with(struct gate_host *h, const struct gate_row *r)
{
	char line[200];

	if (!r->with)
		return true;
	snprintf(line, sizeof(line), "ip link add name tu %s && ip link set tu up", r->with);
	if (!row_try(h, r, line, NULL))
		return false;
	return tap_sys(pn_gates_update(h->gates, NULL), "update before");
}

void gate_row_run(struct gate_host *h, const struct gate_row *r)
{
	struct gate_case c = { r->name, r->how, r->dev, r->place, r->gate, r->text };

	gate_begin(h, &c);
	if (!row_with(h, r) || !row_try(h, r, r->on, r->off))
		return;
	if (r->how & NEAR)
		gate_stays_open(h, &c);
	else
		gate_closes(h, &c);
	tap_eq(gate_sh(h, r->off), 0, "taken back");
	if (!(r->how & NEAR))
		gate_opens(h, &c);
	if (r->with)
		gate_sh(h, "ip link del tu");
	gate_end(h, &c);
}
