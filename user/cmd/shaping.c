// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shapers of a file, done and undone; see shaping.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/shaping.h"
#include "cmd/shaping_ports.h"
#include "plane/device.h"
#include "plane/shapers.h"
#include "shape/redirect.h"

int pn_shaping_open(struct pn_shaping *s, const struct pn_topo *topo, uint64_t file,
		    struct pn_err *err)
{
	const struct pn_topo_shaper *from = NULL;
	struct pn_shaper_conf *conf;
	unsigned int i, n = 0;

	*s = (struct pn_shaping){ .wants.file = file };
	if (topo)
		from = pn_topo_shapers(topo, &n);
	if (!n)
		return 0;
	conf = calloc(n, sizeof(*conf));
	if (!conf)
		return pn_err_memory(err, "shapers");
	for (i = 0; i < n; i++)
		conf[i] = from[i].conf;
	s->wants.conf = conf;
	s->wants.n = n;
	return 0;
}

void pn_shaping_turn(struct pn_shaping *s)
{
	uint64_t file = s->wants.file;

	free((void *)s->wants.conf);
	s->wants = s->before;
	s->wants.file = file;
	s->before = (struct pn_shape_wants){ 0 };
	s->done = false;
}

void pn_shaping_close(struct pn_shaping *s)
{
	free((void *)s->wants.conf);
	free((void *)s->before.conf);
	*s = (struct pn_shaping){ 0 };
}

int pn_shaping_do(struct pn_shaping *s, struct pn_plane *plane, struct pn_err *err)
{
	int ret = pn_shape_wanted(&plane->maps, s->wants.file, &s->before);

	if (ret)
		return pn_err_memory(err, "shapers");
	ret = pn_shape_want(&plane->maps, &s->wants, err);
	if (ret)
		return ret;
	s->done = true;
	ret = pn_shaping_compile(plane, err);
	if (ret)
		pn_shaping_undo(s, plane);
	return ret;
}

void pn_shaping_undo(struct pn_shaping *s, struct pn_plane *plane)
{
	struct pn_err ignored = { 0 };

	if (!s->done)
		return;
	s->done = false;
	pn_shape_want(&plane->maps, &s->before, &ignored);
	pn_shaping_compile(plane, &ignored);
	pn_shaping_redirect(plane, false, &ignored);
}

int pn_shaping_redirect(const struct pn_plane *plane, bool anew, struct pn_err *err)
{
	struct pn_record *r;
	int i, n = pn_record_list(&plane->pins, &r), ret = 0;

	for (i = 0; i < n && !ret; i++) {
		struct pn_redirect_port port = { .ifindex = r[i].ifindex, .dev = r[i].dev,
						 .index = r[i].conf.port,
						 .placed = r[i].placed };

		if (r[i].state != PN_PORT_ATTACHED)
			continue;
		ret = pn_redirects_settle(&plane->maps, &port, anew, err);
		if (port.placed == r[i].placed)
			continue;
		r[i].placed = port.placed;
		pn_record_write(&plane->pins, &r[i]);
	}
	free(r);
	return ret;
}

int pn_shaping_detach(struct pn_pins *pins, uint32_t ifindex, struct pn_err *err)
{
	struct pn_record r;
	bool placed = !pn_record_read(pins, ifindex, &r) && r.placed;
	int ret;

	pn_redirects_clear(ifindex);
	ret = pn_port_detach(pins, ifindex, err);
	if (placed)
		pn_redirects_unplace(ifindex);
	return ret;
}

void pn_shaping_port(struct pn_shape_port *port, const struct pn_record *r, uint16_t index)
{
	struct pn_device dev = { .mtu = 0 };

	pn_device_look(r->ifindex, &dev);
	*port = (struct pn_shape_port){ .index = index, .mtu = dev.mtu };
	memcpy(port->dev, r->dev, sizeof(port->dev));
}

int pn_shaping_compile(const struct pn_plane *plane, struct pn_err *err)
{
	struct pn_shape_port *port = NULL;
	struct pn_record *r;
	unsigned int n = 0;
	int i, ret, count = pn_record_list(&plane->pins, &r);

	if (count > 0)
		port = calloc(count, sizeof(*port));
	if (count < 0 || (count && !port)) {
		free(r);
		return pn_err_memory(err, "shapers");
	}
	for (i = 0; i < count; i++)
		if (r[i].prog_id && r[i].conf.port)
			pn_shaping_port(&port[n++], &r[i], r[i].conf.port);
	ret = pn_shape_compile(&plane->maps, port, n, err);
	free(port);
	free(r);
	return ret;
}

