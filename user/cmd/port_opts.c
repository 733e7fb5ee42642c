// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Options of `attach` and `run`; see port_opts.h. */
#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/port_opts.h"

#define AT(field) .offset = offsetof(struct pn_port_opts, field)

#define PORT_ROWS \
	{ "hook", 0, PN_OPT_ENUM, NULL, AT(hook), .words = pn_hook_words, \
	  .help = "where to take frames; auto: tc for veth and tap, else XDP where the " \
		  "driver has it" }, \
	{ "mode", 0, PN_OPT_ENUM, NULL, AT(mode), .words = pn_mode_words, \
	  .help = "of XDP; auto: native, generic only where there is no native; offload: " \
		  "a small program in the device, which only counts and is strict" }, \
	{ "checksum", 0, PN_OPT_ENUM, NULL, AT(checksum), .words = pn_checksum_words, \
	  .help = "how a non-zero outer UDP checksum is proven" }, \
	{ "ignore", 0, PN_OPT_LIST, "GATE,...", AT(ignore), .words = pn_gate_words, \
	  .help = "gates that shall not close this port" }, \
	{ "shared", 0, PN_OPT_FLAG, AT(shared), \
	  .help = "live beside other XDP programs, through libxdp's dispatcher" }, \
	{ "peers", 0, PN_OPT_LIST, "any|known|PREFIX,...", AT(peers), \
	  .help = "whose tunnel packets are taken: those of known remotes and VTEPs " \
		  "(the default), of anybody, or those from these prefixes" }, \
	{ "strict", 0, PN_OPT_FLAG, AT(strict), \
	  .help = "drop tunnel packets of others, instead of leaving them to the kernel" }, \
	{ "nesting", 0, PN_OPT_U32, "N", AT(nesting), .min = 1, .max = PN_MAX_NESTING, \
	  .help = "tunnels inside each other that are taken off one packet; 1 if not given" }, \
	{ "fdb-max", 0, PN_OPT_U32, "N", AT(fdb_max), .min = 64, .max = PN_FDB_MAX_LIMIT, \
	  .help = "room for FDB entries, when the maps are made" }, \
	{ "tunnel-max", 0, PN_OPT_U32, "N", AT(tunnel_max), .min = 64, \
	  .max = PN_TUNNEL_MAX_LIMIT, \
	  .help = "room for tunnel devices, when the maps are made" }, \
	{ "shaper-max", 0, PN_OPT_U32, "N", AT(shaper_max), .min = 64, \
	  .max = PN_SHAPER_MAX_LIMIT, \
	  .help = "room for shapers, when the maps are made" }

const struct pn_opt pn_attach_rows[] = {
	PORT_ROWS,
	PN_OPT_END
};

const struct pn_opt pn_run_rows[] = {
	PORT_ROWS,
	{ "once", 0, PN_OPT_FLAG, AT(once),
	  .help = "apply, attach, read the kernel's state once, and end" },
	{ "state", 0, PN_OPT_STRING, "DIR", AT(state),
	  .help = "where it is recorded what files made" },
	PN_OPT_END
};

static int peers_conf(const struct pn_list *list, struct pn_port_peers *peers,
		      struct pn_err *err)
{
	unsigned int i;
	char why[160];

	if (list->n == 1 && !strcmp(list->word[0], pn_peers_words[PN_PEERS_ANY])) {
		peers->mode = PN_PEERS_ANY;
		return 0;
	}
	if (list->n == 1 && !strcmp(list->word[0], pn_peers_words[PN_PEERS_KNOWN]))
		return 0;
	for (i = 0; i < list->n; i++)
		if (pn_port_peers_add(peers, list->word[i], why, sizeof(why)))
			return pn_err_set(err, PN_EXIT_USAGE, EINVAL, "peers", "--peers '%s' %s",
					  list->word[i], why);
	return 0;
}

int pn_port_opts_conf(const struct pn_port_opts *opts, const char *dev,
		      struct pn_port_conf *conf, struct pn_err *err)
{
	unsigned int i;

	*conf = (struct pn_port_conf){
		.hook = opts->hook,
		.mode = opts->mode,
		.checksum = opts->checksum,
		.shared = opts->shared,
		.nesting = opts->nesting,
		.peers = { .strict = opts->strict },
	};
	snprintf(conf->dev, sizeof(conf->dev), "%s", dev);
	for (i = 0; i < opts->ignore.n; i++)
		conf->ignore |= 1u << pn_word_index(pn_gate_words, opts->ignore.word[i]);
	return peers_conf(&opts->peers, &conf->peers, err);
}

void pn_port_opts_sizes(const struct pn_port_opts *opts, struct pn_sizes *sizes)
{
	*sizes = (struct pn_sizes){
		.fdb = opts->fdb_max,
		.tunnels = opts->tunnel_max,
		.shapers = opts->shaper_max,
	};
}

int pn_caps_check(const char *cmd, struct pn_err *err)
{
	int ret;

	capng_get_caps_process();
	if ((capng_have_capability(CAPNG_EFFECTIVE, CAP_BPF) ||
	     capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN)) &&
	    capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN))
		return 0;
	ret = pn_err_set(err, PN_EXIT_KERNEL, EPERM, cmd,
			 "needs the capabilities CAP_BPF and CAP_NET_ADMIN");
	pn_err_hint(err, "run it as root");
	return ret;
}
