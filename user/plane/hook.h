/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One program on one hook of one device: the kernel's calls, each undone by
 * its opposite, and nothing about pins, records or choices. A handle is a link
 * descriptor or, at clsact, the filter's numbers.
 */
#ifndef PN_PLANE_HOOK_H
#define PN_PLANE_HOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "plane/device.h"
#include "util/err.h"
#include "util/port_conf.h"

struct pn_hook_at {
	enum pn_hook hook;	/* PN_HOOK_XDP or PN_HOOK_TC */
	enum pn_mode mode;	/* XDP: any but PN_MODE_AUTO */
	bool tcx;
	int link_fd;		/* -1 at clsact */
	bool placed;		/* the clsact qdisc was made for it */
	uint32_t tc_handle, tc_prio;
	char kernel[128];	/* the kernel's own words on a refusal; "": none */
};

/*
 * Attach. -EOPNOTSUPP without a sentence: this device has no such hook; any
 * other failure has one, a foreign XDP program by its name.
 */
int pn_hook_attach(struct pn_hook_at *at, const struct pn_device *dev, int prog_fd,
		   struct pn_err *err);
/* Exchange the program without a packet that sees none. -ENOLINK: the device is gone. */
int pn_hook_update(const struct pn_hook_at *at, uint32_t ifindex, int prog_fd, int old_fd);
/* Undo; what has a link goes with its last descriptor and pin. */
int pn_hook_detach(const struct pn_hook_at *at, uint32_t ifindex);

/* The device and the program a link holds; ifindex 0: the device is gone. 0 or -errno. */
int pn_hook_link_info(int link_fd, uint32_t *ifindex, uint32_t *prog_id);
/* The program of a clsact filter of ours; 0: there is none. */
uint32_t pn_hook_filter_prog(const struct pn_hook_at *at, uint32_t ifindex);

/* Put into words that another program has the XDP hook of @dev. */
int pn_hook_foreign(const struct pn_device *dev, struct pn_err *err);

#endif
