// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Prometheus text; see prom.h. One row per metric family, see families[]. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "stats/peers.h"
#include "stats/prom.h"
#include "util/names.h"
#include "util/shaper_conf.h"
#include "util/utf8.h"

/* What a family's writer needs. */
struct page {
	FILE *f;
	const char *name;	/* of the family being written */
	const struct pn_prom_info *info;
	const struct pn_stats *stats;
	bool bytes;		/* the byte half of a packets/bytes pair */
};

struct family {
	const char *name, *type, *help;
	void (*write)(struct page *p);
	bool bytes;
};

static void label_write(FILE *f, char before, const char *name, const char *value)
{
	fprintf(f, "%c%s=\"", before, name);
	while (*value) {
		int len = pn_utf8_length(value);

		if (!len)
			fputs(PN_UTF8_REPLACEMENT, f);
		else if (*value == '\\' || *value == '"')
			fprintf(f, "\\%c", *value);
		else if (*value == '\n')
			fputs("\\n", f);
		else
			fwrite(value, 1, len, f);
		value += len ? len : 1;
	}
	fputc('"', f);
}

/* Names and values in turn, ended by NULL. */
#define LABELS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* NAME{label="value",...}, up to the space before the value. A name that is NULL ends them. */
static void sample_start(struct page *p, const char *const *labels)
{
	char before = '{';

	fputs(p->name, p->f);
	for (; labels && *labels; labels += 2) {
		label_write(p->f, before, labels[0], labels[1]);
		before = ',';
	}
	fputs(before == ',' ? "} " : " ", p->f);
}

static void u64_write(struct page *p, uint64_t value)
{
	fprintf(p->f, "%" PRIu64 "\n", value);
}

static void count_write(struct page *p, const struct pn_count *count)
{
	u64_write(p, p->bytes ? count->bytes : count->packets);
}

static void up_write(struct page *p)
{
	sample_start(p, NULL);
	u64_write(p, p->stats != NULL);
}

static void build_write(struct page *p)
{
	sample_start(p, LABELS("version", p->info->version, "libbpf", p->info->libbpf,
		     "kernel", p->info->kernel));
	u64_write(p, 1);
}

static void seconds_write(struct page *p)
{
	sample_start(p, NULL);
	fprintf(p->f, "%.6f\n", p->info->seconds);
}

static void attached_write(struct page *p)
{
	unsigned int i;

	for (i = 0; i < p->stats->n_ports; i++) {
		const struct pn_stats_port *port = &p->stats->port[i];

		sample_start(p, LABELS("device", port->device, "hook", port->hook));
		u64_write(p, 1);
	}
}

static void followed_write(struct page *p)
{
	sample_start(p, NULL);
	u64_write(p, p->stats->followed);
}

static void port_gates_write(struct page *p, const struct pn_stats_port *port, unsigned int b)
{
	unsigned int place;

	for (place = 0; place < PN_PLACES; place++) {
		if (!(port->gate[place] & 1u << b))
			continue;
		sample_start(p, LABELS("device", port->device, "gate", pn_gate_info[b].name,
				       "place", pn_place_keys[place]));
		u64_write(p, 1);
	}
}

static void gates_write(struct page *p)
{
	unsigned int i, b;

	for (i = 0; i < p->stats->n_ports; i++)
		for (b = 0; b < PN_GATES; b++)
			if (pn_gate_info[b].name)
				port_gates_write(p, &p->stats->port[i], b);
}

static void ignored_write(struct page *p)
{
	unsigned int i, b;

	for (i = 0; i < p->stats->n_ports; i++) {
		const struct pn_stats_port *port = &p->stats->port[i];

		for (b = 0; b < PN_GATES; b++) {
			if (!pn_gate_info[b].name || !(port->ignored & 1u << b))
				continue;
			sample_start(p, LABELS("device", port->device, "gate",
					       pn_gate_info[b].name));
			u64_write(p, 1);
		}
	}
}

