// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Offered load; see offer.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"
#include "offer.h"
#include "offer.skel.h"
#include "tap.h"

#define START_MS  60	/* a call with live frames takes a while to begin */
#define SETTLE_MS 20
#define FRAMES	  (1 << 30)

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

static uint64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Interrupts the system call that sends. */
static void sender_stop(int sig)
{
}

void offer_open(struct offer *o)
{
	struct sigaction stop = { .sa_handler = sender_stop };

	memset(o, 0, sizeof(*o));
	sigaction(SIGUSR1, &stop, NULL);
	o->skel = offer_bpf__open_and_load();
	if (!o->skel)
		tap_bail("the generator does not load (root?)");
	o->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	if (o->cpus > OFFERED_CPUS)
		o->cpus = OFFERED_CPUS;
	must(netns_open(&o->gen), "namespace");
	must(netns_open(&o->sink), "namespace");
	netns_quiet(&o->gen);
	netns_quiet(&o->sink);
}

/* A receive queue for each CPU: what one sends is received there. */
static void queues_set(const struct netns *ns, const char *dev, int n)
{
	struct ethtool_channels ch = { .cmd = ETHTOOL_SCHANNELS, .rx_count = n, .tx_count = n };
	struct ifreq ifr = { .ifr_data = (void *)&ch };
	int fd;

	must(netns_enter(ns), "namespace");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	if (ioctl(fd, SIOCETHTOOL, &ifr))
		tap_diag("%s has one queue: %s", dev, strerror(errno));
	close(fd);
	netns_leave();
}

/* The generator's @nth wire to D's @dev, whose MAC is D's; live frames arrive there. */
static void wire_make(struct offer *o, const struct netns *d, const char *dev, uint32_t nth)
{
	char name[16];
	uint32_t gen;

	snprintf(name, sizeof(name), "g%u", nth);
	must(netns_veth(d, dev, &o->gen, name), "veth");
	queues_set(d, dev, o->cpus);
	gen = netns_ifindex(&o->gen, name);
	must(netns_enter(&o->gen), "namespace");
	if (bpf_map_update_elem(bpf_map__fd(o->skel->maps.offer_devmap), &nth, &gen, 0))
		tap_bail("no redirection to %s", name);
	netns_leave();
	must(netns_up(&o->gen, name), "up");
	must(netns_up(d, dev), "up");
	must(netns_gro(d, dev, true), "GRO");
	must(netns_wait_up(d, dev), "carrier");
}

void offer_wires(struct offer *o, const struct netns *d)
{
	uint32_t sink;

	wire_make(o, d, "d0", 0);
	must(netns_mac(d, "d0", PKT_MAC_D), "MAC");
	must(netns_veth(d, "d1", &o->sink, "s0"), "veth");
	queues_set(&o->sink, "s0", o->cpus);
	sink = netns_ifindex(&o->sink, "s0");
	must(netns_up(&o->sink, "s0"), "up");
	must(netns_up(d, "d1"), "up");
	must(netns_enter(&o->sink), "namespace");
	must(bpf_xdp_attach(sink, bpf_program__fd(o->skel->progs.offer_sink), XDP_FLAGS_DRV_MODE,
			    NULL), "sink");
	netns_leave();
	must(netns_wait_up(d, "d1"), "carrier");
}

void offer_wire(struct offer *o, const struct netns *d, const char *dev)
{
	wire_make(o, d, dev, 1);
}

void offer_bridge(struct offer *o, struct netns *d, const char *more)
{
	must(netns_open(d), "namespace");
	netns_quiet(d);
	netns_sysctl(d, "net/bridge/bridge-nf-call-iptables", "0");
	netns_sysctl(d, "net/ipv6/conf/default/disable_ipv6", "1");
	offer_wires(o, d);
	must(netns_bridge(d, "br"), "bridge");
	must(netns_master(d, "d0", "br"), "enslave");
	must(netns_master(d, "d1", "br"), "enslave");
	if (more) {
		offer_wire(o, d, more);
		must(netns_master(d, more, "br"), "enslave");
	}
	must(netns_up(d, "br"), "up");
	must(netns_wait_up(d, "br"), "bridge up");
	must(netns_fdb(d, "d1", FRAME_DST_MAC, NULL), "FDB");
}

void offer_close(struct offer *o)
{
	offer_bpf__destroy(o->skel);
	netns_close(&o->gen);
	netns_close(&o->sink);
}

static void *sender_run(void *arg)
{
	struct offer_sender *s = arg;
	struct pkt *p = malloc(sizeof(*p));
	cpu_set_t cpus;

	if (!p)
		tap_bail("no memory");
	pkt_copy(p, s->packet);
	CPU_ZERO(&cpus);
	CPU_SET(s->cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	must(netns_enter(&s->o->gen), "namespace");
	{
		LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = pkt_data(p),
			    .data_size_in = p->len, .repeat = FRAMES,
			    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);

		if (bpf_prog_test_run_opts(bpf_program__fd(s->o->skel->progs.offer_gen), &opts) &&
		    errno != EINTR)
			tap_bail("live frames: %s (5.18 or later)", strerror(errno));
	}
	free(p);
	s->done = true;
	return NULL;
}

