// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a topology file does not say; see left.h. */
#include <stddef.h>
#include <string.h>

#include "link/left.h"

#define ATTACHED "is no attribute: programs are attached to what `ports` lists"
#define NEWER "is younger than iproute2 6.1, whose words these are"

const struct pn_left pn_left[] = {
	{ "", "carrier", "is a state that few drivers let be set, not configuration" },
	{ "", "index", "is the kernel's choice" },
	{ "", "protodown_reason", "belongs to the programs that keep a device down, each its bit" },
	{ "", "nomaster", "is said as master: none" },
	{ "", "vrf", "is said as master, the name of the vrf" },
	{ "", "dev", "is said as link, the lower device" },
	{ "", "parentdev", "is for modems (wwan), of which there is no kind here" },
	{ "", "link-netns", "is left out: a link is made in the namespace where it stays" },
	{ "", "link-netnsid", "is left out: a link is made in the namespace where it stays" },
	{ "", "xdp", ATTACHED },
	{ "", "xdpgeneric", ATTACHED },
	{ "", "xdpdrv", ATTACHED },
	{ "", "xdpoffload", ATTACHED },
	{ "bond", "clear_active_slave", "is said as active_slave: none" },
	{ "bridge", "fdb_flush", "is an act, not a state: bridge fdb flush" },
	{ "bridge_slave", "fdb_flush", "is an act, not a state: bridge fdb flush" },
	{ "bridge_slave", "nobackup_port", "is said as backup_port: none" },
	{ "bridge_slave", "learning_sync", "is for the drivers of switches, not of this bridge" },
	{ "bridge_slave", "hwmode", "is of the bridge within a NIC (self), not of this one" },
	{ "sit", "external", "is taken from sit devices by iproute2, and ignored by the kernel" },
	{ "team", "bpf_hash_func",
	  "is a program, which no file holds: teamd or teamnl sets it" },
	{ "team", "lb_tx_hash_to_port_mapping",
	  "is what a daemon keeps writing, a port for each of 256 hashes: teamd" },
	{ "vfs", "node_guid", "is of InfiniBand devices, which no test here has" },
	{ "vfs", "port_guid", "is of InfiniBand devices, which no test here has" },
	{ "mdb", "filter_mode", NEWER },
	{ "mdb", "source_list", NEWER },
	{ "mdb", "proto", NEWER },
	{ NULL, NULL, NULL },
};

const char *pn_left_why(const char *place, const char *word)
{
	const struct pn_left *left;

	for (left = pn_left; left->word; left++) {
		if (!strcmp(left->place, place) && !strcmp(left->word, word))
			return left->why;
	}
	return NULL;
}
