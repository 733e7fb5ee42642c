// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The IFB devices that shapers queue at; see shape.h. */
#include <string.h>

#include "shape/shape.h"

static bool ifb_is_known(const char (*name)[IFNAMSIZ], unsigned int n, const char *ifb)
{
	while (n && strcmp(name[n - 1], ifb))
		n--;
	return n;
}

unsigned int pn_shape_ifbs(const struct pn_maps *maps, char (*name)[IFNAMSIZ], unsigned int max)
{
	const struct pn_shaper_conf *c;
	unsigned int n = 0;
	uint32_t i;

	for (i = 1; i < maps->abi.shapers && n < max; i++) {
		c = &maps->shaper_conf[i];
		if (!c->name[0] || c->action != PN_SHAPER_SHAPE ||
		    ifb_is_known((const char(*)[IFNAMSIZ])name, n, c->ifb))
			continue;
		memcpy(name[n++], c->ifb, IFNAMSIZ);
	}
	return n;
}