static void verdicts_write(struct page *p)
{
	unsigned int i, v;

	for (i = 0; i < p->stats->n_ports; i++) {
		const struct pn_stats_port *port = &p->stats->port[i];

		for (v = 0; v < PN_VERDICTS; v++) {
			sample_start(p, LABELS("device", port->device, "hook", port->hook,
				     "verdict", pn_verdict_names[v]));
			count_write(p, &port->verdict[v]);
		}
	}
}

static void port_reasons_write(struct page *p, const struct pn_stats_port *port)
{
	unsigned int r;

	for (r = 0; r < PN_MAX_REASONS; r++) {
		const struct pn_reason_info *reason = &pn_reason_info[r];

		if (!reason->name || !port->reason[r].packets)
			continue;
		sample_start(p, LABELS("device", port->device, "reason", reason->name,
			     "verdict", pn_verdict_names[reason->verdict]));
		count_write(p, &port->reason[r]);
	}
}

static void reasons_write(struct page *p)
{
	unsigned int i;

	for (i = 0; i < p->stats->n_ports; i++)
		port_reasons_write(p, &p->stats->port[i]);
}

/* One series for each verdict; VNI and key only where there is one. */
static void tunnel_write(struct page *p, const struct pn_stats_tunnel *t)
{
	const char *name = t->has_vni ? "vni" : t->has_key ? "key" : NULL;
	char id[16];
	unsigned int v;

	snprintf(id, sizeof(id), "%u", t->id);
	for (v = 0; v < PN_VERDICTS; v++) {
		sample_start(p, LABELS("tunnel", t->device, "kind", t->kind, "verdict",
				       pn_verdict_names[v], name, id));
		count_write(p, &t->verdict[v]);
	}
}

static void tunnels_write(struct page *p)
{
	unsigned int i;

	for (i = 0; i < p->stats->n_tunnels && i < PN_PROM_TUNNELS; i++)
		tunnel_write(p, &p->stats->tunnel[i]);
}

static int number_compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/*
 * The greatest number that still has series: those that are known longest stay
 * as long as they are known, so that a series does not come and go.
 */
static uint32_t peers_limit(const struct pn_stats *stats)
{
	uint32_t *number, limit = 0;
	unsigned int i;

	if (stats->n_peers <= PN_PROM_PEERS)
		return UINT32_MAX;
	number = calloc(stats->n_peers, sizeof(*number));
	for (i = 0; number && i < stats->n_peers; i++)
		number[i] = stats->peer[i].number;
	if (number) {
		qsort(number, stats->n_peers, sizeof(*number), number_compare);
		limit = number[PN_PROM_PEERS - 1];
	}
	free(number);
	return limit;
}

static void peers_write(struct page *p)
{
	uint32_t limit = peers_limit(p->stats);
	char text[INET6_ADDRSTRLEN];
	unsigned int i, v;

	for (i = 0; i < p->stats->n_peers; i++) {
		const struct pn_stats_peer *peer = &p->stats->peer[i];

		for (v = 0; v < PN_VERDICTS && peer->number <= limit; v++) {
			sample_start(p, LABELS("peer", pn_peer_text(&peer->addr, text),
					       "verdict", pn_verdict_names[v]));
			count_write(p, &peer->verdict[v]);
		}
	}
}

static unsigned int shapers_limit(const struct pn_stats *stats)
{
	return stats->n_shapers < PN_PROM_SHAPERS ? stats->n_shapers : PN_PROM_SHAPERS;
}

static void shapers_write(struct page *p)
{
	unsigned int i, k;

	for (i = 0; i < shapers_limit(p->stats); i++)
		for (k = 0; k < PN_SHAPER_OUTCOMES; k++) {
			sample_start(p, LABELS("shaper", p->stats->shaper[i].conf->name, "outcome",
					       pn_shaper_outcome_words[k]));
			count_write(p, &p->stats->shaper[i].outcome[k]);
		}
}

