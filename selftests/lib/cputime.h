/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * CPU time that the calling thread's work took, with the softirq work that it
 * caused on its CPU: the thread's own clock (softirq in its system calls is
 * charged to it) and ksoftirqd's. The thread must be pinned (wire_pin). On a
 * kernel that accounts interrupts apart (CONFIG_IRQ_TIME_ACCOUNTING) softirq
 * work is in neither clock, and the figures are too small.
 */
#ifndef PN_TEST_CPUTIME_H
#define PN_TEST_CPUTIME_H

struct cputime {
	double cpu_ns;
	double wall_ns;
};

void cputime_read(struct cputime *now);
void cputime_since(const struct cputime *start, struct cputime *took);

#endif
