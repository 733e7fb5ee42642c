// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* XDP links, tcx links and clsact filters; see hook.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plane/hook.h"
#include "plane/program.h"

/* Newer than the headers of Debian 12; enum values, so with names of our own. */
#define TCX_INGRESS	((enum bpf_attach_type)46)	/* 6.6 */
#define LINK_TYPE_TCX	11

/* Behind what an administrator numbers by hand, before nothing. */
#define FILTER_HANDLE	0x706e
#define FILTER_PRIO	49152

/* As struct bpf_link_info of 6.6 and later begins for tcx. */
struct tcx_info {
	uint32_t ifindex;
	uint32_t attach_type;
};

static const char *mode_words(uint8_t attached)
{
	return attached == XDP_ATTACHED_SKB ? "generic" :
	       attached == XDP_ATTACHED_HW ? "offloaded" : "native";
}

int pn_hook_foreign(const struct pn_device *dev, struct pn_err *err)
{
	struct pn_program_info info = { 0 };
	char tag[17] = "unknown";
	unsigned int i;
	int ret;

	if (!pn_program_info_by_id(dev->xdp_prog, &info))
		for (i = 0; i < sizeof(info.tag); i++)
			snprintf(tag + 2 * i, 3, "%02x", info.tag[i]);
	ret = pn_err_set(err, PN_EXIT_KERNEL, EBUSY, dev->name,
			 "another XDP program has the port: id %u, name %s, tag %s, %s mode",
			 dev->xdp_prog, info.name[0] ? info.name : "unknown", tag,
			 mode_words(dev->xdp_mode));
	pn_err_hint(err, "detach it (ip link set dev %s xdp off), or attach with --hook tc, "
		    "or with --shared where doctor says that it works", dev->name);
	return ret;
}

static const uint32_t mode_flags[] = {
	[PN_MODE_NATIVE] = XDP_FLAGS_DRV_MODE,
	[PN_MODE_GENERIC] = XDP_FLAGS_SKB_MODE,
	[PN_MODE_OFFLOAD] = XDP_FLAGS_HW_MODE,
};

static struct {
	char *text;
	size_t size;
} heard;

/* libbpf has the kernel's words of a netlink answer, and tells them here only. */
static int words_hear(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	static const char head[] = "libbpf: Kernel error message: ";
	char line[256];

	vsnprintf(line, sizeof(line), fmt, ap);
	line[strcspn(line, "\n")] = '\0';
	if (!strncmp(line, head, sizeof(head) - 1))
		snprintf(heard.text, heard.size, "%s", line + sizeof(head) - 1);
	return 0;
}

/*
 * Why? A link is refused by a number alone; the same wish by netlink has a
 * sentence, the driver's own. Should it be granted this time it is taken back.
 */
static void words_ask(struct pn_hook_at *at, uint32_t ifindex, int prog_fd)
{
	uint32_t flags = mode_flags[at->mode] | XDP_FLAGS_UPDATE_IF_NOEXIST;
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts, .old_prog_fd = prog_fd);
	libbpf_print_fn_t before;

	heard.text = at->kernel;
	heard.size = sizeof(at->kernel);
	before = libbpf_set_print(words_hear);
	if (!bpf_xdp_attach(ifindex, prog_fd, flags, NULL))
		bpf_xdp_detach(ifindex, mode_flags[at->mode], &opts);
	libbpf_set_print(before);
}

static int xdp_refused(const struct pn_hook_at *at, const struct pn_device *dev, int sys,
		       struct pn_err *err)
{
	int ret = pn_err_set(err, PN_EXIT_KERNEL, sys, dev->name,
			     "the driver refuses the XDP program in %s mode: %s%s%s",
			     pn_mode_words[at->mode], strerror(sys),
			     at->kernel[0] ? ": kernel: " : "", at->kernel);

	if (at->mode == PN_MODE_OFFLOAD)
		pn_err_hint(err, "--mode native, or --hook tc");
	else if (dev->mtu > 1500)
		pn_err_hint(err, "its MTU is %u; try --hook tc, or a smaller MTU", dev->mtu);
	else
		pn_err_hint(err, "try --hook tc, or --mode generic");
	return ret;
}

static int xdp_attach(struct pn_hook_at *at, const struct pn_device *dev, int prog_fd,
		      struct pn_err *err)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = mode_flags[at->mode]);
	struct pn_device now;
	int ret;

	at->kernel[0] = '\0';
	at->link_fd = bpf_link_create(prog_fd, dev->ifindex, BPF_XDP, &opts);
	if (at->link_fd >= 0)
		return 0;
	ret = -errno;
	if ((ret == -EBUSY || ret == -EEXIST) && !pn_device_by_index(dev->ifindex, &now) &&
	    now.xdp_prog)
		return pn_hook_foreign(&now, err);
	words_ask(at, dev->ifindex, prog_fd);
	if (ret == -EOPNOTSUPP && at->mode != PN_MODE_OFFLOAD)
		return -EOPNOTSUPP;
	return xdp_refused(at, dev, -ret, err);
}

