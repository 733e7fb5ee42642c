// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock doctor: what this kernel and these ports can do, what follows, and the cure. */
#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/cmd.h"
#include "cmd/doctor_checks.h"
#include "cmd/doctor_ports.h"
#include "cmd/doctor_tunnels.h"
#include "nl/netdev.h"
#include "plane/device.h"
#include "plane/dir.h"
#include "plane/probe.h"
#include "plane/shared.h"
#include "stats/view.h"

#define OLDEST_MAJOR 6
#define OLDEST_MINOR 1

static const char *const health_words[] = { "ok", "note", "bad" };
static const enum pn_tone health_tones[] = { PN_TONE_GOOD, PN_TONE_WARN, PN_TONE_BAD };

static const struct pn_col cols[] = {
	{ "check", "CHECK", PN_LEFT },
	{ "state", "STATE", PN_LEFT },
	{ "text", "WHAT FOLLOWS", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = { .key = "kernel", .cols = cols };

void pn_finding(struct pn_out *o, const char *check, enum pn_health health,
		const char *text, const char *cure)
{
	pn_out_row(o);
	pn_out_str(o, "check", check);
	pn_out_tone(o, health_tones[health]);
	pn_out_str(o, "state", health_words[health]);
	pn_out_str(o, "text", text);
	if (cure && cure[0])
		pn_out_str(o, "cure", cure);
	else
		pn_out_null(o, "cure");
	if (cure && cure[0])
		pn_out_note(o, "cure: %s", cure);
	pn_out_row_end(o);
}

static void kernel_check(struct pn_out *o)
{
	unsigned int major = 0, minor = 0;
	struct utsname uts;
	char text[160];
	bool old;

	uname(&uts);
	old = sscanf(uts.release, "%u.%u", &major, &minor) != 2 || major < OLDEST_MAJOR ||
	      (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
	snprintf(text, sizeof(text), "%.80s%s", uts.release,
		 old ? " is older than what is tested" : "");
	pn_finding(o, "kernel", old ? PN_BAD : PN_GOOD, text, old ? "Linux 6.1 or later" : NULL);
}

static void caps_check(struct pn_out *o)
{
	bool bpf, net, sys;
	char text[160];

	capng_get_caps_process();
	sys = capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN);
	bpf = sys || capng_have_capability(CAPNG_EFFECTIVE, CAP_BPF);
	net = capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN);
	snprintf(text, sizeof(text), "CAP_BPF %s, CAP_NET_ADMIN %s, CAP_SYS_ADMIN %s%s",
		 bpf ? "yes" : "no", net ? "yes" : "no", sys ? "yes" : "no",
		 sys ? "" : ": no other network namespace can be entered");
	pn_finding(o, "capabilities", bpf && net ? sys ? PN_GOOD : PN_NOTE : PN_BAD, text,
		bpf && net ? NULL : "run it as root");
}

static void jit_check(struct pn_out *o)
{
	FILE *f = fopen("/proc/sys/net/core/bpf_jit_enable", "re");
	int c = f ? fgetc(f) : EOF;

	if (f)
		fclose(f);
	if (c == EOF)
		pn_finding(o, "jit", PN_NOTE, "this kernel does not say whether BPF is compiled",
			   NULL);
	else if (c == '0')
		pn_finding(o, "jit", PN_BAD, "BPF is interpreted, several times slower",
			"sysctl net.core.bpf_jit_enable=1");
	else
		pn_finding(o, "jit", PN_GOOD, "BPF is compiled", NULL);
}

static void pins_check(struct pn_run *ctx)
{
	struct pn_out *o = ctx->out;
	struct pn_err err = { 0 };
	struct pn_view v;
	char text[160];
	int ret = pn_dir_parent(ctx->global.bpffs, &err);

	if (!ret)
		ret = pn_view_open(&v, ctx->global.bpffs, &err);
	if (ret) {
		pn_finding(o, "pins", PN_BAD, err.text, err.hint);
		return;
	}
	snprintf(text, sizeof(text), "%u ports at %.100s", v.n_records, ctx->global.bpffs);
	if (!v.n_records)
		pn_finding(o, "pins", PN_GOOD, "nothing is attached", NULL);
	else if (v.followed)
		pn_finding(o, "pins", PN_GOOD, text, NULL);
	else
		pn_finding(o, "pins", PN_NOTE,
			"ports are attached, but nothing follows the kernel for them",
			"penstock run");
	pn_view_close(&v);
}

static const struct probe_row {
	enum pn_probe probe;
	const char *check;
	const char *good, *bad;
	enum pn_health worst;
} probes[] = {
	{ PN_PROBE_XDP, "xdp program", "the kernel loads it", NULL, PN_BAD },
	{ PN_PROBE_TC, "tc program", "the kernel loads it", NULL, PN_BAD },
	{ PN_PROBE_GENERIC, "generic xdp", "works on every device", "no generic XDP", PN_NOTE },
	{ PN_PROBE_TCX, "tcx", "tc programs are attached by a link that nobody removes by accident",
	  "no tcx before 6.6: tc programs are clsact filters, which others may remove", PN_NOTE },
	{ PN_PROBE_CLSACT, "clsact", "the older way to attach at tc works",
	  "no clsact qdisc: hook tc needs tcx", PN_NOTE },
};

static void probes_check(struct pn_out *o)
{
	const struct probe_row *row;
	struct pn_err err;
	unsigned int i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		row = &probes[i];
		err = (struct pn_err){ 0 };
		if (!pn_probe(row->probe, &err))
			pn_finding(o, row->check, PN_GOOD, row->good, NULL);
		else
			pn_finding(o, row->check, row->worst,
				row->bad && !err.text[0] ? row->bad : err.text, err.hint);
	}
}

