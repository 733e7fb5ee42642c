// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Run-time statistics of programs; see runtime.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "runtime.h"
#include "tap.h"

int runtime_enable(void)
{
	int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);

	if (fd < 0)
		tap_bail("no run-time statistics (root, 5.8)");
	return fd;
}

static void stats_read(int fd, uint64_t *ns, uint64_t *runs)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &len))
		tap_bail("no program information");
	*ns = info.run_time_ns;
	*runs = info.run_cnt;
}

double runtime_measure(const struct runtime *r, struct pkt *p, int runs)
{
	uint64_t ns[2], n[2];
	char out[PKT_SIZE];

	stats_read(r->fd, &ns[0], &n[0]);
	for (int i = 0; i < runs; i++) {
		LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = pkt_data(p),
			    .data_size_in = p->len, .data_out = out,
			    .data_size_out = sizeof(out), .repeat = 1);

		if (r->vary)
			r->vary(p, r->arg);
		if (bpf_prog_test_run_opts(r->fd, &opts))
			tap_bail("%s: test run: %s", r->name, strerror(errno));
		if ((int)opts.retval != r->action)
			tap_bail("%s: returns %d", r->name, (int)opts.retval);
	}
	stats_read(r->fd, &ns[1], &n[1]);
	return (double)(ns[1] - ns[0]) / (n[1] - n[0]);
}