static void filter_hook(struct bpf_tc_hook *hook, uint32_t ifindex)
{
	*hook = (struct bpf_tc_hook){ .sz = sizeof(*hook), .ifindex = ifindex,
				      .attach_point = BPF_TC_INGRESS };
}

static int filter_attach(struct pn_hook_at *at, const struct pn_device *dev, int prog_fd,
			 struct pn_err *err)
{
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = FILTER_HANDLE, .priority = FILTER_PRIO,
		    .prog_fd = prog_fd);
	struct bpf_tc_hook hook;
	int ret;

	filter_hook(&hook, dev->ifindex);
	ret = bpf_tc_hook_create(&hook);
	at->placed = !ret;
	if (!ret || ret == -EEXIST)
		ret = bpf_tc_attach(&hook, &opts);
	if (ret)
		return pn_err_set(err, PN_EXIT_KERNEL, -ret, dev->name,
				  "the tc ingress filter is refused: %s", strerror(-ret));
	at->tc_handle = FILTER_HANDLE;
	at->tc_prio = FILTER_PRIO;
	return 0;
}

static int tc_attach(struct pn_hook_at *at, const struct pn_device *dev, int prog_fd,
		     struct pn_err *err)
{
	at->link_fd = bpf_link_create(prog_fd, dev->ifindex, TCX_INGRESS, NULL);
	at->tcx = at->link_fd >= 0;
	if (at->tcx)
		return 0;
	if (errno == EINVAL)
		return filter_attach(at, dev, prog_fd, err);
	return pn_err_set(err, PN_EXIT_KERNEL, errno, dev->name,
			  "the tcx ingress hook refuses the program: %s", strerror(errno));
}

int pn_hook_attach(struct pn_hook_at *at, const struct pn_device *dev, int prog_fd,
		   struct pn_err *err)
{
	at->link_fd = -1;
	at->tcx = false;
	at->tc_handle = at->tc_prio = 0;
	return at->hook == PN_HOOK_XDP ? xdp_attach(at, dev, prog_fd, err) :
	       tc_attach(at, dev, prog_fd, err);
}

int pn_hook_update(const struct pn_hook_at *at, uint32_t ifindex, int prog_fd, int old_fd)
{
	LIBBPF_OPTS(bpf_link_update_opts, update, .flags = BPF_F_REPLACE,
		    .old_prog_fd = old_fd);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = at->tc_handle, .priority = at->tc_prio,
		    .prog_fd = prog_fd, .flags = BPF_TC_F_REPLACE);
	struct bpf_tc_hook hook;

	if (at->link_fd >= 0)
		return bpf_link_update(at->link_fd, prog_fd, old_fd < 0 ? NULL : &update) ?
		       -errno : 0;
	filter_hook(&hook, ifindex);
	return bpf_tc_attach(&hook, &opts);
}

/* The clsact qdisc is left to whoever knows whether others use it. */
int pn_hook_detach(const struct pn_hook_at *at, uint32_t ifindex)
{
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = at->tc_handle, .priority = at->tc_prio);
	struct bpf_tc_hook hook;

	if (at->hook != PN_HOOK_TC || at->tcx || !at->tc_handle)
		return 0;
	filter_hook(&hook, ifindex);
	return bpf_tc_detach(&hook, &opts);
}

int pn_hook_link_info(int link_fd, uint32_t *ifindex, uint32_t *prog_id)
{
	struct bpf_link_info info = { 0 };
	uint32_t len = sizeof(info);
	struct tcx_info tcx;

	if (bpf_obj_get_info_by_fd(link_fd, &info, &len))
		return -errno;
	*prog_id = info.prog_id;
	if (info.type == LINK_TYPE_TCX) {
		memcpy(&tcx, &info.xdp, sizeof(tcx));
		*ifindex = tcx.ifindex;
	} else {
		*ifindex = info.xdp.ifindex;
	}
	return 0;
}

uint32_t pn_hook_filter_prog(const struct pn_hook_at *at, uint32_t ifindex)
{
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = at->tc_handle, .priority = at->tc_prio);
	struct bpf_tc_hook hook;

	filter_hook(&hook, ifindex);
	return bpf_tc_query(&hook, &opts) ? 0 : opts.prog_id;
}
