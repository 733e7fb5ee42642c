// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Topology files beside `ip -batch` with the same content, each in a namespace
 * of its own, round by round; the plan of what is there already beside the
 * kernel's dump of it; deletion; memory. topo [ROUNDS [LINKS [SORT]]]
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"
#include "netns.h"
#include "nl/addr.h"
#include "nl/link.h"
#include "spent.h"
#include "tap.h"

static char dir[256];
static unsigned int links = 1000;

/* One link of each sort, in both languages; every %u is its number. */
static const struct {
	const char *name, *first, *first_ip, *file, *batch;
} sorts[] = {
	{ "veth", "", "", "  - {name: va%u, kind: veth, up: true, peer: {name: vb%u, up: true}}\n",
	  "link add va%u type veth peer name vb%u\nlink set va%u up\nlink set vb%u up\n" },
	{ "vlan", "  - {name: low, kind: veth, up: true, peer: {name: low1}}\n",
	  "link add low type veth peer name low1\nlink set low up\n",
	  "  - {name: vl%u, kind: vlan, link: low, id: %u, up: true}\n",
	  "link add link low name vl%u type vlan id %u\nlink set vl%u up\n" },
	{ "vxlan", "", "",
	  "  - {name: vx%u, kind: vxlan, id: %u, dstport: 4789, local: 192.0.2.1, up: true}\n",
	  "link add vx%u type vxlan id %u dstport 4789 local 192.0.2.1\nlink set vx%u up\n" },
};

#define SORTS (sizeof(sorts) / sizeof(sorts[0]))

static FILE *file_open(const char *name)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	if (!f)
		tap_bail("cannot write %s: %s", path, strerror(errno));
	return f;
}

static void each_write(FILE *f, const char *text, unsigned int n)
{
	for (; *text; text++) {
		if (text[0] == '%' && text[1] == 'u') {
			fprintf(f, "%u", n);
			text++;
		} else {
			fputc(*text, f);
		}
	}
}

/* "f" and "batch": the sorts whose bit is set, @n links of each. */
static void files_write(unsigned int set, unsigned int n)
{
	FILE *f = file_open("f.yaml"), *b = file_open("batch");
	unsigned int i, s;

	fputs("penstock: 1\nlinks:\n", f);
	for (s = 0; s < SORTS; s++) {
		if (!(set & 1u << s))
			continue;
		fputs(sorts[s].first, f);
		fputs(sorts[s].first_ip, b);
		for (i = 1; i <= n; i++) {
			each_write(f, sorts[s].file, i);
			each_write(b, sorts[s].batch, i);
		}
	}
	if (fclose(f) || fclose(b))
		tap_bail("cannot write below %s", dir);
}

/* What the last program took. */
static struct spent spent;

/* Seconds that a program takes in the namespace we are in, or -1. */
static double program_run(const char *const *argv, long *kib)
{
	if (spent_run(argv, &spent))
		return -1;
	if (kib)
		*kib = spent.kib;
	return spent.wall;
}

static double penstock_run(const char *verb, long *kib)
{
	const char *bin = getenv("PENSTOCK");
	char file[300], state[300], pins[300];
	const char *const argv[] = {
		bin ? bin : "build/penstock", verb, "--bpffs", pins, "--state", state, file,
		strcmp(verb, "delete") ? NULL : "--allow-mass-delete", NULL,
	};

	snprintf(file, sizeof(file), "%s/f.yaml", dir);
	snprintf(state, sizeof(state), "%s/state", dir);
	snprintf(pins, sizeof(pins), "%s/pins", dir);
	return program_run(argv, kib);
}

static double batch_run(void)
{
	char file[300];
	const char *const argv[] = { "ip", "-batch", file, NULL };

	snprintf(file, sizeof(file), "%s/batch", dir);
	return program_run(argv, NULL);
}

/* It has the other end of a veth of each namespace. */
static struct netns witness;

static void fresh(struct netns *ns)
{
	if (netns_open(ns) || netns_veth(&witness, "witness", ns, "witness") ||
	    netns_enter(ns))
		tap_bail("no namespace");
}

/* With all its links: the kernel removes them later, while it holds the lock for links. */
static void gone(struct netns *ns)
{
	netns_leave();
	netns_close(ns);
	while (netns_ifindex(&witness, "witness") > 0)
		usleep(1000);
}

