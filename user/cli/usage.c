// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Help texts; see usage.h. */
#include <string.h>

#include "cli/opt.h"
#include "cli/usage.h"
#include "cli/wrap.h"

#define WIDTH 80
#define HELP_COLUMN 26	/* where the explanation of an option starts */

static void paragraph_print(FILE *f, const char *text, size_t len, int indent)
{
	struct pn_wrap at = { .width = WIDTH, .column = indent, .indent = indent };

	pn_wrap_print(f, text, len, at);
}

/* Paragraphs are separated by an empty line; one that starts with a tab is an example. */
static void text_print(FILE *f, const char *text)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);

		if (*text == '\t')
			fprintf(f, "  %.*s\n", (int)len - 1, text + 1);
		else
			paragraph_print(f, text, len, 0);
		text += len + (end ? 2 : 0);
		if (*text)
			fputc('\n', f);
	}
}

static void value_name(const struct pn_opt *row, char *buf, size_t size)
{
	int used = 0;
	int i;

	buf[0] = '\0';
	if (row->metavar) {
		snprintf(buf, size, "%s", row->metavar);
		return;
	}
	for (i = 0; row->words && row->words[i] && used < (int)size; i++)
		used += snprintf(buf + used, size - used, "%s%s", i ? "|" : "", row->words[i]);
}

void pn_opt_help(FILE *f, const struct pn_opt *rows)
{
	for (; rows->name; rows++) {
		bool arg = rows->type != PN_OPT_FLAG;
		char value[64], letter[8] = "    ";
		int column;

		value_name(rows, value, sizeof(value));
		if (rows->letter)
			snprintf(letter, sizeof(letter), "-%c, ", rows->letter);
		column = fprintf(f, "  %s--%s%s%s%s", letter, rows->name,
				 !arg ? "" : rows->missing ? "[=" : " ", arg ? value : "",
				 arg && rows->missing ? "]" : "");
		if (column > HELP_COLUMN - 2) {
			fputc('\n', f);
			column = 0;
		}
		fprintf(f, "%*s", HELP_COLUMN - column, "");
		paragraph_print(f, rows->help, strlen(rows->help), HELP_COLUMN);
	}
}

void pn_usage_program(FILE *f, const struct pn_cmd *const *cmds)
{
	fprintf(f, "Usage: penstock [OPTIONS] COMMAND [ARGUMENTS]\n\n"
		"Makes the kernel's own tunnels and bridges fast, at XDP and tc.\n\n"
		"Commands (any unambiguous beginning will do):\n");
	for (; *cmds; cmds++)
		paragraph_print(f, (*cmds)->brief, strlen((*cmds)->brief),
				fprintf(f, "  %-12s", (*cmds)->name));
	fprintf(f, "\nOptions, before or after the command:\n");
	pn_opt_help(f, pn_global_rows);
	fprintf(f, "\nExit status: 0 done, 1 usage or bad file, 2 the kernel refused,\n"
		"3 plan found a difference, 4 failed and rolled back, 5 impossible on this\n"
		"kernel. 'penstock help COMMAND' says more about one; so does penstock(8).\n");
}

void pn_usage_cmd(FILE *f, const struct pn_cmd *cmd)
{
	bool rows = cmd->rows && cmd->rows->name;
	int column = fprintf(f, "Usage: penstock %s%s", cmd->name, rows ? " [OPTIONS]" : "");

	if (cmd->args && *cmd->args) {
		fputc(' ', f);
		paragraph_print(f, cmd->args, strlen(cmd->args), column + 1);
	} else {
		fputc('\n', f);
	}
	fputc('\n', f);
	text_print(f, cmd->help ? cmd->help : cmd->brief);
	if (rows) {
		fprintf(f, "\nOptions:\n");
		pn_opt_help(f, cmd->rows);
	}
	fprintf(f, "\nOptions of every command are listed by 'penstock help'.\n");
}
