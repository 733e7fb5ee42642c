// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The conformance topology; see scene.h. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"
#include "tap.h"

static int wire_make(struct scene *s)
{
	static const char *const peers[] = { "10.0.0.2", "10.0.0.3",
					     "10.0.0.77", "fd00::2" };
	static const char *const addrs[] = { "10.0.0.1/24", "10.0.0.9/24",
					     "fd00::1/64" };
	const struct netns *d = &s->d, *p = &s->p;
	int ret = netns_veth(d, "d", p, "p");

	ret = ret ? ret : netns_mac(d, "d", PKT_MAC_D);
	ret = ret ? ret : netns_mac(p, "p", PKT_MAC_P);
	ret = ret ? ret : netns_offloads_off(d, "d");
	ret = ret ? ret : netns_offloads_off(p, "p");
	ret = ret ? ret : netns_up(p, "p");
	ret = ret ? ret : netns_up(d, "d");
	for (size_t i = 0; i < 3 && !ret; i++)
		ret = netns_addr(d, "d", addrs[i]);
	for (size_t i = 0; i < 4 && !ret; i++)
		ret = netns_neigh(d, "d", peers[i], PKT_MAC_P);
	ret = ret ? ret : netns_wait_up(d, "d");
	return ret ? ret : netns_wait_addr6(d, "fd00::1");
}

