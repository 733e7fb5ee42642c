// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Bridges that filter by VLAN: the tag that a frame leaves with, for every
 * combination of tag and membership, bridged and out of a tunnel, and the VLAN
 * that a VNI stands for. Tags beside the bytes (tc) cannot be had by
 * BPF_PROG_TEST_RUN: net/vlans has them live.
 */
#include <string.h>

#include "fast.h"
#include "scene.h"
#include "tap.h"

enum way { BRIDGED,
	   TUNNELLED };

static const struct {
	const char *name;
	enum way way;
	uint16_t tci;	/* of the frame that comes; 0: untagged */
	uint16_t vni_vid; /* VLAN of the VNI */
	uint8_t egress; /* flags of the membership there */
	uint16_t out;	/* TCI that it leaves with; 0: untagged */
	enum pn_reason tc; /* where a test run at tc cannot show it */
} rows[] = {
	{ "untagged to untagged", BRIDGED, 0, 0, PN_BRVLAN_UNTAGGED, 0 },
	{ "untagged to tagged", BRIDGED, 0, 0, 0, 10 },
	{ "tagged to tagged, priority kept", BRIDGED, 0xa00a, 0, 0, 0xa00a },
	{ "tagged to untagged", BRIDGED, 0xa00a, 0, PN_BRVLAN_UNTAGGED, 0, PN_R_VLAN_TAG },
	{ "untagged to untagged", TUNNELLED, 0, 0, PN_BRVLAN_UNTAGGED, 0 },
	{ "untagged to tagged", TUNNELLED, 0, 0, 0, 10 },
	{ "tagged to tagged, priority kept", TUNNELLED, 0x600a, 0, 0, 0x600a },
	{ "tagged to untagged", TUNNELLED, 10, 0, PN_BRVLAN_UNTAGGED, 0, PN_R_VLAN_TAG },
	{ "the VNI's VLAN to untagged", TUNNELLED, 0, 12, PN_BRVLAN_UNTAGGED, 0 },
	{ "the VNI's VLAN to tagged", TUNNELLED, 0, 12, 0, 12 },
	{ "a tag goes before the VNI's VLAN", TUNNELLED, 10, 12, 0, PN_R_NONE, PN_R_NONE },
};

static struct netns ns;
static int work_ifindex;

static void world_make(struct world *w, size_t row)
{
	world_of(C_VX, true, w);
	world_bridge_add(w);
	w->port[W_WORK].ifindex = w->port[W_OTHER].ifindex = work_ifindex;
	world_filter(w, PN_BRVLAN_UNTAGGED, rows[row].egress);
	if (!rows[row].vni_vid)
		return;
	/* the untagged VLAN of the port is another one */
	w->tunnel[1].vid = rows[row].vni_vid;
	for (int i = 0; i < 2; i++)
		w->member[i].vid = rows[row].vni_vid;
}

/* The frame that comes, and as it leaves. */
static void packets_make(enum fast_hook hook, size_t row, struct pkt *in, struct pkt *out)
{
	/* what bpf_skb_vlan_push() puts on stands beside the bytes */
	bool beside = hook == FAST_TC && !rows[row].tci;
	struct recipe r = {};
	struct edit *e = r.edit;

	if (rows[row].way == BRIDGED) {
		*e++ = (struct edit)S(IN_SRC, WORLD_H1);
		*e++ = (struct edit)S(IN_DST, WORLD_H2);
	}
	recipe_inner(&r, rows[row].way == BRIDGED ? NULL : SCENE_IN_DST, -1, out);
	if (rows[row].out && !beside)
		pkt_tag(out, 0x8100, rows[row].out);
	if (rows[row].tci)
		*e = (struct edit)V(IN_TAG1, 0x8100u << 16 | rows[row].tci);
	if (rows[row].way == BRIDGED)
		recipe_frame(&r, NULL, in);
	else
		recipe_build(&r, SCENE_IN_DST, in);
}

static enum pn_reason reason_wanted(enum fast_hook hook, size_t row)
{
	if (rows[row].tci && rows[row].vni_vid)
		return PN_R_VLAN_INGRESS;
	if (hook == FAST_TC && rows[row].tc)
		return rows[row].tc;
	return rows[row].way == BRIDGED ? PN_R_BRIDGED : PN_R_DECAP;
}

static void row_run(struct fast *f, size_t row)
{
	struct fast_result res = {};
	struct pkt in, want, out;
	struct world w;

	tap_case("%s: %s: %s", fast_hooks[f->opts.hook],
		 rows[row].way == BRIDGED ? "bridged" : "decapsulated", rows[row].name);
	world_make(&w, row);
	fast_world(f, &w);
	packets_make(f->opts.hook, row, &in, &want);
	if (!tap_sys(fast_run(f, &in, &out, &res), "run"))
		goto out;
	tap_str(reason_name(res.reason), reason_name(reason_wanted(f->opts.hook, row)), "reason");
	if (res.verdict != PN_FORWARD)
		want = in;
	tap_bytes(pkt_cdata(&out), out.len, pkt_cdata(&want), want.len, "frame");
out:
	tap_end();
}

int main(void)
{
	int ret = netns_open(&ns);

	ret = ret ? ret : netns_veth(&ns, "w", &ns, "e");
	work_ifindex = ret ? ret : netns_ifindex(&ns, "w");
	if (work_ifindex < 0 || netns_enter(&ns))
		tap_bail("a namespace with a veth");
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			struct fast_opts opts = {
				.hook = hook,
				.port = rows[i].way == BRIDGED ? W_BRIDGE : W_WIRE,
			};
			struct fast f;

			if (fast_open(&f, &opts))
				tap_bail("no data plane");
			row_run(&f, i);
			fast_close(&f);
		}
	}
	return tap_done();
}
