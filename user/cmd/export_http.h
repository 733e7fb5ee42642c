/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The metrics over HTTP: /metrics, a page at / that leads there, nothing
 * else. One thread, a fixed number of connections, each with a time limit.
 */
#ifndef PN_CMD_EXPORT_HTTP_H
#define PN_CMD_EXPORT_HTTP_H

#include "util/err.h"

struct pn_http;

/* Listen on "ADDR:PORT", "[ADDR]:PORT" or ":PORT" (all addresses). */
struct pn_http *pn_http_open(const char *listen, const char *bpffs, struct pn_err *err);
void pn_http_close(struct pn_http *http);

int pn_http_fd(const struct pn_http *http);		/* readable: call run */
int pn_http_timeout(const struct pn_http *http);	/* ms, -1: none; then call run */
void pn_http_run(struct pn_http *http);

/* Where it listens, as "127.0.0.1:9977". */
const char *pn_http_address(const struct pn_http *http);

#endif
