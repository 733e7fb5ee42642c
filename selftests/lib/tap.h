/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * TAP output for the test programs. A case is opened, checks run inside it
 * and are silent while they hold, and closing it prints the one line that
 * says "ok" or "not ok". A check prints what it got beside what it wanted and
 * returns whether it held, so a case leaves by `if (!tap_eq(...)) goto out;`.
 * Knows nothing of packets, namespaces or BPF. One thread.
 */
#ifndef PN_TEST_TAP_H
#define PN_TEST_TAP_H

#include <stdbool.h>
#include <stddef.h>

#define TAP_EXIT_PASS 0
#define TAP_EXIT_FAIL 1
#define TAP_EXIT_SKIP 4 /* every case was skipped */

/* A case: begin, any number of checks, end. end says whether it passed. */
void tap_case(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool tap_end(void);

/* Close the open case as skipped; why must name what is missing. */
void tap_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A case of its own in one call. */
bool tap_ok(bool cond, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A group of cases, printed indented with a plan of its own; closing it
 * prints the group's line, which fails if any case in it did. */
void tap_group(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool tap_group_end(void);

/* Comment line, shown with every result. */
void tap_diag(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Checks inside an open case. */
bool tap_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool tap_true_at(bool got, const char *expr, const char *what,
		 const char *file, int line);
bool tap_eq_at(long long got, long long want, const char *what,
	       const char *file, int line);
bool tap_str_at(const char *got, const char *want, const char *what,
		const char *file, int line);
bool tap_bytes_at(const void *got, size_t got_len, const void *want,
		  size_t want_len, const char *what);

#define tap_true(cond, what) \
	tap_true_at(cond, #cond, what, __FILE__, __LINE__)
#define tap_eq(got, want, what) \
	tap_eq_at((long long)(got), (long long)(want), what, __FILE__, __LINE__)
#define tap_str(got, want, what) \
	tap_str_at(got, want, what, __FILE__, __LINE__)
#define tap_bytes(got, got_len, want, want_len, what) \
	tap_bytes_at(got, got_len, want, want_len, what)
/* 0 or a positive result is good; a negative one is printed as an errno. */
#define tap_sys(ret, what) \
	tap_sys_at((long long)(ret), what, __FILE__, __LINE__)
bool tap_sys_at(long long ret, const char *what, const char *file, int line);

/* Plan line and exit status of the program; the last thing main() calls. */
int tap_done(void);

/* Give up before or between cases: prints "Bail out!" and exits 1. */
void tap_bail(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#endif
