/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What went wrong, as data. Every layer below cmd/ fills one of these and
 * returns -errno; only cmd/ prints it, once. The layer that knows the noun
 * (the device, the key of the file) fills it; the layers above pass it on
 * untouched.
 */
#ifndef PN_UTIL_ERR_H
#define PN_UTIL_ERR_H

/* Exit status of the program; the numbers are part of the command line's contract. */
enum pn_exit {
	PN_EXIT_OK = 0,
	PN_EXIT_USAGE = 1,	/* usage, or a bad file */
	PN_EXIT_KERNEL = 2,	/* the kernel refused */
	PN_EXIT_DIFF = 3,	/* plan or check found a difference */
	PN_EXIT_UNDONE = 4,	/* failed, and what was done is undone */
	PN_EXIT_IMPOSSIBLE = 5,	/* not possible on this kernel */
};

struct pn_err {
	enum pn_exit code;
	int sys;		/* positive errno, 0 when there is none */
	unsigned int line;	/* place in `file`, counted from 1; 0: no place */
	unsigned int column;
	char file[128];
	char object[64];	/* device, port, key ...: what it is about */
	char text[384];		/* what failed and why, one sentence, no full stop */
	char hint[256];		/* the way out; empty when there is none */
};

/*
 * Fill @err (which may be NULL) and return -@sys, or -EINVAL where @sys is 0,
 * so that `return pn_err_set(...)` is the whole error path. The first error
 * wins: an @err that is already set is left alone.
 */
int pn_err_set(struct pn_err *err, enum pn_exit code, int sys, const char *object,
	       const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* The same of memory that there was none of: -ENOMEM. */
int pn_err_memory(struct pn_err *err, const char *object);

/* Add the way out to an error that was just set. */
void pn_err_hint(struct pn_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Add the place in a file; @file NULL keeps what is there. */
void pn_err_place(struct pn_err *err, const char *file, unsigned int line,
		  unsigned int column);

#endif
