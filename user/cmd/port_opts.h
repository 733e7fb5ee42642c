/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a port is to be attached, as options: the words of the file's `ports` section. */
#ifndef PN_CMD_PORT_OPTS_H
#define PN_CMD_PORT_OPTS_H

#include "cli/opt.h"
#include "plane/pins.h"
#include "util/port_conf.h"

struct pn_port_opts {
	unsigned int hook, mode, checksum;
	bool shared, strict;
	struct pn_list ignore, peers;
	uint32_t nesting;
	uint32_t fdb_max;
	uint32_t tunnel_max;
	uint32_t shaper_max;
	bool once;		/* of `run` */
	const char *state;	/* the same: where it is recorded what files made */
};

extern const struct pn_opt pn_attach_rows[];
extern const struct pn_opt pn_run_rows[];

/* 0, or -EINVAL with a sentence about an option. */
int pn_port_opts_conf(const struct pn_port_opts *opts, const char *dev,
		      struct pn_port_conf *conf, struct pn_err *err);
void pn_port_opts_sizes(const struct pn_port_opts *opts, struct pn_sizes *sizes);

/* Does this process have what attaching needs? 0, or -EPERM with a sentence. */
int pn_caps_check(const char *cmd, struct pn_err *err);

#endif
