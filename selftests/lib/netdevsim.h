/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The device that offload is tried on: netdevsim, made and deleted here with
 * the switches of its debugfs, or the hardware that $DEV names, which has none.
 */
#ifndef PN_TEST_NETDEVSIM_H
#define PN_TEST_NETDEVSIM_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct netdevsim {
	int id;			/* -1: hardware */
	char dev[IFNAMSIZ];	/* of port 0 */
};

/* Is there netdevsim in this kernel? Loads the module, mounts debugfs. */
bool netdevsim_there(void);

/* Device @id with @ports ports in the calling thread's namespace, port 0 up. 0 or -errno. */
int netdevsim_open(struct netdevsim *sim, int id, int ports);
/* The one of $DEV, or netdevsim 1 with a port. Ends the program when there is neither. */
void netdevsim_or_hardware(struct netdevsim *sim);
/* Safe when it is gone already. */
void netdevsim_close(struct netdevsim *sim);

/* Name of port @port's device; "" when there is none. */
const char *netdevsim_port(const struct netdevsim *sim, int port);

/* Write a file of the device below debugfs ("ports/0/bpf_map_accept") or sysfs. 0 or -errno. */
int netdevsim_debug(const struct netdevsim *sim, const char *name, const char *value);
int netdevsim_sys(const struct netdevsim *sim, const char *name, const char *value);
/* The first line of such a file of debugfs; "" when there is none. */
const char *netdevsim_read(const struct netdevsim *sim, const char *name);

/*
 * Programs and maps that were made since the mark: those bound to a device,
 * and all. What was there before may go meanwhile.
 */
struct bpf_mark {
	uint32_t prog, map;	/* the highest numbers there are; the kernel counts on */
};

struct bpf_counts {
	int bound_progs, bound_maps, progs, maps;
};

struct bpf_mark bpf_mark(void);
struct bpf_counts bpf_counts(const struct bpf_mark *since);

#endif
