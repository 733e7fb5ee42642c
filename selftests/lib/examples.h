/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is to be seen of each sample topology once it is applied: not by us,
 * but by the commands that Linux administrators look with.
 */
#ifndef PN_TEST_EXAMPLES_H
#define PN_TEST_EXAMPLES_H

struct example_fact {
	const char *file;	/* of docs/examples; NULL ends the table */
	const char *command;	/* of a shell */
	const char *want;	/* stands in what it prints */
};

extern const struct example_fact example_facts[];

#endif
