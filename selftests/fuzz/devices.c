// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * devices [-n PACKETS] [-s SEED]: mutated packets through real devices, the
 * kernel alone beside the data plane at XDP and at tc: the workload must get
 * the same frames from all three, packet by packet.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fast.h"
#include "hex.h"
#include "mutate.h"
#include "scene.h"
#include "tap.h"

#define PACKETS	  20000
#define FRAME_MAX 1514 /* what the wire's MTU lets through */

enum { KERNEL = FAST_HOOKS,
       SCENES };

static struct settle marker;
static struct scene scene[SCENES];
static struct seen seen[SCENES];
static struct fast fast[FAST_HOOKS];
static struct world world[FAST_HOOKS];
static uint64_t wrong;

static int packet_pass(struct scene *s, const struct pkt *p, struct seen *out)
{
	int ret = wire_send(&s->wire_p, p);

	ret = ret ? ret : settle(&marker);
	scene_see(s, out);
	/* answers to the peer are rate-limited, and not the data plane's affair */
	while (out->n && !strcmp(out->f[out->n - 1].dev, "p"))
		out->n--;
	return ret;
}

static bool seen_equal(const struct seen *a, const struct seen *b)
{
	bool equal = a->n == b->n;

	for (int i = 0; equal && i < a->n; i++)
		equal = pkt_same(&a->f[i].p, pkt_cdata(&b->f[i].p), b->f[i].p.len);
	return equal;
}

static void difference_show(const struct pkt *p, uint64_t number, enum fast_hook hook)
{
	char *text = hex_dump(pkt_cdata(p), p->len);

	tap_fail("packet %llu, %s: %d frames, the kernel alone %d", (unsigned long long)number,
		 fast_hooks[hook], seen[hook].n, seen[KERNEL].n);
	for (char *l = strtok(text, "\n"); l; l = strtok(NULL, "\n"))
		tap_diag("  %s", l);
	free(text);
	seen_same(&seen[hook], &seen[KERNEL]);
}

static bool packet_run(const struct pkt *p, uint64_t number)
{
	for (int i = SCENES - 1; i >= 0; i--)
		if (!tap_sys(packet_pass(&scene[i], p, &seen[i]), "send and settle"))
			return false;
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		if (seen_equal(&seen[hook], &seen[KERNEL]))
			continue;
		if (wrong++ < 5)
			difference_show(p, number, hook);
	}
	return true;
}

/* Has a packet with the workload's MAC as source moved it? There is no mirror
 * here to follow that. */
static bool workload_moved(void)
{
	const struct netns *d = &scene[KERNEL].d;

	return netns_fdb_port(d, "br0", SCENE_IN_DST) != netns_ifindex(d, "w");
}

static void state_renew(void)
{
	for (int i = 0; i < SCENES; i++) {
		netns_fdb(&scene[i].d, "w", SCENE_IN_DST, NULL);
		netns_fdb(&scene[i].d, "vx", PKT_MAC_I, NULL);
	}
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		netns_enter(&scene[hook].d);
		fast_world(&fast[hook], &world[hook]);
		netns_leave();
	}
}

static int scenes_open(enum config_id id)
{
	int ret = 0;

	for (int i = 0; i < SCENES && !ret; i++)
		ret = scene_open(&scene[i], id, true);
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++) {
		struct world *w = &world[hook];

		world_of(id, true, w);
		w->port[W_WIRE].ifindex = netns_ifindex(&scene[hook].d, "d");
		w->port[W_TUNNEL].ifindex = netns_ifindex(&scene[hook].d, "vx");
		w->port[W_WORK].ifindex = netns_ifindex(&scene[hook].d, "w");
		ret = fast_open(&fast[hook], &(struct fast_opts){ .hook = hook });
		ret = ret ? ret : fast_attach(&fast[hook], &scene[hook].d, "d");
	}
	return ret;
}

static void scenes_close(void)
{
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		fast_close(&fast[hook]);
	for (int i = 0; i < SCENES; i++)
		scene_close(&scene[i]);
}

/* skb_vlan_untag() drops it: it wants six bytes behind a tag's EtherType. tc comes later. */
static bool never_reaches_tc(const struct pkt *p)
{
	uint16_t type = p->len >= 14 ? pkt_get16(pkt_cdata(p) + 12) : 0;

	return (type == 0x8100 || type == 0x88a8) && p->len < 20;
}

static void forwarded_check(enum fast_hook hook, uint64_t packets)
{
	struct pn_port_stats stats;
	uint64_t total = 0, forwarded = 0;

	fast_stats(&fast[hook], &stats);
	for (int i = 0; i < PN_MAX_REASONS; i++) {
		total += stats.reason[i].packets;
		if (reason_verdict(i) == PN_FORWARD)
			forwarded += stats.reason[i].packets;
	}
	tap_diag("%s: %llu forwarded of %llu", fast_hooks[hook], (unsigned long long)forwarded,
		 (unsigned long long)total);
	/* tc sees what this host's own multicast loops back to it as well */
	if (hook == FAST_XDP || total < packets)
		tap_eq(total, packets, "packets counted");
	tap_true(forwarded > packets / 200, "enough packets get through");
}

static void config_run(enum config_id id, uint64_t packets, uint64_t seed)
{
	struct mutate m;
	struct pkt p;
	uint64_t sent = 0, before_tc = 0;
	int ret = scenes_open(id);

	if (ret || mutate_init(&m, seed, NULL))
		tap_bail("%s: %s", configs[id].name, strerror(-ret));
	tap_case("%s: %llu mutated packets", configs[id].name, (unsigned long long)packets);
	wrong = 0;
	for (uint64_t i = 0; i < packets; i++) {
		if (workload_moved())
			state_renew();
		mutate_next(&m, &p);
		if (p.len > FRAME_MAX)
			continue;
		sent++;
		before_tc += never_reaches_tc(&p);
		if (!packet_run(&p, i))
			break;
	}
	tap_eq(wrong, 0, "packets that came out differently");
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		forwarded_check(hook, hook == FAST_XDP ? sent : sent - before_tc);
	tap_end();
	mutate_fini(&m);
	scenes_close();
}

int main(int argc, char **argv)
{
	uint64_t packets = PACKETS, seed = 0x70656e73746f636b;
	int opt, ret;

	while ((opt = getopt(argc, argv, "n:s:")) != -1) {
		if (opt == 'n')
			packets = strtoull(optarg, NULL, 0);
		else if (opt == 's')
			seed = *optarg == 'r' ? (uint64_t)time(NULL) : strtoull(optarg, NULL, 0);
		else
			return TAP_EXIT_FAIL;
	}
	ret = wire_pin();
	ret = ret ? ret : settle_open(&marker);
	if (ret)
		tap_bail("marker pair: %s", strerror(-ret));
	tap_diag("seed %#llx", (unsigned long long)seed);
	config_run(C_VX, packets * 6 / 10, seed);
	config_run(C_VX6, packets * 2 / 10, seed + 1);
	config_run(C_PERM, packets * 2 / 10, seed + 2);
	settle_close(&marker);
	return tap_done();
}
