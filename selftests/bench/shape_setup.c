// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What it takes until shapers are there, and until they have gone again: a file
 * with one to a thousand beside IFB devices with HTB as `ip -batch` and `tc -batch`
 * make them, turn by turn, each in a namespace of its own. From nothing; at a
 * port that is attached; and one more where there are some already.
 * shape_setup [ROUNDS [LARGEST]]
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"
#include "netns.h"
#include "spent.h"
#include "tap.h"

#define ROUNDS_DEFAULT 5
#define LARGEST	       1000
#define ROOM_USUAL     4000 /* a port that is attached without shapers has no room for more */
#define IFB_BITS       15   /* shapers of one device: HTB numbers no more than 2^16 classes */
#define PINS	       "/sys/fs/bpf/pnt-shape-setup"

struct kind {
	const char *action;
	unsigned int counts[3];
};

static const struct kind kinds[] = {
	{ "shape", { 1, 64, 1000 } },
	{ "police", { 1, 64, 1000 } },
};

/* A thing that is measured, both ways. */
struct measured {
	struct samples ours, hand;
};

static char dir[64];
static int rounds = ROUNDS_DEFAULT;

static FILE *file_open(const char *name)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	if (!f)
		tap_bail("cannot write %s: %s", path, strerror(errno));
	return f;
}

static void file_close(FILE *f)
{
	if (fclose(f))
		tap_bail("cannot write below %s", dir);
}

/* @n shapers, one for each source. */
static void yaml_write(const char *action, unsigned int n)
{
	bool shape = !strcmp(action, "shape");
	FILE *f = file_open("f.yaml");

	fputs("penstock: 1\nports:\n  - {dev: d0, hook: tc}\nshapers:\n", f);
	if (!n)
		fputs("  []\n", f);
	else if (shape)
		fputs("  - {name: site, rate: 100gbit}\n", f);
	for (unsigned int i = 0; i < n; i++)
		fprintf(f, "  - {name: t%u, %srate: 1mbit, burst: 31250b, action: %s, "
			   "match: {dev: d0, src: 10.%u.%u.%u}}\n",
			i, shape ? "parent: site, " : "",
			action, i >> 16, i >> 8 & 0xff, i & 0xff);
	file_close(f);
}

static void class_write(FILE *f, unsigned int i)
{
	unsigned int ifb = i >> IFB_BITS, minor = (i & ((1u << IFB_BITS) - 1)) + 2;

	fprintf(f, "class add dev ifb%u parent 1:1 classid 1:%x htb rate 1mbit burst 31250b\n"
		   "filter add dev ifb%u parent 1: protocol ip prio 1 u32 ht 2:%x: "
		   "match ip src 10.%u.%u.%u/32 classid 1:%x\n",
		ifb, minor, ifb, i & 0xff,
		i >> 16, i >> 8 & 0xff, i & 0xff, minor);
}

/* The devices for "ip"; the rest, by hash tables as one builds it for many, for "tc". */
static void batch_write(unsigned int n)
{
	FILE *ip = file_open("ip"), *tc = file_open("tc");

	fputs("qdisc add dev d0 clsact\n", tc);
	for (unsigned int ifb = 0; ifb <= (n - 1) >> IFB_BITS; ifb++) {
		unsigned int first = ifb << IFB_BITS;

		fprintf(ip, "link add ifb%u type ifb\nlink set ifb%u txqueuelen 1000 up\n", ifb,
			ifb);
		fprintf(tc, "qdisc add dev ifb%u root handle 1: htb\n"
			    "class add dev ifb%u parent 1: classid 1:1 htb rate 100gbit "
			    "quantum 60000\n"
			    "filter add dev ifb%u parent 1: protocol ip prio 1 handle 2: u32 "
			    "divisor 256\n"
			    "filter add dev ifb%u parent 1: protocol ip prio 1 u32 ht 800:: match "
			    "u32 0 0 hashkey mask 0xff at 12 link 2:\n",
			ifb, ifb, ifb, ifb);
		fprintf(tc, "filter add dev d0 ingress protocol ip prio 1 u32 match ip src "
			    "10.%u.%u.0/%u action mirred egress redirect dev ifb%u\n",
			first >> 16,
			first >> 8 & 0xff, 32 - IFB_BITS, ifb);
	}
	for (unsigned int i = 0; i < n; i++)
		class_write(tc, i);
	file_close(ip);
	file_close(tc);
}

/* Adds what it took to the sum, in seconds. */
static void must_run(const char *const *argv, double *sum)
{
	struct spent spent;

	if (spent_run(argv, &spent))
		tap_bail("%s %s failed", argv[0], argv[1]);
	*sum += spent.wall;
}

