// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The kernel and the data plane side by side; see twins.h. */
#include <string.h>

#include "tap.h"
#include "twins.h"

void twins_init(struct twins *t)
{
	int ret = wire_pin();

	scene_modules();
	ret = ret ? ret : settle_open(&t->marker);
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
		ret = fast_open(&t->fast[hook], &(struct fast_opts){ .hook = hook });
	if (ret)
		tap_bail("marker pair or program: %s", strerror(-ret));
}

void twins_exit(struct twins *t)
{
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		fast_close(&t->fast[hook]);
	settle_close(&t->marker);
}

/*
 * Gates that are the test's own doing: the program at tc is nobody's, the
 * wire's peer is in another namespace, and in the plain form vx is watched.
 */
static int fast_place(struct twins *t, enum fast_hook hook)
{
	uint32_t own = PN_GATE_TC_INGRESS | PN_GATE_OFFLOAD | (t->form ? 0 : PN_GATE_TAP);

	return follow_open(&t->follow[hook], &t->fast[hook], &t->scene[hook].d, "d", own);
}

int twins_open(struct twins *t, enum config_id config, enum form form)
{
	int ret = 0;

	t->form = form;
	/* an XDP program cannot but pass there; it did so for VXLAN */
	t->first = form == FORM_PLAIN && config >= C_GN ? FAST_TC : FAST_XDP;
	for (int i = t->first; i < TWINS && !ret; i++)
		ret = scene_open(&t->scene[i], config, form);
	for (int hook = t->first; hook < FAST_HOOKS && !ret; hook++)
		ret = fast_place(t, hook);
	return ret;
}

void twins_close(struct twins *t)
{
	for (int hook = t->first; hook < FAST_HOOKS; hook++)
		if (t->follow[hook].m)
			follow_close(&t->follow[hook]);
	for (int i = t->first; i < TWINS; i++)
		scene_close(&t->scene[i]);
}

static int scene_send(struct twins *t, int which, const struct pkt *p, int n)
{
	struct scene *s = &t->scene[which];
	int ret = 0;

	wire_drain(&s->wire_out);
	wire_drain(&s->wire_p);
	if (!t->uncounted)
		counters_read(&s->d, &t->before[which]);
	if (which < FAST_HOOKS)
		ret = fast_stats(&t->fast[which], &t->was[which]);
	for (int i = 0; i < n && !ret; i++)
		ret = wire_send(&s->wire_p, &p[i]);
	return ret;
}

int twins_send(struct twins *t, const struct pkt *p, int n)
{
	int ret = 0;

	for (int i = t->first; i < TWINS && !ret; i++)
		ret = scene_send(t, i, p, n);
	ret = ret ? ret : settle(&t->marker);
	for (int i = t->first; i < TWINS && !ret; i++) {
		if (!t->uncounted)
			ret = counters_read(&t->scene[i].d, &t->after[i]);
		scene_see(&t->scene[i], &t->seen[i]);
	}
	return ret;
}

int twins_reasons(struct twins *t, enum fast_hook hook, uint64_t reasons[PN_MAX_REASONS])
{
	struct pn_port_stats now;
	int ret = fast_stats(&t->fast[hook], &now);

	for (int i = 0; i < PN_MAX_REASONS && !ret; i++)
		reasons[i] = now.reason[i].packets - t->was[hook].reason[i].packets;
	return ret;
}
