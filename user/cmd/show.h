/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What `penstock show` can show; each noun has a file of its own. */
#ifndef PN_CMD_SHOW_H
#define PN_CMD_SHOW_H

#include "cli/cmd.h"
#include "mirror/gate.h"
#include "stats/view.h"

struct pn_show_opts {
	bool all;
};

/*
 * All print one table (config: one file); 0 or -errno with ctx->err. @only, which may be NULL, is
 * the word behind the noun: a device, or a kind of devices.
 */
typedef int pn_show_fn(struct pn_run *ctx, const struct pn_view *v, const char *only);

pn_show_fn pn_show_links;
pn_show_fn pn_show_shapers;
pn_show_fn pn_show_ports;
pn_show_fn pn_show_tunnels;
pn_show_fn pn_show_fdb;
pn_show_fn pn_show_programs;
pn_show_fn pn_show_offload;
pn_show_fn pn_show_pins;
pn_show_fn pn_show_config;

/*
 * The gates that are closed on @port: under -j an array "gates", in text a
 * cell "gates" and notes below the row with the place and the cure. @places:
 * one bit for each place that matters. @gates, which may be NULL, knows what
 * exactly closed them.
 */
void pn_show_gates(struct pn_out *o, const struct pn_port *port, unsigned int places,
		   const struct pn_gates *gates);

/* The same of a tunnel whose packets are routed. */
void pn_show_route_gates(struct pn_out *o, const struct pn_tunnel *tunnel,
			 const struct pn_gates *gates);

/* The kernel asked anew about gates; NULL if it does not answer. pn_gates_close() it. */
struct pn_gates *pn_show_gates_ask(const struct pn_view *v);

/* A string, or null where it is NULL or empty. */
void pn_show_str(struct pn_out *o, const char *key, const char *value);

#endif
