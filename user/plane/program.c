// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Opening, specialising and loading; see program.h. One row per hook. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plane/program.h"
#include "plane/shapers.h"
#include "plane/spread.h"
#include "tc_port.skel.h"
#include "tc_shape.skel.h"
#include "util/hash.h"
#include "util/log.h"
#include "xdp_port.skel.h"

#ifndef BPF_F_XDP_HAS_FRAGS
#define BPF_F_XDP_HAS_FRAGS (1U << 5)
#endif

#define LOG_SIZE (1 << 24) /* or a kernel before 6.4 says no more than that it is full */

struct opened {
	void *skel;
	struct bpf_object *obj;
};

static struct opened xdp_open(const struct pn_program_spec *spec)
{
	struct xdp_port_bpf *skel = xdp_port_bpf__open();

	if (!skel)
		return (struct opened){ NULL, NULL };
	skel->rodata->pn_conf = spec->conf;
	return (struct opened){ skel, skel->obj };
}

static void xdp_close(void *skel)
{
	xdp_port_bpf__destroy(skel);
}

static const void *xdp_bytes(size_t *size)
{
	return xdp_port_bpf__elf_bytes(size);
}

static struct opened tc_open(const struct pn_program_spec *spec)
{
	struct tc_port_bpf *skel = tc_port_bpf__open();

	if (!skel)
		return (struct opened){ NULL, NULL };
	skel->rodata->pn_conf = spec->conf;
	return (struct opened){ skel, skel->obj };
}

static void tc_close(void *skel)
{
	tc_port_bpf__destroy(skel);
}

static const void *tc_bytes(size_t *size)
{
	return tc_port_bpf__elf_bytes(size);
}

static struct opened shape_open(const struct pn_program_spec *spec)
{
	struct tc_shape_bpf *skel = tc_shape_bpf__open();

	if (!skel)
		return (struct opened){ NULL, NULL };
	skel->rodata->pn_conf = spec->conf;
	skel->rodata->pn_shape_ifb = spec->ifb;
	return (struct opened){ skel, skel->obj };
}

static void shape_close(void *skel)
{
	tc_shape_bpf__destroy(skel);
}

static const struct hook_row {
	const char *name;
	enum bpf_prog_type type;
	struct opened (*open)(const struct pn_program_spec *spec);
	void (*close)(void *skel);
	const void *(*bytes)(size_t *size);
} rows[] = {
	[PN_HOOK_XDP] = { "xdp_port", BPF_PROG_TYPE_XDP, xdp_open, xdp_close, xdp_bytes },
	[PN_HOOK_TC] = { "tc_port", BPF_PROG_TYPE_SCHED_CLS, tc_open, tc_close, tc_bytes },
};

static const struct hook_row shape_row = {
	"tc_shape", BPF_PROG_TYPE_SCHED_CLS, shape_open, shape_close,
};

static const struct hook_row *row_of(const struct pn_program_spec *spec)
{
	return spec->ifb ? &shape_row : &rows[spec->hook];
}

const char *pn_program_name(enum pn_hook hook)
{
	return rows[hook].name;
}

uint32_t pn_program_object(enum pn_hook hook)
{
	size_t size;
	const void *bytes = rows[hook].bytes(&size);

	return pn_fnv1a(bytes, size);
}

void pn_program_conf(struct pn_conf *conf, const struct pn_maps *maps)
{
	conf->seed = maps->abi.seed;
	conf->fdb_mask = maps->abi.fdb_buckets - 1;
	conf->demux_mask = maps->abi.demux_buckets - 1;
	conf->endpoint_mask = maps->abi.endpoint_buckets - 1;
	conf->match_mask = maps->abi.match_buckets - 1;
	conf->families = PN_FAMILY_ALL;
	pn_shapers_conf(conf, maps);
	conf->nesting = conf->nesting ? conf->nesting : 1;
}

/* A devmap belongs to programs with frags, or to those without: the kernel takes no others. */
static int map_fd_of(const struct pn_maps *maps, int i, const struct pn_conf *conf)
{
	return maps->fd[i == PN_MAP_DEVMAP && conf->frags ? PN_MAP_DEVMAP_FRAGS : i];
}

/*
 * The maps that all programs share, this port's counters, and no map that this
 * program never reaches: the verifier has cut that branch off.
 */
static int maps_give(struct bpf_object *obj, const struct pn_conf *conf,
		     const struct pn_maps *maps, int stats_fd)
{
	struct bpf_map *map;
	int i, ret = 0;

	for (i = 0; i < PN_MAPS && !ret; i++) {
		map = bpf_object__find_map_by_name(obj, pn_map_names[i]);
		if (map)
			ret = bpf_map__reuse_fd(map, map_fd_of(maps, i, conf));
	}
	map = bpf_object__find_map_by_name(obj, "pn_port_stats");
	if (!ret && map)
		ret = stats_fd < 0 ? bpf_map__set_autocreate(map, false) :
		      bpf_map__reuse_fd(map, stats_fd);
	map = bpf_object__find_map_by_name(obj, "pn_explain");
	if (!ret && map && stats_fd >= 0)
		ret = bpf_map__set_autocreate(map, false);
	return ret;
}

/*
 * A link made from a program without its attach type cannot be updated with
 * one that has it, so it is said from the first version on. At tc it may only
 * be said where the kernel knows tcx; there it makes no difference.
 */
