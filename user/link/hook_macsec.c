// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Replay protection of macsec devices. The kernel takes it only together with
 * its window, and tells the window only while it is on: so it starts with a
 * window of nothing, and the window follows.
 */
#include <linux/if_link.h>

#include "link/hook_macsec.h"

static int macsec_set(struct pn_kind_ctx *h, const struct pn_rows *rows,
		      const struct pn_row *row, const struct pn_value *v, struct pn_err *err)
{
	struct ifinfomsg ifm = { .ifi_index = h->ifindex };
	size_t info, data;
	struct pn_msg m;
	char text[32];
	int rc = 0;

	pn_msg_init(&m, RTM_NEWLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	info = pn_msg_nest(&m, IFLA_LINKINFO);
	pn_msg_put_str(&m, IFLA_INFO_KIND, h->kind->name);
	data = pn_msg_nest(&m, IFLA_INFO_DATA);
	if (row->attr == IFLA_MACSEC_WINDOW)
		pn_msg_put_u32(&m, IFLA_MACSEC_WINDOW, v->num);
	else
		pn_msg_put_u8(&m, IFLA_MACSEC_REPLAY_PROTECT, v->num);
	if (row->attr == IFLA_MACSEC_REPLAY_PROTECT && v->num)
		pn_msg_put_u32(&m, IFLA_MACSEC_WINDOW, 0);
	pn_msg_nest_end(&m, data);
	pn_msg_nest_end(&m, info);
	if (pn_nl_talk(h->nl, &m, NULL))
		rc = pn_nl_refused(h->nl, err, h->id, "cannot set %s to %s", row->name,
				   pn_row_format(row, v, text, sizeof(text)));
	pn_msg_fini(&m);
	return rc;
}

const struct pn_kind_ops pn_macsec_ops = { .set = macsec_set };
