// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The mirror as its users see it: open, follow, close; see mirror.h. One epoll
 * descriptor stands for everything that may have work.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "mirror/state.h"
#include "nl/netns.h"

#define RCVBUF_DEFAULT	(64 << 20)
#define ITEMS_MAX	2048	/* of the queue, before other work gets a turn */
#define ITEMS_AT_ONCE	16	/* whose memory is fetched together */
#define NS_PER_S	1000000000ull

__u64 mirror_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int mirror_watch(struct pn_mirror *m, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(m->epoll_fd, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static int mirror_init_tables(struct pn_mirror *m)
{
	const struct pn_mirror_maps *maps = &m->maps;
	__u32 n;
	int rc;

	pn_table_init(&m->fdb, maps->fdb, maps->fdb_mask, maps->seed);
	pn_table_init(&m->demux, maps->demux, maps->demux_mask, maps->seed);
	pn_pairs_init(&m->pairs, maps->endpoints, maps->endpoint_mask, maps->seed);
	pn_model_init(&m->model);
	rc = pn_fdbs_init(&m->bridge_fdb);
	if (!rc)
		rc = pn_fdbs_init(&m->tunnel_fdb);
	if (!rc)
		rc = pn_ids_init(&m->ports, PN_MAX_PORTS);
	if (!rc)
		rc = pn_ids_init(&m->tunnels, m->maps.tunnels_max);
	if (!rc)
		rc = pn_ids_init(&m->bridges, PN_MAX_BRIDGES);
	if (!rc)
		rc = pn_ids_init(&m->vlan_fids, PN_MAX_VLAN_FIDS);
	if (!rc)
		rc = pn_vteps_init(&m->vteps);
	m->port_state = calloc(PN_MAX_PORTS, sizeof(*m->port_state));
	m->tunnel_state = calloc(m->maps.tunnels_max, sizeof(*m->tunnel_state));
	if (rc || !m->port_state || !m->tunnel_state)
		return -ENOMEM;
	for (n = 1; n < PN_MAX_PORTS; n++)
		if (maps->ports[n].ifindex)
			pn_ids_adopt(&m->ports, maps->ports[n].ifindex, n);
	mirror_tunnels_adopt(m);
	return mirror_endpoints_adopt(m);
}

struct pn_mirror *mirror_new(const struct pn_mirror_maps *maps,
			     const struct pn_mirror_opts *opts, struct pn_err *err)
{
	struct pn_mirror *m = calloc(1, sizeof(*m));
	int rc = m ? 0 : -ENOMEM;

	if (m) {
		m->epoll_fd = m->timer_fd = m->more_fd = m->netns_fd = -1;
		m->maps = *maps;
		if (opts)
			m->opts = *opts;
		m->resync.first = true;
		m->resync.step = RESYNC_WAITING;
		m->endpoints.round = 1;
		rc = mirror_init_tables(m);
	}
	if (!rc)
		return m;
	pn_err_set(err, PN_EXIT_KERNEL, -rc, "mirror", "no memory");
	pn_mirror_close(m);
	errno = -rc;
	return NULL;
}

static int mirror_open_fds(struct pn_mirror *m)
{
	int rc;

	m->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	m->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	m->more_fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
	if (m->epoll_fd < 0 || m->timer_fd < 0 || m->more_fd < 0)
		return -errno;
	rc = mirror_watch(m, m->timer_fd);
	if (!rc)
		rc = mirror_watch(m, m->more_fd);
	if (!rc)
		rc = mirror_watch(m, pn_reader_fd(m->reader));
	if (!rc)
		rc = mirror_watch(m, pn_gates_fd(m->gates));
	return rc;
}

/* The reader first: from then on nothing is missed unnoticed. */
static int mirror_open_sources(struct pn_mirror *m, struct pn_err *err)
{
	int rc;

	m->netns_fd = pn_netns_self();
	if (m->netns_fd < 0)
		return pn_err_set(err, PN_EXIT_KERNEL, -m->netns_fd, "mirror",
				  "cannot open the network namespace: %s",
				  strerror(-m->netns_fd));
	m->reader = pn_reader_open(m->opts.rcvbuf ? m->opts.rcvbuf : RCVBUF_DEFAULT, err);
	if (!m->reader)
		return -errno;
	m->gates = pn_gates_open(-1, err);
	if (!m->gates)
		return -errno;
	rc = pn_nl_open(&m->nl, NETLINK_ROUTE, err);
	if (rc)
		return rc;
	rc = mirror_open_fds(m);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, "mirror", "cannot poll: %s",
			   strerror(-rc));
	return rc;
}

struct pn_mirror *pn_mirror_open(const struct pn_mirror_maps *maps,
				 const struct pn_mirror_opts *opts,
				 struct pn_err *err)
{
	struct pn_mirror *m = mirror_new(maps, opts, err);
	int rc;

	if (!m)
		return NULL;
	rc = mirror_open_sources(m, err);
	if (!rc)
		return m;
	pn_mirror_close(m);
	errno = -rc;
	return NULL;
}

static void fd_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

void pn_mirror_close(struct pn_mirror *m)
{
	if (!m)
		return;
	pn_reader_close(m->reader);
	if (m->gates)
		pn_gates_close(m->gates);
	pn_nl_close(&m->nl);
	mirror_fou_fini(m);
	pn_nl_close(&m->resync.nl);
	fd_close(m->epoll_fd);
	fd_close(m->timer_fd);
	fd_close(m->more_fd);
	fd_close(m->netns_fd);
	pn_model_fini(&m->model);
	pn_fdbs_fini(&m->bridge_fdb);
	pn_fdbs_fini(&m->tunnel_fdb);
	pn_ids_fini(&m->ports);
	pn_ids_fini(&m->tunnels);
	pn_ids_fini(&m->bridges);
	pn_ids_fini(&m->vlan_fids);
	pn_vlans_fini(&m->vlans);
	pn_vnis_fini(&m->vnis);
	pn_vteps_fini(&m->vteps);
	mirror_endpoints_fini(m);
	free(m->port_state);
	free(m->tunnel_state);
	free(m->named);
	free(m->attached);
	free(m);
}

__u16 pn_mirror_port_index(struct pn_mirror *m, __u32 ifindex)
{
	return pn_ids_get(&m->ports, ifindex);
}

static unsigned int port_engine(const struct pn_mirror_port *port)
{
	return port->xdp ? PN_GATE_XDP : PN_GATE_TC;
}

static bool is_listed(const struct pn_mirror_port *ports, size_t n, __u32 ifindex)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (ports[i].ifindex == ifindex)
			return true;
	return false;
}