static void shared_check(struct pn_out *o)
{
	struct pn_err err = { 0 };

	if (!pn_shared_probe(&err))
		pn_finding(o, "shared", PN_GOOD, "libxdp's dispatcher works: --shared may be used",
			   NULL);
	else
		pn_finding(o, "shared", PN_NOTE, err.text, err.hint);
}

static void features_check(struct pn_out *o)
{
	uint64_t features;

	if (pn_netdev_features(1, &features) != -EOPNOTSUPP)
		pn_finding(o, "xdp features", PN_GOOD, "drivers say what they can do", NULL);
	else
		pn_finding(o, "xdp features", PN_NOTE, "drivers do not say what they can do before "
			   "6.3: a table of known drivers is used", NULL);
}

static int doctor_run(struct pn_run *ctx, int argc, char **argv)
{
	struct pn_device dev;
	int i, ret;

	for (i = 0; i < argc; i++) {
		ret = pn_device_by_name(argv[i], &dev, &ctx->err);
		if (ret)
			return ret;
	}
	pn_out_group(ctx->out);
	pn_out_table(ctx->out, &table);
	kernel_check(ctx->out);
	caps_check(ctx->out);
	jit_check(ctx->out);
	pins_check(ctx);
	probes_check(ctx->out);
	shared_check(ctx->out);
	features_check(ctx->out);
	pn_doctor_kinds(ctx->out);
	pn_out_table_end(ctx->out);
	ret = pn_doctor_ports(ctx, argc, argv);
	if (!ret)
		ret = pn_doctor_tunnels(ctx, argc, argv);
	if (ret)
		return ret;
	pn_out_group_end(ctx->out);
	return 0;
}

const struct pn_cmd pn_cmd_doctor = {
	.name = "doctor",
	.args = "[DEV...]",
	.brief = "say what this kernel and these ports can do, and the cure for the rest",
	.help = "Tries out, in a network namespace of its own, what penstock needs of the "
		"kernel, and looks at each Ethernet device: which hook it would get and why, "
		"whether XDP may send to it, and which gates close it; and at each tunnel device: "
		"may it be accelerated, or why not. Changes nothing, and loads no module.",
	.max_args = -1,
	.run = doctor_run,
};
