// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of VLAN memberships: ranges, PVIDs, tunnel ids, dumps. */
#include <netinet/in.h>

#include <linux/if_bridge.h>

#include "mirror/vlans.h"
#include "nl/vlan.h"
#include "tap.h"

static struct pn_vlans t;

static int take(bool deleted, uint32_t ifindex, uint16_t first, uint16_t last, uint16_t flags)
{
	struct pn_nl_vlan range = {
		.deleted = deleted,
		.ifindex = ifindex,
		.first = first,
		.last = last,
		.flags = flags,
		.state = BR_STATE_FORWARDING,
	};

	return pn_vlans_take(&t, &range);
}

static int tunnel(uint32_t ifindex, uint16_t first, uint16_t last, uint32_t id)
{
	struct pn_nl_vlan range = {
		.ifindex = ifindex,
		.first = first,
		.last = last,
		.state = BR_STATE_FORWARDING,
		.has_tunnel = true,
		.tunnel = id,
	};

	return pn_vlans_take(&t, &range);
}

static void ranges_case(void)
{
	tap_case("ranges, in any order, of devices beside each other");
	tap_eq(take(false, 7, 10, 20, 0), 1, "a range");
	tap_eq(take(false, 5, 4094, 4094, 0), 1, "the last VID of the device before");
	tap_eq(take(false, 7, 1, 1, BRIDGE_VLAN_INFO_PVID), 1, "in front of the range");
	tap_eq(take(false, 7, 12, 14, 0), 0, "known already");
	tap_eq(take(false, 7, 12, 14, BRIDGE_VLAN_INFO_UNTAGGED), 1, "with other flags");
	tap_eq(t.s.n, 13, "entries");
	tap_true(pn_vlans_find(&t, 7, 20) && !pn_vlans_find(&t, 7, 21), "find");
	tap_eq(PN_VLAN_VID(pn_vlans_of(&t, 7)->head.key), 1, "the first of a device");
	tap_eq(take(true, 7, 11, 19, 0), 1, "nine go");
	tap_eq(take(true, 7, 11, 19, 0), 0, "and are gone");
	tap_eq(t.s.n, 4, "entries left");
	tap_end();
}

static void pvid_case(void)
{
	tap_case("one VLAN of a port is the PVID");
	tap_eq(pn_vlans_pvid(&t, 7), 1, "PVID");
	take(false, 7, 10, 10, BRIDGE_VLAN_INFO_PVID);
	tap_eq(pn_vlans_pvid(&t, 7), 10, "another takes its place");
	tap_eq(pn_vlans_pvid(&t, 5), 0, "the other device has none");
	tap_end();
}

static void tunnel_case(void)
{
	const struct pn_vlan *v;

	tap_case("tunnel ids count along a range");
	tap_eq(tunnel(9, 100, 103, 5000), 1, "a range");
	v = pn_vlans_find(&t, 9, 103);
	tap_eq(v ? v->tunnel : 0, 5003, "the last");
	tap_eq(tunnel(9, 103, 103, 6000), 1, "one of them anew");
	tap_eq(take(false, 9, 103, 103, 0), 1, "and without");
	v = pn_vlans_find(&t, 9, 103);
	tap_true(v && !v->has_tunnel, "no tunnel id");
	tap_end();
}

static void dump_case(void)
{
	tap_case("what a dump does not have is gone");
	pn_vlans_dump_begin(&t);
	take(false, 7, 10, 10, 0);
	tap_true(pn_vlans_dump_end(&t), "something went");
	tap_eq(t.s.n, 1, "entries");
	pn_vlans_dump_begin(&t);
	take(false, 7, 10, 10, 0);
	tap_true(!pn_vlans_dump_end(&t), "nothing went");
	tap_true(pn_vlans_drop(&t, 7) && !pn_vlans_drop(&t, 7), "the device goes");
	tap_end();
}

int main(void)
{
	ranges_case();
	pvid_case();
	tunnel_case();
	dump_case();
	pn_vlans_fini(&t);
	return tap_done();
}
