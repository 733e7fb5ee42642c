/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packets nobody would write down: good packets for every tunnel of a world
 * and the rows' packets, changed at random, often with their checksums mended
 * afterwards so that they get past the first door. One 64-bit seed decides
 * everything.
 */
#ifndef PN_TEST_MUTATE_H
#define PN_TEST_MUTATE_H

#include "pkt.h"
#include "world.h"

struct mutate {
	uint64_t state;
	int seeds, rows; /* the first are the rows' packets */
	bool routes;	 /* there are those of mutate_net() */
	struct pkt *seed;
};

/* @w: whose tunnels get packets of their own; NULL: rows only. -ENOMEM or 0. */
int mutate_init(struct mutate *m, uint64_t seed, const struct world *w);
/* The same, for the devices of one configuration and the rows about it. */
int mutate_init_config(struct mutate *m, uint64_t seed, enum config_id config);
void mutate_fini(struct mutate *m);

uint32_t mutate_rnd(struct mutate *m);
/* Less than @n. */
uint32_t mutate_below(struct mutate *m, uint32_t n);
/* The next packet; 14 to PKT_SIZE - PKT_HEADROOM bytes. */
void mutate_next(struct mutate *m, struct pkt *p);
/* The next frame for a bridge port, W_BRIDGE of mutate_world(). */
void mutate_frame(struct mutate *m, struct pkt *p);

/* Where things are in a frame, guessed: it may be anything. */
struct mutate_layout {
	size_t l3, l4;
	size_t udp;   /* 0: none */
	size_t head;  /* the tunnel header, where there is one */
	size_t inner; /* what is inside */
	size_t ip;    /* the IP header in there */
	bool v6;
	uint8_t proto; /* innermost outer protocol, 17 for VXLAN and GENEVE */
};

struct mutate_layout mutate_layout(const struct pkt *p);
/* One change at random; checksums (IP, UDP, GRE) for what is there now. */
void mutate_change(struct mutate *m, struct pkt *p);
void mutate_mend(struct mutate *m, struct pkt *p);

/*
 * Everything a packet can meet: tunnels of all kinds over both families with
 * every option, eligible and not, VLAN devices, bridges in every state, routes.
 * @ifindex: of each device that packets leave by, by port index; 0: none.
 */
#define MUTATE_OUT	 60 /* routed packets leave by it */
#define MUTATE_SMALL	 61 /* the same with an MTU of 100 */
#define MUTATE_NESTED	 62 /* tunnel devices that are L3 ports, from here on */
#define MUTATE_MAC_OUT	 "02:dd:00:00:00:01"
#define MUTATE_MAC_SMALL "02:de:00:00:00:01"

enum mutate_dev {
	MUTATE_DEV_WORK,
	MUTATE_DEV_OUT,
	MUTATE_DEV_SMALL,
	MUTATE_DEV_TUNNEL, /* stands for the tunnel devices */
	MUTATE_DEV_OFF,	   /* for those that forward nothing */
	MUTATE_DEVS
};

void mutate_world(struct world *w, const uint32_t ifindex[MUTATE_DEVS]);

/* netmutate.c: a namespace with these devices, their routes and neighbours; the
 * caller is in it from then on. 0 or -errno. */
struct netns;
int mutate_net(struct netns *ns, uint32_t ifindex[MUTATE_DEVS]);

#endif
