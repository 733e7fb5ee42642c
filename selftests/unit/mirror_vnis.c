// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of VNIs: ranges, their bound, dumps. */
#include "mirror/vnis.h"
#include "nl/vni.h"
#include "tap.h"

static struct pn_vnis t;

static int take(bool deleted, uint32_t ifindex, uint32_t first, uint32_t last)
{
	struct pn_nl_vni range = {
		.deleted = deleted, .ifindex = ifindex, .first = first, .last = last,
	};

	return pn_vnis_take(&t, &range);
}

static void ranges_case(void)
{
	tap_case("ranges, in any order, of devices beside each other");
	tap_eq(take(false, 7, 10, 20), 1, "a range");
	tap_eq(take(false, 6, 0xffffff, 0xffffff), 1, "the last VNI of the device before");
	tap_eq(take(false, 7, 12, 14), 0, "known already");
	tap_eq(take(false, 7, 15, 25), 1, "a range that overlaps");
	tap_eq(t.s.n, 17, "entries");
	tap_true(pn_vnis_has(&t, 7, 25) && !pn_vnis_has(&t, 7, 26), "find");
	tap_eq(PN_VNI_VNI(pn_vnis_of(&t, 7)->head.key), 10, "the first of a device");
	tap_eq(take(true, 7, 11, 24), 1, "fourteen go");
	tap_eq(take(true, 7, 11, 24), 0, "and are gone");
	pn_vnis_drop(&t, 7);
	tap_eq(t.s.n, 1, "entries left without the device");
	tap_end();
}

/* More than the bound of one message came in several; all of them can go in one. */
static void bound_case(void)
{
	tap_case("a range that is too long is cut, but not where it is deleted");
	take(false, 9, 1, 0xffffff);
	tap_true(pn_vnis_has(&t, 9, PN_VNIS_MAX), "the last that is known");
	tap_true(!pn_vnis_has(&t, 9, PN_VNIS_MAX + 1), "the first that is not");
	take(false, 9, PN_VNIS_MAX + 1, PN_VNIS_MAX + 100);
	tap_eq(take(true, 9, 1, 0xffffff), 1, "all of them go");
	tap_true(!pn_vnis_has(&t, 9, 1) && !pn_vnis_has(&t, 9, PN_VNIS_MAX + 100), "none is left");
	tap_end();
}

static void dump_case(void)
{
	tap_case("what a dump does not have is gone");
	take(false, 7, 1, 5);
	pn_vnis_dump_begin(&t);
	take(false, 7, 2, 4);
	tap_true(pn_vnis_dump_end(&t), "something went");
	tap_eq(t.s.n, 3, "entries");
	pn_vnis_dump_begin(&t);
	take(false, 7, 2, 4);
	tap_true(!pn_vnis_dump_end(&t), "nothing went");
	tap_end();
}

int main(void)
{
	ranges_case();
	bound_case();
	dump_case();
	pn_vnis_fini(&t);
	return tap_done();
}
