// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The kernel beside the data plane, rows of IP in IP, FOU, GUE, VTI, and routing; see parity.h. */
#include "parity.h"

int main(void)
{
	return parity_run(C_IPIP, CONFIGS);
}