int pn_mirror_set_ports(struct pn_mirror *m, const struct pn_mirror_port *ports,
			size_t n, struct pn_err *err)
{
	struct pn_mirror_port *copy = calloc(n ? n : 1, sizeof(*copy));
	size_t i;
	int rc = 0;

	if (!copy)
		return pn_err_memory(err, "mirror");
	if (n)
		memcpy(copy, ports, n * sizeof(*copy));
	for (i = 0; m->gates && !rc && i < m->n_attached; i++)
		if (!is_listed(ports, n, m->attached[i].ifindex))
			rc = pn_gates_set_engine(m->gates, m->attached[i].ifindex, 0);
	for (i = 0; m->gates && !rc && i < n; i++)
		rc = pn_gates_set_engine(m->gates, ports[i].ifindex, port_engine(&ports[i]));
	free(m->attached);
	m->attached = copy;
	m->n_attached = n;
	m->links_changed = true;
	mirror_more(m);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, "mirror",
			   "cannot watch the gates of the ports: %s", strerror(-rc));
	return rc;
}

int pn_mirror_set_programs(struct pn_mirror *m, const __u32 *prog_ids, size_t n,
			   struct pn_err *err)
{
	int rc = m->gates ? pn_gates_set_ours(m->gates, prog_ids, n) : 0;

	mirror_more(m);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, "mirror", "no memory");
	return rc;
}

const struct pn_gates *pn_mirror_gates(const struct pn_mirror *m)
{
	return m->gates;
}

void pn_mirror_retarget(struct pn_mirror *m)
{
	__u32 i;

	for (i = 0; i < PN_MAX_PORTS; i++)
		m->port_state[i].asked = false;
	m->links_changed = true;
	mirror_more(m);
}

int pn_mirror_fd(const struct pn_mirror *m)
{
	return m->epoll_fd;
}

/* Be called again at once. */
void mirror_more(struct pn_mirror *m)
{
	__u64 one = 1;

	/* It can only fail when it is raised already. */
	if (m->more_fd >= 0 && write(m->more_fd, &one, sizeof(one)) < 0)
		return;
}

static void fd_clear(int fd)
{
	__u64 n;

	if (read(fd, &n, sizeof(n)) < 0)
		return;
}

