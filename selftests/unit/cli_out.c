// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Results and errors: text bytes as expected, JSON as a parser of its own
 * reads it back.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/out.h"
#include "cli/report.h"
#include "tap.h"

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "packets", "PACKETS", PN_RIGHT },
	{ "state", "STATE", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = { .key = "ports", .none = "no port", .cols = cols };
static const struct pn_table record = { .key = "one", .record = true, .cols = cols };

/* Output of one writer into memory. */
struct sink {
	char *text;
	size_t size;
	FILE *f;
	struct pn_out *o;
};

static void sink_open(struct sink *s, bool json, bool pretty, bool color)
{
	memset(s, 0, sizeof(*s));
	s->f = open_memstream(&s->text, &s->size);
	s->o = pn_out_open(s->f, json, pretty, color);
}

static void sink_close(struct sink *s)
{
	tap_eq(pn_out_close(s->o), 0, "closing");
	fclose(s->f);
}

static void rows_write(struct pn_out *o)
{
	pn_out_table(o, &table);
	pn_out_row(o);
	pn_out_str(o, "device", "eth\"1\\");
	pn_out_u64(o, "packets", UINT64_MAX);
	pn_out_tone(o, PN_TONE_GOOD);
	pn_out_str(o, "state", "up");
	pn_out_array(o, "gates");
	pn_out_object(o, NULL);
	pn_out_str(o, "state", "not the row's");
	pn_out_bool(o, "closed", true);
	pn_out_end(o);
	pn_out_end(o);
	pn_out_note(o, "gate %s", "tap");
	pn_out_str(o, "other", "after the note");
	pn_out_text(o, "state", "%s", "up");
	pn_out_row_end(o);
	pn_out_row(o);
	pn_out_str(o, "device", "w\xc3\xa9" "b\xff\x01");
	pn_out_s64(o, "packets", -5);
	pn_out_null(o, "state");
	pn_out_row_end(o);
	pn_out_table_end(o);
}

static void text_test(void)
{
	struct sink s;

	tap_case("a table in text is aligned, notes stand below their row");
	sink_open(&s, false, false, false);
	rows_write(s.o);
	sink_close(&s);
	tap_str(s.text,
		"DEVICE               PACKETS  STATE\n"
		"eth\"1\\  18446744073709551615  up\n"
		"    gate tap\n"
		"w\xc3\xa9" "b\xff\x01                     -5  -\n", "text");
	free(s.text);
	tap_end();

	tap_case("an empty table says so; a record is one line per field");
	sink_open(&s, false, false, true);
	pn_out_table(s.o, &table);
	pn_out_table_end(s.o);
	pn_out_table(s.o, &record);
	pn_out_row(s.o);
	pn_out_str(s.o, "device", "eth1");
	pn_out_tone(s.o, PN_TONE_BAD);
	pn_out_str(s.o, "state", "down");
	pn_out_row_end(s.o);
	pn_out_table_end(s.o);
	sink_close(&s);
	tap_str(s.text, "no port\n\nDEVICE   eth1\nSTATE    \033[31mdown\033[0m\n", "text");
	free(s.text);
	tap_end();
}

static void many_test(void)
{
	unsigned int i, lines = 0;
	struct sink s;
	char *c;

	tap_case("a table of 5000 rows has one heading and every row");
	sink_open(&s, false, false, false);
	pn_out_table(s.o, &table);
	for (i = 0; i < 5000; i++) {
		pn_out_row(s.o);
		pn_out_fmt(s.o, "device", "eth%u", i);
		pn_out_u64(s.o, "packets", i);
		pn_out_str(s.o, "state", "up");
		pn_out_row_end(s.o);
	}
	pn_out_table_end(s.o);
	sink_close(&s);
	for (c = s.text; *c; c++)
		lines += *c == '\n';
	tap_eq(lines, 5001, "lines");
	tap_true(strstr(s.text, "\neth4999     4999  up\n") != NULL, "the last row");
	tap_true(!strstr(s.text + 1, "DEVICE"), "one heading");
	free(s.text);
	tap_end();
}

static struct json_object *member(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (!json_object_object_get_ex(o, key, &v))
		tap_fail("no key %s", key);
	return v;
}

static void json_test(bool pretty)
{
	struct json_object *o, *row, *gate;
	struct sink s;

	tap_case("the same calls as %sJSON, read by json-c", pretty ? "indented " : "");
	sink_open(&s, true, pretty, true);
	pn_out_group(s.o);
	rows_write(s.o);
	pn_out_table(s.o, &record);
	pn_out_row(s.o);
	pn_out_str(s.o, "device", "x");
	pn_out_row_end(s.o);
	pn_out_table_end(s.o);
	pn_out_group_end(s.o);
	sink_close(&s);
	o = json_tokener_parse(s.text);
	if (!tap_true(o != NULL, s.text))
		goto out;
	row = json_object_array_get_idx(member(o, "ports"), 0);
	tap_str(json_object_get_string(member(row, "device")), "eth\"1\\", "escaped");
	tap_true(json_object_get_uint64(member(row, "packets")) == UINT64_MAX, "u64");
	gate = json_object_array_get_idx(member(row, "gates"), 0);
	tap_true(json_object_get_boolean(member(gate, "closed")), "nested");
	row = json_object_array_get_idx(member(o, "ports"), 1);
	tap_str(json_object_get_string(member(row, "device")), "w\xc3\xa9" "b\xef\xbf\xbd\x01",
		"not UTF-8");
	tap_true(member(row, "state") == NULL, "null");
	tap_str(json_object_get_string(member(member(o, "one"), "device")), "x", "record");
out:
	json_object_put(o);
	free(s.text);
	tap_end();
}

/* Kernel names are any bytes; what comes out must be JSON and UTF-8. */
static void bytes_test(void)
{
	struct json_tokener *tok = json_tokener_new();
	unsigned int i, k, state = 1;
	char name[17] = "", *text;
	size_t size;

	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	tap_case("20000 names of any bytes are valid JSON strings");
	for (i = 0; i < 20000; i++) {
		FILE *f = open_memstream(&text, &size);
		struct pn_json j = { .f = f };
		struct json_object *o;

		for (k = 0; k < 16; k++) {
			state = state * 1103515245 + 12345;
			name[k] = (state >> 16) % 255 + 1;
		}
		pn_json_object(&j, NULL);
		pn_json_str(&j, name, name);
		pn_json_end(&j);
		fclose(f);
		json_tokener_reset(tok);
		o = json_tokener_parse_ex(tok, text, size);
		if (!o)
			tap_fail("%s", text);
		json_object_put(o);
		free(text);
	}
	tap_end();
	json_tokener_free(tok);
}

static void top_level_test(void)
{
	struct sink s;

	tap_case("alone a table is an array, a record an object");
	sink_open(&s, true, false, false);
	pn_out_table(s.o, &table);
	pn_out_table_end(s.o);
	pn_out_table(s.o, &record);
	pn_out_row(s.o);
	pn_out_u64(s.o, "packets", 1);
	pn_out_row_end(s.o);
	pn_out_table_end(s.o);
	sink_close(&s);
	tap_str(s.text, "[]\n{\"packets\":1}\n", "JSON lines");
	free(s.text);
	tap_end();

	tap_case("closing ends what is open");
	sink_open(&s, true, false, false);
	pn_out_table(s.o, &table);
	pn_out_row(s.o);
	pn_out_array(s.o, "gates");
	sink_close(&s);
	tap_str(s.text, "[{\"gates\":[]}]\n", "JSON");
	free(s.text);
	tap_end();
}

static char *report(bool json, const struct pn_err *err, int want)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	tap_eq(pn_report(f, json, false, err), want, "exit status");
	fclose(f);
	return text;
}

