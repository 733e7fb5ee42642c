/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The data plane of one port on several CPUs: the program behind the shapers
 * of a loaded one (fast.h), sharing its maps, in its cpumap.
 */
#ifndef PN_TEST_SPREADING_H
#define PN_TEST_SPREADING_H

#include <bpf/libbpf.h>
#include <stdint.h>

#include <penstock/shaper.h>

struct spreading {
	uint64_t *list; /* pn_spread: CPU numbers + 1 */
	int queues_fd;
	int cpus;
	struct bpf_object *other;
};

/* Room in the cpumap for every CPU, before the object is loaded. */
int spreading_size(struct bpf_object *obj);

/* The other program for each CPU, from a loaded object with this configuration. Bails out. */
void spreading_open(struct spreading *s, struct bpf_object *obj);
void spreading_close(struct spreading *s);

/* The list of one shaper, at its place. */
void spreading_list(struct spreading *s, uint32_t at, const uint16_t *cpus, unsigned int n);

void spreading_queue(struct spreading *s, uint32_t cpu, struct pn_queue *queue);
void spreading_set(struct spreading *s, uint32_t cpu, const struct pn_queue *queue);

#endif