static void type_set(struct bpf_program *bp, const struct pn_program_spec *spec)
{
	bpf_program__set_type(bp, row_of(spec)->type);
	if (spec->hook != PN_HOOK_XDP)
		return;
	bpf_program__set_expected_attach_type(bp, spec->conf.stage == PN_STAGE_SPREAD ?
					      BPF_XDP_CPUMAP : BPF_XDP);
	if (spec->conf.frags)
		bpf_program__set_flags(bp, BPF_F_XDP_HAS_FRAGS);
}

int pn_program_open(struct pn_program *prog, const struct pn_program_spec *spec,
		    const struct pn_maps *maps, int stats_fd, struct pn_err *err)
{
	const struct hook_row *row = row_of(spec);
	struct opened opened = row->open(spec);
	struct bpf_program *bp;
	int ret;

	*prog = (struct pn_program){ .fd = -1, .explain_fd = -1, .count_fd = -1,
				     .hook = spec->hook, .skel = opened.skel, .obj = opened.obj,
				     .name = row->name, .close = row->close };
	if (!opened.skel)
		return pn_err_set(err, PN_EXIT_KERNEL, errno, spec->dev,
				  "the program %s cannot be opened: %s",
				  row->name, strerror(errno));
	bp = bpf_object__find_program_by_name(opened.obj, row->name);
	type_set(bp, spec);
	ret = maps ? maps_give(opened.obj, &spec->conf, maps, stats_fd) : 0;
	if (!ret)
		ret = pn_spread_open(prog, &spec->conf);
	if (!ret)
		return 0;
	pn_program_close(prog);
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, spec->dev,
			  "the program %s does not take the maps: %s",
			  row->name, strerror(-ret));
}

/* The last line of the verifier that says something, without its numbers after it. */
static void log_sentence(const char *log, char *out, size_t size)
{
	const char *line = log, *said = "", *end;
	size_t n = 0;

	while (line && *line) {
		end = strchr(line, '\n');
		if (strncmp(line, "processed ", 10) && strncmp(line, "verification time", 17) &&
		    strncmp(line, "stack depth", 11) && *line != '\n') {
			said = line;
			n = end ? (size_t)(end - line) : strlen(line);
		}
		line = end ? end + 1 : NULL;
	}
	snprintf(out, size, "%.*s", (int)n, said);
}

static int load_refused(const char *name, const char *dev, int sys, const char *log,
			struct pn_err *err)
{
	char line[160];
	int ret;

	pn_log(PN_LOG_DEBUG, "%s", log);
	log_sentence(log, line, sizeof(line));
	ret = pn_err_set(err, PN_EXIT_KERNEL, sys, dev,
			 "the kernel does not load %s: %s%s%s", name, strerror(sys),
			 line[0] ? ": verifier: " : "", line);
	if (sys == EPERM)
		pn_err_hint(err, "penstock needs root, or CAP_BPF and CAP_NET_ADMIN");
	else
		pn_err_hint(err, "penstock -d shows all that the verifier says");
	return ret;
}

int pn_program_finish(struct pn_program *prog, const char *dev, struct pn_err *err)
{
	struct bpf_program *bp = bpf_object__find_program_by_name(prog->obj, prog->name);
	struct pn_program_info info = { 0 };
	char *log = calloc(1, LOG_SIZE);
	int ret;

	if (log)
		bpf_program__set_log_buf(bp, log, LOG_SIZE);
	ret = bpf_object__load(prog->obj);
	if (ret)
		ret = load_refused(prog->name, dev, -ret, log ? log : "", err);
	free(log);
	if (ret) {
		pn_program_close(prog);
		return ret;
	}
	prog->fd = bpf_program__fd(bp);
	if (!pn_program_info(prog->fd, &info)) {
		prog->id = info.id;
		memcpy(prog->tag, info.tag, sizeof(prog->tag));
	}
	return 0;
}

int pn_program_load(struct pn_program *prog, const struct pn_program_spec *spec,
		    const struct pn_maps *maps, int stats_fd, struct pn_err *err)
{
	struct bpf_map *map;
	int ret = pn_program_open(prog, spec, maps, stats_fd, err);

	if (!ret)
		ret = pn_program_finish(prog, spec->dev, err);
	if (!ret && stats_fd >= 0) {
		ret = pn_spread_fill(prog, spec, maps, stats_fd, err);
		if (ret)
			pn_program_close(prog);
	}
	if (ret)
		return ret;
	map = bpf_object__find_map_by_name(prog->obj, "pn_explain");
	if (map && stats_fd < 0)
		prog->explain_fd = bpf_map__fd(map);
	return 0;
}

void pn_program_close(struct pn_program *prog)
{
	if (prog->skel)
		prog->close(prog->skel);
	if (prog->skel && prog->count_fd >= 0)
		close(prog->count_fd);
	prog->skel = NULL;
	prog->obj = NULL;
	prog->count_fd = -1;
	prog->fd = prog->explain_fd = -1;
}

int pn_program_info(int fd, struct pn_program_info *out)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		return -errno;
	*out = (struct pn_program_info){ .id = info.id, .type = info.type };
	memcpy(out->tag, info.tag, sizeof(out->tag));
	snprintf(out->name, sizeof(out->name), "%s", info.name);
	return 0;
}

int pn_program_info_by_id(uint32_t id, struct pn_program_info *info)
{
	int fd = bpf_prog_get_fd_by_id(id);
	int ret;

	if (fd < 0)
		return -errno;
	ret = pn_program_info(fd, info);
	close(fd);
	return ret;
}
