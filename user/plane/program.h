/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One entry program, specialised for one port and loaded. Knows no device: what
 * is special about the port is in struct pn_conf.
 */
#ifndef PN_PLANE_PROGRAM_H
#define PN_PLANE_PROGRAM_H

#include <penstock/abi.h>
#include <stdbool.h>
#include <stdint.h>

#include "plane/maps.h"
#include "util/err.h"
#include "util/port_conf.h"

struct bpf_object;

struct pn_program_spec {
	enum pn_hook hook;	/* PN_HOOK_XDP or PN_HOOK_TC */
	struct pn_conf conf;
	const char *dev;	/* for sentences */
	uint32_t ifb;		/* not the port's program, but that of its filter to this device */
};

struct pn_program {
	struct bpf_object *obj;	/* owns everything below */
	void *skel;
	int fd;
	int explain_fd;		/* map pn_explain of an explaining twin, else -1 */
	int count_fd;		/* counters in a device (offload.h), else -1 */
	uint32_t id;
	uint8_t tag[8];
	uint8_t hook;
	const char *name;
	void (*close)(void *skel);
};

/* The part of pn_conf that follows from the shared maps. */
void pn_program_conf(struct pn_conf *conf, const struct pn_maps *maps);

/*
 * Open, specialise, but do not load: for libxdp, which loads by itself.
 * @stats_fd: the port's counters; negative for an explaining twin. @maps NULL:
 * with empty maps of its own, to try out what the kernel takes.
 */
int pn_program_open(struct pn_program *prog, const struct pn_program_spec *spec,
		    const struct pn_maps *maps, int stats_fd, struct pn_err *err);
/* The same, and load it. */
int pn_program_load(struct pn_program *prog, const struct pn_program_spec *spec,
		    const struct pn_maps *maps, int stats_fd, struct pn_err *err);
/* The second half of it: load what is open, and ask the kernel what it is. Closes it on failure. */
int pn_program_finish(struct pn_program *prog, const char *dev, struct pn_err *err);
/* What is loaded stays where it is attached or pinned. */
void pn_program_close(struct pn_program *prog);

/* Name of the entry program of a hook: "xdp_port". */
const char *pn_program_name(enum pn_hook hook);
/* The code of it, without its configuration: another one has another number. */
uint32_t pn_program_object(enum pn_hook hook);

/* What the kernel says of a program. 0 or -errno. */
struct pn_program_info {
	uint32_t id, type;
	uint8_t tag[8];
	char name[16];
};
int pn_program_info(int fd, struct pn_program_info *info);
int pn_program_info_by_id(uint32_t id, struct pn_program_info *info);

#endif
