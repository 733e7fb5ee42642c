// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The pins, opened to be shown; see view.h. */
#include <errno.h>
#include <stddef.h>
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

static int number_compare(const void *a, const void *b)
{
	const struct pn_view_number *x = a, *y = b;

	return (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

/* Of @max records, @size bytes each, that begin with the ifindex. */
static int numbers_make(struct pn_view_numbers *numbers, const void *records, size_t size,
			uint32_t max)
{
	uint32_t i, ifindex;

	numbers->v = calloc(max, sizeof(*numbers->v));
	if (!numbers->v)
		return -ENOMEM;
	for (i = 1; i < max; i++) {
		memcpy(&ifindex, (const char *)records + i * size, sizeof(ifindex));
		if (ifindex)
			numbers->v[numbers->n++] = (struct pn_view_number){ ifindex, i };
	}
	qsort(numbers->v, numbers->n, sizeof(*numbers->v), number_compare);
	return 0;
}

static uint32_t number_find(const struct pn_view_numbers *numbers, uint32_t ifindex)
{
	const struct pn_view_number key = { .ifindex = ifindex }, *found;

	if (!ifindex || !numbers->n)
		return 0;
	found = bsearch(&key, numbers->v, numbers->n, sizeof(key), number_compare);
	return found ? found->index : 0;
}

static int numbers_read(struct pn_view *v, struct pn_err *err)
{
	int ret = 0;

	_Static_assert(!offsetof(struct pn_port, ifindex), "records begin with the ifindex");
	_Static_assert(!offsetof(struct pn_tunnel, ifindex), "records begin with the ifindex");
	if (v->pinned)
		ret = numbers_make(&v->ports, v->maps.ports, sizeof(struct pn_port), PN_MAX_PORTS);
	if (v->pinned && !ret)
		ret = numbers_make(&v->tunnels, v->maps.tunnels, sizeof(struct pn_tunnel),
				   v->maps.abi.tunnels);
	return ret ? pn_err_memory(err, NULL) : 0;
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
		ret = numbers_read(v, err);
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
	free(v->ports.v);
	free(v->tunnels.v);
	v->ports.v = v->tunnels.v = NULL;
	pn_maps_close(&v->maps);
	if (v->pinned)
		pn_pins_close(&v->pins);
	v->pinned = false;
}

const struct pn_port *pn_view_port(const struct pn_view *v, uint32_t ifindex,
				   uint32_t *index)
{
	uint32_t i = number_find(&v->ports, ifindex);

	if (i && index)
		*index = i;
	return i ? &v->maps.ports[i] : NULL;
}

const struct pn_tunnel *pn_view_tunnel(const struct pn_view *v, uint32_t ifindex,
				       uint32_t *index)
{
	uint32_t i = number_find(&v->tunnels, ifindex);

	if (i && index)
		*index = i;
	return i ? &v->maps.tunnels[i] : NULL;
}

const char *pn_view_port_name(const struct pn_view *v, uint32_t index)
{
	if (!v->pinned || index >= PN_MAX_PORTS)
		return NULL;
	return pn_links_name(&v->links, v->maps.ports[index].ifindex);
}
