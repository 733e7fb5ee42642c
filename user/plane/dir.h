/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Is this directory a place to keep pins in? On a bpffs, no symbolic link,
 * ours, and closed to everybody else: whoever can write there decides what
 * runs in the kernel.
 */
#ifndef PN_PLANE_DIR_H
#define PN_PLANE_DIR_H

#include <stdbool.h>

#include "util/err.h"

/* A descriptor; -ENOENT when it is not there and is not to be made. */
int pn_dir_open(const char *dir, bool create, struct pn_err *err);

/* Is the place where @dir is, or would be made, on a bpffs? 0, or -ENODEV with a sentence. */
int pn_dir_parent(const char *dir, struct pn_err *err);

#endif
