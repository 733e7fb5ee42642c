// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Devices of other namespaces; see far.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nl/netns.h"
#include "nl/nsid.h"
#include "view/far.h"

struct pn_far {
	int32_t nsid;
	char netns[256];
	unsigned int n;
	struct if_nameindex *dev;	/* as if_nameindex() gives it; NULL: cannot be entered */
};

static void far_read(struct pn_far *far)
{
	int fd = pn_netns_by_id(far->nsid), home;

	pn_netns_name_by_id(far->nsid, far->netns, sizeof(far->netns));
	if (fd < 0)
		return;
	if (!pn_netns_enter(fd, &home)) {
		far->dev = if_nameindex();
		pn_netns_leave(home);
	}
	close(fd);
	while (far->dev && far->dev[far->n].if_index)
		far->n++;
}

static struct pn_far *far_find(struct pn_fars *fars, int32_t nsid)
{
	struct pn_far *more;
	unsigned int i;

	for (i = 0; i < fars->n; i++)
		if (fars->far[i].nsid == nsid)
			return &fars->far[i];
	more = realloc(fars->far, (fars->n + 1) * sizeof(*more));
	if (!more)
		return NULL;
	fars->far = more;
	more = &fars->far[fars->n++];
	memset(more, 0, sizeof(*more));
	more->nsid = nsid;
	far_read(more);
	return more;
}

void pn_far_name(struct pn_fars *fars, int32_t nsid, uint32_t ifindex, char out[IFNAMSIZ])
{
	const struct pn_far *far = far_find(fars, nsid);
	unsigned int i;

	out[0] = '\0';
	for (i = 0; far && i < far->n; i++)
		if (far->dev[i].if_index == ifindex)
			strncat(out, far->dev[i].if_name, IFNAMSIZ - 1);
}

const char *pn_far_netns(struct pn_fars *fars, int32_t nsid)
{
	const struct pn_far *far = far_find(fars, nsid);

	return far ? far->netns : "";
}

void pn_fars_free(struct pn_fars *fars)
{
	unsigned int i;

	for (i = 0; i < fars->n; i++)
		if (fars->far[i].dev)
			if_freenameindex(fars->far[i].dev);
	free(fars->far);
	memset(fars, 0, sizeof(*fars));
}
