// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Objects of topology files, scene by scene; see objects.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "applied.h"
#include "command.h"
#include "netns.h"
#include "objects.h"
#include "run.h"
#include "state.h"
#include "tap.h"
#include "topo/object.h"
#include "topo/sys.h"

static struct netns own;

/* Steps that are left, printed; -errno. */
static int plan(const char *text, struct pn_err *err)
{
	char say[2048];
	int rc = applied_plan(text, say, sizeof(say), err);

	if (rc > 0)
		tap_diag("%s", say);
	return rc;
}

static void unmake(void)
{
	struct pn_err err;

	tap_true(applied_delete(&err) >= 0, err.text);
}

static char *scene_text(const struct object_scene *s, const char *objects)
{
	char *text;

	if (asprintf(&text, "penstock: 1\n%s%s", s->links, objects) < 0)
		tap_bail("out of memory");
	return text;
}

static void blanks_drop(const char *from, char *to, size_t len)
{
	size_t n = 0;

	for (; *from && n < len - 1; from++) {
		if (!isspace((unsigned char)*from))
			to[n++] = *from;
	}
	to[n] = 0;
}

/* What was printed is kept while the command is the same. */
static void sees_check(const struct object_see *see)
{
	char want[1024], *text = NULL;
	const char *cmd = "";
	unsigned int i;
	int status = 0;

	for (i = 0; i < OBJECT_SEES && see[i].cmd; i++) {
		if (strcmp(cmd, see[i].cmd)) {
			free(text);
			text = command_text(see[i].cmd, &status);
			blanks_drop(text, text, strlen(text) + 1);
			cmd = see[i].cmd;
		}
		blanks_drop(see[i].has, want, sizeof(want));
		if (status || !strstr(text, want))
			tap_fail("%s: status %d, has no %s: %.2000s", cmd, status, want, text);
	}
	free(text);
}

/* Lines "ip ...", "bridge ...", "tc ..."; one exec for lines of one tool that follow. */
static int tools(const char *lines)
{
	char batch[4096], cmd[64];
	size_t word, len, at = 0;
	const char *tool = NULL;
	FILE *f;
	int rc = 0;

	while (!rc && (*lines || tool)) {
		word = strcspn(lines, " ");
		if (tool && (!*lines || strncmp(tool, lines, word + 1))) {
			snprintf(cmd, sizeof(cmd), "%.*s -batch - 2>&1 | sed 's/^/# /'",
				 (int)strcspn(tool, " "), tool);
			fflush(stdout);
			f = popen(cmd, "we");
			if (!f || fwrite(batch, 1, at, f) != at)
				tap_bail("cannot run %s", cmd);
			rc = pclose(f);
			at = 0;
			tool = NULL;
			continue;
		}
		tool = lines;
		lines += word + 1;
		len = strcspn(lines, "\n") + 1;
		memcpy(batch + at, lines, len);
		at += len;
		lines += len;
	}
	return rc;
}

static int tool(const char *line)
{
	char cmd[256];

	snprintf(cmd, sizeof(cmd), "%s >/dev/null 2>&1", line);
	return system(cmd);
}

static void object_print(FILE *f, const struct pn_object *o)
{
	char text[4096];
	unsigned int i;

	fprintf(f, "%s", o->key);
	for (i = 0; i < o->cls->n; i++) {
		if (pn_object_says(o, i))
			fprintf(f, " %s %s", o->cls->field[i].row.name,
				pn_field_format(&o->cls->field[i], &o->v[i], text, sizeof(text)));
	}
	fputc('\n', f);
}

static int line_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted: the order of a dump is no state. */
static char *lines_sort(char *text)
{
	char *line[4096], *save, *sorted;
	unsigned int i, n = 0;
	size_t size;
	FILE *f;

	for (char *l = strtok_r(text, "\n", &save); l && n < 4096; l = strtok_r(NULL, "\n", &save))
		line[n++] = l;
	qsort(line, n, sizeof(line[0]), line_order);
	f = open_memstream(&sorted, &size);
	for (i = 0; i < n; i++)
		fprintf(f, "%s\n", line[i]);
	fclose(f);
	free(text);
	return sorted;
}

/* All objects of all classes that are configuration, and all links and addresses. */
static char *state(void)
{
	static const char *const here[] = { NULL };
	const struct pn_objects *list;
	const struct pn_object *o;
	struct pn_sys sys = { 0 };
	char *text, *links = state_dump(here, 1), *all;
	struct pn_err err = { 0 };
	struct pn_sys_ns *ns = pn_sys_ns(&sys, NULL, &err);
	unsigned int i;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (i = 0; ns && pn_classes[i]; i++) {
		list = pn_objects_running(ns, pn_classes[i], &err);
		for (o = list ? list->by_key : NULL; o; o = o->hh.next) {
			if (pn_object_is_config(o))
				object_print(f, o);
		}
	}
	if (err.text[0])
		tap_fail("%s: %s", err.object, err.text);
	fclose(f);
	pn_sys_fini(&sys);
	text = lines_sort(text);
	if (asprintf(&all, "%s%s", links, text) < 0)
		tap_bail("out of memory");
	free(links);
	free(text);
	return all;
}

