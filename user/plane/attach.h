/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The life of a port: attach, adopt what an earlier run left, exchange the
 * program without a packet that sees none, wait for a device that went away,
 * detach. What is done is pinned and written in the port's record, so the next
 * run starts from what is there. The caller holds the directory's lock and has
 * filled the maps before.
 */
#ifndef PN_PLANE_ATTACH_H
#define PN_PLANE_ATTACH_H

#include <stdint.h>

#include "plane/maps.h"
#include "plane/pins.h"
#include "plane/record.h"

struct pn_plane {
	struct pn_pins pins;
	struct pn_maps maps;
};

/* Open or create pins and maps and start the clock; the directory stays locked. */
int pn_plane_open(struct pn_plane *plane, const char *dir, const struct pn_sizes *sizes,
		  struct pn_err *err);
void pn_plane_close(struct pn_plane *plane);

/*
 * Make the port as @conf wants it, whatever is there now. @r: its ifindex and
 * its number in pn_ports (conf.port) in, its record out. On failure what was
 * attached before still is, unless the hook had to change.
 */
int pn_port_attach(struct pn_plane *plane, const struct pn_port_conf *conf,
		   struct pn_record *r, struct pn_err *err);

/* Take the program off and forget the port. Safe when half of it is gone. */
int pn_port_detach(struct pn_pins *pins, uint32_t ifindex, struct pn_err *err);

/* Is what the record says still so? False: the device went, or somebody removed it. */
bool pn_port_alive(const struct pn_pins *pins, const struct pn_record *r);

/* The device is gone: drop what cannot work, keep the counters, wait for it. */
int pn_port_wait(struct pn_pins *pins, struct pn_record *r);

/* It is back, under another number: its record and counters move there. */
int pn_port_return(struct pn_pins *pins, struct pn_record *r, uint32_t ifindex);

/* Tell whoever follows that records have changed: it watches what is made in ports/. */
void pn_plane_poke(const struct pn_pins *pins);

/* Remove the directory if no port is left in it. */
void pn_plane_tidy(struct pn_pins *pins);

#endif
