// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock version: what is running, on what. */
#include <bpf/libbpf.h>
#include <sys/utsname.h>

#include "cli/cmd.h"
#include "version.h"

static const struct pn_col version_cols[] = {
	{ "version", "penstock", PN_LEFT },
	{ "libbpf", "libbpf", PN_LEFT },
	{ "kernel", "kernel", PN_LEFT },
	PN_COL_END
};

static const struct pn_table version_table = {
	.key = "version", .record = true, .cols = version_cols,
};

static int version_run(struct pn_run *ctx, int argc, char **argv)
{
	struct utsname uts;

	uname(&uts);
	pn_out_table(ctx->out, &version_table);
	pn_out_row(ctx->out);
	pn_out_str(ctx->out, "version", PN_VERSION);
	pn_out_fmt(ctx->out, "libbpf", "%u.%u", libbpf_major_version(),
		   libbpf_minor_version());
	pn_out_str(ctx->out, "kernel", uts.release);
	pn_out_row_end(ctx->out);
	pn_out_table_end(ctx->out);
	return 0;
}

const struct pn_cmd pn_cmd_version = {
	.name = "version",
	.args = "",
	.brief = "print the versions of penstock, its libraries and the kernel",
	.run = version_run,
};
