// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The dispatcher of libxdp; see shared.h. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xdp/libxdp.h>

#include "plane/shared.h"
#include "util/log.h"

#define XDP_PINS "/sys/fs/bpf/xdp"	/* where libxdp keeps its own */
#define LO_IFINDEX 1	/* the loopback of a fresh network namespace */

enum probe_result {
	PROBE_WORKS,
	PROBE_NO_NETNS,
	PROBE_NO_LOAD,
	PROBE_NO_ATTACH,
	PROBE_ALONE,		/* libxdp fell back to a program without dispatcher */
};

static int xdp_log(enum libxdp_print_level level, const char *fmt, va_list ap)
{
	pn_log_v(PN_LOG_DEBUG, fmt, ap);
	return 0;
}

static enum xdp_attach_mode xdp_mode(enum pn_mode mode)
{
	return mode == PN_MODE_GENERIC ? XDP_MODE_SKB : XDP_MODE_NATIVE;
}

static struct xdp_program *program_of(struct pn_program *prog)
{
	DECLARE_LIBXDP_OPTS(xdp_program_opts, opts, .obj = prog->obj,
		    .prog_name = pn_program_name(PN_HOOK_XDP));
	struct xdp_program *xp;

	libxdp_set_print(xdp_log);
	xp = xdp_program__create(&opts);
	return libxdp_get_error(xp) ? NULL : xp;
}

static bool is_alone(uint32_t ifindex)
{
	struct xdp_multiprog *mp = xdp_multiprog__get_from_ifindex(ifindex);
	bool alone = libxdp_get_error(mp) || xdp_multiprog__is_legacy(mp);

	if (!libxdp_get_error(mp))
		xdp_multiprog__close(mp);
	return alone;
}

/* Our own program, on a loopback of its own: what it does is what matters. */
static enum probe_result probe_run(void)
{
	struct pn_program_spec spec = { .hook = PN_HOOK_XDP, .dev = "probe" };
	struct pn_program prog;
	struct xdp_program *xp;
	enum probe_result result = PROBE_WORKS;

	if (unshare(CLONE_NEWNET))
		return PROBE_NO_NETNS;
	if (pn_program_open(&prog, &spec, NULL, 0, NULL))
		return PROBE_NO_LOAD;
	xp = program_of(&prog);
	if (!xp)
		return PROBE_NO_LOAD;
	if (xdp_program__attach(xp, LO_IFINDEX, XDP_MODE_SKB, 0))
		return PROBE_NO_ATTACH;
	if (is_alone(LO_IFINDEX))
		result = PROBE_ALONE;
	xdp_program__detach(xp, LO_IFINDEX, XDP_MODE_SKB, 0);
	return result;
}

/* libxdp makes its directory and leaves it; one that was not there goes again. */
static int probe_forked(void)
{
	bool was = !access(XDP_PINS, F_OK);
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(probe_run());
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return PROBE_NO_NETNS;
	if (!was)
		rmdir(XDP_PINS);
	return WEXITSTATUS(status);
}

int pn_shared_probe(struct pn_err *err)
{
	static const char *const why[] = {
		[PROBE_NO_NETNS] = "it cannot be tried out: no new network namespace "
				   "(CAP_SYS_ADMIN)",
		[PROBE_NO_LOAD] = "the program does not open for it",
		[PROBE_NO_ATTACH] = "libxdp does not attach the program behind it",
		[PROBE_ALONE] = "the kernel refuses programs that replace functions "
				"(freplace), and libxdp falls back to a lone program",
	};
	static int result = -1;
	int ret;

	if (result < 0)
		result = probe_forked();
	if (result == PROBE_WORKS)
		return 0;
	ret = pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, "shared",
			 "libxdp's dispatcher does not work on this kernel: %s", why[result]);
	pn_err_hint(err, "leave --shared out, or use --hook tc beside the other XDP program");
	return ret;
}

/*
 * The new one comes before the old one goes: a packet may pass both for a
 * moment, but none passes neither.
 */
int pn_shared_attach(const struct pn_maps *maps, const struct pn_program_spec *spec,
		     int stats_fd, enum pn_mode mode, struct pn_record *r,
		     struct pn_err *err)
{
	struct pn_program prog;
	struct xdp_program *xp;
	uint32_t old = r->prog_id;
	int ret = pn_shared_probe(err);

	if (!ret)
		ret = pn_program_open(&prog, spec, maps, stats_fd, err);
	if (ret)
		return ret;
	xp = program_of(&prog);
	ret = xp ? xdp_program__attach(xp, r->ifindex, xdp_mode(mode), 0) : -EINVAL;
	if (ret == -EOPNOTSUPP)
		goto out;
	if (!ret && is_alone(r->ifindex)) {
		xdp_program__detach(xp, r->ifindex, xdp_mode(mode), 0);
		ret = -EOPNOTSUPP;
	}
	if (ret) {
		ret = pn_err_set(err, PN_EXIT_KERNEL, -ret, spec->dev,
				 "libxdp does not attach it beside the others: %s",
				 strerror(-ret));
		pn_err_hint(err, "penstock -d shows what it says");
		goto out;
	}
	r->prog_id = xdp_program__id(xp);
	r->conf = spec->conf;
	if (old)
		pn_shared_detach(r->ifindex, old);
out:
	if (xp)
		xdp_program__close(xp);
	pn_program_close(&prog);
	return ret;
}

int pn_shared_detach(uint32_t ifindex, uint32_t prog_id)
{
	struct xdp_program *xp = xdp_program__from_id(prog_id);
	enum xdp_attach_mode mode;
	int ret;

	if (libxdp_get_error(xp))
		return -ENOENT;
	libxdp_set_print(xdp_log);
	mode = xdp_program__is_attached(xp, ifindex);
	ret = mode ? xdp_program__detach(xp, ifindex, mode, 0) : -ENOENT;
	xdp_program__close(xp);
	return ret;
}

bool pn_shared_attached(uint32_t ifindex, uint32_t prog_id)
{
	struct xdp_program *xp = prog_id ? xdp_program__from_id(prog_id) : NULL;
	bool attached;

	if (!xp || libxdp_get_error(xp))
		return false;
	libxdp_set_print(xdp_log);
	attached = xdp_program__is_attached(xp, ifindex);
	xdp_program__close(xp);
	return attached;
}
