/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parts of `show links`: the lines everybody sees, what JSON adds, the detail view. */
#ifndef PN_CMD_SHOW_LINKS_H
#define PN_CMD_SHOW_LINKS_H

#include "cmd/hook_pick.h"
#include "cmd/show.h"
#include "nl/netdev.h"
#include "view/netdevs.h"
#include "view/words.h"

struct pn_links_shown {
	struct pn_run *ctx;
	const struct pn_view *view;
	struct pn_netdevs devs;
	bool detail;		/* one device, as text */
};

/* Keys of JSON that no column of the table has. */
void pn_link_facts_show(const struct pn_links_shown *s, const struct pn_netdev *d);
/* The lines of the detail view, text only; replaces what the table would show in them. */
void pn_link_detail_show(const struct pn_links_shown *s, const struct pn_netdev *d);

/* Inside the object "xdp". */
void pn_link_features_show(struct pn_out *o, const struct pn_netdev *d);
void pn_link_programs_show(struct pn_out *o, const struct pn_netdev_xdp *xdp);

/* The hook that it would get; -errno with a sentence. */
int pn_link_hook(const struct pn_netdev *d, struct pn_choice *choice, struct pn_err *err);
/* The hook that penstock has on it, or NULL. */
const char *pn_link_attached(const struct pn_links_shown *s, const struct pn_netdev *d);
/* Which hooks may redirect frames to it, as far as the maps know it; or NULL. */
const char *pn_link_takes(const struct pn_links_shown *s, const struct pn_netdev *d);

#endif
