// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Loading and running the explaining twin; see twin.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plane/twin.h"

#define FRAME_LEAST	14	/* shorter ones the kernel does not run at all */
#define FRAME_MOST	3400	/* longer ones are several buffers, or super-packets */
#define ROOM		65536

int pn_twin_open(struct pn_twin *twin, const struct pn_maps *maps,
		 const struct pn_record *record, struct pn_err *err)
{
	struct pn_program_spec spec = { .hook = record->hook, .conf = record->conf,
					.dev = record->dev };
	int ret;

	*twin = (struct pn_twin){ .program.fd = -1, .out = malloc(ROOM), .room = ROOM };
	if (!twin->out)
		return pn_err_memory(err, NULL);
	spec.conf.explain = 1;
	ret = pn_program_load(&twin->program, &spec, maps, -1, err);
	if (ret)
		pn_twin_close(twin);
	return ret;
}

void pn_twin_close(struct pn_twin *twin)
{
	pn_program_close(&twin->program);
	free(twin->out);
	twin->out = NULL;
}

/* What the test run cannot take in is decided by its length alone, as on the hook. */
static enum pn_reason by_length(const struct pn_twin *twin, uint32_t len)
{
	if (len < FRAME_LEAST)
		return PN_R_SHORT;
	if (len <= FRAME_MOST)
		return PN_R_NONE;
	return twin->program.hook == PN_HOOK_TC ? PN_R_GSO : PN_R_NONLINEAR;
}

int pn_twin_run(struct pn_twin *twin, const void *data, uint32_t len,
		struct pn_twin_result *result)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = data, .data_size_in = len,
		    .data_out = twin->out, .data_size_out = twin->room);
	struct pn_explain met = { 0 };
	uint32_t zero = 0;

	*result = (struct pn_twin_result){ .reason = by_length(twin, len), .data = data,
					   .len = len };
	if (result->reason)
		return 0;
	if (bpf_map_update_elem(twin->program.explain_fd, &zero, &met, BPF_ANY) ||
	    bpf_prog_test_run_opts(twin->program.fd, &opts) ||
	    bpf_map_lookup_elem(twin->program.explain_fd, &zero, &met))
		return -errno;
	result->reason = met.reason;
	result->egress = met.egress;
	result->tunnel = met.tunnel;
	result->shaper = met.shaper;
	result->outcome = met.outcome;
	result->lender = met.lender;
	result->bytes = met.bytes;
	result->data = twin->out;
	result->len = opts.data_size_out;
	return 0;
}
