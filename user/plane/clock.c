// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Starting the clock; see clock.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "clock.skel.h"
#include "plane/clock.h"

static int clock_run(struct clock_bpf *skel)
{
	char frame[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame));

	if (bpf_prog_test_run_opts(bpf_program__fd(skel->progs.clock_start), &opts))
		return -errno;
	return opts.retval ? -EIO : 0;
}

int pn_clock_start(const struct pn_pins *pins, const struct pn_maps *maps, struct pn_err *err)
{
	struct clock_bpf *skel;
	int fd = pn_pins_get(pins, "maps/" PN_CLOCK_MAP);
	int ret;

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	skel = clock_bpf__open();
	if (!skel)
		return pn_err_set(err, PN_EXIT_KERNEL, errno, "clock", "cannot be opened: %s",
				  strerror(errno));
	ret = bpf_map__reuse_fd(skel->maps.pn_control, maps->fd[PN_MAP_CONTROL]);
	if (!ret)
		ret = clock_bpf__load(skel);
	if (!ret)
		ret = clock_run(skel);
	if (!ret)
		ret = pn_pins_put(pins, "maps/" PN_CLOCK_MAP, bpf_map__fd(skel->maps.pn_clock));
	clock_bpf__destroy(skel);
	if (!ret)
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, "clock",
			  "the timer of FDB ageing does not start: %s", strerror(-ret));
}
