/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The counters at one moment, summed over all CPUs, with what is needed to
 * name them. One struct for every writer: text, JSON, Prometheus. What a port
 * received is the sum over its reasons, so received = forwarded + passed +
 * dropped holds by construction.
 */
#ifndef PN_STATS_STATS_H
#define PN_STATS_STATS_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <penstock/abi.h>
#include <penstock/shaper.h>

struct pn_shaper_conf;

struct pn_stats_port {
	uint32_t index;		/* in the ports map */
	uint32_t ifindex;
	char device[IFNAMSIZ];
	const char *hook;	/* "xdp" or "tc" */
	uint32_t gate[PN_PLACES];	/* closed gates, by place */
	uint32_t ignored;		/* gates that the operator ignores */
	struct pn_count reason[PN_MAX_REASONS];
	struct pn_count verdict[PN_VERDICTS];
	struct pn_count received;
};

struct pn_stats_tunnel {
	uint32_t index;		/* in the tunnels map */
	uint32_t ifindex;
	char device[IFNAMSIZ];
	char kind[16];		/* the kernel's word */
	bool has_vni, has_key;
	uint32_t id;		/* VNI, or GRE key */
	uint16_t dport;		/* UDP port; 0: none */
	struct pn_count verdict[PN_VERDICTS];
	struct pn_count received;
};

/* A remote VTEP that is proven at this moment, whatever tunnels it has here. */
struct pn_stats_peer {
	uint32_t number;	/* in the maps */
	struct in6_addr addr;	/* v4-mapped for IPv4 */
	struct pn_count verdict[PN_VERDICTS];
	struct pn_count received;
};

struct pn_stats_shaper {
	uint32_t index;
	uint32_t parent;	/* its index; 0: none */
	const struct pn_shaper_conf *conf;	/* what was asked for; own */
	uint64_t burst;		/* bytes, as the data plane has it */
	struct pn_count outcome[PN_SHAPER_OUTCOMES];
	uint64_t over_ns;	/* time over the limit */
	bool over;		/* it is now */
	bool has_queue;		/* of the kernel, behind its IFB device */
	struct pn_count backlog;
	struct pn_count queue_sent;
	uint64_t queue_drops, queue_overlimits;
};

/* How full a table is. */
struct pn_stats_map {
	const char *name;
	uint64_t entries;
	uint64_t max_entries;
};

#define PN_STATS_MAPS 3

struct pn_stats {
	unsigned int n_ports, n_tunnels, n_peers, n_shapers;
	struct pn_stats_port *port;
	struct pn_stats_tunnel *tunnel;	/* by rising index */
	struct pn_stats_peer *peer;	/* by address */
	struct pn_stats_shaper *shaper;	/* by rising index */
	struct pn_shaper_conf *shaper_conf;
	struct pn_stats_map map[PN_STATS_MAPS];
	bool pinned;		/* there is something to count */
	bool followed;		/* a daemon keeps the maps in step with the kernel */
};

/* Add up the CPUs' copies of a port's counters, @cpus of them, @stride bytes apart. */
void pn_stats_add_port(struct pn_stats_port *port, const void *copies, unsigned int cpus,
		       size_t stride);
/* The same of verdicts: a tunnel's, a peer's. */
void pn_stats_add_verdicts(struct pn_count *verdict, struct pn_count *received,
			   const void *copies, unsigned int cpus, size_t stride);

/* The sum of all ports, as one. */
void pn_stats_total(const struct pn_stats *stats, struct pn_stats_port *total);

void pn_stats_fini(struct pn_stats *stats);

#endif
