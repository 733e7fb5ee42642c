// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the verifier walks through to accept each program: recorded below by
 * kernel, fails at 10 % more. A jump here is a program that will not load with
 * the next compiler. The numbers are for the clang that the build asks for by
 * default on Debian 12 (14); after a change that is worth it, put in what the
 * test prints.
 */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "fast.h"
#include "tap.h"

enum { K61, K612, K618, KERNELS };

static const struct {
	enum fast_hook hook;
	enum pn_csum_mode checksum;
	bool frags;
	uint32_t insns[KERNELS];
} rows[] = {
	{ FAST_XDP, PN_CSUM_FULL, false, { 59473, 33092, 34483 } },
	{ FAST_XDP, PN_CSUM_INNER, false, { 62613, 34807, 36271 } },
	{ FAST_XDP, PN_CSUM_LEAVE, false, { 59193, 23682, 24804 } },
	{ FAST_XDP, PN_CSUM_INNER, true, { 62619, 34835, 36249 } },
	{ FAST_TC, PN_CSUM_FULL, false, { 60244, 35946, 37284 } },
	{ FAST_TC, PN_CSUM_INNER, false, { 73201, 39551, 41566 } },
	{ FAST_TC, PN_CSUM_LEAVE, false, { 59012, 26446, 27593 } },
};

#define LIMIT 250000 /* whatever the record says */

static int kernel_column(void)
{
	int major = 0, minor = 0;
	struct utsname u;

	uname(&u);
	sscanf(u.release, "%d.%d", &major, &minor);
	if (major < 6 || (major == 6 && minor < 12))
		return K61;
	return major == 6 && minor < 18 ? K612 : K618;
}

int main(void)
{
	int column = kernel_column();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fast_opts opts = {
			.hook = rows[i].hook,
			.checksum = rows[i].checksum,
			.frags = rows[i].frags,
		};
		uint32_t insns, most = rows[i].insns[column] * 11 / 10;
		struct fast f;

		tap_case("%s, checksum %d%s", fast_hooks[opts.hook], opts.checksum,
			 opts.frags ? ", frags" : "");
		if (tap_sys(fast_open(&f, &opts), "load")) {
			insns = fast_insns(&f);
			tap_diag("%u instructions verified, %u recorded", insns,
				 rows[i].insns[column]);
			if (insns > most || insns > LIMIT)
				tap_fail("%u instructions, at most %u", insns, most);
			fast_close(&f);
		}
		tap_end();
	}
	return tap_done();
}
