// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Adding up; see stats.h. */
#include <stdlib.h>
#include <string.h>

#include "stats/stats.h"
#include "util/names.h"

static void count_add(struct pn_count *sum, const struct pn_count *count)
{
	sum->packets += count->packets;
	sum->bytes += count->bytes;
}

/* Reasons to verdicts and the total. A number without a name still counts. */
static void port_finish(struct pn_stats_port *port)
{
	unsigned int r;

	memset(port->verdict, 0, sizeof(port->verdict));
	memset(&port->received, 0, sizeof(port->received));
	for (r = 0; r < PN_MAX_REASONS; r++) {
		enum pn_verdict verdict = pn_reason_info[r].name ?
					  pn_reason_info[r].verdict : PN_PASS;

		count_add(&port->verdict[verdict], &port->reason[r]);
		count_add(&port->received, &port->reason[r]);
	}
}

void pn_stats_add_port(struct pn_stats_port *port, const void *copies, unsigned int cpus,
		       size_t stride)
{
	unsigned int cpu, r;

	for (cpu = 0; cpu < cpus; cpu++) {
		const struct pn_port_stats *one =
			(const void *)((const char *)copies + cpu * stride);

		for (r = 0; r < PN_MAX_REASONS; r++)
			count_add(&port->reason[r], &one->reason[r]);
	}
	port_finish(port);
}

void pn_stats_add_verdicts(struct pn_count *verdict, struct pn_count *received,
			   const void *copies, unsigned int cpus, size_t stride)
{
	unsigned int cpu, v;

	for (cpu = 0; cpu < cpus; cpu++) {
		const struct pn_tunnel_stats *one =
			(const void *)((const char *)copies + cpu * stride);

		for (v = 0; v < PN_VERDICTS; v++) {
			count_add(&verdict[v], &one->verdict[v]);
			count_add(received, &one->verdict[v]);
		}
	}
}

void pn_stats_total(const struct pn_stats *stats, struct pn_stats_port *total)
{
	unsigned int i, r;

	memset(total, 0, sizeof(*total));
	for (i = 0; i < stats->n_ports; i++)
		for (r = 0; r < PN_MAX_REASONS; r++)
			count_add(&total->reason[r], &stats->port[i].reason[r]);
	port_finish(total);
}

void pn_stats_fini(struct pn_stats *stats)
{
	free(stats->port);
	free(stats->tunnel);
	free(stats->peer);
	free(stats->shaper);
	free(stats->shaper_conf);
	memset(stats, 0, sizeof(*stats));
}
