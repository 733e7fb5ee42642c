/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Word lists: exact look-up, unambiguous abbreviations, and the nearest known
 * word for a sentence about an unknown one. A list is an array of pointers
 * ended by NULL.
 */
#ifndef PN_UTIL_WORDS_H
#define PN_UTIL_WORDS_H

#include <stddef.h>

/* Index of @word in @list, or -1. */
int pn_word_find(const char *word, const char *const *list);

/*
 * Index of the one word that @word is, or is the beginning of; -1 when there
 * is none, -2 when there are several.
 */
int pn_word_abbrev(const char *word, const char *const *list);

/* The known word a human probably meant, or NULL when nothing is near. */
const char *pn_word_nearest(const char *word, const char *const *list);

/* Write "a, b or c" into @buf; returns @buf. */
char *pn_word_join(const char *const *list, char *buf, size_t size);

#endif
