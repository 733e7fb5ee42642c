// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What is written down is what is in the tables. docs/reasons.md, the schema, the kinds of
 * tunnels in docs/protocols.md and the attributes in penstock.yaml(5) are made
 * from them: `build/selftests/unit/docs write` writes them. The manual names
 * every command and option, docs/metrics.md every metric. From the top directory.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/kind.h"
#include "link/left.h"
#include "run.h"
#include "schema.h"
#include "stats/prom.h"
#include "tap.h"
#include "topo/address.h"
#include "topo/object.h"
#include "topo/shaper.h"
#include "util/names.h"

#define REASONS "docs/reasons.md"
#define SCHEMA "docs/penstock.schema.json"

static void reasons_make(FILE *f)
{
	unsigned int i;

	fprintf(f, "# Reasons and gates\n\n"
		"Made from `reasons.def`, `gates.def` and `ineligible.def` of\n"
		"`headers/penstock` by `build/selftests/unit/docs write`;\n"
		"`make check` compares.\n\n"
		"## Reasons\n\n"
		"Every packet that reaches an attached port leaves the data plane for exactly one\n"
		"of these reasons and is counted under it (`penstock stats reasons`). Names and\n"
		"numbers never change; new ones are added at the end.\n\n"
		"*forward*: done here, byte for byte as the kernel would. *pass*: the kernel\n"
		"decides, on the unmodified packet. *drop*: the operator's policy, or a device\n"
		"that vanished under the packet.\n\n"
		"| number | reason | verdict | meaning |\n|---:|---|---|---|\n");
	for (i = 0; i < PN_MAX_REASONS; i++)
		if (pn_reason_info[i].name)
			fprintf(f, "| %u | `%s` | %s | %s |\n", i, pn_reason_info[i].name,
				pn_verdict_names[pn_reason_info[i].verdict],
				pn_reason_info[i].text);
	fprintf(f, "\n## Gates\n\n"
		"What the fast path would jump over closes a gate: the packets concerned pass to\n"
		"the kernel until the cure is applied, or the operator ignores the gate for that\n"
		"port. `penstock show ports` names closed and ignored gates.\n\n"
		"| gate | what it is | cure |\n|---|---|---|\n");
	for (i = 0; i < PN_GATES; i++)
		if (pn_gate_info[i].name)
			fprintf(f, "| `%s` | %s | %s |\n", pn_gate_info[i].name,
				pn_gate_info[i].text, pn_gate_info[i].cure);
	fprintf(f, "\n## Tunnels left to the kernel\n\n"
		"A tunnel device that a packet may not reach for certain, or whose driver does\n"
		"what only the kernel can, is left to the kernel as a whole: no packet of it is\n"
		"accelerated. `penstock show tunnels` names the reason for each device.\n\n"
		"| why | what it means |\n|---|---|\n");
	for (i = 0; i < PN_WHYS; i++)
		if (pn_why_info[i].name)
			fprintf(f, "| `%s` | %s |\n", pn_why_info[i].name, pn_why_info[i].text);
}

/* Where the rows of tunnels.def stand in docs/protocols.md. */
static void tunnels_make(FILE *f)
{
	fputs("| kind | underlay | carried by | device found by | inside | least bytes inside | "
	      "header | parser |\n|---|---|---|---|---|---:|---:|---|\n", f);
#define PN_TUNNEL_KIND(id, number, name, flags, under, carried, found, inside, least, hdr, file) \
	fprintf(f, "| `%s` | %s | %s | %s | %s | %d | %d | `bpf/lib/%s` |\n", name, under, \
		carried, found, inside, least, hdr, file);
#include <penstock/tunnels.def>
#undef PN_TUNNEL_KIND
}

/* scdoc takes these for markup. */
static void scdoc_print(FILE *f, const char *text)
{
	for (; *text; text++)
		fprintf(f, strchr("_*\\", *text) ? "\\%c" : "%c", *text);
}

/* "*name*, *alias*: what it accepts" and, indented, what it is. */
static void word_print(FILE *f, const struct pn_row *row, const char *accepts)
{
	fputc('*', f);
	scdoc_print(f, row->name);
	fputc('*', f);
	if (row->alias) {
		fputs(", *", f);
		scdoc_print(f, row->alias);
		fputc('*', f);
	}
	fputs(": ", f);
	scdoc_print(f, accepts);
	fputs("\n\t", f);
	scdoc_print(f, row->help);
}

