// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Gates in words: what is closed where, and the way to open it. */
#include <stdlib.h>
#include <string.h>

#include "cmd/show.h"
#include "util/names.h"

/* Words of closed gates by place, and what a finding has to be about to be told. */
struct about {
	struct pn_out *o;
	uint32_t ifindex;	/* 0: the device has none */
	const uint32_t *word;
	const char *const *names, *const *keys;
	unsigned int n;		/* places */
	unsigned int places;	/* of findings, PN_GATE_AT() */
	unsigned int bit;
};

/* The places at which a gate is closed, as "tunnels over IPv4, egress". */
static const char *places_join(const struct about *about, char *buf, size_t size)
{
	size_t used = 0;
	unsigned int p;

	buf[0] = '\0';
	for (p = 0; p < about->n && used < size; p++)
		if (about->word[p] & 1u << about->bit)
			used += snprintf(buf + used, size - used, "%s%s", used ? ", " : "",
					 about->names[p]);
	return buf;
}

static uint32_t gates_closed(const struct about *about)
{
	uint32_t closed = 0;
	unsigned int p;

	for (p = 0; p < about->n; p++)
		closed |= about->word[p];
	return closed;
}

static bool is_about(const struct about *about, const struct pn_gate_finding *f)
{
	return f->gate == 1u << about->bit && f->text[0] && (f->places & about->places);
}

static int finding_string(const struct pn_gate_finding *f, void *data)
{
	const struct about *about = data;

	if (is_about(about, f))
		pn_out_str(about->o, NULL, f->text);
	return 0;
}

static int finding_note(const struct pn_gate_finding *f, void *data)
{
	const struct about *about = data;

	if (is_about(about, f))
		pn_out_note(about->o, "  found: %s", f->text);
	return 0;
}

static void findings_show(const struct about *about, const struct pn_gates *gates,
			  pn_gate_cb cb)
{
	struct about copy = *about;

	if (gates && about->ifindex)
		pn_gate_findings(gates, about->ifindex, cb, &copy);
}

static void gate_object(const struct about *about, const struct pn_gates *gates)
{
	const struct pn_gate_info *gate = &pn_gate_info[about->bit];
	struct pn_out *o = about->o;
	unsigned int p;

	pn_out_object(o, NULL);
	pn_out_str(o, "name", gate->name ? gate->name : "unknown");
	pn_out_array(o, "places");
	for (p = 0; p < about->n; p++)
		if (about->word[p] & 1u << about->bit)
			pn_out_str(o, NULL, about->keys[p]);
	pn_out_end(o);
	pn_out_str(o, "what", gate->text ? gate->text : "a gate of a newer version");
	pn_out_array(o, "found");
	findings_show(about, gates, finding_string);
	pn_out_end(o);
	pn_out_str(o, "cure", gate->cure ? gate->cure : "use the version that made the pins");
	pn_out_end(o);
}

static void gate_notes(const struct about *about, const struct pn_gates *gates)
{
	const struct pn_gate_info *gate = &pn_gate_info[about->bit];
	char where[128];

	if (!gate->name)
		return;
	places_join(about, where, sizeof(where));
	pn_out_note(about->o, "closed: %s (%s): %s", gate->name, where, gate->text);
	findings_show(about, gates, finding_note);
	pn_out_note(about->o, "  cure: %s", gate->cure);
}

static void names_text(struct pn_out *o, uint32_t gates)
{
	char buf[256];
	size_t used = 0;
	unsigned int b;

	buf[0] = '\0';
	for (b = 0; b < PN_GATES && used < sizeof(buf); b++)
		if (gates & 1u << b && pn_gate_info[b].name)
			used += snprintf(buf + used, sizeof(buf) - used, "%s%s",
					 used ? "," : "", pn_gate_info[b].name);
	pn_out_tone(o, gates ? PN_TONE_WARN : PN_TONE_GOOD);
	pn_out_text(o, "gates", "%s", gates ? buf : "open");
}

static void ignored_show(struct pn_out *o, uint32_t ignored)
{
	unsigned int b;

	pn_out_array(o, "ignored");
	for (b = 0; b < PN_GATES; b++) {
		if (!(ignored & 1u << b) || !pn_gate_info[b].name)
			continue;
		pn_out_str(o, NULL, pn_gate_info[b].name);
		pn_out_note(o, "ignored: %s (%s)", pn_gate_info[b].name, pn_gate_info[b].text);
	}
	pn_out_end(o);
}

static void gates_show(struct about *about, uint32_t ignored, const struct pn_gates *gates)
{
	uint32_t closed = gates_closed(about);
	struct pn_out *o = about->o;

	names_text(o, closed);
	pn_out_array(o, "gates");
	for (about->bit = 0; about->bit < PN_GATES; about->bit++)
		if (closed & 1u << about->bit)
			gate_object(about, gates);
	pn_out_end(o);
	for (about->bit = 0; about->bit < PN_GATES; about->bit++)
		if (closed & 1u << about->bit)
			gate_notes(about, gates);
	ignored_show(o, ignored);
}

void pn_show_gates(struct pn_out *o, const struct pn_port *port, unsigned int places,
		   const struct pn_gates *gates)
{
	uint32_t word[PN_PLACES];
	struct about about = { .o = o, .ifindex = port->ifindex, .places = places, .n = PN_PLACES,
			       .word = word, .names = pn_place_names, .keys = pn_place_keys };
	unsigned int p;

	for (p = 0; p < PN_PLACES; p++)
		word[p] = places & 1u << p ? port->gate[p] : 0;
	gates_show(&about, port->ignored, gates);
}

void pn_show_route_gates(struct pn_out *o, const struct pn_tunnel *tunnel,
			 const struct pn_gates *gates)
{
	static const char *const names[] = { "routed IPv4", "routed IPv6" };
	static const char *const keys[] = { "routed4", "routed6" };
	struct about about = { .o = o, .ifindex = tunnel->ifindex, .n = 2, .word = tunnel->gate,
			       .names = names, .keys = keys,
			       .places = PN_GATE_AT(PN_PLACE_PORT) |
					 PN_GATE_AT(PN_PLACE_ROUTED4) |
					 PN_GATE_AT(PN_PLACE_ROUTED6) };

	gates_show(&about, 0, gates);
}

struct pn_gates *pn_show_gates_ask(const struct pn_view *v)
{
	struct pn_err ignored = { 0 };
	uint32_t *ours = calloc(v->n_records + 1, sizeof(*ours));
	struct pn_gates *g = v->n_records && ours ? pn_gates_open(-1, &ignored) : NULL;
	unsigned int i;

	for (i = 0; g && i < v->n_records; i++) {
		const struct pn_record *r = &v->record[i];

		ours[i] = r->prog_id;
		if (r->state == PN_PORT_ATTACHED)
			pn_gates_set_engine(g, r->ifindex, r->hook == PN_HOOK_XDP ?
					    PN_GATE_XDP : PN_GATE_TC);
	}
	if (g) {
		pn_gates_set_ours(g, ours, v->n_records);
		pn_gates_update(g, &ignored);
	}
	free(ours);
	return g;
}
