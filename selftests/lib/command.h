/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Commands of others (ip, tc, ethtool ...), run by a shell where the test is. */
#ifndef PN_TEST_COMMAND_H
#define PN_TEST_COMMAND_H

#include <stdbool.h>

/* All that it prints, to be freed; "" where it cannot be run. @status (or NULL): of exit. */
char *command_text(const char *command, int *status);
/* A check: it prints @want. NULL: it exits with 0. */
bool shows(const char *command, const char *want);

#endif
