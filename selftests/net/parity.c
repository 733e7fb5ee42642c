// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The kernel beside the data plane, rows of VXLAN; see parity.h. */
#include "parity.h"

int main(void)
{
	return parity_run(0, C_GN);
}
