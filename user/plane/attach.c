// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The life of a port; see attach.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plane/attach.h"
#include "plane/choice.h"
#include "plane/hook.h"
#include "plane/offload.h"
#include "plane/peers.h"
#include "plane/program.h"
#include "plane/shared.h"

/* A native XDP program that is not made for fragments allows no more on a 4 KiB page. */
#define PLAIN_MTU 3506

/* What is being done to one port. */
struct work {
	struct pn_plane *plane;
	struct pn_record *r;
	struct pn_device dev;
	struct pn_hook_at at;	/* what is attached now, or is to be */
	uint16_t index;		/* the port's number in pn_ports */
	bool there;		/* something of ours is attached */
	bool there_shared;	/* behind a dispatcher */
	struct pn_choice removed; /* where it was, once that had to be given up */
	struct pn_conf before;	/* and how, before this attempt */
	uint32_t there_prog;	/* its program */
	int stats_fd;
	bool stats_fresh;
	struct pn_peers_added peers;	/* prefixes that are in the map for this attempt */
};

static void pin_name(const struct work *w, const char *what, char name[PN_PINS_PATH])
{
	pn_record_name(w->r->ifindex, what, name);
}

static int pin_get(const struct work *w, const char *what)
{
	char name[PN_PINS_PATH];

	pin_name(w, what, name);
	return pn_pins_get(&w->plane->pins, name);
}

static int pin_set(const struct work *w, const char *what, int fd)
{
	char name[PN_PINS_PATH];

	pin_name(w, what, name);
	return pn_pins_replace(&w->plane->pins, name, fd);
}

static void pin_drop(const struct work *w, const char *what)
{
	char name[PN_PINS_PATH];

	pin_name(w, what, name);
	pn_pins_remove(&w->plane->pins, name);
}

/* What an earlier run left on this device; a dead link is as good as none. */
static void there_find(struct work *w)
{
	struct pn_hook_at *at = &w->at;
	uint32_t ifindex = 0;

	*at = (struct pn_hook_at){ .hook = w->r->hook, .mode = w->r->mode, .tcx = w->r->tcx,
				   .tc_handle = w->r->tc_handle, .tc_prio = w->r->tc_prio,
				   .link_fd = pin_get(w, "link") };
	if (at->link_fd >= 0) {
		w->there = !pn_hook_link_info(at->link_fd, &ifindex, &w->there_prog) &&
			   ifindex == w->r->ifindex;
		if (w->there)
			return;
		close(at->link_fd);
		pin_drop(w, "link");
	} else if (at->hook == PN_HOOK_TC && !at->tcx && at->tc_handle) {
		w->there_prog = pn_hook_filter_prog(at, w->r->ifindex);
		w->there = w->there_prog && w->there_prog == w->r->prog_id;
	} else if (w->r->dispatched && w->r->prog_id) {
		w->there = pn_shared_attached(w->r->ifindex, w->r->prog_id);
		w->there_shared = w->there;
		w->there_prog = w->r->prog_id;
	}
	at->link_fd = -1;
}

static int stats_open(struct work *w, struct pn_err *err)
{
	int ret = pin_get(w, "stats");

	if (ret == -ENOENT) {
		w->stats_fresh = true;
		ret = pn_maps_port_stats();
	}
	w->stats_fd = ret;
	if (ret >= 0)
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, w->dev.name,
			  "no map for its counters: %s", strerror(-ret));
}

static void conf_make(const struct work *w, enum pn_hook hook, struct pn_conf *conf)
{
	*conf = (struct pn_conf){
		.port = w->index,
		.checksum = w->r->checksum,
		.frags = hook == PN_HOOK_XDP && w->dev.mtu > PLAIN_MTU,
		.peers = w->r->peers,
		.strict = w->r->strict,
		.nesting = w->r->nesting,
	};
	pn_program_conf(conf, &w->plane->maps);
}

