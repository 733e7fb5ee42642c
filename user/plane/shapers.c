// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which masks concern a port; see shapers.h. */
#include "plane/shapers.h"
#include "plane/spread.h"

static bool match_concerns(const struct pn_maps *maps, const struct pn_match *match,
			   uint16_t port)
{
	if (!match->generation || match->mask >= PN_MAX_MASKS)
		return false;
	return !maps->masks[match->mask].bits.port || match->want.port == port;
}

void pn_shapers_conf(struct pn_conf *conf, const struct pn_maps *maps)
{
	const struct pn_match *match;
	uint32_t i;

	conf->masks = 0;
	conf->parts = 0;
	conf->spread = 0;
	for (i = 1; i < maps->abi.shapers; i++) {
		match = &maps->matches[i];
		if (!match_concerns(maps, match, conf->port))
			continue;
		conf->masks |= 1u << match->mask;
		conf->parts |= maps->masks[match->mask].parts;
		if (match->shaper < maps->abi.shapers && maps->shapers[match->shaper].spread)
			conf->spread = 1;
	}
	pn_spread_conf(conf, maps);
}

bool pn_shapers_changed(const struct pn_conf *conf, const struct pn_maps *maps)
{
	struct pn_conf now = { .port = conf->port };

	pn_shapers_conf(&now, maps);
	return now.masks != conf->masks || now.parts != conf->parts ||
	       now.spread != conf->spread || now.cpus != conf->cpus;
}
