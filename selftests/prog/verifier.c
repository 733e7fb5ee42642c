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
	uint16_t masks; /* of shapers, and all the parts that there are */
} rows[] = {
	{ FAST_XDP, PN_CSUM_FULL, false, { 59547, 47869, 36293 } },
	{ FAST_XDP, PN_CSUM_INNER, false, { 62723, 49762, 38664 } },
	{ FAST_XDP, PN_CSUM_LEAVE, false, { 59296, 38420, 26473 } },
	{ FAST_XDP, PN_CSUM_INNER, true, { 62729, 49790, 38670 } },
	{ FAST_TC, PN_CSUM_FULL, false, { 72896, 45786, 44425 } },
	{ FAST_TC, PN_CSUM_INNER, false, { 73226, 47584, 46783 } },
	{ FAST_TC, PN_CSUM_LEAVE, false, { 72151, 36212, 34739 } },
	{ FAST_XDP, PN_CSUM_FULL, false, { 91069, 52513, 56423 }, .masks = 1 },
	{ FAST_XDP, PN_CSUM_INNER, true, { 94292, 54571, 58826 }, .masks = 0xffff },
	{ FAST_TC, PN_CSUM_FULL, false, { 100237, 59922, 66868 }, .masks = 1 },
	{ FAST_TC, PN_CSUM_INNER, false, { 100788, 61807, 69303 }, .masks = 0xffff },
};

#define PARTS_ALL 0x3f
#define LIMIT 100000 /* whatever the record says */
#define LIMIT_SHAPED 102000 /* all parts of a match at once; the kernel's is a million */

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
			.masks = rows[i].masks,
			.parts = rows[i].masks ? PARTS_ALL : 0,
		};
		uint32_t insns, most = rows[i].insns[column] * 11 / 10;
		struct fast f;

		tap_case("%s, checksum %d%s%s", fast_hooks[opts.hook], opts.checksum,
			 opts.frags ? ", frags" : "",
			 !opts.masks	? "" :
			 opts.masks > 1 ? ", shapers by many masks" :
					  ", shapers by one mask");
		if (tap_sys(fast_open(&f, &opts), "load")) {
			insns = fast_insns(&f);
			tap_diag("%u instructions verified, %u recorded", insns,
				 rows[i].insns[column]);
			if (insns > most || insns > (opts.masks ? LIMIT_SHAPED : LIMIT))
				tap_fail("%u instructions, at most %u", insns, most);
			fast_close(&f);
		}
		tap_end();
	}
	return tap_done();
}
