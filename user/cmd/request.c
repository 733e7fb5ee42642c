// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Attaching what a command asks for; see request.h. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/follow.h"
#include "cmd/request.h"
#include "plane/device.h"
#include "plane/shapers.h"

#define DAEMON_WAIT_MS	20000
#define DAEMON_STEP_MS	5

static int requests_write(struct pn_pins *pins, struct pn_request *req, int n, struct pn_err *err)
{
	int i, ret = 0;

	for (i = 0; i < n && !ret; i++) {
		req[i].record.state = PN_PORT_WANTED;
		ret = pn_record_write(pins, &req[i].record);
	}
	if (!ret)
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, req[i - 1].record.dev,
			  "its record cannot be written: %s", strerror(-ret));
}

/* As before: what was not attached goes, what was keeps its earlier wish. */
static void requests_undo(struct pn_pins *pins, struct pn_request *req, int n)
{
	struct pn_err ignored = { 0 };
	int i;

	for (i = 0; i < n; i++) {
		if (req[i].known)
			pn_record_restore(pins, &req[i].before);
		else
			pn_shaping_detach(pins, req[i].record.ifindex, &ignored);
	}
}

/* The first port whose program does not know its shapers yet; false: all do. */
static bool shapers_wait(const struct pn_plane *plane, struct pn_record *port)
{
	struct pn_record *r;
	int i, n = pn_record_list(&plane->pins, &r);
	bool waits = false;

	for (i = 0; i < n && !waits; i++) {
		waits = r[i].state == PN_PORT_ATTACHED &&
			pn_shapers_changed(&r[i].conf, &plane->maps);
		if (waits)
			*port = r[i];
	}
	free(r);
	return waits;
}

/* Beside a daemon: it sees the records change and does the rest. */
static int daemon_do(struct pn_plane *plane, const struct pn_requests *all, struct pn_err *err)
{
	int left = DAEMON_WAIT_MS / DAEMON_STEP_MS;
	struct pn_pins *pins = &plane->pins;
	struct pn_request *req = all->req;
	struct pn_record late = { 0 };
	int i, n = all->n;

	pn_plane_poke(pins);
	pn_pins_unlock(pins);
	for (i = 0; i < n; i++) {
		while (left-- && !pn_record_read(pins, req[i].record.ifindex, &req[i].record) &&
		       req[i].record.state == PN_PORT_WANTED)
			poll(NULL, 0, DAEMON_STEP_MS);
		if (left < 0)
			break;
	}
	while (all->shaping && left > 0 && shapers_wait(plane, &late) && left--)
		poll(NULL, 0, DAEMON_STEP_MS);
	if (pn_pins_lock(pins, err))
		return -EBUSY;
	if (left > 0)
		return 0;
	pn_err_set(err, PN_EXIT_KERNEL, ETIMEDOUT, i < n ? req[i].record.dev : late.dev,
		   "the daemon that follows the kernel did not attach it in %d seconds",
		   DAEMON_WAIT_MS / 1000);
	pn_err_hint(err, "see what `penstock run` says, or stop it and attach again");
	return -ETIMEDOUT;
}

static int requests_do(struct pn_plane *plane, struct pn_requests *all, struct pn_err *err)
{
	struct pn_follow f = { .plane = *plane };
	int ret = all->shaping ? pn_shaping_do(all->shaping, plane, err) : 0;

	if (!ret)
		ret = requests_write(&plane->pins, all->req, all->n, err);
	if (ret)
		return ret;
	all->followed = pn_pins_followed(&plane->pins);
	if (all->followed)
		return daemon_do(plane, all, err);
	ret = pn_follow_start(&f, err);
	if (!ret)
		ret = pn_follow_ports(&f, false, err);
	pn_follow_stop(&f);
	return ret;
}

/* The first port that was refused says why. */
static int requests_check(struct pn_pins *pins, struct pn_request *req, int n, struct pn_err *err)
{
	int i, ret;

	for (i = 0; i < n; i++) {
		const struct pn_record *r = &req[i].record;

		ret = pn_record_read(pins, r->ifindex, &req[i].record);
		if (ret)
			return pn_err_set(err, PN_EXIT_KERNEL, ENODEV, r->dev,
					  "the device vanished while it was attached");
		if (r->state == PN_PORT_ATTACHED)
			continue;
		ret = pn_err_set(err, r->code ? r->code : PN_EXIT_KERNEL, r->sys, r->dev, "%s",
				 r->text[0] ? r->text : "it was not attached");
		if (r->hint[0])
			pn_err_hint(err, "%s", r->hint);
		return ret;
	}
	return 0;
}

/* What is there of each port now, and what is wanted of it. */
static int requests_make(struct pn_pins *pins, const struct pn_requests *all,
			 struct pn_err *err)
{
	struct pn_request *req = all->req;
	struct pn_device dev;
	int i, ret;

