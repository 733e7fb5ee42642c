/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two ports whose packets queue at IFB devices: p0 (tc) and p1 (generic XDP), in a
 * namespace of their own, with frames from the far ends of both. The test stands in
 * it from queued_open() on; commands run there.
 */
#ifndef PN_TEST_QUEUED_H
#define PN_TEST_QUEUED_H

#include <stdbool.h>
#include <stdint.h>

#define QUEUED_PINS "/sys/fs/bpf/pnt-queued"
#define QUEUED_FILE "/tmp/pnt-queued.yaml --state /tmp/pnt-queued-state --bpffs " QUEUED_PINS
#define QUEUED_TEXT 16384

/* A case of its own, "world". */
bool queued_open(void);
void queued_close(void);

/* A check of the exit status; @out (or NULL): all that was printed, QUEUED_TEXT. */
bool queued_penstock(const char *line, int want, char *out);
/* Make @shapers (YAML) those of the file, and take them away. */
bool queued_apply(const char *shapers);
bool queued_delete(void);

bool queued_shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Does the kernel have this discipline? */
bool queued_has(const char *kind);
/* Output with one blank between words; QUEUED_TEXT. */
void queued_output(const char *cmd, char *text);
/* Until the output has all of @want ("A|B"), or a failure. */
bool queued_comes(const char *cmd, const char *want);
int64_t queued_ms(void);

/* @n frames of @len bytes, tags aside, from 10.9.0.@src; tagged where @vid is not 0. */
void queued_frames(int port, int src, uint32_t len, int n, uint16_t vid);

#endif
