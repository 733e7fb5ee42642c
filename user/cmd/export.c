// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock export: the counters for Prometheus, over HTTP or as a text file
 * for node_exporter. It only reads the pins, and gives up every capability
 * before it serves anybody.
 */
#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cmd/export_http.h"
#include "stats/page.h"
#include "stats/view.h"
#include "util/log.h"

struct export_opts {
	const char *listen;
	const char *textfile;
	uint32_t interval_ms;
};

#define AT(field) .offset = offsetof(struct export_opts, field)

static const struct pn_opt rows[] = {
	{ "listen", 'l', PN_OPT_STRING, "ADDR:PORT", AT(listen),
	  .help = "serve HTTP there; 127.0.0.1:9977 if neither option is given" },
	{ "textfile", 't', PN_OPT_STRING, "FILE", AT(textfile),
	  .help = "write the metrics to FILE (a name in a directory that node_exporter "
		  "reads, ending in .prom), replacing it as a whole" },
	{ "interval", 'i', PN_OPT_DURATION, "TIME", AT(interval_ms), .min = 1000,
	  .max = 86400000, .help = "write FILE again each TIME; once if not given" },
	PN_OPT_END
};

static int file_error(struct pn_run *ctx, const char *file, int sys)
{
	return pn_err_set(&ctx->err, PN_EXIT_KERNEL, sys, file, "cannot be written: %s",
			  strerror(sys));
}

static int all_write(int fd, const char *text, size_t size)
{
	while (size) {
		ssize_t n = write(fd, text, size);

		if (n < 0)
			return -errno;
		text += n;
		size -= n;
	}
	return 0;
}

/* The file is replaced, which a device or a link hardly ever is meant to be. */
static int textfile_check(struct pn_run *ctx, const char *file)
{
	struct stat st;

	if (lstat(file, &st) || S_ISREG(st.st_mode))
		return 0;
	pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, file,
		   "is no regular file, and would be replaced by one");
	pn_err_hint(&ctx->err, "name a file, or serve HTTP by --listen");
	return -EINVAL;
}

/* Beside the file, then renamed: a reader sees the old page or the new one. */
static int textfile_write(struct pn_run *ctx, const char *file)
{
	size_t size = 0;
	char *page = pn_page_make(ctx->global.bpffs, &size, NULL);
	char temp[PATH_MAX];
	int fd, ret;

	if (!page)
		return pn_err_memory(&ctx->err, file);
	ret = snprintf(temp, sizeof(temp), "%s.XXXXXX", file);
	fd = ret < (int)sizeof(temp) ? mkostemp(temp, O_CLOEXEC) : -1;
	if (fd < 0) {
		free(page);
		return file_error(ctx, file, errno ? errno : ENAMETOOLONG);
	}
	ret = all_write(fd, page, size);
	if (!ret && (fchmod(fd, 0644) || close(fd)))
		ret = -errno;
	if (!ret && rename(temp, file))
		ret = -errno;
	if (ret) {
		unlink(temp);
		file_error(ctx, file, -ret);
	}
	free(page);
	return ret;
}

/*
 * Reading pins of a directory that is ours needs no capability; on a kernel
 * that wants one for it, penstock_up says so. A text file may belong in
 * somebody else's directory, so writing keeps what root needs for that.
 */
static int capabilities_drop(struct pn_run *ctx, bool writing)
{
	capng_clear(CAPNG_SELECT_BOTH);
	if (writing && geteuid() == 0)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_DAC_OVERRIDE);
	if (!capng_apply(CAPNG_SELECT_BOTH) && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 0;
	return pn_err_set(&ctx->err, PN_EXIT_KERNEL, EPERM, "export",
			  "cannot give up its capabilities");
}

