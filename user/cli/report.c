// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Printing an error; see report.h. */
#include <string.h>

#include "cli/json.h"
#include "cli/report.h"

static void text_report(FILE *f, const struct pn_err *err)
{
	fputs("penstock: ", f);
	if (err->line)
		fprintf(f, "%s:%u:%u: ", err->file, err->line, err->column);
	else if (err->file[0])
		fprintf(f, "%s: ", err->file);
	if (err->object[0])
		fprintf(f, "%s: ", err->object);
	fprintf(f, "%s\n", err->text);
	if (err->hint[0])
		fprintf(f, "  hint: %s\n", err->hint);
}

static void text_or_null(struct pn_json *j, const char *key, const char *text)
{
	if (text[0])
		pn_json_str(j, key, text);
	else
		pn_json_null(j, key);
}

static void number_or_null(struct pn_json *j, const char *key, unsigned int n)
{
	if (n)
		pn_json_u64(j, key, n);
	else
		pn_json_null(j, key);
}

static void json_report(FILE *f, bool pretty, const struct pn_err *err, int code)
{
	struct pn_json j = { .f = f, .pretty = pretty };

	pn_json_object(&j, NULL);
	pn_json_object(&j, "error");
	pn_json_u64(&j, "code", code);
	pn_json_u64(&j, "errno", err->sys);
	text_or_null(&j, "object", err->object);
	pn_json_str(&j, "message", err->text);
	text_or_null(&j, "hint", err->hint);
	text_or_null(&j, "file", err->file);
	number_or_null(&j, "line", err->line);
	number_or_null(&j, "column", err->column);
	pn_json_end(&j);
	pn_json_end(&j);
}

int pn_report(FILE *f, bool json, bool pretty, const struct pn_err *err)
{
	struct pn_err unknown = { .code = PN_EXIT_KERNEL, .sys = err->sys,
				  .text = "failed, and does not say why" };
	int code = err->code ? err->code : PN_EXIT_KERNEL;

	if (!err->text[0])
		err = &unknown;
	if (json)
		json_report(f, pretty, err, code);
	else
		text_report(f, err);
	return code;
}
