// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock apply FILE [--confirm SEC] */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cmd/apply_ports.h"
#include "cmd/steps.h"
#include "topo/file.h"

/*
 * Enter on the terminal or SIGUSR1 confirms; time, the end of the terminal,
 * SIGINT, SIGTERM and SIGHUP (the session that the change cut off) do not.
 */
static bool is_confirmed(int sigs, uint32_t ms)
{
	struct pollfd fds[2] = {
		{ .fd = sigs, .events = POLLIN },
		{ .fd = isatty(STDIN_FILENO) ? STDIN_FILENO : -1, .events = POLLIN },
	};
	struct signalfd_siginfo si;
	char line[64];
	ssize_t n;

	if (poll(fds, 2, ms) <= 0)
		return false;
	if (fds[0].revents)
		return read(sigs, &si, sizeof(si)) == sizeof(si) && si.ssi_signo == SIGUSR1;
	n = read(STDIN_FILENO, line, sizeof(line));
	return n > 0 && line[n - 1] == '\n';
}

/* The signals that decide are held back before anything is changed. */
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

static int confirm(struct pn_run *ctx, struct pn_apply *a, int sigs, uint32_t ms)
{
	int rc;

	if (!pn_out_is_json(ctx->out))
		fprintf(stderr, "applied; press Enter (or send SIGUSR1 to %d) within %u s to "
			"keep it\n", getpid(), ms / 1000);
	if (is_confirmed(sigs, ms))
		return 0;
	rc = pn_topo_undo(a, &ctx->err);
	if (rc)
		return rc;
	return pn_err_set(&ctx->err, PN_EXIT_UNDONE, ECANCELED, "apply",
			  "not confirmed within %u s; everything done was undone", ms / 1000);
}

/* The ports come last; when one is refused, the links are undone as well. */
static int ports_attach(struct pn_run *ctx, const struct pn_topo *topo, struct pn_apply *a)
{
	struct pn_err err = { 0 };
	int rc = pn_apply_ports(ctx->global.bpffs, topo, &ctx->err);

	if (!rc || !a->writes)
		return rc;
	if (pn_topo_undo(a, &err)) {
		ctx->err = err;
		return -err.sys;
	}
	ctx->err.code = PN_EXIT_UNDONE;
	return rc;
}

static int apply_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct pn_topo_opts *o = ctx->opts;
	struct pn_apply a = { 0 };
	struct pn_topo *topo;
	int sigs = -1;
	int rc;

	if (o->confirm_ms) {
		sigs = signals_hold();
		if (sigs < 0)
			return pn_err_set(&ctx->err, PN_EXIT_KERNEL, errno, "apply",
					  "cannot wait for signals: %s", strerror(errno));
	}
	rc = pn_topo_read(argv[0], &topo, &ctx->err);
	if (!rc)
		rc = pn_topo_apply(topo, o->state, &a, &ctx->err);
	if (!rc && o->confirm_ms && a.writes)
		rc = confirm(ctx, &a, sigs, o->confirm_ms);
	if (!rc)
		rc = ports_attach(ctx, topo, &a);
	if (!rc)
		pn_cmd_steps(ctx->out, a.plan, a.writes);
	pn_apply_close(&a);
	pn_topo_free(topo);
	if (sigs >= 0)
		close(sigs);
	return rc;
}

static const struct pn_opt apply_rows[] = {
	{ .name = "confirm", .type = PN_OPT_DURATION, .metavar = "SEC",
	  .offset = offsetof(struct pn_topo_opts, confirm_ms), .min = 1000, .max = 86400000,
	  .help = "undo it all unless confirmed in time, by Enter or SIGUSR1" },
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
		"kernel refuses a step, everything done is undone and the exit status is 4.",
	.rows = apply_rows,
	.opts_size = sizeof(struct pn_topo_opts),
	.defaults = &pn_topo_defaults,
	.min_args = 1,
	.max_args = 1,
	.run = apply_run,
};
