// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * netdevsim: one link for each port of a simulated device. The device comes
 * with the first of its ports and goes with the last.
 */
#include <linux/if_link.h>

#include "link/hook_netdevsim.h"
#include "link/kind.h"

#define PORT_MAX 127	/* from there on they are representors of VFs */

/* The numbers of attributes are no kernel's: they only tell rows apart. */
static const struct pn_row netdevsim_row[] = {
	[PN_NSIM_ID] = { .name = "id", .type = PN_T_U32,
	  .attr = 1, .max = INT32_MAX,
	  .flags = PN_ROW_HOOK | PN_ROW_FIXED | PN_ROW_REQUIRED,
	  .help = "number of the device: netdevsimN on its bus" },
	[PN_NSIM_PORT] = { .name = "port", .type = PN_T_U32,
	  .attr = 2, .max = PORT_MAX, .def = "0",
	  .flags = PN_ROW_HOOK | PN_ROW_FIXED,
	  .help = "which of its ports this link is; several links make several ports" },
	[PN_NSIM_QUEUES] = { .name = "queues", .type = PN_T_U32,
	  .attr = 3, .min = 1, .max = 4096,
	  .def = "1", .flags = PN_ROW_HOOK | PN_ROW_FIXED,
	  .help = "queues of each of its ports; the same at all of them" },
	[PN_NSIM_LINKED] = { .name = "linked", .type = PN_T_STR,
	  .attr = 4, .def = "",
	  .flags = PN_ROW_HOOK | PN_ROW_LAST,
	  .help = "another netdevsim that its packets come out of (6.9): NAME, NETNS/NAME; "
		  "of another index" },
};

/* rtnetlink knows of no kind: it is the device's bus that tells. */
static bool is_netdevsim(const struct pn_link_view *view)
{
	uint32_t id, port;

	return pn_netdevsim_place(view, &id, &port);
}

const struct pn_kind pn_kind_netdevsim = {
	.name = "netdevsim",
	.help = "a port of a simulated network device, to try out drivers' interfaces: offload, "
		"virtual functions, devlink",
	.info_kind = "",
	.is = is_netdevsim,
	.data = PN_ROWS(PN_AT_DATA, netdevsim_row),
	.ops = &pn_netdevsim_ops,
};
