/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The conformance rows through real devices twice: the kernel alone beside a
 * twin with the data plane attached to the wire. The same frames must come out
 * of the same devices, a passed packet must move the same kernel counters, and
 * verdict and reason must be the row's. Without anywhere to go a packet is
 * passed, or at tc handed to the tunnel device if the kernel would do that.
 */
#ifndef PN_TEST_PARITY_H
#define PN_TEST_PARITY_H

#include "rows.h"

/* Configurations from @first to the one before @end; exit status of the program. */
int parity_run(enum config_id first, enum config_id end);

#endif