static void shaper_rates_write(struct page *p)
{
	unsigned int i;

	for (i = 0; i < shapers_limit(p->stats); i++) {
		sample_start(p, LABELS("shaper", p->stats->shaper[i].conf->name));
		u64_write(p, p->stats->shaper[i].conf->rate);
	}
}

static void shaper_over_write(struct page *p)
{
	unsigned int i;

	for (i = 0; i < shapers_limit(p->stats); i++) {
		sample_start(p, LABELS("shaper", p->stats->shaper[i].conf->name));
		fprintf(p->f, "%.3f\n", p->stats->shaper[i].over_ns / 1e9);
	}
}

/* Start the sample of the next shaper from @i on that has a queue; NULL: none has. */
static const struct pn_stats_shaper *queue_next(struct page *p, unsigned int *i)
{
	const struct pn_stats_shaper *s;

	while (*i < shapers_limit(p->stats)) {
		s = &p->stats->shaper[(*i)++];
		if (!s->has_queue)
			continue;
		sample_start(p, LABELS("shaper", s->conf->name));
		return s;
	}
	return NULL;
}

static void backlogs_write(struct page *p)
{
	const struct pn_stats_shaper *s;
	unsigned int i = 0;

	while ((s = queue_next(p, &i)))
		count_write(p, &s->backlog);
}

static void queues_sent_write(struct page *p)
{
	const struct pn_stats_shaper *s;
	unsigned int i = 0;

	while ((s = queue_next(p, &i)))
		count_write(p, &s->queue_sent);
}

static void queue_drops_write(struct page *p)
{
	const struct pn_stats_shaper *s;
	unsigned int i = 0;

	while ((s = queue_next(p, &i)))
		u64_write(p, s->queue_drops);
}

static void queue_overlimits_write(struct page *p)
{
	const struct pn_stats_shaper *s;
	unsigned int i = 0;

	while ((s = queue_next(p, &i)))
		u64_write(p, s->queue_overlimits);
}

static void shapers_count_write(struct page *p)
{
	sample_start(p, NULL);
	u64_write(p, p->stats->n_shapers);
}

static void tunnels_count_write(struct page *p)
{
	sample_start(p, NULL);
	u64_write(p, p->stats->n_tunnels);
}

static void peers_count_write(struct page *p)
{
	sample_start(p, NULL);
	u64_write(p, p->stats->n_peers);
}

static void fdb_write(struct page *p)
{
	sample_start(p, NULL);
	u64_write(p, p->stats->map[0].entries);
}

static void entries_write(struct page *p)
{
	unsigned int i;

	for (i = 0; i < PN_STATS_MAPS && p->stats->map[i].name; i++) {
		sample_start(p, LABELS("map", p->stats->map[i].name));
		u64_write(p, p->stats->map[i].entries);
	}
}

static void max_entries_write(struct page *p)
{
	unsigned int i;

	for (i = 0; i < PN_STATS_MAPS && p->stats->map[i].name; i++) {
		sample_start(p, LABELS("map", p->stats->map[i].name));
		u64_write(p, p->stats->map[i].max_entries);
	}
}

/* Written even when there are no counters. */
static const struct family always[] = {
	{ "penstock_up", "gauge", "1 when the counters could be read", up_write, false },
	{ "penstock_build_info", "gauge", "Versions, as labels", build_write, false },
	{ "penstock_scrape_duration_seconds", "gauge", "Time spent reading the counters",
	  seconds_write, false },
};

