// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock attach: write down what is wanted, then have it done: by the daemon
 * if one follows, else here, once.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cmd/attach_show.h"
#include "cmd/follow.h"
#include "cmd/port_opts.h"
#include "plane/device.h"
#include "util/log.h"

#define DAEMON_WAIT_MS	20000
#define DAEMON_STEP_MS	5

struct request {
	struct pn_record record;
	struct pn_record before;
	bool known;		/* it was attached, or wanted, before */
};

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "state", "STATE", PN_LEFT },
	{ "hook", "HOOK", PN_LEFT },
	{ "mode", "MODE", PN_LEFT },
	{ "checksum", "CHECKSUM", PN_LEFT },
	{ "why", "WHY THIS HOOK", PN_LEFT },
	PN_COL_END
};

const struct pn_table pn_attached_table = {
	.key = "ports", .none = "No port is attached.", .cols = cols,
};

void pn_attached_show(struct pn_out *o, const struct pn_record *r)
{
	bool xdp = r->hook == PN_HOOK_XDP;

	pn_out_row(o);
	pn_out_str(o, "device", r->dev);
	pn_out_u64(o, "ifindex", r->ifindex);
	pn_out_str(o, "state", pn_port_state_words[r->state]);
	if (r->state == PN_PORT_ATTACHED) {
		pn_out_str(o, "hook", pn_hook_words[r->hook]);
		pn_out_str(o, "mode", xdp ? pn_mode_words[r->mode] : r->tcx ? "tcx" : "clsact");
	} else {
		pn_out_null(o, "hook");
		pn_out_null(o, "mode");
	}
	pn_out_str(o, "checksum", pn_checksum_words[r->checksum]);
	pn_out_bool(o, "shared", r->shared);
	pn_out_u64(o, "program", r->prog_id);
	pn_out_str(o, "why", r->state == PN_PORT_ATTACHED ? r->why : r->text);
	pn_out_row_end(o);
}

static int requests_write(struct pn_pins *pins, struct request *req, int n, struct pn_err *err)
{
	int i, ret = 0;

	for (i = 0; i < n && !ret; i++) {
		req[i].record.state = PN_PORT_WANTED;
		ret = pn_record_write(pins, &req[i].record);
	}
	if (!ret)
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, req[i - 1].record.dev,
			  "its record cannot be written: %s", strerror(-ret));
}

/* As before: what was not attached goes, what was keeps its earlier wish. */
static void requests_undo(struct pn_pins *pins, struct request *req, int n)
{
	struct pn_err ignored = { 0 };
	int i;

	for (i = 0; i < n; i++) {
		if (req[i].known)
			pn_record_write(pins, &req[i].before);
		else
			pn_port_detach(pins, req[i].record.ifindex, &ignored);
	}
}

/* Beside a daemon: it sees the records change and does the rest. */
static int daemon_do(struct pn_pins *pins, struct request *req, int n, struct pn_err *err)
{
	int left = DAEMON_WAIT_MS / DAEMON_STEP_MS;
	int i;

	pn_plane_poke(pins);
	pn_pins_unlock(pins);
	for (i = 0; i < n; i++) {
		while (left-- && !pn_record_read(pins, req[i].record.ifindex, &req[i].record) &&
		       req[i].record.state == PN_PORT_WANTED)
			poll(NULL, 0, DAEMON_STEP_MS);
		if (left < 0)
			break;
	}
	if (pn_pins_lock(pins, err))
		return -EBUSY;
	if (i == n)
		return 0;
	pn_err_set(err, PN_EXIT_KERNEL, ETIMEDOUT, req[i].record.dev,
		   "the daemon that follows the kernel did not attach it in %d seconds",
		   DAEMON_WAIT_MS / 1000);
	pn_err_hint(err, "see what `penstock run` says, or stop it and attach again");
	return -ETIMEDOUT;
}

static int requests_do(struct pn_plane *plane, struct request *req, int n, bool *followed,
		       struct pn_err *err)
{
	struct pn_follow f = { .plane = *plane };
	int ret = requests_write(&plane->pins, req, n, err);

	if (ret)
		return ret;
	*followed = pn_pins_followed(&plane->pins);
	if (*followed)
		return daemon_do(&plane->pins, req, n, err);
	ret = pn_follow_start(&f, err);
	if (!ret)
		ret = pn_follow_ports(&f, false, err);
	pn_follow_stop(&f);
	return ret;
}