/* Is what is attached this very program with this very configuration? One in a device has more. */
static bool same_program(const struct work *w, const struct pn_program *prog,
			 const struct pn_conf *was)
{
	struct pn_program_info info;

	return w->at.mode != PN_MODE_OFFLOAD && !pn_program_info_by_id(w->there_prog, &info) &&
	       w->there_prog == w->r->prog_id && !memcmp(info.tag, prog->tag, sizeof(prog->tag)) &&
	       !memcmp(was, &w->r->conf, sizeof(*was));
}

static int update_refused(const struct work *w, int sys, struct pn_err *err)
{
	int ret = pn_err_set(err, PN_EXIT_KERNEL, sys, w->dev.name,
			     "the program cannot be exchanged: %s", strerror(sys));

	pn_err_hint(err, "the old one is still at work; penstock detach %s, then attach",
		    w->dev.name);
	return ret;
}

/*
 * A program behind a link is pinned as well, to be named when it is exchanged.
 * One behind a filter is held by the filter alone: it ends with the device,
 * and that is how it can be told that both are gone.
 */
static int program_pin(const struct work *w, const struct pn_program *prog)
{
	int ret = w->at.link_fd >= 0 ? pin_set(w, "prog", prog->fd) : 0;

	if (!ret && prog->count_fd >= 0)
		ret = pin_set(w, PN_RECORD_OFFLOAD, prog->count_fd);
	return ret;
}

/* The same hook and mode: exchange through the link. */
static int program_exchange(struct work *w, struct pn_program *prog, const struct pn_conf *was,
			    struct pn_err *err)
{
	int old_fd, ret;

	if (same_program(w, prog, was))
		return 0;
	old_fd = pin_get(w, "prog");
	ret = pn_hook_update(&w->at, w->r->ifindex, prog->fd, old_fd);
	if (old_fd >= 0)
		close(old_fd);
	if (ret)
		return update_refused(w, -ret, err);
	w->r->prog_id = prog->id;
	ret = program_pin(w, prog);
	return ret ? update_refused(w, -ret, err) : 0;
}

static int program_attach(struct work *w, struct pn_program *prog, struct pn_err *err)
{
	int ret = pn_hook_attach(&w->at, &w->dev, prog->fd, err);

	if (ret)
		return ret;
	w->r->prog_id = prog->id;
	ret = program_pin(w, prog);
	if (!ret && w->at.link_fd >= 0)
		ret = pin_set(w, "link", w->at.link_fd);
	if (!ret)
		return 0;
	pn_hook_detach(&w->at, w->r->ifindex);
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, w->dev.name, "cannot be pinned: %s",
			  strerror(-ret));
}

static void there_remove(struct work *w)
{
	if (w->there_shared)
		pn_shared_detach(w->r->ifindex, w->there_prog);
	pn_hook_detach(&w->at, w->r->ifindex);
	pin_drop(w, "link");
	pin_drop(w, "prog");
	pin_drop(w, PN_RECORD_OFFLOAD);
	if (w->at.link_fd >= 0)
		close(w->at.link_fd);
	w->at.link_fd = -1;
	w->r->prog_id = 0;
	w->removed = (struct pn_choice){ w->at.hook, w->at.mode, "as before" };
	w->there = w->there_shared = false;
}

static int shared_try(struct work *w, const struct pn_choice *c,
		      const struct pn_program_spec *spec, struct pn_err *err)
{
	int ret = pn_shared_probe(err);

	if (ret)
		return ret;
	if (w->there && !w->there_shared)
		there_remove(w);
	w->at = (struct pn_hook_at){ .hook = c->hook, .mode = c->mode, .link_fd = -1 };
	return pn_shared_attach(&w->plane->maps, spec, w->stats_fd, c->mode, w->r, err);
}

static int program_load(struct work *w, const struct pn_choice *c,
			const struct pn_program_spec *spec, struct pn_program *prog,
			struct pn_err *err)
{
	int count_fd, ret;

	if (c->mode != PN_MODE_OFFLOAD)
		return pn_program_load(prog, spec, &w->plane->maps, w->stats_fd, err);
	count_fd = pin_get(w, PN_RECORD_OFFLOAD);
	ret = pn_offload_load(prog, &w->dev, w->r, count_fd, err);
	if (count_fd >= 0)
		close(count_fd);
	return ret;
}

