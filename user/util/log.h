/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Log lines on stderr: what happens while a command works, as opposed to its
 * result (cli/out) and its failure (util/err). Under systemd the lines carry
 * the <N> priority that journald understands. Thread safe: one line is one
 * write.
 */
#ifndef PN_UTIL_LOG_H
#define PN_UTIL_LOG_H

#include <stdarg.h>
#include <stdint.h>

enum pn_log_level {
	PN_LOG_ERR,
	PN_LOG_WARN,
	PN_LOG_INFO,
	PN_LOG_DEBUG,
};

/* At most @burst lines in each @interval_ms; the rest is counted. */
struct pn_log_limit {
	uint32_t interval_ms;
	uint32_t burst;
	uint64_t since_ms;	/* private: start of the interval */
	uint32_t printed;	/* private */
	uint32_t missed;	/* private */
};

/* Lines above @level are not printed; PN_LOG_WARN at start. */
void pn_log_set_level(enum pn_log_level level);

void pn_log(enum pn_log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void pn_log_v(enum pn_log_level level, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* As pn_log(), under @limit; the next line says how many were left out. */
void pn_log_limited(struct pn_log_limit *limit, enum pn_log_level level,
		    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
