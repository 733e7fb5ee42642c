/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What matters of a device for attaching to it or sending to it, asked by
 * ioctl and libbpf: no link attribute is known here. All in the network
 * namespace of the calling thread.
 */
#ifndef PN_PLANE_DEVICE_H
#define PN_PLANE_DEVICE_H

#include <linux/types.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"

struct pn_device {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	char driver[32];	/* "veth", "virtio_net"; "": the driver does not say */
	uint32_t mtu;
	uint16_t type;		/* ARPHRD_* */
	bool up;
	uint32_t xdp_prog;	/* id of the program at its XDP hook, 0: none */
	uint8_t xdp_mode;	/* XDP_ATTACHED_* */
};

/* -ENODEV with a sentence, when there is none of this name. */
int pn_device_by_name(const char *name, struct pn_device *d, struct pn_err *err);
/* 0 or -errno. */
int pn_device_by_index(uint32_t ifindex, struct pn_device *d);
/*
 * The same but for its XDP program: libbpf has the kernel list all devices to
 * find one's, so with many of them it is asked for where it matters only.
 */
int pn_device_look(uint32_t ifindex, struct pn_device *d);
void pn_device_xdp(struct pn_device *d);

/* Generic receive offload: 1 on, 0 off, or -errno. */
int pn_device_gro(const char *name);
int pn_device_set_gro(const char *name, bool on);

/* Of a veth: ifindex of its peer, in whatever namespace that is; 0: unknown. */
uint32_t pn_device_peer(const char *name);

/* Frames that the local stack sends here are left with unfinished checksums? */
bool pn_device_is_virtual(const struct pn_device *d);

#endif