/*
 * What is attached was loaded from this code with this configuration: the verifier need
 * not see it again, which is most of what a change of shapers would take.
 */
static bool program_is_there(const struct work *w, const struct pn_program_spec *spec)
{
	return w->at.mode != PN_MODE_OFFLOAD && w->there_prog == w->r->prog_id &&
	       w->r->object == pn_program_object(spec->hook) &&
	       !memcmp(&spec->conf, &w->r->conf, sizeof(spec->conf));
}

/* -EOPNOTSUPP without a sentence: try the next choice. */
static int choice_try(struct work *w, const struct pn_choice *c, struct pn_err *err)
{
	struct pn_program_spec spec = { .hook = c->hook, .dev = w->dev.name };
	struct pn_conf was = w->r->conf;
	struct pn_program prog;
	bool keep = w->there && !w->there_shared && w->at.hook == c->hook &&
		    w->at.mode == c->mode;
	int ret;

	conf_make(w, c->hook, &spec.conf);
	if (w->r->shared)
		return shared_try(w, c, &spec, err);
	if (keep && program_is_there(w, &spec))
		return 0;
	ret = program_load(w, c, &spec, &prog, err);
	if (ret)
		return ret;
	w->r->conf = spec.conf;
	w->r->object = 0;
	if (keep) {
		ret = program_exchange(w, &prog, &was, err);
	} else {
		if (w->there)
			there_remove(w);
		w->at.hook = c->hook;
		w->at.mode = c->mode;
		ret = program_attach(w, &prog, err);
	}
	if (!ret)
		w->r->object = pn_program_object(spec.hook);
	pn_program_close(&prog);
	return ret;
}

static int no_choice(const struct work *w, const struct pn_choice *c, struct pn_err *err)
{
	int ret = pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, w->dev.name,
			     "its driver (%s) has no %s XDP on this kernel%s%s",
			     w->dev.driver[0] ? w->dev.driver : "unknown",
			     pn_mode_words[c->mode], w->at.kernel[0] ? ": kernel: " : "",
			     w->at.kernel);

	pn_err_hint(err, "--hook tc, or --mode generic");
	return ret;
}

static int record_finish(struct work *w, struct pn_err *err)
{
	struct pn_record *r = w->r;
	int ret = 0;

	r->state = PN_PORT_ATTACHED;
	r->hook = w->at.hook;
	r->mode = w->at.mode;
	r->tcx = w->at.tcx;
	r->dispatched = r->shared && r->hook == PN_HOOK_XDP;
	r->tc_handle = w->at.tc_handle;
	r->tc_prio = w->at.tc_prio;
	r->placed = r->placed || w->at.placed;
	r->code = r->sys = 0;
	r->text[0] = r->hint[0] = 0;
	if (w->stats_fresh)
		ret = pin_set(w, "stats", w->stats_fd);
	if (!ret)
		ret = pn_record_write(&w->plane->pins, r);
	if (!ret)
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, w->dev.name,
			  "its record cannot be written: %s", strerror(-ret));
}

/* The hook had to change and the new one refused: back to the old one. */
static void choice_restore(struct work *w)
{
	struct pn_err ignored = { 0 };

	w->r->shared = false;
	w->r->checksum = w->before.checksum;
	w->r->peers = w->before.peers;
	w->r->strict = w->before.strict;
	w->r->nesting = w->before.nesting;
	if (!choice_try(w, &w->removed, &ignored))
		record_finish(w, &ignored);
}