/* The first port that was refused says why. */
static int requests_check(struct pn_pins *pins, struct request *req, int n, struct pn_err *err)
{
	int i, ret;

	for (i = 0; i < n; i++) {
		const struct pn_record *r = &req[i].record;

		ret = pn_record_read(pins, r->ifindex, &req[i].record);
		if (ret)
			return pn_err_set(err, PN_EXIT_KERNEL, ENODEV, r->dev,
					  "the device vanished while it was attached");
		if (r->state == PN_PORT_ATTACHED)
			continue;
		ret = pn_err_set(err, r->code ? r->code : PN_EXIT_KERNEL, r->sys, r->dev, "%s",
				 r->text[0] ? r->text : "it was not attached");
		if (r->hint[0])
			pn_err_hint(err, "%s", r->hint);
		return ret;
	}
	return 0;
}

static int requests_make(struct pn_run *ctx, struct pn_pins *pins, struct request *req,
			 int argc, char **argv)
{
	const struct pn_port_opts *opts = ctx->opts;
	struct pn_port_conf conf;
	struct pn_device dev;
	int i, ret;

	for (i = 0; i < argc; i++) {
		ret = pn_device_by_name(argv[i], &dev, &ctx->err);
		if (ret)
			return ret;
		req[i].known = !pn_record_read(pins, dev.ifindex, &req[i].before);
		if (req[i].known)
			req[i].record = req[i].before;
		req[i].record.ifindex = dev.ifindex;
		pn_port_opts_conf(opts, argv[i], &conf);
		pn_record_want(&req[i].record, &conf);
	}
	return 0;
}

static void result_show(struct pn_run *ctx, const struct request *req, int n, bool followed)
{
	int i;

	pn_out_table(ctx->out, &pn_attached_table);
	for (i = 0; i < n; i++)
		pn_attached_show(ctx->out, &req[i].record);
	pn_out_table_end(ctx->out);
	if (!followed)
		pn_log(PN_LOG_WARN, "the maps hold what the kernel knows now; "
		       "nothing follows it until `penstock run`");
}

static int devices_check(char **argv, int argc, struct pn_err *err)
{
	struct pn_device dev;
	int i, ret = 0;

	for (i = 0; i < argc && !ret; i++)
		ret = pn_device_by_name(argv[i], &dev, err);
	return ret;
}

static int attach_run(struct pn_run *ctx, int argc, char **argv)
{
	struct request *req = calloc(argc, sizeof(*req));
	struct pn_sizes sizes;
	struct pn_plane plane;
	bool followed = false;
	int ret;

	if (!req)
		return pn_err_set(&ctx->err, PN_EXIT_KERNEL, ENOMEM, NULL, "out of memory");
	pn_port_opts_sizes(ctx->opts, &sizes);
	ret = pn_caps_check("attach", &ctx->err);
	if (!ret)
		ret = devices_check(argv, argc, &ctx->err);
	if (!ret)
		ret = pn_plane_open(&plane, ctx->global.bpffs, &sizes, &ctx->err);
	if (ret)
		goto out;
	ret = requests_make(ctx, &plane.pins, req, argc, argv);
	if (!ret) {
		ret = requests_do(&plane, req, argc, &followed, &ctx->err);
		if (!ret)
			ret = requests_check(&plane.pins, req, argc, &ctx->err);
		if (ret)
			requests_undo(&plane.pins, req, argc);
	}
	if (!ret)
		result_show(ctx, req, argc, followed);
	if (ret && !followed)
		pn_plane_tidy(&plane.pins);
	pn_plane_close(&plane);
out:
	free(req);
	return ret;
}

const struct pn_cmd pn_cmd_attach = {
	.name = "attach",
	.args = "DEV...",
	.brief = "accelerate what arrives on these devices",
	.help = "Loads the data plane for each device and pins it, so that it works on when "
		"the command has ended. Beside a running `penstock run`, that one follows the "
		"kernel for the new ports as well; without it the maps hold what the kernel "
		"knew when they were attached. Attaching again changes the options.",
	.rows = pn_attach_rows,
	.opts_size = sizeof(struct pn_port_opts),
	.min_args = 1,
	.max_args = -1,
	.run = attach_run,
};