static void default_print(FILE *f, const struct pn_row *row)
{
	if (!row->def || !*row->def)
		return;
	fputs("; the default is ", f);
	scdoc_print(f, row->def);
}

static void rows_print(FILE *f, const char *title, const struct pn_rows *rows)
{
	char accepts[300];
	unsigned int i;

	if (!rows->n)
		return;
	fprintf(f, "## %s\n\n", title);
	for (i = 0; i < rows->n; i++) {
		const struct pn_row *row = &rows->row[i];

		word_print(f, row, pn_row_accepts(row, accepts, sizeof(accepts)));
		default_print(f, row);
		fputs(row->flags & PN_ROW_FIXED ? "; fixed once the device exists\n\n" : "\n\n", f);
	}
}

static void kinds_make(FILE *f)
{
	char title[80];
	unsigned int i;

	fputc('\n', f);
	rows_print(f, "Words of an address", &pn_addr_rows);
	rows_print(f, "Attributes of all kinds", &pn_common_rows);
	for (i = 0; pn_kinds[i]; i++) {
		snprintf(title, sizeof(title), "Attributes of %s", pn_kinds[i]->name);
		rows_print(f, title, &pn_kinds[i]->data);
	}
	for (i = 0; pn_kinds[i]; i++) {
		snprintf(title, sizeof(title), "%s\\_slave", pn_kinds[i]->name);
		rows_print(f, title, &pn_kinds[i]->slave);
	}
}

/* In a table cell a bar would end it. */
static void cell_print(FILE *f, const char *text)
{
	for (; *text; text++)
		fprintf(f, *text == '|' ? "\\%c" : "%c", *text);
}

static void row_table_print(FILE *f, const struct pn_row *row)
{
	char accepts[300];

	fprintf(f, "| `%s`", row->name);
	if (row->alias)
		fprintf(f, ", `%s`", row->alias);
	fputs(" | ", f);
	cell_print(f, pn_row_accepts(row, accepts, sizeof(accepts)));
	fprintf(f, " | %s | ", row->def ? row->def : "");
	cell_print(f, row->help);
	if (row->flags & PN_ROW_REQUIRED)
		fputs("; required", f);
	if (row->flags & PN_ROW_FIXED)
		fputs("; fixed once the device exists", f);
	fputs(" |\n", f);
}

static void rows_table(FILE *f, const char *title, const char *help, const struct pn_rows *rows)
{
	unsigned int i;

	fprintf(f, "\n### %s\n\n%s%s", title, help, help[0] ? ".\n\n" : "");
	if (!rows->n) {
		fputs("No attributes of its own.\n", f);
		return;
	}
	fputs("| attribute | accepts | default | what it is |\n|---|---|---|---|\n", f);
	for (i = 0; i < rows->n; i++)
		row_table_print(f, &rows->row[i]);
}

static void left_print(FILE *f)
{
	fputs("\n### What is left out\n\nWords of iproute2 (6.1) and teamnl that a file does not "
	      "say; each is refused with this sentence.\n\n| at | word | |\n|---|---|---|\n", f);
	for (const struct pn_left *left = pn_left; left->word; left++)
		fprintf(f, "| `%s` | `%s` | %s |\n", left->place[0] ? left->place : "links",
			left->word, left->why);
}

/* docs/kinds.md: every kind and its words. */
static void kinds_table_make(FILE *f)
{
	char title[80];
	unsigned int i;

	fputs("\n| kind | what it is | needs |\n|---|---|---|\n", f);
	for (i = 0; pn_kinds[i]; i++)
		fprintf(f, "| [`%s`](#%s) | %s | %s |\n", pn_kinds[i]->name, pn_kinds[i]->name,
			pn_kinds[i]->help, pn_kinds[i]->flags & PN_KIND_LOWER ? "`link`" :
			pn_kinds[i]->flags & PN_KIND_PEER ? "`peer`" : "");
	rows_table(f, "Every link", "", &pn_common_rows);
	rows_table(f, "Every address", "Beside `address`, in the map form of one of `addresses`",
		   &pn_addr_rows);
	for (i = 0; pn_kinds[i]; i++) {
		rows_table(f, pn_kinds[i]->name, pn_kinds[i]->help, &pn_kinds[i]->data);
		snprintf(title, sizeof(title), "%s_slave", pn_kinds[i]->name);
		if (pn_kinds[i]->slave.n)
			rows_table(f, title, "", &pn_kinds[i]->slave);
	}
	left_print(f);
	fputc('\n', f);
}

