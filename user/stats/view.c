// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The pins, opened to be shown; see view.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stats/view.h"

/* Pins that are not there are an empty view; any other failure is one. */
static int pins_open(struct pn_view *v, const char *dir, struct pn_err *err)
{
	struct pn_err why = { 0 };
	int ret = pn_pins_open(&v->pins, dir, &why);

	if (ret == -ENOENT)
		return 0;
	if (ret) {
		*err = why;
		return ret;
	}
	v->pinned = true;
	v->followed = pn_pins_followed(&v->pins);
	ret = pn_maps_open(&v->maps, &v->pins, err);
	if (ret)
		return ret;
	ret = pn_record_list(&v->pins, &v->record);
	if (ret < 0)
		return pn_err_set(err, PN_EXIT_KERNEL, -ret, dir,
				  "the records of the ports cannot be read: %s", strerror(-ret));
	v->n_records = ret;
	return 0;
}

int pn_view_open(struct pn_view *v, const char *dir, struct pn_err *err)
{
	unsigned int i;
	int ret;

	memset(v, 0, sizeof(*v));
	v->pins.fd = v->pins.maps_fd = -1;
	for (i = 0; i < PN_MAPS; i++)
		v->maps.fd[i] = -1;
	ret = pins_open(v, dir, err);
	if (!ret)
		ret = pn_links_read(&v->links, err);
	if (ret)
		pn_view_close(v);
	return ret;
}

void pn_view_close(struct pn_view *v)
{
	pn_links_free(&v->links);
	free(v->record);
	v->record = NULL;
	pn_maps_close(&v->maps);
	if (v->pinned)
		pn_pins_close(&v->pins);
	v->pinned = false;
}

const struct pn_port *pn_view_port(const struct pn_view *v, uint32_t ifindex,
				   uint32_t *index)
{
	uint32_t i;

	for (i = 1; v->pinned && ifindex && i < PN_MAX_PORTS; i++) {
		if (v->maps.ports[i].ifindex != ifindex)
			continue;
		if (index)
			*index = i;
		return &v->maps.ports[i];
	}
	return NULL;
}

const char *pn_view_port_name(const struct pn_view *v, uint32_t index)
{
	if (!v->pinned || index >= PN_MAX_PORTS)
		return NULL;
	return pn_links_name(&v->links, v->maps.ports[index].ifindex);
}
