// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Gates in words: what is closed where, and the way to open it. */
#include <string.h>

#include "cmd/show.h"
#include "util/names.h"

/* The places at which @bit is closed, as "tunnels over IPv4, egress". */
static const char *places_join(const struct pn_port *port, uint32_t bit,
			       unsigned int places, char *buf, size_t size)
{
	size_t used = 0;
	unsigned int p;

	buf[0] = '\0';
	for (p = 0; p < PN_PLACES && used < size; p++) {
		if (!(places & 1u << p) || !(port->gate[p] & bit))
			continue;
		used += snprintf(buf + used, size - used, "%s%s", used ? ", " : "",
				 pn_place_names[p]);
	}
	return buf;
}

static uint32_t gates_closed(const struct pn_port *port, unsigned int places)
{
	uint32_t closed = 0;
	unsigned int p;

	for (p = 0; p < PN_PLACES; p++)
		if (places & 1u << p)
			closed |= port->gate[p];
	return closed;
}

static void gate_object(struct pn_out *o, const struct pn_port *port, unsigned int bit,
			unsigned int places)
{
	const struct pn_gate_info *gate = &pn_gate_info[bit];
	unsigned int p;

	pn_out_object(o, NULL);
	pn_out_str(o, "name", gate->name ? gate->name : "unknown");
	pn_out_array(o, "places");
	for (p = 0; p < PN_PLACES; p++)
		if ((places & 1u << p) && (port->gate[p] & 1u << bit))
			pn_out_str(o, NULL, pn_place_keys[p]);
	pn_out_end(o);
	pn_out_str(o, "what", gate->text ? gate->text : "a gate of a newer version");
	pn_out_str(o, "cure", gate->cure ? gate->cure : "use the version that made the pins");
	pn_out_end(o);
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

void pn_show_gates(struct pn_out *o, const struct pn_port *port, unsigned int places)
{
	uint32_t closed = gates_closed(port, places);
	char where[128];
	unsigned int b;

	names_text(o, closed);
	pn_out_array(o, "gates");
	for (b = 0; b < PN_GATES; b++)
		if (closed & 1u << b)
			gate_object(o, port, b, places);
	pn_out_end(o);
	for (b = 0; b < PN_GATES; b++) {
		if (!(closed & 1u << b) || !pn_gate_info[b].name)
			continue;
		places_join(port, 1u << b, places, where, sizeof(where));
		pn_out_note(o, "closed: %s (%s): %s", pn_gate_info[b].name, where,
			    pn_gate_info[b].text);
		pn_out_note(o, "  cure: %s", pn_gate_info[b].cure);
	}
	ignored_show(o, port->ignored[0]);
}
