// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A mirror over plain memory; see mirrored.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mirrored.h"
#include "tap.h"

#define DEMUX_BUCKETS		1024
#define ENDPOINT_BUCKETS	1024
#define SAID_MAX		10

static void *zeroes(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static int devmap_set(void *ctx, __u16 port, __u32 ifindex)
{
	struct mirrored *t = ctx;

	if (ifindex && (t->maps.ports[port].flags & PN_PORT_XDP_TARGET) && !t->devmap[port])
		t->premature++;
	t->devmap[port] = ifindex;
	return 0;
}

int mirrored_alloc(struct mirrored *t, const struct netns *ns, uint32_t fdb_max)
{
	uint32_t buckets = 1;

	memset(t, 0, sizeof(*t));
	t->ns = ns;
	while (buckets * PN_BUCKET_SLOTS * 0.94 < fdb_max)
		buckets *= 2;
	t->maps.tunnels_max = PN_TUNNEL_MAX_DEFAULT;
	t->maps.fdb_mask = buckets - 1;
	t->maps.demux_mask = DEMUX_BUCKETS - 1;
	t->maps.endpoint_mask = ENDPOINT_BUCKETS - 1;
	t->maps.seed = 0x5eed;
	t->maps.ports = zeroes(PN_MAX_PORTS * sizeof(struct pn_port));
	t->maps.tunnels = zeroes(PN_TUNNEL_MAX_DEFAULT * sizeof(struct pn_tunnel));
	t->maps.fdb = zeroes((size_t)buckets * sizeof(struct pn_bucket));
	t->maps.demux = zeroes(DEMUX_BUCKETS * sizeof(struct pn_bucket));
	t->maps.endpoints = zeroes(ENDPOINT_BUCKETS * sizeof(struct pn_endpoint_bucket));
	t->maps.control = zeroes(sizeof(struct pn_control));
	t->devmap = zeroes(PN_MAX_PORTS * sizeof(*t->devmap));
	t->maps.devmap_set = devmap_set;
	t->maps.ctx = t;
	return t->maps.ports && t->maps.tunnels && t->maps.fdb && t->maps.demux &&
			       t->maps.endpoints && t->maps.control && t->devmap ?
		       0 :
		       -ENOMEM;
}

void mirrored_free(struct mirrored *t)
{
	mirrored_close(t);
	munmap(t->maps.ports, PN_MAX_PORTS * sizeof(struct pn_port));
	munmap(t->maps.tunnels, PN_TUNNEL_MAX_DEFAULT * sizeof(struct pn_tunnel));
	munmap(t->maps.fdb, (t->maps.fdb_mask + 1ul) * sizeof(struct pn_bucket));
	munmap(t->maps.demux, DEMUX_BUCKETS * sizeof(struct pn_bucket));
	munmap(t->maps.endpoints, ENDPOINT_BUCKETS * sizeof(struct pn_endpoint_bucket));
	munmap(t->maps.control, sizeof(struct pn_control));
	munmap(t->devmap, PN_MAX_PORTS * sizeof(*t->devmap));
}

static __u32 all_targets(void *ctx, __u32 ifindex, const char *kind)
{
	return PN_PORT_TC_TARGET | (strcmp(kind, "veth") ? 0 : PN_PORT_XDP_TARGET);
}

int mirrored_open(struct mirrored *t, int rcvbuf)
{
	struct pn_mirror_opts opts = { .rcvbuf = rcvbuf, .target = all_targets, .ctx = t };
	struct pn_err err = { 0 };

	if (netns_enter(t->ns))
		return -errno;
	t->m = pn_mirror_open(&t->maps, &opts, &err);
	netns_leave();
	if (t->m)
		return 0;
	tap_diag("%s: %s", err.object, err.text);
	return -EIO;
}

void mirrored_close(struct mirrored *t)
{
	pn_mirror_close(t->m);
	t->m = NULL;
}

int mirrored_attach(struct mirrored *t, const char *dev)
{
	struct pn_mirror_port port = { .xdp = true };
	struct pn_err err = { 0 };
	int rc = netns_ifindex(t->ns, dev);

	if (rc < 0)
		return rc;
	port.ifindex = rc;
	rc = pn_mirror_set_ports(t->m, &port, 1, &err);
	if (rc)
		tap_diag("%s: %s", err.object, err.text);
	return rc;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

bool mirrored_await(struct mirrored *t, bool (*done)(struct mirrored *t, void *arg),
		    void *arg, int ms)
{
	struct pollfd p = { .fd = pn_mirror_fd(t->m), .events = POLLIN };
	int64_t until = now_ms() + ms, left;
	struct pn_err err = { 0 };

	for (;;) {
		if (pn_mirror_handle(t->m, &err))
			return tap_fail("%s: %s", err.object, err.text);
		if (pn_mirror_settled(t->m) && done(t, arg))
			return true;
		left = until - now_ms();
		if (left <= 0)
			return false;
		poll(&p, 1, left);
	}
}

/* --- the kernel's FDB, read a second time -------------------------------- */

struct kentry {
	uint64_t mac;
	uint32_t ifindex, master;
	uint16_t state;
	uint8_t flags;
	bool has_dst;
	struct in6_addr dst;
};

struct klist {
	struct kentry *v;
	size_t n, cap;
};

static void addr_map(struct in6_addr *a, const void *data, size_t len)
{
	memset(a, 0, sizeof(*a));
	if (len == 16) {
		memcpy(a, data, 16);
		return;
	}
	a->s6_addr16[5] = 0xffff;
	memcpy(&a->s6_addr32[3], data, 4);
}

static int kentry_take(const struct nlmsghdr *nlh, void *data)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	struct kentry e = { .ifindex = ndm->ndm_ifindex, .state = ndm->ndm_state,
			    .flags = ndm->ndm_flags };
	struct klist *list = data;
	const struct nlattr *a;
	const uint8_t *b;
	bool vlan = false;
	int i;

	mnl_attr_for_each(a, nlh, sizeof(*ndm)) {
		b = mnl_attr_get_payload(a);
		switch (mnl_attr_get_type(a)) {
		case NDA_LLADDR:
			for (i = 0; i < 6; i++)
				e.mac = e.mac << 8 | b[i];
			break;
		case NDA_MASTER:
			e.master = mnl_attr_get_u32(a);
			break;
		case NDA_VLAN:
			vlan = mnl_attr_get_u16(a);
			break;
		case NDA_DST:
			e.has_dst = true;
			addr_map(&e.dst, b, mnl_attr_get_payload_len(a));
		}
	}
	if (vlan || !e.mac || (e.mac >> 40 & 1))
		return MNL_CB_OK;
	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 1024;
		list->v = realloc(list->v, list->cap * sizeof(e));
	}
	if (!list->v)
		return MNL_CB_ERROR;
	list->v[list->n++] = e;
	return MNL_CB_OK;
}

