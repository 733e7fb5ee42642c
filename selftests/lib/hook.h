/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A program on a device for a while: native XDP, or tc ingress (tcx where the
 * kernel has it, else clsact). In the calling thread's network namespace.
 */
#ifndef PN_TEST_HOOK_H
#define PN_TEST_HOOK_H

#include <stdbool.h>
#include <stdint.h>

struct hook {
	uint32_t ifindex;
	bool tc;
	int link; /* -1: clsact */
};

int hook_attach(struct hook *h, int prog);
void hook_detach(struct hook *h);

#endif
