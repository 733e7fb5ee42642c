/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A gateway under penstock: the bridged VXLAN scene, with the test standing in
 * the gateway's namespace, and packets of the peer that the workload counts.
 */
#ifndef PN_TEST_GATEWAY_H
#define PN_TEST_GATEWAY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "run.h"
#include "scene.h"

struct gateway {
	struct scene scene;
	struct settle settle;
	struct pkt packet;	/* peer -> VXLAN -> workload */
	uint64_t sent;
};

int gateway_open(struct gateway *g);
void gateway_close(struct gateway *g);

/* Send @n packets in small bursts and wait until they are where they go. */
bool gateway_send(struct gateway *g, unsigned int n);
/* What the workload has received, by its device's counter. */
uint64_t gateway_received(const struct gateway *g);

/* Where penstock runs from now on; at first the gateway's namespace. */
void gateway_enter(const struct netns *ns);

/* Run, check the exit status, and that stderr contains @says (NULL: whatever). */
bool gateway_runs(const char *line, int status, const char *says);

/* What a command prints that must end with @status; until the next call. */
const char *gateway_says(const char *line, int status);
/* The same of one that must succeed. */
const char *gateway_output(const char *line);

/* `penstock run ...` until it has told its ports; its process, or -errno. */
pid_t gateway_daemon(const char *line);
/* End it by @signal; its exit status, or 128 + signal. */
int gateway_stop(pid_t daemon, int signal);

/* Await that `show ports -j` contains @word, for at most half a minute. */
bool gateway_awaits(const char *word);

/* Await that @line succeeds, for at most half a minute: what it waits for ends by itself. */
bool gateway_frees(const char *line);

/* What `explain -j` says of a packet. */
struct gateway_met {
	const char *verdict, *reason;
	const char *tunnel, *egress;	/* "null": none */
};

/* Run @line; its rows are those of @n packets, in order. */
void gateway_explains(const char *line, const struct gateway_met *want, int n);

/* Packets of @reason at port @dev, by `stats reasons -j`. */
uint64_t gateway_reason(const char *dev, const char *reason);

#endif