static void same(char *before)
{
	char *now = state();

	state_same(before, now);
	free(now);
}

static bool world_open(const struct object_scene *s)
{
	if (!netns_begin(&own) || !tap_sys(netns_quiet(&own), "sysctls"))
		return false;
	return !s->needs || !tool(s->needs);
}

static void made_test(const struct object_scene *s, const char *text)
{
	char *before = state();
	struct pn_err err;

	tap_case("%s: applied, seen by the tools, nothing left to do", s->name);
	tap_true(applied_apply(text, NULL, &err) > 0, err.text);
	sees_check(s->see);
	tap_eq(plan(text, &err), 0, "steps of the plan afterwards");
	tap_eq(applied_apply(text, NULL, &err), 0, "writes of the second apply");
	tap_end();
	tap_case("%s: deleted", s->name);
	unmake();
	same(before);
	tap_end();
	free(before);
}

static void adopted_test(const struct object_scene *s, const char *text)
{
	char *links = scene_text(s, ""), *before;
	struct pn_err err;

	if (!s->tools) {
		free(links);
		tap_true(applied_apply(text, NULL, &err) > 0, err.text);
		return;
	}
	tap_case("%s: made by the tools, and taken as it is", s->name);
	tap_true(applied_apply(links, NULL, &err) >= 0, err.text);
	before = state();
	tap_eq(tools(s->tools), 0, "tools");
	sees_check(s->see);
	tap_eq(plan(text, &err), 0, "steps of the plan");
	free(before);
	before = state();
	tap_true(applied_apply(text, NULL, &err) == 0, "nothing written");
	same(before);
	free(before);
	free(links);
	tap_end();
}

static void shown_test(const struct object_scene *s)
{
	struct pn_err err;
	struct run r;

	tap_case("%s: show config is a file that changes nothing", s->name);
	if (tap_sys(run_penstock(&r, "show config --bpffs /sys/fs/bpf/pnt-objects"), "run") &&
	    tap_eq(r.status, 0, r.err))
		tap_eq(plan(r.out, &err), 0, err.text[0] ? err.text : "steps");
	run_free(&r);
	tap_end();
}

static void drift_test(const struct object_scene *s, const char *text)
{
	char *before = state();
	struct pn_err err;

	tap_case("%s: drift repaired", s->name);
	tap_eq(tools(s->drift), 0, "tools");
	tap_true(applied_apply(text, NULL, &err) > 0, err.text);
	tap_eq(plan(text, &err), 0, "steps left");
	same(before);
	tap_end();
	free(before);
}

/* Fail at each step: nothing may change. */
static void fail_each(const struct object_scene *s, const char *what, const char *text)
{
	char *before = state(), n[16];
	unsigned int steps = 1;
	struct pn_err err;
	unsigned int i;
	int rc;

	tap_case("%s: failing at every step of %s", s->name, what);
	for (i = 1; i <= steps + 1; i++) {
		snprintf(n, sizeof(n), "%u", i);
		setenv("PN_FAULT_STEP", n, 1);
		rc = applied_apply(text, &steps, &err);
		if (!tap_true(rc < 0, "failed") || !tap_eq(err.code, PN_EXIT_UNDONE, err.text))
			tap_diag("step %u of %u: %s", i, steps, err.text);
		same(before);
	}
	unsetenv("PN_FAULT_STEP");
	tap_end();
	free(before);
}

static void changed_test(const struct object_scene *s)
{
	char *text = scene_text(s, s->changed);
	struct pn_err err;

	fail_each(s, "a change", text);
	tap_case("%s: changed", s->name);
	tap_true(applied_apply(text, NULL, &err) > 0, err.text);
	sees_check(s->see_changed);
	tap_eq(plan(text, &err), 0, "steps left");
	tap_end();
	free(text);
}

static void refused_test(const struct object_scene *s)
{
	char *text = scene_text(s, s->refused), *before = state();
	struct pn_err err;

	tap_case("%s: what the kernel refuses leaves nothing behind", s->name);
	tap_true(applied_apply(text, NULL, &err) < 0, "refused");
	tap_eq(err.code, PN_EXIT_UNDONE, err.text);
	if (!strstr(err.text, s->sentence))
		tap_fail("\"%s\" has no \"%s\"", err.text, s->sentence);
	same(before);
	tap_end();
	free(before);
	free(text);
}

static void scene_test(const struct object_scene *s)
{
	char *text = scene_text(s, s->objects);
	char *before;

	if (!world_open(s)) {
		tap_case("%s", s->name);
		tap_skip("this kernel refuses: %s", s->needs);
		goto out;
	}
	made_test(s, text);
	fail_each(s, "the making", text);
	before = state();
	adopted_test(s, text);
	shown_test(s);
	if (s->drift)
		drift_test(s, text);
	if (s->refused)
		refused_test(s);
	if (s->changed)
		changed_test(s);
	unmake();
	free(before);
out:
	netns_end(&own);
	free(text);
}

void objects_test(const struct object_scene *scene, unsigned int n)
{
	unsigned int i;

	applied_init("objects");
	for (i = 0; i < n; i++)
		scene_test(&scene[i]);
}