static void field_print(FILE *f, const struct pn_field *field)
{
	const struct pn_row *row = &field->row;
	char accepts[300];

	word_print(f, row, pn_field_accepts(field, accepts, sizeof(accepts)));
	if (row->flags & PN_ROW_REQUIRED)
		fputs("; required", f);
	default_print(f, row);
	fputs(field->flags & PN_FIELD_KEY ? "; part of the key\n\n" : "\n\n", f);
}

static void classes_make(FILE *f)
{
	unsigned int i, k;

	for (i = 0; pn_classes[i]; i++) {
		fprintf(f, "\n## %s\n\n", pn_classes[i]->section);
		scdoc_print(f, pn_classes[i]->help);
		fputs("\n\n", f);
		for (k = 0; k < pn_classes[i]->n; k++)
			field_print(f, &pn_classes[i]->field[k]);
	}
}

static void shaper_rows_make(FILE *f, unsigned int flags)
{
	const struct pn_shaper_row *row;

	for (row = pn_shaper_rows; row < pn_shaper_rows + PN_SHAPER_WORDS; row++) {
		if ((row->flags & PN_SR_MATCH) != flags)
			continue;
		fprintf(f, "*%s*: ", row->key);
		scdoc_print(f, row->accepts + strlen("must be "));
		fputs("\n\t", f);
		scdoc_print(f, row->help);
		if (row->def) {
			fputs("; the default is ", f);
			scdoc_print(f, row->def);
		}
		fputs("\n\n", f);
	}
}

static void shapers_make(FILE *f)
{
	fputc('\n', f);
	shaper_rows_make(f, 0);
	fputs("## Words of a match\n\n", f);
	shaper_rows_make(f, PN_SR_MATCH);
}

static char *file_read(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	if (f && text)
		text[fread(text, 1, (1 << 20) - 1, f)] = '\0';
	if (f)
		fclose(f);
	return text;
}

static void whole_test(const char *path, void (*make)(FILE *f))
{
	char *want = NULL, *have = file_read(path);
	size_t size;
	FILE *f = open_memstream(&want, &size);

	make(f);
	fclose(f);
	tap_case("%s is what the tables say", path);
	tap_true(!strcmp(have, want), "to write it anew: build/selftests/unit/docs write");
	free(want);
	free(have);
	tap_end();
}