static double penstock_run(const char *verb)
{
	const char *bin = getenv("PENSTOCK");
	char file[128], state[128];
	const char *const argv[] = {
		bin ? bin : "build/penstock",
		verb,
		"--bpffs",
		PINS,
		"--state",
		state,
		file,
		strcmp(verb, "delete") ? NULL : "--allow-mass-delete",
		NULL,
	};
	double sum = 0;

	snprintf(file, sizeof(file), "%s/f.yaml", dir);
	snprintf(state, sizeof(state), "%s/state", dir);
	must_run(argv, &sum);
	return sum;
}

static double detach_run(void)
{
	const char *bin = getenv("PENSTOCK");
	const char *const argv[] = {
		bin ? bin : "build/penstock",
		"detach",
		"--all",
		"--bpffs",
		PINS,
		NULL,
	};
	double sum = 0;

	must_run(argv, &sum);
	return sum;
}

static double batch_run(const char *tool, const char *name)
{
	char file[128];
	const char *const argv[] = { tool, "-batch", file, NULL };
	double sum = 0;

	snprintf(file, sizeof(file), "%s/%s", dir, name);
	must_run(argv, &sum);
	return sum;
}

static void fresh(struct netns *ns)
{
	if (netns_open(ns) || netns_veth(ns, "d0", ns, "g0") || netns_up(ns, "d0") ||
	    netns_up(ns, "g0") || netns_enter(ns))
		tap_bail("no namespace");
}

static void gone(struct netns *ns)
{
	netns_leave();
	netns_close(ns);
}

enum { NOTHING,
       ATTACHED,
       MORE,
       UNDO,
       STEPS };

static const char *const steps[STEPS] = {
	"",
	", port attached",
	", one more",
	", undone",
};

static void hand_round(struct measured *m, unsigned int n)
{
	struct netns ns;
	double took;
	FILE *f;

	fresh(&ns);
	took = batch_run("ip", "ip") + batch_run("tc", "tc");
	samples_add(&m[NOTHING].hand, took);
	samples_add(&m[ATTACHED].hand, took);
	f = file_open("more");
	class_write(f, n);
	file_close(f);
	samples_add(&m[MORE].hand, batch_run("tc", "more"));
	f = file_open("undo");
	for (unsigned int ifb = 0; ifb <= (n - 1) >> IFB_BITS; ifb++)
		fprintf(f, "link del ifb%u\n", ifb);
	file_close(f);
	f = file_open("undo-tc");
	fputs("qdisc del dev d0 clsact\n", f);
	file_close(f);
	samples_add(&m[UNDO].hand, batch_run("tc", "undo-tc") + batch_run("ip", "undo"));
	gone(&ns);
}

static void ours_round(struct measured *m, const char *action, unsigned int n)
{
	struct netns ns;

	fresh(&ns);
	yaml_write(action, n);
	samples_add(&m[NOTHING].ours, penstock_run("apply"));
	yaml_write(action, n + 1);
	samples_add(&m[MORE].ours, penstock_run("apply"));
	samples_add(&m[UNDO].ours, penstock_run("delete") + detach_run());
	if (n > ROOM_USUAL)
		goto out;
	yaml_write(action, 0);
	penstock_run("apply");
	yaml_write(action, n);
	samples_add(&m[ATTACHED].ours, penstock_run("apply"));
	penstock_run("delete");
	detach_run();
out:
	gone(&ns);
}

static void count_run(const char *action, unsigned int n)
{
	struct measured m[STEPS] = { 0 };
	char name[64];

	batch_write(n);
	for (int r = 0; r < rounds; r++) {
		hand_round(m, n);
		ours_round(m, action, n);
	}
	for (int i = 0; i < STEPS; i++) {
		if (!m[i].ours.n)
			continue;
		snprintf(name, sizeof(name), "set-up/%s %u%s", action, n, steps[i]);
		result_print(&(struct result){ name, "s", &m[i].ours, &m[i].hand, NULL });
	}
}

int main(int argc, char **argv)
{
	unsigned int largest = argc > 2 ? strtoul(argv[2], NULL, 10) : LARGEST;
	char cmd[80];

	if (argc > 1)
		rounds = atoi(argv[1]);
	/* As the records that apply keeps, in memory. */
	snprintf(dir, sizeof(dir), "/run/pnt-shape-setup-XXXXXX");
	if (!mkdtemp(dir))
		tap_bail("no directory: %s", strerror(errno));
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t i = 0; i < 3; i++)
			if (kinds[k].counts[i] <= largest)
				count_run(kinds[k].action, kinds[k].counts[i]);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return system(cmd) ? 1 : 0;
}