static void report_test(void)
{
	struct pn_err err = { 0 };
	char *text;

	tap_case("an error as text and as JSON");
	pn_err_set(&err, PN_EXIT_USAGE, EINVAL, "vx100", "unknown key 'dstprot'");
	pn_err_hint(&err, "did you mean 'dstport'?");
	pn_err_place(&err, "a.yaml", 4, 11);
	text = report(false, &err, 1);
	tap_str(text, "penstock: a.yaml:4:11: vx100: unknown key 'dstprot'\n"
		      "  hint: did you mean 'dstport'?\n", "text");
	free(text);
	text = report(true, &err, 1);
	tap_str(text, "{\"error\":{\"code\":1,\"errno\":22,\"object\":\"vx100\","
		      "\"message\":\"unknown key 'dstprot'\","
		      "\"hint\":\"did you mean 'dstport'?\","
		      "\"file\":\"a.yaml\",\"line\":4,\"column\":11}}\n", "JSON");
	free(text);
	memset(&err, 0, sizeof(err));
	text = report(true, &err, 2);
	tap_str(text, "{\"error\":{\"code\":2,\"errno\":0,\"object\":null,"
		      "\"message\":\"failed, and does not say why\",\"hint\":null,"
		      "\"file\":null,\"line\":null,\"column\":null}}\n", "an empty error");
	free(text);
	tap_end();
}

int main(void)
{
	text_test();
	many_test();
	json_test(false);
	json_test(true);
	bytes_test();
	top_level_test();
	report_test();
	return tap_done();
}
