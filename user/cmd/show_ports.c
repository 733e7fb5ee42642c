// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock show ports: the attached ports and their gates. */
#include <string.h>

#include "cmd/show.h"
#include "util/names.h"

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "state", "STATE", PN_LEFT },
	{ "hook", "HOOK", PN_LEFT },
	{ "mode", "MODE", PN_LEFT },
	{ "checksum", "CHECKSUM", PN_LEFT },
	{ "peers", "PEERS", PN_LEFT },
	{ "bridge", "BRIDGE", PN_LEFT },
	{ "program", "PROGRAM", PN_RIGHT },
	{ "gates", "GATES", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = {
	.key = "ports",
	.none = "No port is attached; 'penstock attach DEV' attaches one.",
	.cols = cols,
};

static const enum pn_tone state_tones[] = {
	[PN_PORT_WANTED] = PN_TONE_WARN,
	[PN_PORT_ATTACHED] = PN_TONE_GOOD,
	[PN_PORT_WAITING] = PN_TONE_WARN,
	[PN_PORT_FAILED] = PN_TONE_BAD,
};

/* How it was attached; nothing of it means much before it is. */
static void way_show(struct pn_out *o, const struct pn_record *r)
{
	bool done = r->state == PN_PORT_ATTACHED;
	bool xdp = r->hook == PN_HOOK_XDP;

	pn_out_str(o, "hook", pn_hook_words[done ? r->hook : r->want_hook]);
	if (done && !xdp)
		pn_out_str(o, "mode", r->tcx ? "tcx" : "clsact");
	else
		pn_out_str(o, "mode", pn_mode_words[done ? r->mode : r->want_mode]);
	pn_out_str(o, "checksum", pn_checksum_words[r->checksum]);
	pn_out_bool(o, "shared", r->shared);
	if (done && r->prog_id)
		pn_out_u64(o, "program", r->prog_id);
	else
		pn_out_null(o, "program");
}

/* Nobody notes in the record that a device went while no daemon follows. */
static void state_show(struct pn_out *o, const struct pn_record *r, bool there)
{
	if (there || r->state != PN_PORT_ATTACHED) {
		pn_out_tone(o, state_tones[r->state]);
		pn_out_str(o, "state", pn_port_state_words[r->state]);
		return;
	}
	pn_out_tone(o, PN_TONE_BAD);
	pn_out_str(o, "state", "gone");
	pn_out_note(o, "the device is gone: 'penstock run' waits for its return, "
		    "'penstock detach %s' forgets it", r->dev);
}

static void trouble_show(struct pn_run *ctx, const struct pn_record *r)
{
	struct pn_out *o = ctx->out;

	pn_show_str(o, "why", r->why);
	pn_show_str(o, "trouble", r->text);
	pn_show_str(o, "hint", r->hint);
	if (r->text[0])
		pn_out_note(o, "%s", r->text);
	if (r->text[0] && r->hint[0])
		pn_out_note(o, "  hint: %s", r->hint);
	if (ctx->global.details && r->why[0])
		pn_out_note(o, "hook: %s", r->why);
}

/* Whose packets are taken, and how deep: told below the row where it is not the usual. */
static void peers_show(struct pn_out *o, const struct pn_record *r)
{
	char list[512] = "", one[PN_PREFIX_TEXT];
	size_t used = 0;
	unsigned int i;

	pn_out_str(o, "peers", pn_peers_words[r->peers]);
	pn_out_text(o, "peers", "%s%s", pn_peers_words[r->peers], r->strict ? ",strict" : "");
	pn_out_array(o, "prefixes");
	for (i = 0; i < r->n_prefixes; i++) {
		pn_out_str(o, NULL, pn_prefix_text(&r->prefix[i], one));
		if (used < sizeof(list))
			used += snprintf(list + used, sizeof(list) - used, "%s%s",
					 used ? ", " : "", one);
	}
	pn_out_end(o);
	pn_out_bool(o, "strict", r->strict);
	pn_out_u64(o, "nesting", r->nesting ? r->nesting : 1);
	if (r->n_prefixes)
		pn_out_note(o, "peers: %s%s", list, used < sizeof(list) ? "" : " ...");
	if (r->nesting > 1)
		pn_out_note(o, "nesting: up to %u tunnels inside each other", r->nesting);
}

/* It may have been renamed since, or be gone. */
static const char *record_name(const struct pn_view *v, const struct pn_record *r)
{
	const char *name = pn_links_name(&v->links, r->ifindex);

	return name ? name : r->dev;
}

static void port_show(struct pn_run *ctx, const struct pn_view *v, const struct pn_record *r,
		      const struct pn_gates *gates)
{
	static const struct pn_port unknown;
	const struct pn_port *port;
	struct pn_out *o = ctx->out;
	bool there = pn_links_name(&v->links, r->ifindex);
	uint32_t index = 0;

	port = pn_view_port(v, r->ifindex, &index);
	pn_out_row(o);
	pn_out_str(o, "device", record_name(v, r));
	pn_out_u64(o, "ifindex", r->ifindex);
	pn_out_u64(o, "index", index);
	state_show(o, r, there);
	pn_out_bool(o, "up", port && port->flags & PN_PORT_UP);
	way_show(o, r);
	peers_show(o, r);
	pn_show_str(o, "bridge", pn_links_bridge(&v->links, r->ifindex));
	trouble_show(ctx, r);
	pn_show_gates(o, port ? port : &unknown, (1u << PN_PLACES) - 1, gates);
	if (!port)
		pn_out_text(o, "gates", "-");
	pn_out_row_end(o);
}

int pn_show_ports(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	struct pn_gates *gates = pn_show_gates_ask(v);
	unsigned int i;

	pn_out_table(ctx->out, &table);
	for (i = 0; i < v->n_records; i++)
		if (!only || !strcmp(only, record_name(v, &v->record[i])))
			port_show(ctx, v, &v->record[i], gates);
	pn_out_table_end(ctx->out);
	pn_gates_close(gates);
	return 0;
}