void scene_modules(void)
{
	pid_t pid = fork();

	if (!pid) {
		execlp("modprobe", "modprobe", "-qa", "fou", "fou6", NULL);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

#define PROBES 32

/* Does this kernel have the link type? Asked once for each. */
static bool link_has(const struct netns *ns, const char *needs)
{
	static struct {
		const char *needs;
		bool has;
	} known[PROBES];
	char probe[160];
	int i = 0;

	for (; i < PROBES && known[i].needs; i++)
		if (!strcmp(known[i].needs, needs))
			return known[i].has;
	if (i == PROBES)
		tap_bail("more than %d link types", PROBES);
	snprintf(probe, sizeof(probe),
		 "link add link d name probe0 type %s\nlink del probe0\n", needs);
	known[i].needs = needs;
	known[i].has = !netns_ip(ns, probe);
	return known[i].has;
}

static int config_make(struct scene *s)
{
	const struct config *c = s->config;
	int ret;

	if (c->needs && !link_has(&s->d, c->needs))
		return -EOPNOTSUPP;
	ret = netns_ip(&s->d, c->ip);
	if (c->bridge && !ret)
		ret = netns_bridge_cmd(&s->d, c->bridge);
	if (c->sysctl[0] && !ret)
		ret = netns_sysctl(&s->d, c->sysctl[0], c->sysctl[1]);
	return ret;
}

/* The workload behind w. */
static int workload_make(struct scene *s)
{
	const struct netns *d = &s->d, *e = &s->e;
	int ret = netns_open(&s->e);

	ret = ret ? ret : netns_quiet(e);
	ret = ret ? ret : netns_veth(d, "w", e, "e");
	ret = ret ? ret : netns_offloads_off(d, "w");
	ret = ret ? ret : netns_offloads_off(e, "e");
	/* an XDP redirect to w needs NAPI at its peer, and GRO is what gives it */
	ret = ret ? ret : netns_gro(e, "e", true);
	ret = ret ? ret : netns_up(e, "e");
	ret = ret ? ret : netns_up(d, "w");
	ret = ret ? ret : netns_wait_up(d, "w");
	return ret ? ret : wire_open(&s->wire_out, e, "e");
}

static int bridge_make(struct scene *s)
{
	const struct netns *d = &s->d;
	int ret = workload_make(s);

	ret = ret ? ret : netns_bridge(d, "br0");
	ret = ret ? ret : netns_up(d, "br0");
	ret = ret ? ret : netns_master(d, "w", "br0");
	ret = ret ? ret : netns_master(d, "vx", "br0");
	ret = ret ? ret : netns_fdb(d, "vx", PKT_MAC_I, NULL);
	return ret ? ret : netns_fdb(d, "w", SCENE_IN_DST, NULL);
}

/* Errors that the kernel sends would wait for neighbours; their way ends before. */
int scene_routes(const struct netns *d)
{
	static const char *const addrs[] = { "192.168.5.254/24", "fd05::fe/64" };
	static const char *const hops[] = { "192.168.5.1", "fd05::1" };
	int ret = netns_mac(d, "w", SCENE_OUT_MAC);

	for (int i = 0; i < 2 && !ret; i++) {
		ret = netns_addr(d, "w", addrs[i]);
		ret = ret ? ret : netns_neigh(d, "w", hops[i], SCENE_IN_DST);
	}
	/* a next hop is on-link when the address is ready */
	ret = ret ? ret : netns_wait_addr6(d, "fd05::fe");
	return ret ? ret : netns_ip(d, "route add 2000::/3 via fd05::1 dev w\n"
				       "route add 192.168.6.0/24 via 192.168.5.1 mtu lock 600\n"
				       "route add blackhole 192.168.5.2\n"
				       "route add blackhole fd05::2\n");
}

static int route_make(struct scene *s)
{
	int ret = netns_sysctl(&s->d, "net/ipv4/ip_forward", "1");

	ret = ret ? ret : netns_sysctl(&s->d, "net/ipv6/conf/all/forwarding", "1");
	ret = ret ? ret : workload_make(s);
	return ret ? ret : scene_routes(&s->d);
}

int scene_open(struct scene *s, enum config_id config, enum form form)
{
	int ret;

	memset(s, 0, sizeof(*s));
	s->config = &configs[config];
	s->form = form;
	s->bridged = form == FORM_BRIDGED;
	ret = netns_open(&s->d);
	ret = ret ? ret : netns_open(&s->p);
	ret = ret ? ret : netns_quiet(&s->d);
	ret = ret ? ret : netns_quiet(&s->p);
	ret = ret ? ret : wire_make(s);
	ret = ret ? ret : config_make(s);
	ret = ret ? ret : wire_open(&s->wire_p, &s->p, "p");
	if (!ret && form == FORM_PLAIN)
		ret = wire_open(&s->wire_out, &s->d, "vx");
	else if (!ret)
		ret = form == FORM_BRIDGED ? bridge_make(s) : route_make(s);
	if (ret)
		scene_close(s);
	return ret;
}

void scene_close(struct scene *s)
{
	wire_close(&s->wire_p);
	wire_close(&s->wire_out);
	netns_close(&s->e);
	netns_close(&s->p);
	netns_close(&s->d);
}

/* Is it an ICMP error (or an echo reply)? Then clear what two kernels choose differently. */
static bool answer_keep(struct pkt *p)
{
	uint8_t *ip = pkt_data(p) + 14;
	uint16_t type;

	if (p->len < 14 + 28)
		return false;
	type = pkt_get16(pkt_data(p) + 12);
	if (type == 0x86dd)
		return p->len > 14 + 40 && ip[6] == IPPROTO_ICMPV6 && ip[40] < 128;
	if (type != 0x0800 || ip[9] != IPPROTO_ICMP)
		return false;
	memset(ip + 4, 0, 2);
	memset(ip + 10, 0, 2);
	return true;
}

/* What the kernel itself has to say of the groups it joined (MLD), whenever it likes. */
static bool is_mld(const struct pkt *p)
{
	const uint8_t *ip = pkt_cdata(p) + 14;

	return p->len >= 14 + 49 && pkt_get16(pkt_cdata(p) + 12) == 0x86dd && ip[6] == 0 &&
	       ip[40] == IPPROTO_ICMPV6 && (ip[48] == 143 || (ip[48] >= 130 && ip[48] <= 132));
}

static void see_one(const struct wire *w, const char *dev, bool answers,
		    struct seen *seen)
{
	while (seen->n < SEEN_MAX) {
		struct pkt *p = &seen->f[seen->n].p;

		if (wire_recv(w, p, &seen->f[seen->n].meta) <= 0)
			return;
		if ((answers && !answer_keep(p)) || is_mld(p))
			continue;
		seen->f[seen->n++].dev = dev;
	}
}

void scene_see(struct scene *s, struct seen *seen)
{
	seen->n = 0;
	see_one(&s->wire_out, s->form ? "e" : "vx", false, seen);
	see_one(&s->wire_p, "p", true, seen);
}

bool seen_same(const struct seen *got, const struct seen *want)
{
	bool ok = tap_eq(got->n, want->n, "frames that came out");

	for (int i = 0; i < got->n && i < want->n; i++) {
		const struct pkt *g = &got->f[i].p, *w = &want->f[i].p;

		ok &= tap_str(got->f[i].dev, want->f[i].dev, "device");
		ok &= tap_bytes(pkt_cdata(g), g->len, pkt_cdata(w), w->len,
				got->f[i].dev);
		ok &= tap_eq(got->f[i].meta.pkttype, want->f[i].meta.pkttype,
			     "packet type");
	}
	return ok;
}

static const char *const watched[] = {
	"IpInHdrErrors",
	"IpExtInTruncatedPkts",
	"IpExtInCsumErrors",
	"IpReasmReqds",
	"IpReasmOKs",
	"IpReasmFails",
	"UdpInDatagrams",
	"UdpInErrors",
	"UdpInCsumErrors",
	"UdpNoPorts",
	"Ip6InHdrErrors",
	"Ip6InTruncatedPkts",
	"Ip6ReasmReqds",
	"Ip6ReasmOKs",
	"Udp6InDatagrams",
	"Udp6InErrors",
	"Udp6InCsumErrors",
	"Udp6NoPorts",
	"TcpExtIPReversePathFilter",
	"XfrmInTmplMismatch",
	"d.rx_otherhost_dropped",
	"d.rx_errors",
	"vx.rx_packets",
	"vx.rx_bytes",
	"vx.rx_errors",
	"vx.rx_dropped",
	"vx.rx_length_errors",
	"vx.rx_frame_errors",
	"vx.rx_crc_errors",
	"vx.rx_fifo_errors",
	"vx.multicast",
	"XfrmInNoStates",
	"IpInUnknownProtos",
};

static bool count_named(const char *want, const char *name)
{
	const char *at = strstr(want, name);
	size_t n = strlen(name);

	while (at && !((at == want || at[-1] == ' ') && strchr("+?", at[n])))
		at = strstr(at + 1, name);
	return at;
}

static uint64_t count_delta(const struct counters *before,
			    const struct counters *after, const char *name)
{
	return counters_get(after, name) - counters_get(before, name);
}

static bool counter_exists(const struct counters *c, const char *name)
{
	for (int i = 0; i < c->n; i++)
		if (!strcmp(c->c[i].name, name))
			return true;
	return false;
}

/* One "Name+N", "Name?+N" (or there is none such) or "Name+?" (any). */
static bool count_check(const struct counters *before,
			const struct counters *after, char *item)
{
	char *plus = strchr(item, '+');
	bool maybe;

	if (!plus)
		tap_bail("bad counter %s in a row", item);
	*plus = '\0';
	maybe = plus > item && plus[-1] == '?';
	if (maybe)
		plus[-1] = '\0';
	if ((maybe && !counter_exists(after, item)) || plus[1] == '?')
		return true;
	return tap_eq(count_delta(before, after, item), atoi(plus + 1), item);
}

bool counts_check(const struct counters *before, const struct counters *after,
		  const char *want)
{
	char copy[512], *at, *item;
	bool ok = true;

	snprintf(copy, sizeof(copy), "%s", want);
	for (item = strtok_r(copy, " ", &at); item;
	     item = strtok_r(NULL, " ", &at))
		ok &= count_check(before, after, item);
	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		if (!count_named(want, watched[i]))
			ok &= tap_eq(count_delta(before, after, watched[i]), 0,
				     watched[i]);
	return ok;
}

bool counts_same(const struct counters *before, const struct counters *after,
		 const struct counters *want_before, const struct counters *want_after)
{
	bool ok = true;

	for (size_t i = 0; i < sizeof(watched) / sizeof(watched[0]); i++)
		ok &= tap_eq(count_delta(before, after, watched[i]),
			     count_delta(want_before, want_after, watched[i]), watched[i]);
	return ok;
}