	for (i = 0; i < all->n; i++) {
		ret = pn_device_by_name(req[i].conf.dev, &dev, err);
		if (ret)
			return ret;
		req[i].known = !pn_record_read(pins, dev.ifindex, &req[i].before);
		if (req[i].known)
			req[i].record = req[i].before;
		req[i].record.ifindex = dev.ifindex;
		if (req[i].file || all->back)
			req[i].record.file = req[i].file;
		pn_record_want(&req[i].record, &req[i].conf);
		req[i].changed = !req[i].known || req[i].before.state != PN_PORT_ATTACHED ||
				 memcmp(&req[i].record, &req[i].before, sizeof(req[i].record));
	}
	return 0;
}

/* Before a directory is made for them. */
static int devices_check(const struct pn_request *req, int n, struct pn_err *err)
{
	struct pn_device dev;
	int i, ret = 0;

	for (i = 0; i < n && !ret; i++)
		ret = pn_device_by_name(req[i].conf.dev, &dev, err);
	return ret;
}

int pn_requests_attach(const char *bpffs, struct pn_requests *all, struct pn_err *err)
{
	struct pn_plane plane;
	int ret = devices_check(all->req, all->n, err);

	all->followed = false;
	if (!ret)
		ret = pn_plane_open(&plane, bpffs, all->sizes, err);
	if (ret)
		return ret;
	ret = requests_make(&plane.pins, all, err);
	if (!ret) {
		ret = requests_do(&plane, all, err);
		if (!ret)
			ret = requests_check(&plane.pins, all->req, all->n, err);
		if (ret && all->shaping)
			pn_shaping_undo(all->shaping, &plane);
		if (ret)
			requests_undo(&plane.pins, all->req, all->n);
		if (ret && all->followed)
			pn_plane_poke(&plane.pins);
	}
	if (ret && !all->followed)
		pn_plane_tidy(&plane.pins);
	pn_plane_close(&plane);
	return ret;
}

/* Those that were no ports before; what was only wanted is wanted again. */
static int requests_forget(const char *bpffs, const struct pn_requests *all, struct pn_err *err)
{
	const struct pn_request *req;
	struct pn_pins pins;
	int i, ret = pn_pins_open_to_change(&pins, bpffs, err);

	if (ret)
		return ret;
	for (i = 0; i < all->n && !ret; i++) {
		req = &all->req[i];
		if (!req->known)
			ret = pn_shaping_detach(&pins, req->record.ifindex, err);
		else if (req->before.state != PN_PORT_ATTACHED)
			ret = pn_record_restore(&pins, &req->before);
	}
	if (pn_pins_followed(&pins))
		pn_plane_poke(&pins);
	else
		pn_plane_tidy(&pins);
	pn_pins_close(&pins);
	return ret;
}

int pn_requests_undo(const char *bpffs, struct pn_requests *all, struct pn_err *err)
{
	struct pn_err second = { 0 };
	struct pn_requests back = { .shaping = all->shaping, .back = true };
	int i, ret, rest;

	back.req = calloc(all->n + 1, sizeof(*back.req));
	if (!back.req)
		return pn_err_memory(err, NULL);
	for (i = 0; i < all->n; i++) {
		if (!all->req[i].known || all->req[i].before.state != PN_PORT_ATTACHED)
			continue;
		pn_record_conf(&all->req[i].before, &back.req[back.n].conf);
		back.req[back.n++].file = all->req[i].before.file;
	}
	if (back.shaping)
		pn_shaping_turn(back.shaping);
	ret = pn_requests_attach(bpffs, &back, err);
	rest = requests_forget(bpffs, all, &second);
	if (rest && !ret)
		*err = second;
	free(back.req);
	return ret ? ret : rest;
}

int pn_requests_detach(const char *bpffs, uint64_t file, struct pn_err *err)
{
	struct pn_err none = { 0 };
	struct pn_record *r;
	struct pn_pins pins;
	int i, count, ret = pn_pins_open_to_change(&pins, bpffs, &none);

	if (ret == -ENOENT || ret == -ENODEV)
		return 0;
	if (ret) {
		*err = none;
		return ret;
	}
	count = pn_record_list(&pins, &r);
	for (i = 0; i < count && !ret; i++)
		if (r[i].file && (!file || r[i].file == file))
			ret = pn_shaping_detach(&pins, r[i].ifindex, err);
	free(r);
	if (!ret)
		ret = pn_shaping_remove(&pins, file, err);
	if (pn_pins_followed(&pins))
		pn_plane_poke(&pins);
	else
		pn_plane_tidy(&pins);
	pn_pins_close(&pins);
	return ret;
}

/* A file that is gone still has a directory, which its record was made with. */
static bool path_full(const char *path, char full[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	size_t n;

	if (realpath(path, full))
		return true;
	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) + 1 : 1,
		 slash ? path : ".");
	if (!realpath(dir, full))
		return false;
	n = strlen(full);
	snprintf(full + n, PATH_MAX - n, "/%s", slash ? slash + 1 : path);
	return true;
}

uint64_t pn_request_file(const char *path)
{
	uint64_t number = 0xcbf29ce484222325ull;	/* FNV-1a */
	char full[PATH_MAX];

	if (!path_full(path, full))
		snprintf(full, sizeof(full), "%s", path);
	for (path = full; *path; path++)
		number = (number ^ (unsigned char)*path) * 0x100000001b3ull;
	return number ? number : 1;
}
