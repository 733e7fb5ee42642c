// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock apply FILE [--confirm SEC] */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmd/apply_ports.h"
#include "cmd/steps.h"
#include "topo/file.h"

/*
 * With --confirm two processes share the work. The one that was called stands
 * at the terminal; its child, in a session of its own and deaf to signals but
 * SIGUSR1, applies the file, waits, and undoes it when time runs out or the
 * other has ended, in whatever way.
 */
struct guard {
	int ask;	/* from the front: a byte confirms, its end does not */
	int sigs;
};

static int signals_hold(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Of all the signals only SIGUSR1 says yes. */
static bool signal_confirms(int sigs)
{
	struct signalfd_siginfo si;

	return read(sigs, &si, sizeof(si)) == sizeof(si) && si.ssi_signo == SIGUSR1;
}

static bool line_confirms(void)
{
	char line[64];
	ssize_t n = read(STDIN_FILENO, line, sizeof(line));

	return n > 0 && line[n - 1] == '\n';
}

/* The front: hands on what it hears until the child has ended; its status. */
static int front_run(pid_t child, int sigs, int tell)
{
	struct pollfd fds[2] = {
		{ .fd = sigs, .events = POLLIN },
		{ .fd = isatty(STDIN_FILENO) ? STDIN_FILENO : -1, .events = POLLIN },
	};
	bool said = false;
	int status;

	while (waitpid(child, &status, WNOHANG) != child) {
		if (poll(fds, 2, 50) <= 0 || said)
			continue;
		if (fds[0].revents ? signal_confirms(sigs) : line_confirms())
			said = write(tell, "y", 1) == 1;
		else
			said = !close(tell);
		fds[0].fd = fds[1].fd = -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : PN_EXIT_KERNEL;
}

/* In the child it returns; the front ends here. */
static int guard_open(struct guard *g, struct pn_err *err)
{
	int pipes[2];
	pid_t child;

	g->sigs = signals_hold();
	if (g->sigs < 0 || pipe2(pipes, O_CLOEXEC))
		return pn_err_set(err, PN_EXIT_KERNEL, errno, "apply",
				  "cannot wait for an answer: %s", strerror(errno));
	fflush(NULL);
	child = fork();
	if (child < 0)
		return pn_err_set(err, PN_EXIT_KERNEL, errno, "apply", "cannot fork: %s",
				  strerror(errno));
	if (child) {
		close(pipes[0]);
		_exit(front_run(child, g->sigs, pipes[1]));
	}
	close(pipes[1]);
	signal(SIGPIPE, SIG_IGN);
	setsid();
	g->ask = pipes[0];
	return 0;
}

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static bool is_confirmed(const struct guard *g, uint32_t ms)
{
	struct pollfd fds[2] = {
		{ .fd = g->sigs, .events = POLLIN }, { .fd = g->ask, .events = POLLIN },
	};
	uint64_t end = now_ms() + ms, now;
	char yes;

	while ((now = now_ms()) < end && poll(fds, 2, end - now) >= 0) {
		if (fds[0].revents && signal_confirms(g->sigs))
			return true;
		if (fds[1].revents)
			return read(g->ask, &yes, 1) == 1;
	}
	return false;
}

/* What was done, in the order in which it was done. */
struct applied {
	struct pn_apply links;
	struct pn_applied_ports ports;
};

/* Backwards, and as far as it goes; the first error. */
static int applied_undo(struct pn_run *ctx, struct applied *a, struct pn_err *err)
{
	struct pn_err second = { 0 };
	int rc = pn_apply_ports_undo(&a->ports, ctx->global.bpffs, err);
	int rest = pn_topo_undo(&a->links, &second);

	if (rest && !rc)
		*err = second;
	return rc ? rc : rest;
}

static int confirm(struct pn_run *ctx, struct applied *a, const struct guard *g)
{
	const struct pn_topo_opts *o = ctx->opts;
	int rc;

	if (!pn_out_is_json(ctx->out))
		fprintf(stderr, "applied; press Enter (or: kill -USR1 %d) within %u s to "
			"keep it\n", getpid(), o->confirm_ms / 1000);
	if (is_confirmed(g, o->confirm_ms))
		return 0;
	rc = applied_undo(ctx, a, &ctx->err);
	if (rc)
		return rc;
	return pn_err_set(&ctx->err, PN_EXIT_UNDONE, ECANCELED, "apply",
			  "not confirmed within %u s; everything done was undone",
			  o->confirm_ms / 1000);
}

/* The ports come last; when one is refused, the links are undone as well. */
static int ports_attach(struct pn_run *ctx, const struct pn_topo *topo, struct applied *a)
{
	struct pn_err err = { 0 };
	int rc = pn_apply_ports(&a->ports, ctx->global.bpffs, topo, &ctx->err);

	if (!rc || !a->links.writes)
		return rc;
	if (pn_topo_undo(&a->links, &err)) {
		ctx->err = err;
		return -err.sys;
	}
	ctx->err.code = PN_EXIT_UNDONE;
	return rc;
}

static int apply_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct pn_topo_opts *o = ctx->opts;
	struct guard g = { .ask = -1, .sigs = -1 };
	struct pn_shaper_steps shapers = { 0 };
	struct applied a = { 0 };
	struct pn_topo *topo;
	int rc;

	rc = pn_topo_read(argv[0], &topo, &ctx->err);
	if (!rc)
		rc = pn_shaper_steps_make(&shapers, ctx->global.bpffs, topo, argv[0], &ctx->err);
	if (!rc && o->confirm_ms)
		rc = guard_open(&g, &ctx->err);
	if (!rc)
		rc = pn_topo_apply_as(topo, o->state, &o->apply, &a.links, &ctx->err);
	if (!rc)
		rc = ports_attach(ctx, topo, &a);
	if (!rc && o->confirm_ms && (a.links.writes || shapers.n || a.ports.changed))
		rc = confirm(ctx, &a, &g);
	if (!rc)
		pn_cmd_steps(ctx->out, a.links.plan, &shapers, a.links.writes + shapers.n);
	pn_shaper_steps_free(&shapers);
	pn_apply_ports_close(&a.ports);
	pn_apply_close(&a.links);
	pn_topo_free(topo);
	if (o->confirm_ms) {
		close(g.ask);
		close(g.sigs);
	}
	return rc;
}

static const struct pn_opt apply_rows[] = {
	{ .name = "confirm", .type = PN_OPT_DURATION, .metavar = "SEC",
	  .offset = offsetof(struct pn_topo_opts, confirm_ms), .min = 1000, .max = 86400000,
	  .help = "undo it all unless confirmed in time, by Enter or SIGUSR1" },
	{ .name = "adopt", .type = PN_OPT_FLAG,
	  .offset = offsetof(struct pn_topo_opts, apply.adopt),
	  .help = "links of FILE that others made count as made by it: delete removes them" },
	PN_OPT_MASS,
	PN_OPT_STATE,
	PN_OPT_END,
};

const struct pn_cmd pn_cmd_apply = {
	.name = "apply",
	.args = "FILE",
	.brief = "make the links of a topology file; undo everything if a step fails",
	.help = "Creates the namespaces, links and addresses of FILE and changes, attribute by "
		"attribute, what differs from it; what an earlier version of FILE made and "
		"this one does not name is removed; then the ports of FILE are attached. "
		"Applying again changes nothing. If the "
		"kernel refuses a step, everything done is undone and the exit status is 4. A link "
		"that was there before is changed to what FILE says and stays when the rest is "
		"deleted, unless it is adopted. Removing more than half of the links that FILE "
		"made needs --allow-mass-delete.",
	.rows = apply_rows,
	.opts_size = sizeof(struct pn_topo_opts),
	.defaults = &pn_topo_defaults,
	.min_args = 1,
	.max_args = 1,
	.run = apply_run,
};