static bool sort_run(unsigned int s, int rounds)
{
	struct samples ours = { 0 }, kernel = { 0 }, ours_cpu = { 0 }, kernel_cpu = { 0 };
	struct netns ns;
	char name[64];
	double took;
	int r;

	files_write(1u << s, links);
	for (r = 0; r < rounds; r++) {
		fresh(&ns);
		took = batch_run();
		gone(&ns);
		if (took < 0)
			return false;	/* this kernel has it not */
		samples_add(&kernel, took);
		samples_add(&kernel_cpu, spent.cpu);
		fresh(&ns);
		took = penstock_run("apply", NULL);
		samples_add(&ours_cpu, spent.cpu);
		if (took < 0 || penstock_run("delete", NULL) < 0)
			tap_bail("apply and delete of %s", sorts[s].name);
		gone(&ns);
		samples_add(&ours, took);
	}
	snprintf(name, sizeof(name), "topo/apply %s", sorts[s].name);
	result_print(&(struct result){ name, "s", &ours, &kernel, NULL });
	result_print(&(struct result){ name, "cpu_s", &ours_cpu, &kernel_cpu, NULL });
	return true;
}

static int count(const struct nlmsghdr *nlh, void *data)
{
	(*(unsigned int *)data)++;
	return 0;
}

static double dump_run(void)
{
	unsigned int n = 0;
	double start;
	struct pn_nl nl;
	int rc;

	if (pn_nl_open(&nl, NETLINK_ROUTE, NULL))
		tap_bail("no netlink");
	/* Addresses of IPv6 come by themselves for a while, and interrupt it. */
	do {
		start = spent_now();
		rc = pn_nl_link_dump(&nl, AF_UNSPEC, RTEXT_FILTER_SKIP_STATS, count, &n, NULL);
		rc = rc ? rc : pn_nl_addr_dump(&nl, AF_UNSPEC, count, &n, NULL);
	} while (rc == -EINTR);
	if (rc)
		tap_bail("dump: %s", strerror(-rc));
	pn_nl_close(&nl);
	return spent_now() - start;
}

/* All sorts in one file: what does not change costs the reading of it. */
static void whole_run(unsigned int set, int rounds)
{
	struct samples plan = { 0 }, dump = { 0 }, beyond = { 0 };
	long large = 0, small = 0;
	struct netns ns;
	double took;
	int r;

	files_write(set, links);
	fresh(&ns);
	if (penstock_run("apply", NULL) < 0)
		tap_bail("apply of all");
	for (r = 0; r < rounds; r++) {
		took = dump_run();
		samples_add(&dump, took);
		samples_add(&plan, penstock_run("plan", &large));
		samples_add(&beyond, plan.value[plan.n - 1] - took);
	}
	result_print(&(struct result){ "topo/plan unchanged", "s", &plan, &dump, NULL });
	result_figure("topo/plan beyond the dump", "s", samples_median(&beyond));
	took = penstock_run("delete", NULL);
	result_figure("topo/delete", "s", took);
	gone(&ns);
	files_write(set, links / 10);
	fresh(&ns);
	if (penstock_run("apply", NULL) < 0 || penstock_run("plan", &small) < 0 ||
	    penstock_run("delete", NULL) < 0)
		tap_bail("apply of a tenth");
	gone(&ns);
	result_figure("topo/memory", "bytes_per_link",
		      (large - small) * 1024.0 / (__builtin_popcount(set) * links * 0.9));
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 3;
	unsigned int s, set = 0;
	char cmd[300];

	if (argc > 2)
		links = strtoul(argv[2], NULL, 10);
	/* As the records that apply keeps, in memory. */
	snprintf(dir, sizeof(dir), "/run/pnt-topo-XXXXXX");
	if (!mkdtemp(dir))
		tap_bail("no directory: %s", strerror(errno));
	if (netns_open(&witness))
		tap_bail("no namespace");
	for (s = 0; s < SORTS; s++)
		if (argc < 4 || !strcmp(argv[3], sorts[s].name))
			set |= (unsigned int)sort_run(s, rounds) << s;
	if (argc < 4)
		whole_run(set, rounds);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return system(cmd) ? 1 : 0;
}
