// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Word lists; see words.h. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <ctype.h>

#include "util/words.h"

#define WORD_MAX 48	/* longer words are compared by their beginning */

int pn_word_find(const char *word, const char *const *list)
{
	int i;

	for (i = 0; list[i]; i++)
		if (!strcmp(word, list[i]))
			return i;
	return -1;
}

int pn_word_abbrev(const char *word, const char *const *list)
{
	int exact = pn_word_find(word, list);
	size_t len = strlen(word);
	int found = -1;
	int i;

	if (exact >= 0 || !len)
		return exact;
	for (i = 0; list[i]; i++) {
		if (strncmp(word, list[i], len))
			continue;
		if (found >= 0)
			return -2;
		found = i;
	}
	return found;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/*
 * Optimal string alignment distance: insertion, deletion, substitution and
 * the swap of two neighbours cost 1 each; case costs nothing.
 */
static unsigned int word_distance(const char *a, const char *b)
{
	unsigned int row[3][WORD_MAX + 1];
	size_t la = strnlen(a, WORD_MAX), lb = strnlen(b, WORD_MAX);
	size_t i, j;

	for (j = 0; j <= lb; j++)
		row[0][j] = j;
	for (i = 1; i <= la; i++) {
		unsigned int *cur = row[i % 3], *up = row[(i + 2) % 3];

		cur[0] = i;
		for (j = 1; j <= lb; j++) {
			int ca = tolower((unsigned char)a[i - 1]);
			int cb = tolower((unsigned char)b[j - 1]);

			cur[j] = min3(up[j] + 1, cur[j - 1] + 1, up[j - 1] + (ca != cb));
			if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
			    cb == tolower((unsigned char)a[i - 2]))
				cur[j] = min3(cur[j], row[(i + 1) % 3][j - 2] + 1, cur[j]);
		}
	}
	return row[la % 3][lb];
}

const char *pn_word_nearest(const char *word, const char *const *list)
{
	const char *best = NULL;
	unsigned int best_dist = ~0U;
	size_t len = strlen(word);
	int i;

	for (i = 0; list[i]; i++) {
		unsigned int dist = word_distance(word, list[i]);
		size_t longer = strlen(list[i]) > len ? strlen(list[i]) : len;

		/* A longer word typed by its beginning is near as well. */
		if (len >= 3 && !strncasecmp(word, list[i], len))
			dist = 1;
		if (dist < best_dist && dist <= (longer < 4 ? 1 : (longer + 1) / 3)) {
			best_dist = dist;
			best = list[i];
		}
	}
	return best;
}

char *pn_word_join(const char *const *list, char *buf, size_t size)
{
	size_t used = 0;
	int i;

	if (size)
		buf[0] = '\0';
	for (i = 0; list[i] && used < size; i++) {
		const char *sep = !i ? "" : list[i + 1] ? ", " : " or ";
		int n = snprintf(buf + used, size - used, "%s%s", sep, list[i]);

		used += n > 0 ? n : 0;
	}
	return buf;
}