static int datagram_take(struct pn_mirror *m, const struct nlmsghdr *nlh, size_t len)
{
	int rc;

	for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
		m->counts.events++;
		rc = mirror_message(m, nlh, false);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int items_take(struct pn_mirror *m, const struct pn_reader_item *items,
		      unsigned int n)
{
	unsigned int i;
	int rc = 0;

	for (i = 0; i < n; i++)
		if (items[i].len)
			mirror_message_prefetch(m, items[i].nlh);
	for (i = 0; i < n && !rc; i++) {
		if (!items[i].len)
			mirror_resync_lost(m);
		else if (m->model.gen)
			rc = datagram_take(m, items[i].nlh, items[i].len);
	}
	return rc;
}

/* What comes before the first dump is in the dump. 1: there is more in the queue. */
static int queue_take(struct pn_mirror *m, struct pn_err *err)
{
	struct pn_reader_item items[ITEMS_AT_ONCE];
	unsigned int n, total;
	int rc = 0;

	pn_reader_ack(m->reader);
	for (total = 0; total < ITEMS_MAX && !rc; total += n) {
		n = pn_reader_peek(m->reader, items, ITEMS_AT_ONCE);
		if (!n)
			return 0;
		rc = items_take(m, items, n);
		pn_reader_pop(m->reader, n);
	}
	if (rc)
		return pn_err_set(err, PN_EXIT_KERNEL, -rc, "mirror",
				  "cannot take in a notification: %s", strerror(-rc));
	return 1;
}

static int gates_take(struct pn_mirror *m, struct pn_err *err)
{
	int changed = pn_gates_update(m->gates, err);

	if (changed < 0)
		return changed;
	if ((changed & PN_GATES_WORDS) || m->gates_behind)
		m->links_changed = true;
	m->gates_behind = false;
	if (changed & PN_GATES_ROUTES)
		mirror_endpoints_routes(m);
	return 0;
}

/* The earlier of two times; 0: never. */
static __u64 earlier(__u64 a, __u64 b)
{
	return !a || (b && b < a) ? b : a;
}

static void timer_arm(struct pn_mirror *m)
{
	__u64 due = mirror_resync_due(m), now = mirror_now();
	struct itimerspec when = { 0 };
	int ms = pn_gates_timeout(m->gates);

	due = earlier(due, ms < 0 ? 0 : now + ms * 1000000ull);
	due = earlier(due, m->fou_due);
	due = earlier(due, mirror_endpoints_due(m));
	if (m->links_changed)
		due = earlier(due, m->compose_due ? m->compose_due : now);
	if (due && due <= now)
		due = now + 1;
	when.it_value.tv_sec = due / NS_PER_S;
	when.it_value.tv_nsec = due % NS_PER_S;
	timerfd_settime(m->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

int pn_mirror_handle(struct pn_mirror *m, struct pn_err *err)
{
	int queue, dump, rc;
	bool more;

	fd_clear(m->more_fd);
	fd_clear(m->timer_fd);
	queue = queue_take(m, err);
	if (queue < 0)
		return queue;
	dump = mirror_resync_step(m, err);
	if (dump < 0)
		return dump;
	rc = gates_take(m, err);
	if (rc)
		return rc;
	if (m->fou_due && mirror_now() >= m->fou_due && mirror_fou_ask(m))
		m->links_changed = true;
	if (mirror_compose_soon(m))
		return pn_err_memory(err, "mirror");
	if (m->slots_retry)
		mirror_slots_rewrite(m);
	more = !m->resync.first && mirror_endpoints_step(m);
	if (queue || dump || more)
		mirror_more(m);
	timer_arm(m);
	return 0;
}

bool pn_mirror_settled(const struct pn_mirror *m)
{
	struct pn_reader_item item;

	return m->resync.step == RESYNC_NONE && !m->links_changed && !m->slots_retry &&
	       mirror_endpoints_settled(m) &&
	       !pn_reader_peek(m->reader, &item, 1);
}

int pn_mirror_sync(struct pn_mirror *m, struct pn_err *err)
{
	struct pollfd p = { .fd = m->epoll_fd, .events = POLLIN };
	int rc;

	for (;;) {
		rc = pn_mirror_handle(m, err);
		if (rc || pn_mirror_settled(m))
			return rc;
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return pn_err_set(err, PN_EXIT_KERNEL, errno, "mirror",
					  "cannot wait: %s", strerror(errno));
	}
}

void pn_mirror_counts(const struct pn_mirror *m, struct pn_mirror_counts *counts)
{
	*counts = m->counts;
	if (m->reader)
		counts->overruns = pn_reader_overruns(m->reader);
	counts->fdb_entries = m->bridge_fdb.count;
	counts->tunnel_entries = m->tunnel_fdb.count;
	counts->fdb_used = m->fdb.used;
	counts->demux_used = m->demux.used;
	counts->endpoints_used = m->pairs.used;
	counts->memory = pn_fdbs_memory(&m->bridge_fdb) + pn_fdbs_memory(&m->tunnel_fdb);
}

const struct pn_model *pn_mirror_model(const struct pn_mirror *m)
{
	return &m->model;
}