bool pn_shaping_is_there(const char *bpffs, uint64_t file)
{
	struct pn_shape_wants wants = { 0 };
	struct pn_err ignored = { 0 };
	struct pn_maps maps;
	struct pn_pins pins;

	if (pn_pins_open(&pins, bpffs, &ignored))
		return false;
	if (!pn_maps_open(&maps, &pins, &ignored)) {
		pn_shape_wanted(&maps, file, &wants);
		pn_maps_close(&maps);
	}
	pn_pins_close(&pins);
	free((void *)wants.conf);
	return wants.n;
}

/* Ports that there are, or will be. */
struct ports {
	const struct pn_port_conf *conf;
	unsigned int n_conf;
	struct pn_record *record;
	int n_records;
	char *const *dev;
	int n_dev;
};

static bool is_port(const struct ports *p, const char *dev)
{
	unsigned int i;
	int k;

	for (i = 0; i < p->n_conf; i++)
		if (!strcmp(p->conf[i].dev, dev))
			return true;
	for (k = 0; k < p->n_records; k++)
		if (!strcmp(p->record[k].dev, dev))
			return true;
	for (k = 0; k < p->n_dev; k++)
		if (!strcmp(p->dev[k], dev))
			return true;
	return false;
}

static int no_port(const struct pn_topo *topo, const struct pn_topo_shaper *s, unsigned int i,
		   struct pn_err *err)
{
	int ret = pn_err_set(err, PN_EXIT_USAGE, ENODEV, s->conf.name,
			     "dev: %s is no port: the file does not list it, and it is not "
			     "attached", s->conf.dev[i]);

	pn_err_hint(err, "list it under `ports`, or: penstock attach %s", s->conf.dev[i]);
	pn_err_place(err, pn_topo_file(topo), s->dev[i].line, s->dev[i].column);
	return ret;
}

static int shaper_check(const struct pn_topo *topo, const struct pn_topo_shaper *s,
			const struct ports *p, struct pn_err *err)
{
	unsigned int i;

	for (i = 0; i < s->conf.n_dev; i++)
		if (!is_port(p, s->conf.dev[i]))
			return no_port(topo, s, i, err);
	if (p->n_conf || p->n_records || p->n_dev)
		return 0;
	pn_err_set(err, PN_EXIT_USAGE, ENODEV, s->conf.name,
		   "there is no port whose packets it could take");
	pn_err_hint(err, "list one under `ports`, or: penstock attach DEV");
	pn_err_place(err, pn_topo_file(topo), s->line, s->column);
	return -ENODEV;
}

int pn_shaping_ports_check(const char *bpffs, const struct pn_topo *topo, char *const *dev,
			   int n_dev, struct pn_err *err)
{
	struct ports p = { .dev = dev, .n_dev = n_dev };
	const struct pn_topo_shaper *s;
	struct pn_err ignored = { 0 };
	struct pn_pins pins;
	unsigned int i, n;
	int ret = 0;

	s = pn_topo_shapers(topo, &n);
	if (!n)
		return 0;
	p.conf = pn_topo_ports(topo, &p.n_conf);
	if (!pn_pins_open(&pins, bpffs, &ignored)) {
		p.n_records = pn_record_list(&pins, &p.record);
		pn_pins_close(&pins);
	}
	for (i = 0; i < n && !ret; i++)
		ret = shaper_check(topo, &s[i], &p, err);
	free(p.record);
	return ret;
}

/* Without a daemon the programs are exchanged here; with one it is told to. */
static int programs_exchange(struct pn_plane *plane, struct pn_err *err)
{
	bool followed = pn_pins_followed(&plane->pins);
	struct pn_port_conf conf;
	struct pn_record *r;
	int i, n = pn_record_list(&plane->pins, &r), ret = 0;

	for (i = 0; i < n && !followed && !ret; i++) {
		if (r[i].state != PN_PORT_ATTACHED ||
		    !pn_shapers_changed(&r[i].conf, &plane->maps))
			continue;
		pn_record_conf(&r[i], &conf);
		ret = pn_port_attach(plane, &conf, &r[i], err);
	}
	free(r);
	return ret;
}

int pn_shaping_remove(struct pn_pins *pins, uint64_t file, struct pn_err *err)
{
	const struct pn_shape_wants none = { .file = file };
	struct pn_plane plane = { .pins = *pins };
	int ret, fd = pn_pins_get(pins, "maps/pn_shaper_conf");

	if (fd < 0)
		return 0;
	close(fd);
	ret = pn_maps_open(&plane.maps, pins, err);
	if (ret)
		return ret;
	if (file)
		ret = pn_shape_want(&plane.maps, &none, err);
	else
		pn_shape_forget(&plane.maps);
	if (!ret)
		ret = pn_shaping_compile(&plane, err);
	if (!ret)
		ret = programs_exchange(&plane, err);
	if (!ret)
		ret = pn_shaping_redirect(&plane, false, err);
	pn_maps_close(&plane.maps);
	return ret;
}
