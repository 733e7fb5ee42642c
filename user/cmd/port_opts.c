// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Options of `attach` and `run`; see port_opts.h. */
#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>

#include "cmd/port_opts.h"

#define AT(field) .offset = offsetof(struct pn_port_opts, field)

#define PORT_ROWS \
	{ "hook", 0, PN_OPT_ENUM, NULL, AT(hook), .words = pn_hook_words, \
	  .help = "where to take frames; auto: tc for veth and tap, else XDP where the " \
		  "driver has it" }, \
	{ "mode", 0, PN_OPT_ENUM, NULL, AT(mode), .words = pn_mode_words, \
	  .help = "of XDP; auto: native, generic only where there is no native" }, \
	{ "checksum", 0, PN_OPT_ENUM, NULL, AT(checksum), .words = pn_checksum_words, \
	  .help = "how a non-zero outer UDP checksum is proven" }, \
	{ "ignore", 0, PN_OPT_LIST, "GATE,...", AT(ignore), .words = pn_gate_words, \
	  .help = "gates that shall not close this port" }, \
	{ "shared", 0, PN_OPT_FLAG, AT(shared), \
	  .help = "live beside other XDP programs, through libxdp's dispatcher" }, \
	{ "fdb-max", 0, PN_OPT_U32, "N", AT(fdb_max), .min = 64, .max = PN_FDB_MAX_LIMIT, \
	  .help = "room for FDB entries, when the maps are made" }, \
	{ "tunnel-max", 0, PN_OPT_U32, "N", AT(tunnel_max), .min = 64, \
	  .max = PN_TUNNEL_MAX_LIMIT, \
	  .help = "room for tunnel devices, when the maps are made" }

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

void pn_port_opts_conf(const struct pn_port_opts *opts, const char *dev,
		       struct pn_port_conf *conf)
{
	unsigned int i;

	*conf = (struct pn_port_conf){
		.hook = opts->hook,
		.mode = opts->mode,
		.checksum = opts->checksum,
		.shared = opts->shared,
	};
	snprintf(conf->dev, sizeof(conf->dev), "%s", dev);
	for (i = 0; i < opts->ignore.n; i++)
		conf->ignore |= 1u << pn_word_index(pn_gate_words, opts->ignore.word[i]);
}

void pn_port_opts_sizes(const struct pn_port_opts *opts, struct pn_sizes *sizes)
{
	*sizes = (struct pn_sizes){
		.fdb = opts->fdb_max,
		.tunnels = opts->tunnel_max,
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
