// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * devices [-n PACKETS] [-s SEED]: mutated packets through real devices of every
 * kind, the kernel alone beside the data plane at XDP and at tc, its maps filled
 * by the mirror: the workload must get the same frames from all three, packet
 * by packet. @PACKETS: for each configuration; the first gets four times that.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "follow.h"
#include "hex.h"
#include "mutate.h"
#include "scene.h"
#include "tap.h"

#define PACKETS	  250
#define FRAME_MAX 1514 /* what the wire's MTU lets through */

enum { KERNEL = FAST_HOOKS,
       SCENES };

static struct settle marker;
static struct scene scene[SCENES];
static struct seen seen[SCENES];
static struct fast fast[FAST_HOOKS];
static struct follow follow[FAST_HOOKS];
static enum form form;
static uint64_t wrong;

/* What a router asks and tells the link on its own account: by its timers, not by our packets. */
static bool is_question(const struct pkt *p)
{
	return form == FORM_ROUTED && p->len && pkt_cdata(p)[0] & 1;
}

static void seen_sift(struct seen *s)
{
	int n = 0;

	/* answers to the peer are rate-limited, and not the data plane's affair */
	for (int i = 0; i < s->n; i++)
		if (strcmp(s->f[i].dev, "p") && !is_question(&s->f[i].p))
			s->f[n++] = s->f[i];
	s->n = n;
}

static int packet_pass(struct scene *s, const struct pkt *p, struct seen *out)
{
	int ret = wire_send(&s->wire_p, p);

	ret = ret ? ret : settle(&marker);
	scene_see(s, out);
	seen_sift(out);
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

/* Has a packet with the workload's MAC as source moved it? */
static bool workload_moved(void)
{
	const struct netns *d = &scene[KERNEL].d;

	if (form != FORM_BRIDGED)
		return false;
	return netns_fdb_port(d, "br0", SCENE_IN_DST) != netns_ifindex(d, "w");
}

static void state_renew(void)
{
	for (int i = 0; i < SCENES; i++) {
		netns_fdb(&scene[i].d, "w", SCENE_IN_DST, NULL);
		netns_fdb(&scene[i].d, "vx", PKT_MAC_I, NULL);
	}
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		follow_sync(&follow[hook]);
}

/* The program at tc is nobody's, and the wire's peer is in another namespace. */
static int scenes_open(enum config_id id)
{
	int ret = 0;

	form = config_form(id);
	for (int i = 0; i < SCENES && !ret; i++)
		ret = scene_open(&scene[i], id, form);
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++) {
		ret = fast_open(&fast[hook], &(struct fast_opts){ .hook = hook });
		ret = ret ? ret : follow_open(&follow[hook], &fast[hook], &scene[hook].d, "d",
					      PN_GATE_TC_INGRESS | PN_GATE_OFFLOAD);
	}
	return ret;
}

static void scenes_close(void)
{
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		if (follow[hook].m)
			follow_close(&follow[hook]);
		fast_close(&fast[hook]);
	}
	for (int i = 0; i < SCENES; i++)
		scene_close(&scene[i]);
}

/* skb_vlan_untag() drops it: it wants six bytes behind a tag's EtherType. tc comes later. */
static bool never_reaches_tc(const struct pkt *p)
{
	uint16_t type = p->len >= 14 ? pkt_get16(pkt_cdata(p) + 12) : 0;

	return (type == 0x8100 || type == 0x88a8) && p->len < 20;
}

static const enum config_id devices[] = {
	C_VX6,	   C_PERM,   C_GN,     C_GN6Z,	 C_TAP,	     C_TAPKEY, C_ERSPAN0, C_TAP6,
	C_TAP6BOTH, C_GRE,   C_GREKEY7, C_GREICSUM, C_GREALL, C_GRE6,  C_IPIP,	  C_SIT,
	C_IP6TNL,  C_IP6TNLALL, C_FOU4, C_FOUGRE, C_FOU6,    C_FOUOVER6,
};

static void forwarded_check(enum fast_hook hook, uint64_t packets)
{
	struct pn_port_stats stats;
	uint64_t total = 0, forwarded = 0;

	fast_stats(&fast[hook], &stats);
	for (int i = 0; i < PN_MAX_REASONS; i++) {
		total += stats.reason[i].packets;
		if (stats.reason[i].packets > packets / 20)
			tap_diag("  %s: %llu", reason_name(i),
				 (unsigned long long)stats.reason[i].packets);
		if (reason_verdict(i) == PN_FORWARD)
			forwarded += stats.reason[i].packets;
	}
	tap_diag("%s: %llu forwarded of %llu", fast_hooks[hook], (unsigned long long)forwarded,
		 (unsigned long long)total);
	/* tc sees what this host's own multicast loops back to it as well */
	if (hook == FAST_XDP || total < packets)
		tap_eq(total, packets, "packets counted");
	tap_true(forwarded > packets / 100, "enough packets get through");
}

static void config_run(enum config_id id, uint64_t packets, uint64_t seed)
{
	struct mutate m;
	struct pkt p;
	uint64_t sent = 0, before_tc = 0;
	int ret = scenes_open(id);

	tap_case("%s: %llu mutated packets", configs[id].name, (unsigned long long)packets);
	if (ret == -EOPNOTSUPP) {
		tap_skip("this kernel has no such device");
		return scenes_close();
	}
	if (ret || mutate_init_config(&m, seed, id))
		tap_bail("%s: %s", configs[id].name, strerror(-ret));
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
	scene_modules();
	ret = wire_pin();
	ret = ret ? ret : settle_open(&marker);
	if (ret)
		tap_bail("marker pair: %s", strerror(-ret));
	tap_diag("seed %#llx", (unsigned long long)seed);
	config_run(C_VX, packets * 4, seed);
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		config_run(devices[i], packets, seed + 1 + i);
	settle_close(&marker);
	return tap_done();
}