static const struct family families[] = {
	{ "penstock_link_attached", "gauge", "1 for each port that penstock is attached to",
	  attached_write, false },
	{ "penstock_daemon_follows", "gauge", "1 while a daemon follows the kernel's state",
	  followed_write, false },
	{ "penstock_gate_closed", "gauge",
	  "1 for each gate that leaves packets of a port to the kernel", gates_write, false },
	{ "penstock_gate_ignored", "gauge",
	  "1 for each gate of a port that the operator ignores", ignored_write, false },
	{ "penstock_packets_total", "counter", "Packets that arrived, by verdict",
	  verdicts_write, false },
	{ "penstock_bytes_total", "counter", "Bytes that arrived, without FCS, by verdict",
	  verdicts_write, true },
	{ "penstock_reason_packets_total", "counter",
	  "Packets that arrived, by reason; a reason that never happened has no series",
	  reasons_write, false },
	{ "penstock_reason_bytes_total", "counter",
	  "Bytes that arrived, by reason; a reason that never happened has no series",
	  reasons_write, true },
	{ "penstock_tunnel_packets_total", "counter",
	  "Packets of a tunnel, by verdict", tunnels_write, false },
	{ "penstock_tunnel_bytes_total", "counter",
	  "Bytes of a tunnel as its device counts them, by verdict", tunnels_write, true },
	{ "penstock_peer_packets_total", "counter",
	  "Packets of a remote VTEP whose tunnel was found, by verdict", peers_write, false },
	{ "penstock_peer_bytes_total", "counter",
	  "Bytes of a remote VTEP as they arrived, without FCS, by verdict",
	  peers_write, true },
	{ "penstock_shaper_packets_total", "counter", "Packets of a shaper, by what became of them",
	  shapers_write, false },
	{ "penstock_shaper_bytes_total", "counter",
	  "Bytes of a shaper as it counts them, by what became of them", shapers_write, true },
	{ "penstock_shaper_rate_bytes", "gauge", "Bytes a second that a shaper is guaranteed",
	  shaper_rates_write, false },
	{ "penstock_shaper_over_seconds_total", "counter",
	  "Time that a shaper has been over its limit", shaper_over_write, false },
	{ "penstock_shaper_backlog_packets", "gauge",
	  "Packets that wait behind the IFB device of a shaper", backlogs_write, false },
	{ "penstock_shaper_backlog_bytes", "gauge", "Bytes of those", backlogs_write, true },
	{ "penstock_shaper_queue_packets_total", "counter",
	  "Packets that the queue of a shaper has sent", queues_sent_write, false },
	{ "penstock_shaper_queue_bytes_total", "counter", "Bytes of those", queues_sent_write,
	  true },
	{ "penstock_shaper_queue_drops_total", "counter",
	  "Packets that the queue of a shaper has dropped", queue_drops_write, false },
	{ "penstock_shaper_queue_overlimits_total", "counter",
	  "How often the queue of a shaper had to wait", queue_overlimits_write, false },
	{ "penstock_shapers", "gauge", "Shapers, with and without series",
	  shapers_count_write, false },
	{ "penstock_tunnels", "gauge", "Tunnel devices in the data plane's tables",
	  tunnels_count_write, false },
	{ "penstock_peers", "gauge", "Remote VTEPs that are proven on some port",
	  peers_count_write, false },
	{ "penstock_fdb_entries", "gauge", "Forwarding entries in the data plane",
	  fdb_write, false },
	{ "penstock_map_entries", "gauge", "Entries in use of a table", entries_write, false },
	{ "penstock_map_max_entries", "gauge", "Entries that a table has room for",
	  max_entries_write, false },
};

static void family_write(struct page *p, const struct family *family)
{
	fprintf(p->f, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->help,
		family->name, family->type);
	p->name = family->name;
	p->bytes = family->bytes;
	family->write(p);
}

void pn_prom_write(FILE *f, const struct pn_prom_info *info, const struct pn_stats *stats)
{
	struct page p = { .f = f, .info = info, .stats = stats };
	unsigned int i;

	for (i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		family_write(&p, &always[i]);
	for (i = 0; stats && i < sizeof(families) / sizeof(families[0]); i++)
		family_write(&p, &families[i]);
}
