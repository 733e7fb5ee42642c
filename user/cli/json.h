/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A streaming JSON writer: nothing is kept but the nesting. Inside an object
 * every value has a key, inside an array none (NULL). Numbers are printed
 * exactly over all 64 bits. Bytes that are not UTF-8 become U+FFFD.
 */
#ifndef PN_CLI_JSON_H
#define PN_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PN_JSON_DEPTH 16

struct pn_json {
	FILE *f;
	bool pretty;
	unsigned int depth;
	bool some[PN_JSON_DEPTH];	/* does this level hold a value already? */
	char close[PN_JSON_DEPTH];
};

void pn_json_object(struct pn_json *j, const char *key);
void pn_json_array(struct pn_json *j, const char *key);
void pn_json_end(struct pn_json *j);	/* of the innermost object or array */

void pn_json_str(struct pn_json *j, const char *key, const char *value);
void pn_json_u64(struct pn_json *j, const char *key, uint64_t value);
void pn_json_s64(struct pn_json *j, const char *key, int64_t value);
void pn_json_bool(struct pn_json *j, const char *key, bool value);
/* A number or a boolean that is text already. */
void pn_json_raw(struct pn_json *j, const char *key, const char *value);
void pn_json_null(struct pn_json *j, const char *key);

#endif