/* Parts of files that are made from tables, between two marks. */
static const struct part {
	const char *path, *begin, *end;
	void (*make)(FILE *f);
} parts[] = {
	{ "docs/man/penstock.yaml.5.scd", "; rows begin\n", "; rows end\n", kinds_make },
	{ "docs/man/penstock.yaml.5.scd", "; objects begin\n", "; objects end\n", classes_make },
	{ "docs/man/penstock.yaml.5.scd", "; shapers begin\n", "; shapers end\n", shapers_make },
	{ "docs/kinds.md", "<!-- rows begin -->\n", "<!-- rows end -->\n", kinds_table_make },
	{ "docs/protocols.md", "<!-- rows begin -->\n", "<!-- rows end -->\n", tunnels_make },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

/* The file as the rows say; NULL: no marks. */
static char *part_make(const struct part *part, const char *have)
{
	const char *begin = strstr(have, part->begin), *end = strstr(have, part->end);
	char *want = NULL;
	size_t size;
	FILE *f;

	if (!begin || !end)
		return NULL;
	begin += strlen(part->begin);
	f = open_memstream(&want, &size);
	fprintf(f, "%.*s", (int)(begin - have), have);
	part->make(f);
	fputs(end, f);
	fclose(f);
	return want;
}

static void part_test(const struct part *part)
{
	char *have = file_read(part->path), *want = part_make(part, have);

	tap_case("%s lists what the rows have", part->path);
	tap_true(want && !strcmp(have, want),
		 "to write it anew: build/selftests/unit/docs write");
	free(want);
	free(have);
	tap_end();
}

/* Every family of a page with one of everything. */
static void metrics_test(void)
{
	static const struct pn_prom_info info = { "1", "1", "6" };
	static const struct pn_stats stats;
	char *page = NULL, *doc = file_read("docs/metrics.md"), *s, name[80], quoted[84];
	size_t size;
	FILE *f = open_memstream(&page, &size);

	pn_prom_write(f, &info, &stats);
	fclose(f);
	tap_case("docs/metrics.md names every metric");
	for (s = page; (s = strstr(s, "# TYPE ")); s += 7) {
		sscanf(s, "# TYPE %79s", name);
		snprintf(quoted, sizeof(quoted), "`%s", name);
		if (!strstr(doc, quoted))
			tap_fail("not %s", name);
	}
	free(page);
	free(doc);
	tap_end();
}

/* In scdoc a hyphen of an option is not escaped: *--json* or *-j*. */
static void option_check(const char *manual, const char *command, struct json_object *row)
{
	const char *name = json_object_get_string(json_object_object_get(row, "name"));
	char text[64];

	snprintf(text, sizeof(text), "*--%s*", name);
	if (!strstr(manual, text))
		tap_fail("no %s of %s", text, command);
}

static void command_check(const char *manual, struct json_object *row)
{
	const char *name = json_object_get_string(json_object_object_get(row, "name"));
	struct json_object *options = json_object_object_get(row, "options");
	char text[64];
	size_t i;

	snprintf(text, sizeof(text), "*penstock %s*", name);
	if (!strstr(manual, text))
		tap_fail("no %s", text);
	for (i = 0; i < json_object_array_length(options); i++)
		option_check(manual, name, json_object_array_get_idx(options, i));
}

static void manual_test(void)
{
	char *manual = file_read("docs/man/penstock.8.scd");
	struct json_object *help, *list;
	struct run r;
	size_t i;

	tap_case("penstock(8) names every command and option");
	tap_sys(run_penstock(&r, "help -j"), "running");
	help = json_tokener_parse(r.out);
	if (tap_true(help != NULL, r.err)) {
		list = json_object_object_get(help, "commands");
		for (i = 0; i < json_object_array_length(list); i++)
			command_check(manual, json_object_array_get_idx(list, i));
		list = json_object_object_get(help, "options");
		for (i = 0; i < json_object_array_length(list); i++)
			option_check(manual, "all", json_object_array_get_idx(list, i));
	}
	json_object_put(help);
	run_free(&r);
	free(manual);
	tap_end();
}

/* Every help text: 80 columns, nothing to the right of them. */
static void width_check(const char *line)
{
	char *save = NULL, *one;
	struct run r;

	tap_sys(run_penstock(&r, line), line);
	tap_eq(r.status, 0, line);
	for (one = strtok_r(r.out, "\n", &save); one; one = strtok_r(NULL, "\n", &save))
		if (strlen(one) > 80)
			tap_fail("%s: %zu columns: %s", line, strlen(one), one);
	run_free(&r);
}

static void widths_test(void)
{
	struct json_object *help, *list;
	char line[64];
	struct run r;
	size_t i;

	tap_case("help texts fit 80 columns");
	width_check("help");
	run_penstock(&r, "help -j");
	help = json_tokener_parse(r.out);
	list = json_object_object_get(help, "commands");
	for (i = 0; i < json_object_array_length(list); i++) {
		struct json_object *row = json_object_array_get_idx(list, i);

		snprintf(line, sizeof(line), "help %s",
			 json_object_get_string(json_object_object_get(row, "name")));
		width_check(line);
	}
	json_object_put(help);
	run_free(&r);
	tap_end();
}

static int part_write(const struct part *part)
{
	char *have = file_read(part->path), *want = part_make(part, have);
	FILE *f = want ? fopen(part->path, "w") : NULL;
	int ret = !f || fputs(want, f) < 0;

	ret |= f && fclose(f);
	free(want);
	free(have);
	return ret;
}

static int whole_write(const char *path, void (*make)(FILE *f))
{
	FILE *f = fopen(path, "w");

	if (!f)
		return 1;
	make(f);
	return fclose(f);
}

static int files_write(void)
{
	int ret = whole_write(REASONS, reasons_make) | whole_write(SCHEMA, schema_make);

	for (size_t i = 0; i < PARTS; i++)
		ret |= part_write(&parts[i]);
	return !!ret;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "write"))
		return files_write();
	whole_test(REASONS, reasons_make);
	whole_test(SCHEMA, schema_make);
	for (size_t i = 0; i < PARTS; i++)
		part_test(&parts[i]);
	metrics_test();
	manual_test();
	widths_test();
	return tap_done();
}
