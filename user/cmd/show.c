// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock show: what is attached, and what the data plane knows. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/show.h"
#include "util/words.h"

static const char *const nouns[] = {
	"ports", "tunnels", "fdb", "links", "shapers", "programs", "offload", "pins", "config", NULL
};

static const struct {
	pn_show_fn *show;
	bool only;		/* takes a word that picks devices */
	bool all;		/* can show other network namespaces */
} shows[] = {
	{ pn_show_ports, .only = true }, { pn_show_tunnels, .only = true },
	{ pn_show_fdb }, { pn_show_links, .only = true }, { pn_show_shapers },
	{ pn_show_programs }, { pn_show_offload, .only = true },
	{ pn_show_pins }, { pn_show_config, .all = true },
};

void pn_show_str(struct pn_out *o, const char *key, const char *value)
{
	if (value && *value)
		pn_out_str(o, key, value);
	else
		pn_out_null(o, key);
}

/* Without a noun: the state, then ports and tunnels. */
static int all_show(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	static pn_show_fn *const all[] = { pn_show_pins, pn_show_ports, pn_show_tunnels };
	unsigned int i;
	int ret = 0;

	pn_out_group(ctx->out);
	for (i = 0; !ret && i < sizeof(all) / sizeof(all[0]); i++)
		ret = all[i](ctx, v, only);
	pn_out_group_end(ctx->out);
	return ret;
}

static int noun_error(struct pn_run *ctx, const char *word)
{
	const char *near = pn_word_nearest(word, nouns);
	char all[128];

	pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "show", "cannot show '%s'%s%s%s", word,
		   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	pn_err_hint(&ctx->err, "it shows %s", pn_word_join(nouns, all, sizeof(all)));
	return -EINVAL;
}

static int word_error(struct pn_run *ctx, const char *noun, const char *word)
{
	pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "show", "'%s': %s takes no word", word, noun);
	pn_err_hint(&ctx->err, "ports and offload take a device, tunnels and links a device "
		    "or a kind");
	return -EINVAL;
}

static int all_error(struct pn_run *ctx, const char *noun)
{
	if (noun)
		pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "show",
			   "--all: %s shows this network namespace alone", noun);
	else
		pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "show",
			   "--all: there is nothing more to show without a word");
	pn_err_hint(&ctx->err, "it is for 'penstock show config'; -n NETNS shows another "
		    "namespace");
	return -EINVAL;
}

/* What a table alone does not say. */
static void remark_show(struct pn_run *ctx, const struct pn_view *v)
{
	char text[512];

	if (!v->pinned && strcmp(ctx->global.bpffs, PN_PINS_DEFAULT)) {
		snprintf(text, sizeof(text), "There are no pins in %s.", ctx->global.bpffs);
		pn_out_remark(ctx->out, text);
	} else if (v->n_records && !v->followed) {
		pn_out_remark(ctx->out, "No daemon follows the kernel: this is what it was like "
			      "when the tables were last written ('penstock run').");
	}
}

static int show_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct pn_show_opts *opts = ctx->opts;
	pn_show_fn *show = all_show;
	struct pn_view v;
	int ret;

	if (!argc && opts->all)
		return all_error(ctx, NULL);
	if (argc) {
		int noun = pn_word_abbrev(argv[0], nouns);

		if (noun < 0)
			return noun_error(ctx, argv[0]);
		if (opts->all && !shows[noun].all)
			return all_error(ctx, nouns[noun]);
		if (argc > 1 && !shows[noun].only)
			return word_error(ctx, nouns[noun], argv[1]);
		show = shows[noun].show;
	}
	ret = pn_view_open(&v, ctx->global.bpffs, &ctx->err);
	if (ret)
		return ret;
	ret = show(ctx, &v, argc > 1 ? argv[1] : NULL);
	if (!ret && show != all_show && show != pn_show_pins && show != pn_show_config)
		remark_show(ctx, &v);
	pn_view_close(&v);
	return ret;
}

static const struct pn_opt show_rows[] = {
	{ .name = "all", .letter = 'a', .type = PN_OPT_FLAG,
	  .offset = offsetof(struct pn_show_opts, all),
	  .help = "config: the named network namespaces as well" },
	PN_OPT_END,
};

const struct pn_cmd pn_cmd_show = {
	.name = "show",
	.args = "[WHAT] [DEV|KIND]",
	.brief = "show what is attached, and why it is fast or not",
	.help = "Shows the state of the data plane straight from its pins; no daemon is "
		"needed. Without a word: the state as a whole, the ports and the tunnels.\n\n"
		"ports: the attached ports, their hook, program and checksum mode, and each "
		"gate that is closed, with its cure; ignored gates are always named.\n\n"
		"tunnels: the tunnel devices of every kind, where their packets go, whether "
		"they are accelerated or why not ('help tunnels').\n\n"
		"fdb: the MAC addresses that frames are forwarded to.\n\n"
		"links: every device of this network namespace, with the hook that it has or would "
		"get; with the name of one, all that is known of it.\n\n"
		"shapers: the rates that packets are held to, and what they take.\n\n"
		"programs: the programs in the kernel.\n\n"
		"offload: what the devices have counted that run a program themselves.\n\n"
		"pins: the pin directory, the room in the tables.\n\n"
		"config: the links, addresses and ports of this network namespace as a topology "
		"file that 'plan' finds no difference to; with -j the same file as JSON, with "
		"--all the named network namespaces as well.\n\n"
		"Ports and offload take a device, tunnels and links a device or a kind of devices, "
		"and show only those.",
	.rows = show_rows,
	.opts_size = sizeof(struct pn_show_opts),
	.max_args = 2,
	.run = show_run,
};
