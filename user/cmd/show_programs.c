// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock show programs: what runs in the kernel for each port. */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/show.h"
#include "shape/redirect.h"

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "hook", "HOOK", PN_LEFT },
	{ "id", "ID", PN_RIGHT },
	{ "name", "NAME", PN_LEFT },
	{ "tag", "TAG", PN_LEFT },
	{ "verified_instructions", "VERIFIED", PN_RIGHT },
	{ "jited_bytes", "JITED", PN_RIGHT },
	PN_COL_END
};

static const struct pn_table table = {
	.key = "programs",
	.none = "No program is loaded.",
	.cols = cols,
};

/* A program that no link holds has no pin: it is held by its filter, or by a dispatcher. */
static int info_read(const struct pn_view *v, const struct pn_record *r,
		     struct bpf_prog_info *info)
{
	uint32_t len = sizeof(*info);
	char pin[PN_PINS_PATH];
	int fd, ret;

	pn_record_name(r->ifindex, "prog", pin);
	fd = pn_pins_get(&v->pins, pin);
	if (fd < 0 && r->prog_id)
		fd = bpf_prog_get_fd_by_id(r->prog_id);
	if (fd < 0)
		return fd;
	memset(info, 0, sizeof(*info));
	ret = bpf_obj_get_info_by_fd(fd, info, &len) ? -errno : 0;
	close(fd);
	return ret;
}

static int filter_read(uint32_t id, struct bpf_prog_info *info)
{
	uint32_t len = sizeof(*info);
	int fd = bpf_prog_get_fd_by_id(id), ret;

	if (fd < 0)
		return fd;
	memset(info, 0, sizeof(*info));
	ret = bpf_obj_get_info_by_fd(fd, info, &len) ? -errno : 0;
	close(fd);
	return ret;
}

static void info_show(struct pn_out *o, const char *dev, unsigned int hook,
		      const struct bpf_prog_info *info)
{
	pn_out_row(o);
	pn_out_str(o, "device", dev);
	pn_out_str(o, "hook", pn_hook_words[hook]);
	pn_out_u64(o, "id", info->id);
	pn_out_str(o, "name", info->name);
	pn_out_fmt(o, "tag", "%02x%02x%02x%02x%02x%02x%02x%02x", info->tag[0], info->tag[1],
		   info->tag[2], info->tag[3], info->tag[4], info->tag[5], info->tag[6],
		   info->tag[7]);
	pn_out_u64(o, "verified_instructions", info->verified_insns);
	pn_out_u64(o, "jited_bytes", info->jited_prog_len);
	pn_out_row_end(o);
}

/* The port's, and those of the filters that send its packets to IFB devices. */
static void program_show(struct pn_out *o, const struct pn_view *v,
			 const struct pn_record *r)
{
	const char *name = pn_links_name(&v->links, r->ifindex);
	struct pn_nl_filter filter[PN_REDIRECTS_MAX];
	struct bpf_prog_info info;
	int i, n;

	name = name ? name : r->dev;
	if (!info_read(v, r, &info))
		info_show(o, name, r->hook, &info);
	n = pn_redirects_list(r->ifindex, filter);
	for (i = 0; i < n; i++)
		if (!filter_read(filter[i].prog_id, &info))
			info_show(o, name, PN_HOOK_TC, &info);
}

int pn_show_programs(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	unsigned int i;

	pn_out_table(ctx->out, &table);
	for (i = 0; i < v->n_records; i++)
		program_show(ctx->out, v, &v->record[i]);
	pn_out_table_end(ctx->out);
	return 0;
}
