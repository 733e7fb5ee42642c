/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The JSON Schema of topology files, from the rows of the kinds and the fields
 * of the classes: for editors, and for whoever writes such files by program.
 */
#ifndef PN_TEST_SCHEMA_H
#define PN_TEST_SCHEMA_H

#include <stdio.h>

void schema_make(FILE *f);

#endif
