// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Errors as data; see err.h for the contract. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "util/err.h"

int pn_err_set(struct pn_err *err, enum pn_exit code, int sys, const char *object,
	       const char *fmt, ...)
{
	va_list ap;

	if (err && !err->text[0]) {
		err->code = code;
		err->sys = sys;
		snprintf(err->object, sizeof(err->object), "%s", object ? object : "");
		va_start(ap, fmt);
		vsnprintf(err->text, sizeof(err->text), fmt, ap);
		va_end(ap);
	}
	return sys ? -sys : -EINVAL;
}

int pn_err_memory(struct pn_err *err, const char *object)
{
	return pn_err_set(err, PN_EXIT_KERNEL, ENOMEM, object, "out of memory");
}

void pn_err_hint(struct pn_err *err, const char *fmt, ...)
{
	va_list ap;

	if (!err || err->hint[0])
		return;
	va_start(ap, fmt);
	vsnprintf(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
}

void pn_err_place(struct pn_err *err, const char *file, unsigned int line,
		  unsigned int column)
{
	if (!err || err->line)
		return;
	if (file)
		snprintf(err->file, sizeof(err->file), "%s", file);
	err->line = line;
	err->column = column;
}
