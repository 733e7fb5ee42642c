// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How detectors ask: dumps that start afresh, numbers from /proc. */
#include <errno.h>
#include <stdio.h>

#include "mirror/gate_detect.h"

int pn_gate_dump(struct gate_run *run, struct pn_nl *nl, struct pn_msg *m,
		 pn_nl_cb cb, void *data)
{
	size_t before = run->found.n;
	int tries = 0;
	int rc;

	do {
		run->found.n = before;
		rc = nl->fd < 0 ? -EPROTONOSUPPORT : pn_nl_dump(nl, m, cb, data, NULL);
	} while (rc == -EINTR && ++tries < PN_NL_DUMP_TRIES);
	pn_msg_fini(m);
	return rc;
}

long pn_gate_proc_number(const char *path, long none)
{
	FILE *f = fopen(path, "re");
	long v;

	if (!f)
		return none;
	if (fscanf(f, "%ld", &v) != 1)
		v = none;
	fclose(f);
	return v;
}
