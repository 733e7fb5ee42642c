// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Every kind, made from a topology file in one namespace and by ip(8) in
 * another, then changed in both: `ip -d -j link` says the same of both,
 * attribute by attribute. What ip made is "no change" to penstock, and what
 * penstock made is gone after delete. A kind that the kernel has not is
 * refused in a sentence of its own.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "applied.h"
#include "command.h"
#include "kinds_rows.h"
#include "netns.h"
#include "run.h"
#include "tap.h"

static struct netns ours, theirs;
static bool has[KIND_ROWS];

/* Of one device in one namespace: what a driver or the time chooses. */
static const char *const skipped[] = {
	"ifindex", "link_index", "address", "permaddr", "perm_hwaddr", "operstate", "flags",
	"bridge_id", "designated_root", "designated_bridge", "designated_port", "root_id",
	"hello_timer", "tcn_timer", "topology_change_timer", "gc_timer", "message_age_timer",
	"forward_delay_timer", "hold_timer", "mii_status", "link_failure_count", "state",
	"ad_info", "usedbcqueuelen", NULL,
};

static bool is_skipped(const char *key)
{
	unsigned int i;

	for (i = 0; skipped[i]; i++) {
		if (!strcmp(skipped[i], key))
			return true;
	}
	return false;
}

/* Both ways: what one has and the other has not is a difference. */
static void same_json(const char *path, struct json_object *got, struct json_object *want);

static void same_object(const char *path, struct json_object *got, struct json_object *want)
{
	char deeper[200];

	json_object_object_foreach(want, key, value) {
		snprintf(deeper, sizeof(deeper), "%s.%s", path, key);
		if (!is_skipped(key))
			same_json(deeper, json_object_object_get(got, key), value);
	}
	json_object_object_foreach(got, name, other) {
		snprintf(deeper, sizeof(deeper), "%s.%s", path, name);
		if (!is_skipped(name) && !json_object_object_get_ex(want, name, NULL))
			tap_fail("%s: ip says nothing of it, but has %s", deeper,
				 json_object_to_json_string(other));
	}
}

static void same_json(const char *path, struct json_object *got, struct json_object *want)
{
	if (json_object_is_type(got, json_type_object) &&
	    json_object_is_type(want, json_type_object))
		same_object(path, got, want);
	else
		tap_str(json_object_to_json_string(got), json_object_to_json_string(want), path);
}

static struct json_object *links_of(const struct netns *ns)
{
	struct json_object *list;
	char *text;

	if (netns_enter(ns))
		return NULL;
	text = command_text("ip -d -j link", NULL);
	list = json_tokener_parse(text);
	free(text);
	netns_leave();
	return list;
}

static struct json_object *link_of(struct json_object *list, const char *name)
{
	struct json_object *link;
	size_t i;

	for (i = 0; list && i < json_object_array_length(list); i++) {
		link = json_object_array_get_idx(list, i);
		if (!strcmp(json_object_get_string(json_object_object_get(link, "ifname")), name))
			return link;
	}
	return NULL;
}

static const char *file_of(const struct kind_row *row, bool changed)
{
	return changed && row->file2 ? row->file2 : row->file;
}

/* The file of all rows that the kernel has; or of one, @only. */
static char *text_of(bool changed, const struct kind_row *only)
{
	char *text = NULL;
	size_t len, i;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		tap_bail("out of memory");
	fputs("penstock: 1\nlinks:\n", f);
	for (i = 0; i < KIND_ROWS; i++) {
		if (only ? only == &kind_rows[i] : has[i])
			fprintf(f, "  - {name: %s, %s}\n", kind_rows[i].name,
				file_of(&kind_rows[i], changed));
	}
	fclose(f);
	return text;
}

static int apply_in(const struct netns *ns, const char *text, struct pn_err *err)
{
	int from = netns_visit(ns), rc;

	if (from < 0)
		return from;
	rc = applied_apply(text, NULL, err);
	netns_return(from);
	return rc;
}

static int unmake(struct pn_err *err)
{
	int from = netns_visit(&ours), rc;

	if (from < 0)
		return from;
	rc = applied_delete(err);
	netns_return(from);
	return rc < 0 ? rc : 0;
}

/* Lines for ip, going on past what it refuses. */
static void ip_in(const struct netns *ns, const char *lines)
{
	FILE *f;

	if (netns_enter(ns))
		return;
	f = popen("ip -force -batch - >/dev/null 2>&1", "w");
	if (f)
		fputs(lines, f);
	if (f)
		pclose(f);
	netns_leave();
}

static void ip_rows(bool changed)
{
	char *text = NULL;
	size_t len, i;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		tap_bail("out of memory");
	for (i = 0; i < KIND_ROWS; i++) {
		const char *lines = changed ? kind_rows[i].ip2 : kind_rows[i].ip;

		if (lines && (!changed || has[i]))
			fputs(lines, f);
	}
	fclose(f);
	ip_in(&theirs, text);
	free(text);
}

/* A device that is there, and for a port that it is one. */
static bool is_made(struct json_object *list, const struct kind_row *row)
{
	struct json_object *link = link_of(list, row->name);
	bool port = !strstr(row->file, "kind:");

	return link && (!port || json_object_object_get_ex(link, "master", NULL));
}

static void compare(const char *what, bool changed)
{
	struct json_object *mine = links_of(&ours), *other = links_of(&theirs);
	struct json_object *got, *want;
	size_t i;

	for (i = 0; i < KIND_ROWS; i++) {
		if (!has[i])
			continue;
		tap_case("%s: %s: %s", kind_rows[i].name, what,
			 file_of(&kind_rows[i], changed));
		got = link_of(mine, kind_rows[i].name);
		want = link_of(other, kind_rows[i].name);
		if (tap_true(got && want, "made by both"))
			same_json(kind_rows[i].name, got, want);
		tap_end();
	}
	json_object_put(mine);
	json_object_put(other);
}