static int klist_order(const void *a, const void *b)
{
	const struct kentry *x = a, *y = b;

	if (x->mac != y->mac)
		return x->mac < y->mac ? -1 : 1;
	return x->ifindex < y->ifindex ? -1 : x->ifindex > y->ifindex;
}

static int klist_read(const struct netns *ns, struct klist *list)
{
	static char buf[65536];
	struct mnl_socket *nl;
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ndmsg *ndm;
	int n, rc = 1;

	if (netns_enter(ns))
		return -errno;
	nl = mnl_socket_open(NETLINK_ROUTE);
	netns_leave();
	if (!nl)
		return -errno;
	nlh->nlmsg_type = RTM_GETNEIGH;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = 1;
	ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	ndm->ndm_family = AF_BRIDGE;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		rc = -errno;
	while (rc > 0) {
		n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		rc = n < 0 ? -errno :
			     mnl_cb_run(buf, n, 1, mnl_socket_get_portid(nl), kentry_take, list);
	}
	mnl_socket_close(nl);
	if (!rc)
		qsort(list->v, list->n, sizeof(*list->v), klist_order);
	return rc;
}

/* --- comparison ----------------------------------------------------------- */

static uint32_t port_of(const struct mirrored *t, uint32_t ifindex)
{
	uint32_t i;

	for (i = 1; i < PN_MAX_PORTS; i++)
		if (t->maps.ports[i].ifindex == ifindex)
			return i;
	return 0;
}

static const struct pn_slot *slot_find(const struct mirrored *t, uint64_t key)
{
	uint64_t hash = pn_hash64(key, t->maps.seed);
	uint32_t at[2] = { PN_HASH_FIRST(hash) & t->maps.fdb_mask,
			   PN_HASH_SECOND(hash) & t->maps.fdb_mask };
	int i;

	for (i = 0; i < 2 * PN_BUCKET_SLOTS; i++)
		if (t->maps.fdb[at[i / 4]].slot[i % 4].key == key)
			return &t->maps.fdb[at[i / 4]].slot[i % 4];
	return NULL;
}

