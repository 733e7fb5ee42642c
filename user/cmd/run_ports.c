// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which ports `run` wants, and a start that is undone when it fails; see run_ports.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/request.h"
#include "cmd/run_file.h"
#include "cmd/run_ports.h"
#include "cmd/shaper_steps.h"
#include "plane/device.h"
#include "util/log.h"

/* A port of the command line or of the file becomes a record. */
static int port_want(struct pn_pins *pins, const struct pn_port_conf *conf, uint64_t file,
		     struct pn_err *err)
{
	struct pn_record r = { 0 };
	struct pn_device dev;
	int ret = pn_device_by_name(conf->dev, &dev, err);

	if (ret)
		return ret;
	pn_record_read(pins, dev.ifindex, &r);
	r.ifindex = dev.ifindex;
	r.state = PN_PORT_WANTED;
	if (file)
		r.file = file;
	pn_record_want(&r, conf);
	ret = pn_record_write(pins, &r);
	if (!ret)
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, conf->dev, "its record cannot be written: %s",
			  strerror(-ret));
}

static bool is_listed(const struct pn_run_file *file, const char *dev)
{
	unsigned int i;

	for (i = 0; i < file->n; i++)
		if (!strcmp(file->port[i].dev, dev))
			return true;
	return false;
}

/* A port that an earlier version of the file listed, and this one does not. */
static void unlisted_detach(struct pn_pins *pins, const struct pn_run_file *file,
			    uint64_t number)
{
	struct pn_err ignored = { 0 };
	struct pn_record *r;
	int i, n = pn_record_list(pins, &r);

	for (i = 0; i < n; i++)
		if (r[i].file == number && !is_listed(file, r[i].dev))
			pn_shaping_detach(pins, r[i].ifindex, &ignored);
	free(r);
}

/* What plan would say of the file's shapers. */
static int shapers_warn(const struct pn_follow *f, const struct pn_topo *topo,
			struct pn_err *err)
{
	struct pn_shaper_steps steps = { 0 };
	unsigned int i;
	int ret = pn_shapers_warn(&steps, f->plane.pins.dir, topo);

	for (i = 0; i < steps.n_warnings; i++)
		pn_log(PN_LOG_WARN, "%s: %s (%s)", steps.warning[i].object,
		       steps.warning[i].text, steps.warning[i].hint);
	pn_shaper_steps_free(&steps);
	return ret ? pn_err_memory(err, NULL) : 0;
}

/* What is wrong with the shapers of a file is found before anything is done. */
static int file_apply(struct pn_follow *f, const struct pn_run_wants *w,
		      struct pn_run_file *file, struct pn_err *err)
{
	int ret = pn_run_file_read(w->file, file, err);

	if (!ret)
		ret = pn_shaping_ports_check(f->plane.pins.dir, file->topo, w->dev, w->n_dev, err);
	if (!ret)
		ret = pn_shaping_open(&file->shaping, file->topo, pn_request_file(w->file), err);
	if (!ret)
		ret = pn_shape_check(&f->plane.maps, &file->shaping.wants, err);
	if (!ret)
		ret = shapers_warn(f, file->topo, err);
	return ret ? ret : pn_run_file_apply(w->opts->state, file, err);
}

/* Apply the file and want its ports and those of the command line. */
static int wants_read(struct pn_follow *f, const struct pn_run_wants *w,
		      struct pn_run_file *file, struct pn_err *err)
{
	struct pn_pins *pins = &f->plane.pins;
	uint64_t number = w->file ? pn_request_file(w->file) : 0;
	struct pn_port_conf conf;
	unsigned int i;
	int d, ret = 0;

	if (w->file)
		ret = file_apply(f, w, file, err);
	for (i = 0; i < file->n && !ret; i++) {
		ret = port_want(pins, &file->port[i], number, err);
		if (ret)
			pn_err_place(err, w->file, file->port[i].line, file->port[i].column);
	}
	if (!ret && w->file)
		ret = pn_shaping_do(&file->shaping, &f->plane, err);
	if (!ret && w->file)
		unlisted_detach(pins, file, number);
	for (d = 0; d < w->n_dev && !ret; d++) {
		ret = pn_port_opts_conf(w->opts, w->dev[d], &conf, err);
		if (!ret)
			ret = port_want(pins, &conf, 0, err);
	}
	return ret;
}

static const struct pn_record *known_before(const struct pn_record *before, int n,
					    const struct pn_record *r)
{
	int i;

	for (i = 0; i < n; i++)
		if (before[i].ifindex == r->ifindex)
			return &before[i];
	return NULL;
}

/* A start that fails leaves the ports as it found them. */
static void wants_undo(struct pn_pins *pins, const struct pn_record *before, int n_before)
{
	struct pn_err ignored = { 0 };
	const struct pn_record *old;
	struct pn_record *now;
	int i, n = pn_record_list(pins, &now);

	for (i = 0; i < n; i++) {
		old = known_before(before, n_before, &now[i]);
		if (old)
			pn_record_restore(pins, old);
		else
			pn_shaping_detach(pins, now[i].ifindex, &ignored);
	}
	free(now);
}

/* At the start a port that fails is the command's failure; later it is a log line. */
static int failed_check(const struct pn_follow *f, struct pn_err *err)
{
	int i, ret;

	for (i = 0; i < f->n_records; i++) {
		const struct pn_record *r = &f->record[i];

		if (r->state != PN_PORT_FAILED)
			continue;
		ret = pn_err_set(err, r->code ? r->code : PN_EXIT_KERNEL, r->sys, r->dev, "%s",
				 r->text);
		if (r->hint[0])
			pn_err_hint(err, "%s", r->hint);
		return ret;
	}
	return 0;
}

int pn_run_ports_start(struct pn_follow *f, const struct pn_run_wants *w, struct pn_err *err)
{
	struct pn_pins *pins = &f->plane.pins;
	struct pn_run_file file = { 0 };
	struct pn_record *before;
	int n = pn_record_list(pins, &before);
	int ret = wants_read(f, w, &file, err);

	if (!ret)
		ret = pn_follow_ports(f, true, err);
	if (!ret)
		ret = failed_check(f, err);
	if (ret) {
		pn_shaping_undo(&file.shaping, &f->plane);
		wants_undo(pins, before, n);
		pn_run_file_undo(&file, err);
	}
	pn_run_file_free(&file);
	free(before);
	return ret;
}

int pn_run_ports_again(struct pn_follow *f, const struct pn_run_wants *w, struct pn_err *err)
{
	struct pn_run_file file = { 0 };
	int ret = wants_read(f, w, &file, err);

	if (!ret)
		ret = pn_follow_ports(f, false, err);
	pn_run_file_free(&file);
	return ret;
}