/* A port that was attached with another way of choosing keeps it where it may. */
static int choices_try(struct work *w, const struct pn_choice *c, int n, struct pn_err *err)
{
	int i, ret = -EOPNOTSUPP;

	for (i = 0; i < n && w->there; i++)
		if (c[i].hook == w->at.hook && c[i].mode == w->at.mode) {
			c += i;
			n -= i;
		}
	for (i = 0; i < n && ret == -EOPNOTSUPP; i++) {
		ret = choice_try(w, &c[i], err);
		if (!ret)
			snprintf(w->r->why, sizeof(w->r->why), "%s", c[i].why);
	}
	if (ret == -EOPNOTSUPP && !(err && err->text[0]))
		ret = no_choice(w, &c[n - 1], err);
	if (ret && w->removed.why)
		choice_restore(w);
	return ret;
}

static int foreign_check(const struct work *w, const struct pn_choice *c, struct pn_err *err)
{
	bool ours = w->there && w->at.hook == PN_HOOK_XDP;

	if (c->hook != PN_HOOK_XDP || !w->dev.xdp_prog || ours || w->r->shared)
		return 0;
	return pn_hook_foreign(&w->dev, err);
}

static int peers_map(const struct work *w)
{
	return w->plane->maps.fd[PN_MAP_PEERS];
}

/* Nothing of an earlier port of this number is left for a program that begins. */
static int peers_open(struct work *w, struct pn_err *err)
{
	int ret;

	if (!w->there)
		pn_peers_trim(peers_map(w), w->index, NULL);
	ret = pn_peers_add(peers_map(w), w->index, w->r, &w->peers);
	if (!ret)
		return 0;
	ret = pn_err_set(err, PN_EXIT_KERNEL, -ret, w->dev.name,
			 "the prefixes of its peers cannot be stored: %s", strerror(-ret));
	if (ret == -ENOSPC)
		pn_err_hint(err, "there is room for %u prefixes of all ports together",
			    PN_PEERS_MAX);
	return ret;
}

static void port_undo(struct work *w, bool known)
{
	struct pn_err ignored = { 0 };

	pn_peers_undo(peers_map(w), w->index, w->r, &w->peers);
	if (!known && !w->there)
		pn_port_detach(&w->plane->pins, w->r->ifindex, &ignored);
}

/* What there is of the port now: the device, its record, what is attached. */
static int work_start(struct work *w, const struct pn_port_conf *conf, bool *known,
		      struct pn_err *err)
{
	uint32_t ifindex = w->r->ifindex;
	int ret = pn_device_by_index(ifindex, &w->dev);

	w->index = w->r->conf.port;
	if (ret)
		return pn_err_set(err, PN_EXIT_KERNEL, -ret, conf->dev,
				  "there is no such device");
	*known = !pn_record_read(&w->plane->pins, ifindex, w->r);
	if (!*known)
		*w->r = (struct pn_record){ .ifindex = ifindex };
	w->before = w->r->conf;
	there_find(w);
	pn_record_want(w->r, conf);
	memcpy(w->r->dev, w->dev.name, sizeof(w->r->dev));
	return 0;
}

int pn_port_attach(struct pn_plane *plane, const struct pn_port_conf *conf,
		   struct pn_record *r, struct pn_err *err)
{
	struct work w = { .plane = plane, .r = r, .stats_fd = -1, .at.link_fd = -1 };
	struct pn_choice choice[PN_CHOICES];
	bool known = false;
	int n, ret = work_start(&w, conf, &known, err);

	if (ret)
		return ret;
	n = pn_choose(conf, &w.dev, choice, err);
	ret = n < 0 ? n : foreign_check(&w, &choice[0], err);
	if (ret)
		goto out;
	if (!known) {
		r->state = PN_PORT_WANTED;
		ret = pn_record_write(&plane->pins, r);
	}
	if (!ret)
		ret = stats_open(&w, err);
	if (!ret)
		ret = peers_open(&w, err);
	if (!ret)
		ret = choices_try(&w, choice, n, err);
	if (!ret)
		ret = record_finish(&w, err);
	if (!ret)
		pn_peers_trim(peers_map(&w), w.index, r);
out:
	if (ret)
		port_undo(&w, known);
	if (w.at.link_fd >= 0)
		close(w.at.link_fd);
	if (w.stats_fd >= 0)
		close(w.stats_fd);
	return ret;
}