static uint32_t vtep_number(const struct mirrored *t, const struct in6_addr *addr)
{
	const struct pn_endpoint *ep;
	uint32_t i;

	for (i = 0; i < (t->maps.endpoint_mask + 1) * PN_BUCKET_SLOTS; i++) {
		ep = &t->maps.endpoints[i / 4].slot[i % 4];
		if (ep->gen && !memcmp(ep->src, addr, 16))
			return ep->vtep;
	}
	return 0;
}

static const char *slot_wrong(const struct mirrored *t, const struct klist *list,
			      const struct kentry *e, uint64_t key)
{
	const struct pn_slot *slot = slot_find(t, key);
	struct kentry want = { .mac = e->mac, .ifindex = e->ifindex };
	const struct kentry *self = NULL;
	bool local = e->state & NUD_PERMANENT;
	bool ages = !(e->state & (NUD_PERMANENT | NUD_NOARP)) && !(e->flags & NTF_EXT_LEARNED);
	size_t i;

	if (!slot)
		return "missing";
	if (!local && t->maps.ports[slot->index].ifindex != e->ifindex)
		return "on another port";
	if (!!(slot->flags & PN_FDB_LOCAL) != local)
		return "local or not";
	self = bsearch(&want, list->v, list->n, sizeof(want), klist_order);
	/* the bridge's and the tunnel's entry are equal in order */
	for (i = self ? self - list->v : 0, self = NULL; i < list->n; i++)
		if (list->v[i].mac == e->mac && list->v[i].ifindex == e->ifindex &&
		    !list->v[i].master)
			self = &list->v[i];
		else if (list->v[i].mac > e->mac)
			break;
	if (self && !(self->state & (NUD_PERMANENT | NUD_NOARP)) && !local)
		ages = true;
	if (!!(slot->flags & PN_FDB_REFRESH) != ages)
		return "ageing or not";
	if (!self || !self->has_dst)
		return slot->vtep ? "behind a VTEP" : NULL;
	return slot->vtep && slot->vtep == vtep_number(t, &self->dst) ? NULL : "wrong VTEP";
}

/* fid of a bridge, as its ports have it; @list NULL: forget what was found before. */
static uint32_t fid_of(const struct mirrored *t, const struct klist *list, uint32_t master)
{
	static uint32_t last_master, last_fid;
	size_t i;

	if (!list)
		last_master = 0;
	if (!list || last_master == master)
		return last_fid;
	for (i = 0; i < list->n; i++)
		if (list->v[i].master == master && list->v[i].ifindex != master)
			break;
	last_master = i < list->n ? master : 0;
	last_fid = i < list->n ? t->maps.ports[port_of(t, list->v[i].ifindex)].fid : 0;
	return last_fid;
}

int mirrored_diff(struct mirrored *t, bool say)
{
	struct klist list = { 0 };
	uint64_t used = 0, want = 0, i;
	const char *wrong;
	int diff = 0;

	if (klist_read(t->ns, &list))
		return -1;
	fid_of(t, NULL, 0);
	for (i = 0; i < list.n; i++) {
		const struct kentry *e = &list.v[i];

		if (!e->master)
			continue;
		want++;
		wrong = slot_wrong(t, &list, e,
				   PN_FDB_KEY(e->mac, fid_of(t, &list, e->master)));
		if (wrong && say && diff < SAID_MAX)
			tap_diag("%012llx dev %u master %u: %s", (unsigned long long)e->mac,
				 e->ifindex, e->master, wrong);
		diff += wrong != NULL;
	}
	for (i = 0; i < (t->maps.fdb_mask + 1ull) * PN_BUCKET_SLOTS; i++)
		used += t->maps.fdb[i / 4].slot[i % 4].key != 0;
	if (used != want && say)
		tap_diag("%llu slots, %llu entries", (unsigned long long)used,
			 (unsigned long long)want);
	free(list.v);
	return diff ? diff : used != want;
}

static bool is_same(struct mirrored *t, void *arg)
{
	return !mirrored_diff(t, false);
}

