/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Word wrapping for terminals. */
#ifndef PN_CLI_WRAP_H
#define PN_CLI_WRAP_H

#include <stdio.h>

struct pn_wrap {
	int width;	/* columns; 0: as long as it takes */
	int column;	/* where the cursor stands */
	int indent;	/* of the lines after the first */
};

/* Print @len bytes of words and end the line. A word that is too long stays whole. */
void pn_wrap_print(FILE *f, const char *text, size_t len, struct pn_wrap at);

/* Columns of the terminal that @f is, 0 when it is none. */
int pn_wrap_width(FILE *f);

#endif
