// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock detach: take programs off; with the last port the pins go too. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cmd/port_opts.h"
#include "cmd/shaping.h"
#include "plane/attach.h"

struct detach_opts {
	bool all;
};

static const struct pn_opt rows[] = {
	{ "all", 'a', PN_OPT_FLAG, .offset = offsetof(struct detach_opts, all),
	  .help = "every port, and the pins" },
	PN_OPT_END
};

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "state", "STATE", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = { .key = "ports", .cols = cols,
				       .none = "No port was attached." };

static void detached_show(struct pn_out *o, const char *dev, const char *state)
{
	pn_out_row(o);
	pn_out_str(o, "device", dev);
	pn_out_str(o, "state", state);
	pn_out_row_end(o);
}

/* By number: a device that is gone, or a record that cannot be read, goes too. */
static int all_detach(struct pn_run *ctx, struct pn_pins *pins)
{
	uint32_t *index = calloc(PN_MAX_PORTS, sizeof(*index));
	struct pn_record r;
	char name[PN_PINS_PATH];
	int i, n, ret = 0;

	if (!index)
		return pn_err_memory(&ctx->err, NULL);
	n = pn_pins_numbers(pins, "ports", index, PN_MAX_PORTS);
	for (i = 0; i < n && !ret; i++) {
		pn_record_name(index[i], NULL, name);
		if (!pn_record_read(pins, index[i], &r))
			memcpy(name, r.dev, sizeof(r.dev));
		ret = pn_shaping_detach(pins, index[i], &ctx->err);
		if (!ret)
			detached_show(ctx->out, name, "detached");
	}
	free(index);
	return ret;
}

static int some_detach(struct pn_run *ctx, struct pn_pins *pins, int argc, char **argv)
{
	struct pn_record r;
	int i, ret = 0;

	for (i = 0; i < argc && !ret; i++) {
		if (pn_record_find(pins, argv[i], &r)) {
			detached_show(ctx->out, argv[i], "was not attached");
			continue;
		}
		ret = pn_shaping_detach(pins, r.ifindex, &ctx->err);
		if (!ret)
			detached_show(ctx->out, argv[i], "detached");
	}
	return ret;
}

static int pins_detach(struct pn_run *ctx, struct pn_pins *pins, int argc, char **argv)
{
	const struct detach_opts *opts = ctx->opts;
	uint32_t one;
	int ret;

	pn_out_table(ctx->out, &table);
	ret = opts->all ? all_detach(ctx, pins) : some_detach(ctx, pins, argc, argv);
	pn_out_table_end(ctx->out);
	if (pn_pins_followed(pins))
		pn_plane_poke(pins);
	else if (!ret && pn_pins_numbers(pins, "ports", &one, 1) == 0)
		pn_plane_tidy(pins);
	return ret;
}

static int detach_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct detach_opts *opts = ctx->opts;
	struct pn_pins pins;
	struct pn_err none = { 0 };
	int ret;

	if (!argc == !opts->all)
		return pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "detach",
				  "name devices, or say --all; one of the two");
	ret = pn_caps_check("detach", &ctx->err);
	if (ret)
		return ret;
	/* Pins of another version are removed when everything is to go. */
	ret = opts->all ? pn_pins_open_any(&pins, ctx->global.bpffs, &none) :
	      pn_pins_open_to_change(&pins, ctx->global.bpffs, &none);
	if (ret == -ENOENT) {
		pn_out_table(ctx->out, &table);
		while (argc--)
			detached_show(ctx->out, *argv++, "was not attached");
		pn_out_table_end(ctx->out);
		return 0;
	}
	if (ret) {
		ctx->err = none;
		return ret;
	}
	ret = pins_detach(ctx, &pins, argc, argv);
	pn_pins_close(&pins);
	return ret;
}

const struct pn_cmd pn_cmd_detach = {
	.name = "detach",
	.args = "DEV... | --all",
	.brief = "stop accelerating; the kernel takes over",
	.help = "Removes the programs, pins and counters of the ports, and nothing else. "
		"With the last port the pin directory goes. A device that is not attached is "
		"no error.",
	.rows = rows,
	.opts_size = sizeof(struct detach_opts),
	.max_args = -1,
	.run = detach_run,
};
