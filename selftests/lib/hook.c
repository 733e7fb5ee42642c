// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs on devices; see hook.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <unistd.h>

#include "hook.h"

#define TCX_INGRESS ((enum bpf_attach_type)46) /* 6.6; not in Debian 12's headers */

static int clsact_attach(const struct hook *h, int prog)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = (int)h->ifindex, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = prog, .handle = 1, .priority = 1);
	int ret = bpf_tc_hook_create(&hook);

	if (ret && ret != -EEXIST)
		return ret;
	return bpf_tc_attach(&hook, &opts);
}

int hook_attach(struct hook *h, int prog)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = h->tc ? 0 : XDP_FLAGS_DRV_MODE);

	h->link = bpf_link_create(prog, h->ifindex, h->tc ? TCX_INGRESS : BPF_XDP, &opts);
	if (h->link >= 0)
		return 0;
	return h->tc && errno == EINVAL ? clsact_attach(h, prog) : -errno;
}

void hook_detach(struct hook *h)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = (int)h->ifindex,
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);

	if (h->link >= 0) {
		bpf_link_detach(h->link);
		close(h->link);
	} else if (h->tc) {
		bpf_tc_hook_destroy(&hook);
	}
	h->link = -1;
}
