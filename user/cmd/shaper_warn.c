// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Shapers that will not do what was meant: found from the file and from the
 * ports' devices, said by plan and apply. Nothing of it is refused.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/shaper_steps.h"
#include "plane/choice.h"
#include "plane/device.h"
#include "plane/record.h"
#include "topo/model.h"
#include "topo/shaper_shadow.h"
#include "topo/units.h"

#define HEADER		18	/* Ethernet and a tag, beside the MTU */
#define MTU		1500	/* of a device that is not there yet */
#define SUPER_PACKET	65536	/* what GRO and local senders make of many */
#define TCP_WAITS	200	/* ms at least, for what it lost (TCP_RTO_MIN) */
#define TCP_SHARE	80	/* percent of a rate that are no reason for a warning */

/* A port, as far as it concerns shapers. */
struct port {
	char dev[IFNAMSIZ];
	uint32_t frame;
	bool tc;		/* its hook: there packets may be super-packets */
	bool super;		/* and they are */
	bool offload;
};

struct warner {
	struct pn_shaper_steps *steps;
	const struct pn_topo *topo;
	struct port *port;
	unsigned int n_ports;
	int ret;
};

static void warn(struct warner *w, const struct pn_topo_shaper *s, const char *hint,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void warn(struct warner *w, const struct pn_topo_shaper *s, const char *hint,
		 const char *fmt, ...)
{
	struct pn_shaper_steps *to = w->steps;
	struct pn_shaper_warning *more;
	va_list ap;

	more = realloc(to->warning, (to->n_warnings + 1) * sizeof(*more));
	if (!more) {
		w->ret = -ENOMEM;
		return;
	}
	to->warning = more;
	more += to->n_warnings++;
	*more = (struct pn_shaper_warning){ .object = s->conf.name, .line = s->line };
	snprintf(more->hint, sizeof(more->hint), "%s", hint);
	va_start(ap, fmt);
	vsnprintf(more->text, sizeof(more->text), fmt, ap);
	va_end(ap);
}

/* A device that apply will make is what its kind is. */
static void device_of_file(const struct warner *w, const char *name, struct pn_device *dev)
{
	const struct pn_topo_link *link = pn_topo_link_find(w->topo, NULL, name);

	*dev = (struct pn_device){ .mtu = MTU };
	snprintf(dev->name, sizeof(dev->name), "%s", name);
	if (link && link->kind)
		snprintf(dev->driver, sizeof(dev->driver), "%s", link->kind->name);
}

static void port_add(struct warner *w, const struct pn_port_conf *conf)
{
	struct port *p = &w->port[w->n_ports++];
	struct pn_choice choice[PN_CHOICES];
	struct pn_err ignored = { 0 };
	struct pn_device dev;

	if (pn_device_by_name(conf->dev, &dev, &ignored))
		device_of_file(w, conf->dev, &dev);
	*p = (struct port){ .frame = dev.mtu + HEADER,
			    .offload = conf->mode == PN_MODE_OFFLOAD };
	memcpy(p->dev, conf->dev, sizeof(p->dev));
	if (pn_choose(conf, &dev, choice, &ignored) > 0)
		p->tc = choice[0].hook == PN_HOOK_TC;
	p->super = p->tc && (pn_device_is_virtual(&dev) || pn_device_gro(conf->dev) == 1);
}

static bool is_listed(const struct pn_port_conf *conf, unsigned int n, const char *dev)
{
	while (n--)
		if (!strcmp(conf[n].dev, dev))
			return true;
	return false;
}

static int ports_find(struct warner *w, const char *bpffs)
{
	struct pn_err ignored = { 0 };
	const struct pn_port_conf *conf;
	struct pn_record *r = NULL;
	struct pn_port_conf attached;
	struct pn_pins pins;
	int i, records = 0;
	unsigned int k, n;

	conf = pn_topo_ports(w->topo, &n);
	if (!pn_pins_open(&pins, bpffs, &ignored)) {
		records = pn_record_list(&pins, &r);
		pn_pins_close(&pins);
	}
	w->port = calloc(n + (records > 0 ? records : 0) + 1, sizeof(*w->port));
	for (k = 0; k < n && w->port; k++)
		port_add(w, &conf[k]);
	for (i = 0; i < records && w->port; i++) {
		if (is_listed(conf, n, r[i].dev))
			continue;
		pn_record_conf(&r[i], &attached);
		port_add(w, &attached);
	}
	free(r);
	return w->port ? 0 : -ENOMEM;
}

static bool is_at(const struct pn_topo_shaper *s, const struct port *p)
{
	unsigned int i;

	for (i = 0; i < s->conf.n_dev; i++)
		if (!strcmp(s->conf.dev[i], p->dev))
			return true;
	return !s->conf.n_dev;
}

static const char *size_text(uint64_t size, char buf[32])
{
	const struct pn_value v = { .num = size };

	pn_field_size.format(&v, buf, 32);
	return buf;
}

static bool may_be_tcp(const struct pn_shaper_conf *c)
{
	return !(c->said & PN_SW(PROTO)) || c->proto == 6;
}

/* One sentence about each bucket: the worst that is true. */
static void burst_warn(struct warner *w, const struct pn_topo_shaper *s, const struct port *p)
{
	const struct pn_shaper_conf *c = &s->conf;
	uint32_t burst = c->burst ? c->burst : pn_shaper_burst(c->rate, p->frame);
	uint64_t lasts = c->rate ? burst * 1000ull / c->rate : 0;
	char size[32], hint[160];

	size_text(burst, size);
	if (burst < p->frame) {
		snprintf(hint, sizeof(hint), "burst: %ub or more, or leave it out", 2 * p->frame);
		warn(w, s, hint, "burst: %s is less than a frame of %u bytes, as the MTU of %s "
		     "allows: longer packets than the burst always exceed", size, p->frame,
		     p->dev);
		return;
	}
	if (c->action != PN_SHAPER_POLICE)
		return;
	snprintf(hint, sizeof(hint), "burst: of 250 ms at rate, as long as TCP waits for lost "
		 "packets%s; or action: shape", p->super ? ", at least 128k" : "");
	if (p->super && burst < SUPER_PACKET)
		warn(w, s, hint, "burst: %s is less than a super-packet of 64 KiB, and %s (tc) "
		     "receives such: what is longer than the burst is always dropped, and TCP "
		     "falls to a small part of the rate", size, p->dev);
	else if (may_be_tcp(c) && lasts * 100 < TCP_WAITS * TCP_SHARE)
		warn(w, s, hint, "burst: %s lasts %u ms at rate, and a TCP stream waits %u ms for "
		     "what it lost: alone it gets some %u %% of the rate", size,
		     (unsigned int)lasts, TCP_WAITS, (unsigned int)(lasts * 100 / TCP_WAITS));
}

static void ports_warn(struct warner *w, const struct pn_topo_shaper *s)
{
	bool burst = false, mark = false;
	unsigned int i, before;

	for (i = 0; i < w->n_ports; i++) {
		const struct port *p = &w->port[i];

		if (!is_at(s, p))
			continue;
		before = w->steps->n_warnings;
		if (!burst && s->conf.action != PN_SHAPER_SHAPE)
			burst_warn(w, s, p);
		burst |= w->steps->n_warnings != before;
		if (!mark && (s->conf.said & PN_SW(MARK)) && !p->tc) {
			warn(w, s, "give the port hook: tc", "mark: packets have none yet at the "
			     "XDP hook of %s: only 0 takes them there", p->dev);
			mark = true;
		}
		if (p->offload && s->conf.n_dev)
			warn(w, s, "give the port another mode", "dev: the program in %s "
			     "(offload) only counts: nothing is shaped there", p->dev);
	}
}

static void tree_warn(struct warner *w, const struct pn_topo_shaper *s)
{
	uint64_t ceil = pn_shaper_ceil(&s->conf), above;
	struct pn_value v;
	char text[32];

	if (!(s->conf.said & PN_SW(MATCH)) && !s->n_children)
		warn(w, s, "give it a match, or name it as the parent of others",
		     "takes no packet: it has no match, and no shaper is a part of it");
	if (!s->parent && ceil > s->conf.rate && (s->conf.said & PN_SW(MATCH)))
		warn(w, s, "name a parent that lends, or raise rate", "ceil: it has no parent to "
		     "borrow from: it never gets more than its rate");
	if (!s->parent)
		return;
	above = pn_shaper_ceil(&s->parent->conf);
	v = (struct pn_value){ .num = above };
	pn_field_rate.format(&v, text, sizeof(text));
	if (ceil > above)
		warn(w, s, "lower it, or raise that of the parent", "ceil: is above what its "
		     "parent %s may have, %s: it never gets more", s->parent->conf.name, text);
}

static void spread_warn(struct warner *w, const struct pn_topo_shaper *s)
{
	unsigned int cpu;
	long cpus;

	if (!(s->conf.said & PN_SW(SPREAD)))
		return;
	cpus = sysconf(_SC_NPROCESSORS_CONF);
	if (s->conf.action == PN_SHAPER_SHAPE)
		warn(w, s, "leave it out, or police", "spread: does nothing here: what is queued "
		     "goes on where its queue is");
	for (cpu = cpus < 0 ? PN_SHAPER_CPUS : cpus; cpu < PN_SHAPER_CPUS; cpu++) {
		if (!(s->conf.spread[cpu / 64] >> cpu % 64 & 1))
			continue;
		warn(w, s, "spread: true takes those that there are", "spread: there is no CPU %u: "
		     "packets go to the others", cpu);
		return;
	}
}

static void shadow_warn(struct warner *w, const struct pn_topo_shaper *s,
			const struct pn_topo_shaper *by)
{
	char hint[160];

	snprintf(hint, sizeof(hint), "the first in the file that matches wins: put it before %s",
		 by->conf.name);
	warn(w, s, hint, "match: gets no packet: %s in line %u stands before it and takes all of "
	     "them", by->conf.name, by->line);
}

int pn_shapers_warn(struct pn_shaper_steps *steps, const char *bpffs,
		    const struct pn_topo *topo)
{
	struct warner w = { .steps = steps, .topo = topo };
	const struct pn_topo_shaper *s, **shadowed;
	unsigned int i, n;

	s = pn_topo_shapers(topo, &n);
	if (!n)
		return 0;
	shadowed = pn_shapers_shadowed(topo);
	w.ret = shadowed ? ports_find(&w, bpffs) : -ENOMEM;
	for (i = 0; i < n && !w.ret; i++) {
		if (shadowed[i])
			shadow_warn(&w, &s[i], shadowed[i]);
		tree_warn(&w, &s[i]);
		spread_warn(&w, &s[i]);
		if (s[i].conf.said & PN_SW(MATCH))
			ports_warn(&w, &s[i]);
	}
	free(w.port);
	free(shadowed);
	return w.ret;
}
