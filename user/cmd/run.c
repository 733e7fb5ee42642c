// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock run: bring everything to where the file and the options want it,
 * then follow the kernel until told to stop. Stopping leaves traffic running;
 * what the next run needs is in the pins.
 */
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cmd/attach_show.h"
#include "cmd/follow.h"
#include "cmd/port_opts.h"
#include "cmd/run_ports.h"
#include "nl/uevent.h"
#include "util/log.h"

#define TICK_MS		2000	/* targets are asked again */
#define CHECK_TICKS	15	/* and now and then every port is looked at */

struct loop {
	struct pn_run *ctx;
	struct pn_follow follow;
	struct pn_run_wants wants;
	int signals;
	int pins_watch;
	int cpus;		/* what the kernel tells of them; -1: nothing */
	unsigned int ticks;
	bool stop;
	struct pn_log_limit limit;
};

static void result_show(struct pn_run *ctx, const struct pn_follow *f)
{
	int i;

	pn_out_table(ctx->out, &pn_attached_table);
	for (i = 0; i < f->n_records; i++)
		pn_attached_show(ctx->out, &f->record[i]);
	pn_out_table_end(ctx->out);
	pn_out_flush(ctx->out);
}

static void trouble_log(struct loop *l, const char *what, const struct pn_err *err)
{
	pn_log_limited(&l->limit, PN_LOG_WARN, "%s: %s%s%s", what, err->object,
		       err->object[0] ? ": " : "", err->text);
}

/* Something about the ports changed: all of them are looked at. */
static void ports_again(struct loop *l)
{
	struct pn_pins *pins = &l->follow.plane.pins;
	struct pn_err err = { 0 };

	if (pn_pins_lock(pins, &err)) {
		l->follow.dirty = true;
		trouble_log(l, "ports", &err);
		return;
	}
	if (pn_follow_ports(&l->follow, false, &err))
		trouble_log(l, "ports", &err);
	pn_pins_unlock(pins);
}

static void file_again(struct loop *l)
{
	struct pn_pins *pins = &l->follow.plane.pins;
	struct pn_err err = { 0 };
	int ret = pn_pins_lock(pins, &err);

	if (!ret) {
		ret = pn_run_ports_again(&l->follow, &l->wants, &err);
		pn_pins_unlock(pins);
	}
	if (ret)
		trouble_log(l, l->wants.file ? l->wants.file : "reload", &err);
}

static void signal_take(struct loop *l)
{
	struct signalfd_siginfo info;

	if (read(l->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP)
		file_again(l);
	else
		l->stop = true;
}

static void pins_changed(struct loop *l)
{
	char events[4096] __attribute__((aligned(8)));

	while (read(l->pins_watch, events, sizeof(events)) > 0)
		;
	l->follow.dirty = true;
}

static void tick(struct loop *l)
{
	pn_follow_retarget(&l->follow);
	if (++l->ticks % CHECK_TICKS == 0)
		l->follow.dirty = true;
}

static void loop_run(struct loop *l)
{
	struct pollfd fd[] = { { pn_mirror_fd(l->follow.mirror), POLLIN, 0 },
			       { l->signals, POLLIN, 0 },
			       { l->pins_watch, POLLIN, 0 },
			       { l->cpus, POLLIN, 0 } };
	struct pn_err err;

	while (!l->stop) {
		int n = poll(fd, 4, TICK_MS);

		if (!n)
			tick(l);
		if (n > 0 && fd[1].revents)
			signal_take(l);
		err = (struct pn_err){ 0 };
		if (n > 0 && fd[0].revents && pn_mirror_handle(l->follow.mirror, &err))
			trouble_log(l, "mirror", &err);
		if (n > 0 && fd[2].revents)
			pins_changed(l);
		/* shapers are spread over those that are online */
		if (n > 0 && fd[3].revents)
			l->follow.dirty |= pn_uevent_cpus(l->cpus);
		if (l->follow.dirty && !l->stop)
			ports_again(l);
	}
}

/* Before anything is attached, so that no signal is missed. */
static int loop_open(struct loop *l, struct pn_err *err)
{
	char path[PN_PINS_PATH];
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	l->pins_watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	l->cpus = pn_uevent_open();
	pn_pins_path(&l->follow.plane.pins, "ports", path);
	if (l->signals >= 0 && l->pins_watch >= 0 &&
	    inotify_add_watch(l->pins_watch, path, IN_CREATE | IN_DELETE | IN_MOVED_TO) >= 0)
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, errno, "run", "cannot watch the pins: %s",
			  strerror(errno));
}

static void loop_close(struct loop *l)
{
	struct pn_pins *pins = &l->follow.plane.pins;
	struct pn_err ignored = { 0 };
	uint32_t one;

	pn_follow_stop(&l->follow);
	if (l->signals >= 0)
		close(l->signals);
	if (l->pins_watch >= 0)
		close(l->pins_watch);
	if (l->cpus >= 0)
		close(l->cpus);
	if (!pn_pins_lock(pins, &ignored) && pn_pins_numbers(pins, "ports", &one, 1) == 0)
		pn_plane_tidy(pins);
	pn_plane_close(&l->follow.plane);
}

static int loop_start(struct loop *l, struct pn_err *err)
{
	int ret = loop_open(l, err);

	if (!ret)
		ret = pn_follow_start(&l->follow, err);
	if (!ret)
		ret = pn_run_ports_start(&l->follow, &l->wants, err);
	if (!ret)
		result_show(l->ctx, &l->follow);
	pn_pins_unlock(&l->follow.plane.pins);
	return ret;
}

/* A word that looks like a file, or is one and no device (`eth0.5` is a usual name). */
static bool is_file(const char *word)
{
	struct stat st;

	if (strchr(word, '/') || strstr(word, ".y") || strstr(word, ".json"))
		return true;
	return !if_nametoindex(word) && !stat(word, &st) && S_ISREG(st.st_mode);
}

static int run_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct pn_port_opts *opts = ctx->opts;
	struct loop l = { .ctx = ctx, .wants.opts = opts,
			  .signals = -1, .pins_watch = -1, .cpus = -1,
			  .limit = { .interval_ms = 10000, .burst = 10 } };
	struct pn_sizes sizes;
	int ret = pn_caps_check("run", &ctx->err);

	if (ret)
		return ret;
	if (argc && is_file(argv[0])) {
		l.wants.file = *argv++;
		argc--;
	}
	l.wants.dev = argv;
	l.wants.n_dev = argc;
	pn_port_opts_sizes(opts, &sizes);
	ret = pn_plane_open(&l.follow.plane, ctx->global.bpffs, &sizes, &ctx->err);
	if (ret)
		return ret;
	ret = loop_start(&l, &ctx->err);
	if (!ret && !opts->once)
		loop_run(&l);
	loop_close(&l);
	return ret;
}

const struct pn_cmd pn_cmd_run = {
	.name = "run",
	.args = "[FILE] [DEV...]",
	.brief = "apply a file, attach ports, follow the kernel until told to stop",
	.help = "Applies the topology file, attaches its ports and the devices named, takes over "
		"every port that is attached already, and then keeps the maps in step with the "
		"kernel. SIGTERM or SIGINT ends it and leaves traffic running as it is; SIGHUP "
		"reads the file again. The options are for the devices named here; the file has "
		"its own.",
	.rows = pn_run_rows,
	.opts_size = sizeof(struct pn_port_opts),
	.max_args = -1,
	.run = run_run,
};