bool mirrored_same(struct mirrored *t, int ms)
{
	if (mirrored_await(t, is_same, NULL, ms))
		return true;
	return !mirrored_diff(t, true);
}

const struct pn_slot *mirrored_slot(const struct mirrored *t, const char *mac)
{
	unsigned int b[6];
	uint64_t key = 0, i;

	if (sscanf(mac, "%x:%x:%x:%x:%x:%x", b, b + 1, b + 2, b + 3, b + 4, b + 5) != 6)
		return NULL;
	for (i = 0; i < 6; i++)
		key = key << 8 | b[i];
	for (i = 0; i < (t->maps.fdb_mask + 1ull) * PN_BUCKET_SLOTS; i++)
		if (t->maps.fdb[i / 4].slot[i % 4].key >> 16 == key)
			return &t->maps.fdb[i / 4].slot[i % 4];
	return NULL;
}

const struct pn_port *mirrored_port(const struct mirrored *t, const char *dev)
{
	int ifindex = netns_ifindex(t->ns, dev);
	uint32_t index = ifindex > 0 ? port_of(t, ifindex) : 0;

	return index ? &t->maps.ports[index] : NULL;
}

const struct pn_endpoint *mirrored_endpoint(const struct mirrored *t, const char *dev,
					    const char *src, const char *dst)
{
	int v6 = strchr(src, ':') != NULL;
	struct in6_addr s, d;
	uint8_t raw[16];
	const struct pn_endpoint *ep;
	uint32_t i, port = port_of(t, netns_ifindex(t->ns, dev));

	inet_pton(v6 ? AF_INET6 : AF_INET, src, raw);
	addr_map(&s, raw, v6 ? 16 : 4);
	inet_pton(v6 ? AF_INET6 : AF_INET, dst, raw);
	addr_map(&d, raw, v6 ? 16 : 4);
	for (i = 0; i < (t->maps.endpoint_mask + 1) * PN_BUCKET_SLOTS; i++) {
		ep = &t->maps.endpoints[i / 4].slot[i % 4];
		if (ep->gen && ep->port == port && !memcmp(ep->src, &s, 16) &&
		    !memcmp(ep->dst, &d, 16))
			return ep;
	}
	return NULL;
}

/* --- load ----------------------------------------------------------------- */

static void storm_put(struct nlmsghdr *nlh, const struct storm *s, int ifindex, uint32_t n)
{
	uint8_t mac[6] = { 2, 0, n >> 24, n >> 16, n >> 8, n };
	struct ndmsg *ndm;
	uint8_t raw[16];
	bool v6 = s->dst && strchr(s->dst, ':');

	nlh->nlmsg_type = s->del ? RTM_DELNEIGH : RTM_NEWNEIGH;
	nlh->nlmsg_flags = NLM_F_REQUEST | (s->del ? 0 : NLM_F_CREATE | NLM_F_REPLACE);
	ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
	ndm->ndm_family = AF_BRIDGE;
	ndm->ndm_ifindex = ifindex;
	ndm->ndm_flags = s->dst ? NTF_SELF : NTF_MASTER;
	ndm->ndm_state = s->dynamic ? NUD_REACHABLE : NUD_NOARP;
	mnl_attr_put(nlh, NDA_LLADDR, 6, mac);
	if (!s->dst)
		return;
	inet_pton(v6 ? AF_INET6 : AF_INET, s->dst, raw);
	mnl_attr_put(nlh, NDA_DST, v6 ? 16 : 4, raw);
}

int mirrored_storm(const struct netns *ns, const struct storm *s)
{
	static char buf[16384];
	int ifindex = netns_ifindex(ns, s->dev);
	uint32_t n = s->first, end = s->first + s->count;
	struct nlmsghdr *nlh;
	size_t len, k;

	if (ifindex < 0)
		return ifindex;
	while (n < end) {
		for (len = 0, k = 0; k < 128 && n < end; k++, n++) {
			nlh = mnl_nlmsg_put_header(buf + len);
			storm_put(nlh, s, ifindex, n);
			len += NLMSG_ALIGN(nlh->nlmsg_len);
		}
		if (send(ns->nl, buf, len, 0) < 0)
			return -errno;
	}
	/* errors are answered without having asked: there must be none */
	if (recv(ns->nl, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		return ((struct nlmsgerr *)NLMSG_DATA((void *)buf))->error;
	return 0;
}