static void map_clear(struct bpf_map *map)
{
	uint32_t n = bpf_map__max_entries(map);
	size_t size = (bpf_map__value_size(map) + 7) / 8 * 8;
	void *zero = calloc(libbpf_num_possible_cpus(), size);

	for (uint32_t i = 0; zero && i < n; i++)
		must(bpf_map_update_elem(bpf_map__fd(map), &i, zero, 0), "counters");
	free(zero);
}

static void slots_read(struct bpf_map *map, uint64_t *bytes, uint64_t *packets)
{
	int cpus = libbpf_num_possible_cpus();
	struct offered_slot slot[cpus];

	for (uint32_t i = 0; i < OFFERED_SLOTS; i++) {
		must(bpf_map_lookup_elem(bpf_map__fd(map), &i, slot), "counters");
		for (int c = 0; c < cpus; c++) {
			bytes[i] += slot[c].bytes;
			*packets += slot[c].packets;
		}
	}
}

static void kinds_read(struct bpf_map *map, uint64_t *packets)
{
	int cpus = libbpf_num_possible_cpus();
	uint64_t each[cpus];

	for (uint32_t i = 0; i < OFFERED_KINDS; i++) {
		must(bpf_map_lookup_elem(bpf_map__fd(map), &i, each), "counters");
		for (int c = 0; c < cpus; c++)
			packets[i] += each[c];
	}
}

static void conf_set(struct offer *o, const struct offer_load *load)
{
	struct offered_conf *conf = &o->skel->bss->offered_conf;

	memcpy(conf->front[0], pkt_cdata(load->packet), OFFERED_FRONT);
	for (int i = 1; i < OFFERED_KINDS; i++)
		if (load->others[i - 1])
			memcpy(conf->front[i], pkt_cdata(load->others[i - 1]), OFFERED_FRONT);
	conf->every = load->every;
	conf->wires = load->two_wires ? 2 : 1;
	conf->gap = load->rate ? load->packet->len * 1e9 * 1024 * load->senders / load->rate : 0;
	conf->vary_at = load->vary_at;
	conf->vary_mask = load->vary_mask;
	conf->from = clock_ns() + START_MS * 1000000ull;
	conf->until = load->ms ? conf->from + load->ms * 1000000ull : ~0ull;
}

/* Until they have noticed that somebody interrupts them. */
static void senders_end(struct offer_sender *senders, int n)
{
	for (int i = 0; i < n; i++) {
		while (!senders[i].done) {
			pthread_kill(senders[i].thread, SIGUSR1);
			usleep(1000);
		}
		pthread_join(senders[i].thread, NULL);
	}
}

void offer_begin(struct offer *o, const struct offer_load *load)
{
	if (load->ms >= OFFERED_SLOTS - 500 || load->senders > o->cpus)
		tap_bail("%u ms of load by %d", load->ms, load->senders);
	map_clear(o->skel->maps.offer_sent);
	map_clear(o->skel->maps.offer_got);
	map_clear(o->skel->maps.offer_due);
	map_clear(o->skel->maps.offer_kinds_sent);
	map_clear(o->skel->maps.offer_kinds_got);
	conf_set(o, load);
	o->n_senders = load->senders;
	for (int i = 0; i < load->senders; i++) {
		struct offer_sender *s = &o->senders[i];

		*s = (struct offer_sender){ .o = o, .packet = load->packet, .cpu = i };
		if (pthread_create(&s->thread, NULL, sender_run, s))
			tap_bail("no thread");
	}
}

void offer_end(struct offer *o, struct offer_seen *seen)
{
	volatile struct offered_conf *conf = &o->skel->bss->offered_conf;
	uint64_t now = clock_ns();

	if (now < conf->until)
		conf->until = now;
	usleep(SETTLE_MS * 1000);
	senders_end(o->senders, o->n_senders);
	memset(seen, 0, sizeof(*seen));
	if (conf->until > conf->from)
		seen->slots = (conf->until - conf->from) / OFFERED_SLOT_NS;
	if (seen->slots > OFFERED_SLOTS)
		seen->slots = OFFERED_SLOTS;
	slots_read(o->skel->maps.offer_sent, seen->sent, &seen->packets_sent);
	slots_read(o->skel->maps.offer_got, seen->got, &seen->packets_got);
	kinds_read(o->skel->maps.offer_kinds_sent, seen->kinds_sent);
	kinds_read(o->skel->maps.offer_kinds_got, seen->kinds_got);
}

void offer_run(struct offer *o, const struct offer_load *load, struct offer_seen *seen)
{
	offer_begin(o, load);
	usleep((START_MS + load->ms) * 1000);
	offer_end(o, seen);
}

uint64_t offer_bytes(const uint64_t *slots, uint32_t from, uint32_t to)
{
	uint64_t sum = 0;

	for (uint32_t i = from; i < to; i++)
		sum += slots[i];
	return sum;
}

void offer_model(const struct offer_seen *seen, double rate, double burst, double *want)
{
	double tokens = burst, refill = rate * OFFERED_SLOT_NS / 1e9;

	for (uint32_t i = 0; i < seen->slots; i++) {
		double pass = seen->sent[i];

		if (pass > tokens + refill)
			pass = tokens + refill;
		tokens += refill - pass;
		if (tokens > burst)
			tokens = burst;
		want[i] = pass;
	}
}