static int signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int timer_open(uint32_t ms)
{
	struct itimerspec when = {
		.it_interval = { ms / 1000, ms % 1000 * 1000000L },
		.it_value = { ms / 1000, ms % 1000 * 1000000L },
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	if (fd >= 0)
		timerfd_settime(fd, 0, &when, NULL);
	return fd;
}

/* A file that cannot be written now may be later: say so and go on. */
static void textfile_again(struct pn_run *ctx, const char *file)
{
	static struct pn_log_limit limit = { .interval_ms = 60000, .burst = 1 };

	if (!textfile_write(ctx, file))
		return;
	pn_log_limited(&limit, PN_LOG_WARN, "%s: %s", ctx->err.object, ctx->err.text);
	memset(&ctx->err, 0, sizeof(ctx->err));
}

static int serve(struct pn_run *ctx, struct pn_http *http, int signal_fd, int timer_fd)
{
	const struct export_opts *opts = ctx->opts;
	struct pollfd fds[] = {
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = timer_fd, .events = POLLIN },
		{ .fd = http ? pn_http_fd(http) : -1, .events = POLLIN },
	};
	uint64_t expired;

	for (;;) {
		int n = poll(fds, 3, http ? pn_http_timeout(http) : -1);

		if (n < 0 && errno != EINTR)
			return pn_err_set(&ctx->err, PN_EXIT_KERNEL, errno, "export", "poll: %s",
					  strerror(errno));
		if (n > 0 && fds[0].revents)
			return 0;
		if (n > 0 && fds[1].revents && read(timer_fd, &expired, sizeof(expired)) > 0)
			textfile_again(ctx, opts->textfile);
		if (http)
			pn_http_run(http);
	}
}

static const struct pn_col listen_cols[] = {
	{ "listen", "listening on", PN_LEFT },
	{ "url", "metrics", PN_LEFT },
	PN_COL_END
};

static const struct pn_table listen_table = {
	.key = "export", .record = true, .cols = listen_cols,
};

static void listen_show(struct pn_run *ctx, const struct pn_http *http)
{
	pn_out_table(ctx->out, &listen_table);
	pn_out_row(ctx->out);
	pn_out_str(ctx->out, "listen", pn_http_address(http));
	pn_out_fmt(ctx->out, "url", "http://%s/metrics", pn_http_address(http));
	pn_out_row_end(ctx->out);
	pn_out_table_end(ctx->out);
	pn_out_flush(ctx->out);
}

/* Wrong pins are better told now than by penstock_up; none yet is no error. */
static int pins_check(struct pn_run *ctx)
{
	struct pn_view v;
	int ret = pn_view_open(&v, ctx->global.bpffs, &ctx->err);

	if (!ret)
		pn_view_close(&v);
	return ret;
}

static int options_check(struct pn_run *ctx, const struct export_opts *opts)
{
	if (opts->textfile)
		return textfile_check(ctx, opts->textfile);
	if (!opts->interval_ms)
		return 0;
	pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "export", "--interval needs --textfile");
	return -EINVAL;
}

static int export_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct export_opts *opts = ctx->opts;
	const char *address = opts->listen;
	struct pn_http *http = NULL;
	int signal_fd = -1, timer_fd = -1;
	int ret = options_check(ctx, opts);

	if (!ret)
		ret = pins_check(ctx);
	if (ret)
		return ret;
	if (!address && !opts->textfile)
		address = "127.0.0.1:9977";
	if (address) {
		http = pn_http_open(address, ctx->global.bpffs, &ctx->err);
		if (!http)
			return -EINVAL;
	}
	ret = capabilities_drop(ctx, opts->textfile != NULL);
	if (!ret && opts->textfile)
		ret = textfile_write(ctx, opts->textfile);
	if (ret || (!http && !opts->interval_ms))
		goto out;
	signal_fd = signals_open();
	if (opts->interval_ms)
		timer_fd = timer_open(opts->interval_ms);
	if (http)
		listen_show(ctx, http);
	ret = serve(ctx, http, signal_fd, timer_fd);
out:
	if (timer_fd >= 0)
		close(timer_fd);
	if (signal_fd >= 0)
		close(signal_fd);
	pn_http_close(http);
	return ret;
}

const struct pn_cmd pn_cmd_export = {
	.name = "export",
	.brief = "serve the counters to Prometheus, or write them to a file",
	.help = "Serves the counters at /metrics in Prometheus' text format 0.0.4, or writes "
		"them to a file for the textfile collector of node_exporter, until SIGINT or "
		"SIGTERM. It reads the pins only and first gives up all capabilities (but for "
		"writing to another's directory with --textfile); ports that are attached "
		"later are found by themselves.\n\n"
		"\tpenstock export --listen 127.0.0.1:9977\n\n"
		"\tpenstock export --textfile /var/lib/node_exporter/penstock.prom -i 15s",
	.rows = rows,
	.opts_size = sizeof(struct export_opts),
	.run = export_run,
};
