/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The data plane as an ordinary function: bpf/lib compiled for user space, once
 * for each hook. This is what it shows of itself; plane.h runs it. Included
 * beside bpf/lib, so it knows no other test header.
 */
#ifndef PN_TEST_PIPE_H
#define PN_TEST_PIPE_H

#include <stdbool.h>
#include <stddef.h>

#include <penstock/abi.h>

/* A map of the data plane, and the memory that stands for it. */
struct pipe_map {
	const void *map;
	const char *name;
	size_t value, entries;
	void *memory;
};

extern struct pipe_map pipe_maps[]; /* the last has no name */
extern const bool pipe_is_tc;

void pipe_configure(const struct pn_conf *conf);
int pipe_program(void *ctx);

#endif