/* What ip made is as the file wants it. */
static void plan_is_empty(const char *text)
{
	struct pn_err err;
	char say[4096];
	int rc;

	/* What penstock made, elsewhere, is none of this. */
	applied_init("theirs");
	if (tap_sys(netns_enter(&theirs), "enter")) {
		rc = applied_plan(text, say, sizeof(say), &err);
		if (!tap_eq(rc, 0, "steps"))
			tap_diag("%s", rc < 0 ? err.text : say);
	}
	netns_leave();
	applied_init("kinds");
}

static void plan_theirs(bool changed)
{
	char *text = text_of(changed, NULL);

	tap_case("what ip %s is no change to penstock", changed ? "changed" : "made");
	plan_is_empty(text);
	tap_end();
	free(text);
}

/* As a file, by show config, it has every device, and is no change. */
static void config_theirs(void)
{
	struct run r = { 0 };
	char want[64];
	size_t i;

	tap_case("what ip made, show config prints, and that is no change");
	tap_sys(netns_enter(&theirs), "enter");
	tap_sys(run_penstock(&r, "show config"), "show config");
	netns_leave();
	for (i = 0; r.out && i < KIND_ROWS; i++) {
		snprintf(want, sizeof(want), "name: %s\n", kind_rows[i].name);
		if (has[i] && !strstr(r.out, want))
			tap_fail("no %s in it", kind_rows[i].name);
	}
	if (r.out)
		plan_is_empty(r.out);
	tap_end();
	run_free(&r);
}

static bool is_lab(void)
{
	struct utsname u;

	return !uname(&u) && strstr(u.release, "-amd64");
}

/* Kinds that this kernel cannot make: the sentence. In the lab there is none. */
static void missing_check(size_t i)
{
	const struct kind_row *row = &kind_rows[i];
	char *text = text_of(false, row), want[80];
	struct pn_err err;

	tap_case("%s: this kernel has no %s devices", row->name, row->kind);
	tap_true(!is_lab(), "the lab's kernels have all kinds");
	tap_true(apply_in(&ours, text, &err) < 0, "refused");
	snprintf(want, sizeof(want), "no %s devices", row->kind);
	tap_true(strstr(err.text, want) || strstr(err.hint, want), err.text);
	tap_end();
	free(text);
}

static void missing(void)
{
	struct json_object *list = links_of(&theirs);
	size_t i, j;

	for (i = 0; i < KIND_ROWS; i++)
		has[i] = is_made(list, &kind_rows[i]);
	json_object_put(list);
	for (i = 0; i < KIND_ROWS; i++) {
		if (has[i])
			continue;
		for (j = 0; j < KIND_ROWS; j++) {
			if (!strcmp(kind_rows[j].kind, kind_rows[i].kind) && (has[j] || j < i))
				break;
		}
		if (j == KIND_ROWS)
			missing_check(i);
		else if (has[j])
			tap_ok(!is_lab(), "%s: not what this kernel's %s can be",
			       kind_rows[i].name, kind_rows[i].kind);
	}
}

/* Deleted by a file without them, and made again when its last step fails. */
static void test_restored(const char *text)
{
	static const char none[] = "penstock: 1\nlinks: []\n";
	struct pn_err err;
	char step[16];
	int steps = -1;

	tap_case("all kinds deleted, and made again when that fails");
	if (tap_sys(netns_enter(&ours), "enter"))
		steps = applied_plan(none, NULL, 0, &err);
	if (tap_true(steps > 0, err.text)) {
		snprintf(step, sizeof(step), "%d", steps + 1);
		setenv("PN_FAULT_STEP", step, 1);
		tap_true(apply_in(&ours, none, &err) < 0, "failed");
		tap_true(!!strstr(err.text, "; everything done was undone"), err.text);
		unsetenv("PN_FAULT_STEP");
		tap_eq(apply_in(&ours, text, &err), 0, "writes of an apply afterwards");
	}
	tap_end();
	compare("made again", true);
}

static void run(void)
{
	struct json_object *list;
	struct pn_err err;
	char *text;
	size_t i;

	missing();
	text = text_of(false, NULL);
	tap_case("all kinds of this kernel in one file");
	tap_true(apply_in(&ours, text, &err) > 0, err.text);
	tap_eq(apply_in(&ours, text, &err), 0, "writes of the second apply");
	tap_end();
	compare("made", false);
	plan_theirs(false);
	free(text);
	ip_rows(true);
	text = text_of(true, NULL);
	tap_case("all kinds changed");
	tap_true(apply_in(&ours, text, &err) > 0, err.text);
	tap_eq(apply_in(&ours, text, &err), 0, "writes of the second apply");
	tap_end();
	compare("changed", true);
	plan_theirs(true);
	config_theirs();
	test_restored(text);
	free(text);
	tap_case("all kinds deleted");
	tap_sys(unmake(&err), err.text);
	list = links_of(&ours);
	for (i = 0; i < KIND_ROWS; i++) {
		if (strstr(kind_rows[i].file, "kind:") && link_of(list, kind_rows[i].name))
			tap_fail("%s is left", kind_rows[i].name);
	}
	json_object_put(list);
	tap_end();
}

int main(void)
{
	applied_init("kinds");
	if (is_lab() && system("modprobe -qa fou fou6 br_netfilter"))
		tap_diag("fou is not to be had");
	if (netns_open(&ours) || netns_open(&theirs))
		tap_bail("no namespaces");
	ip_in(&theirs, kind_before);
	ip_in(&ours, kind_before);
	ip_rows(false);
	run();
	netns_close(&ours);
	netns_close(&theirs);
	return tap_done();
}
