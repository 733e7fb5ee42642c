// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock explain: every packet of a capture through the live data plane of a
 * port, without sending or counting it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cmd/explain_shaper.h"
#include "cmd/port_opts.h"
#include "plane/device.h"
#include "plane/twin.h"
#include "stats/view.h"
#include "util/names.h"
#include "util/pcap.h"

struct explain_opts {
	const char *dev;
	const char *write;
};

static const struct pn_opt rows[] = {
	{ "dev", 0, PN_OPT_STRING, "DEV", offsetof(struct explain_opts, dev),
	  .help = "the port that the packets arrive on" },
	{ "write", 'w', PN_OPT_STRING, "OUT.pcap", offsetof(struct explain_opts, write),
	  .help = "write what would leave, or go up to the kernel; a drop is left out" },
	PN_OPT_END
};

static const struct pn_col cols[] = {
	{ "packet", "PACKET", PN_RIGHT },
	{ "verdict", "VERDICT", PN_LEFT },
	{ "reason", "REASON", PN_LEFT },
	{ "tunnel", "TUNNEL", PN_LEFT },
	{ "egress", "EGRESS", PN_LEFT },
	{ "bytes", "BYTES", PN_RIGHT },
	{ "meaning", "MEANING", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = { .key = "packets", .cols = cols,
				       .none = "The capture holds no packet." };

struct job {
	struct pn_run *ctx;
	const struct explain_opts *opts;
	struct pn_view view;
	struct pn_pcap in, out;
	struct pn_twin twin;
	struct pn_pcap_frame frame;
};

static void name_show(struct pn_out *o, const char *key, const char *name)
{
	if (name)
		pn_out_str(o, key, name);
	else
		pn_out_null(o, key);
}

static const char *tunnel_name(const struct pn_view *v, uint32_t index)
{
	if (!index || index >= v->maps.abi.tunnels)
		return NULL;
	return pn_links_name(&v->links, v->maps.tunnels[index].ifindex);
}

static void packet_show(struct job *j, const struct pn_twin_result *r)
{
	static const struct pn_reason_info unknown = { "unknown", PN_PASS, "" };
	const struct pn_reason_info *info = &unknown;
	struct pn_out *o = j->ctx->out;
	bool forward, leaves;

	if (r->reason < PN_MAX_REASONS && pn_reason_info[r->reason].name)
		info = &pn_reason_info[r->reason];
	forward = info->verdict == PN_FORWARD;
	/* what is delivered goes on at the tunnel device itself */
	leaves = forward && r->reason != PN_R_DELIVERED;
	pn_out_row(o);
	pn_out_u64(o, "packet", j->in.n);
	pn_out_tone(o, forward ? PN_TONE_GOOD : info->verdict == PN_DROP ? PN_TONE_BAD :
		       PN_TONE_PLAIN);
	pn_out_str(o, "verdict", pn_verdict_names[info->verdict]);
	pn_out_str(o, "reason", info->name);
	name_show(o, "tunnel", tunnel_name(&j->view, r->tunnel));
	name_show(o, "egress", leaves ? pn_view_port_name(&j->view, r->egress) : NULL);
	pn_out_u64(o, "bytes", info->verdict == PN_DROP ? 0 : r->len);
	pn_out_str(o, "meaning", info->text);
	pn_explain_shaper(o, &j->view, r);
	pn_out_row_end(o);
}

/* What is passed goes up as it came. */
static int packet_write(struct job *j, const struct pn_twin_result *r)
{
	enum pn_verdict verdict = r->reason < PN_MAX_REASONS ?
				  pn_reason_info[r->reason].verdict : PN_PASS;

	if (!j->out.f || verdict == PN_DROP)
		return 0;
	if (verdict == PN_PASS)
		return pn_pcap_write(&j->out, &j->frame, j->frame.data, j->frame.len,
				     &j->ctx->err);
	return pn_pcap_write(&j->out, &j->frame, r->data, r->len, &j->ctx->err);
}

static int packets_run(struct job *j)
{
	struct pn_twin_result result;
	int ret;

	pn_out_table(j->ctx->out, &table);
	while ((ret = pn_pcap_next(&j->in, &j->frame, &j->ctx->err)) > 0) {
		ret = pn_twin_run(&j->twin, j->frame.data, j->frame.len, &result);
		if (ret)
			return pn_err_set(&j->ctx->err, PN_EXIT_KERNEL, -ret, j->in.path,
					  "packet %u: the kernel does not run it: %s", j->in.n,
					  strerror(-ret));
		packet_show(j, &result);
		ret = packet_write(j, &result);
		if (ret)
			return ret;
	}
	if (!ret)
		pn_out_table_end(j->ctx->out);
	return ret;
}

/* A damaged file is found before anything is printed or written. */
static int file_check(struct job *j)
{
	int ret;

	do
		ret = pn_pcap_next(&j->in, &j->frame, &j->ctx->err);
	while (ret > 0);
	pn_pcap_close(&j->in);
	return ret ? ret : pn_pcap_open(&j->in, j->in.path, &j->ctx->err);
}

static int port_find(struct job *j, struct pn_record *record)
{
	struct pn_device dev;
	unsigned int i;
	int ret = pn_device_by_name(j->opts->dev, &dev, &j->ctx->err);

	if (ret)
		return ret;
	for (i = 0; i < j->view.n_records; i++) {
		*record = j->view.record[i];
		if (record->ifindex == dev.ifindex && record->state == PN_PORT_ATTACHED)
			return 0;
	}
	ret = pn_err_set(&j->ctx->err, PN_EXIT_USAGE, ENOENT, dev.name,
			 "is not attached, so there is no live data plane to ask");
	pn_err_hint(&j->ctx->err, "penstock attach %s", dev.name);
	return ret;
}

static int job_open(struct job *j)
{
	struct pn_record record;
	int ret = pn_view_open(&j->view, j->ctx->global.bpffs, &j->ctx->err);

	if (ret)
		return ret;
	ret = port_find(j, &record);
	if (!ret)
		ret = pn_twin_open(&j->twin, &j->view.maps, &record, &j->ctx->err);
	if (!ret && j->opts->write)
		ret = pn_pcap_create(&j->out, j->opts->write, &j->in, &j->ctx->err);
	return ret;
}

static void job_close(struct job *j)
{
	pn_twin_close(&j->twin);
	pn_pcap_close(&j->in);
	pn_pcap_close(&j->out);
	if (j->view.pins.fd >= 0)
		pn_view_close(&j->view);
}

static int job_run(struct job *j, const char *path)
{
	int ret = pn_caps_check("explain", &j->ctx->err);

	if (!ret)
		ret = pn_pcap_open(&j->in, path, &j->ctx->err);
	if (!ret)
		ret = file_check(j);
	if (!ret)
		ret = job_open(j);
	if (!ret)
		ret = packets_run(j);
	if (!ret && j->out.f)
		return pn_pcap_finish(&j->out, &j->ctx->err);
	if (ret && j->out.f)
		unlink(j->opts->write);
	return ret;
}

static int explain_run(struct pn_run *ctx, int argc, char **argv)
{
	struct job *j;
	int ret;

	if (!((const struct explain_opts *)ctx->opts)->dev) {
		ret = pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "explain",
				 "--dev is missing: the port that the packets arrive on");
		pn_err_hint(&ctx->err, "penstock explain FILE.pcap --dev DEV");
		return ret;
	}
	j = calloc(1, sizeof(*j));
	if (!j)
		return pn_err_memory(&ctx->err, NULL);
	j->ctx = ctx;
	j->opts = ctx->opts;
	j->view.pins.fd = -1;
	j->twin.program.fd = -1;
	ret = job_run(j, argv[0]);
	job_close(j);
	free(j);
	return ret;
}

const struct pn_cmd pn_cmd_explain = {
	.name = "explain",
	.args = "FILE.pcap --dev DEV",
	.brief = "run a capture through the live data plane, without sending it",
	.help = "Each packet goes through a twin of the port's program, with the same "
		"configuration and the same maps, and the verdict, the reason, the tunnel and "
		"the egress device are printed; of tunnels inside tunnels the innermost that "
		"was reached. Below a packet that falls to a shaper stands which, below which "
		"parents, and what would become of it now. Nothing is sent, counted, charged or "
		"learned.",
	.rows = rows,
	.opts_size = sizeof(struct explain_opts),
	.min_args = 1,
	.max_args = 1,
	.run = explain_run,
};
