// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Trying things out in a child of its own namespace; see probe.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plane/probe.h"
#include "plane/program.h"

#define LO_IFINDEX	1
#define TCX_INGRESS	((enum bpf_attach_type)46)

static int link_try(int prog_fd, enum bpf_attach_type type, uint32_t flags)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = flags);

	return bpf_link_create(prog_fd, LO_IFINDEX, type, &opts) < 0 ? -errno : 0;
}

static int filter_try(int prog_fd)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = LO_IFINDEX, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = prog_fd);
	int ret = bpf_tc_hook_create(&hook);

	return ret ? ret : bpf_tc_attach(&hook, &opts);
}

static int attach_try(enum pn_probe what, int prog_fd)
{
	switch (what) {
	case PN_PROBE_GENERIC:
		return link_try(prog_fd, BPF_XDP, XDP_FLAGS_SKB_MODE);
	case PN_PROBE_TCX:
		return link_try(prog_fd, TCX_INGRESS, 0);
	case PN_PROBE_CLSACT:
		return filter_try(prog_fd);
	default:
		return 0;
	}
}

/* The child's status carries the errno: nothing of it can leak. */
static int attach_forked(enum pn_probe what, int prog_fd)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(unshare(CLONE_NEWNET) ? errno : -attach_try(what, prog_fd));
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

int pn_probe(enum pn_probe what, struct pn_err *err)
{
	bool xdp = what == PN_PROBE_XDP || what == PN_PROBE_GENERIC;
	struct pn_program_spec spec = { .hook = xdp ? PN_HOOK_XDP : PN_HOOK_TC,
					.dev = "probe" };
	struct pn_program prog;
	int ret = pn_program_load(&prog, &spec, NULL, 0, err);

	if (ret)
		return ret;
	ret = attach_forked(what, prog.fd);
	pn_program_close(&prog);
	return ret;
}
