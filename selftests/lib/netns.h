/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Network namespaces without names: they live as long as a descriptor or a
 * process in them, so nothing is left behind however a test ends. Devices are
 * configured by netlink in process; what is not worth a function goes to
 * `ip -batch` as text (one exec a call). Functions return 0 or -errno; the
 * message types are the test's own, not the loader's, whose encoding is what
 * other tests judge by them.
 */
#ifndef PN_TEST_NETNS_H
#define PN_TEST_NETNS_H

#include <stdbool.h>
#include <stdint.h>

struct netns {
	int fd; /* the namespace */
	int nl; /* a route netlink socket inside it */
};

/* A new namespace, loopback up. close is safe on a zeroed or closed one. */
int netns_open(struct netns *ns);
void netns_close(struct netns *ns);

/* One that has a name below /run/netns: to enter, not to configure. */
int netns_named(struct netns *ns, const char *name);
/* Move the calling thread there for good. */
int netns_go(const char *name);

/*
 * Give @ns a name below /run/netns, in the mount namespace of the test: others
 * can find it by its number then. Before 6.3 penstock needs this to see what
 * the peer of a veth takes.
 */
int netns_name(const struct netns *ns, const char *name);

/* Move the calling thread in, and back to where the program started. */
int netns_enter(const struct netns *ns);
void netns_leave(void);
/* Move it in for a moment: what netns_return() takes it back to, or -errno. */
#define NETNS_HOME	(1 << 30)
int netns_visit(const struct netns *ns);
void netns_return(int from);

/* A new one, entered, or a check that fails; left and closed. */
bool netns_begin(struct netns *ns);
void netns_end(struct netns *ns);

/* A pair of veths, one end in each namespace (which may be the same). */
int netns_veth(const struct netns *a, const char *dev_a,
	       const struct netns *b, const char *dev_b);

struct netns_vxlan {
	uint32_t id;
	uint16_t dstport;
	const char *local; /* NULL: none; the family follows the text */
	const char *remote;
	bool learning;
	bool zerocsum6_rx;
	bool zerocsum_tx;
};

int netns_vxlan(const struct netns *ns, const char *dev,
		const struct netns_vxlan *vx);
int netns_bridge(const struct netns *ns, const char *dev);
int netns_del(const struct netns *ns, const char *dev);

int netns_up(const struct netns *ns, const char *dev);
int netns_down(const struct netns *ns, const char *dev);
int netns_mac(const struct netns *ns, const char *dev, const char *mac);
int netns_mtu(const struct netns *ns, const char *dev, unsigned int mtu);
int netns_master(const struct netns *ns, const char *dev, const char *master);
int netns_addr(const struct netns *ns, const char *dev, const char *addr);
int netns_neigh(const struct netns *ns, const char *dev, const char *ip,
		const char *mac);
/* Static entry of the bridge @dev is a port of (ip NULL), or of the vxlan
 * device itself towards a remote (ip set). */
int netns_fdb(const struct netns *ns, const char *dev, const char *mac,
	      const char *ip);
int netns_fdb_del(const struct netns *ns, const char *dev, const char *mac,
		  const char *ip);

/* IPv4 address of the VTEP that vxlan @dev has for a MAC, as text; "" if the
 * entry has none, -ENOENT without an entry. */
int netns_fdb_get(const struct netns *ns, const char *dev, const char *mac,
		  char out[16]);

/* ifindex of the port that bridge @dev has a MAC on, or -errno. */
int netns_fdb_port(const struct netns *ns, const char *dev, const char *mac);

/* Wait for the operational state that follows carrier (a bridge looks at it
 * when a port is added); -ETIME after five seconds. */
int netns_wait_up(const struct netns *ns, const char *dev);
/* Wait until packets to an IPv6 address of ours are taken; likewise. */
int netns_wait_addr6(const struct netns *ns, const char *addr);

/* Lines for `ip -batch`, `ip -6 -batch` and `bridge -batch`; -EIO if one was refused. */
int netns_ip(const struct netns *ns, const char *lines);
int netns_ip6(const struct netns *ns, const char *lines);
int netns_bridge_cmd(const struct netns *ns, const char *lines);

/* "net/ipv4/conf/all/rp_filter", "0" */
int netns_sysctl(const struct netns *ns, const char *key, const char *value);

/* Checksum, segmentation and VLAN offloads and GRO off (or GRO back on). */
int netns_offloads_off(const struct netns *ns, const char *dev);
int netns_gro(const struct netns *ns, const char *dev, bool on);

int netns_ifindex(const struct netns *ns, const char *dev);

/* The addresses, neighbours and sysctls every conformance test starts from:
 * quiet IPv6, no rp_filter, no ICMP rate limits. Before devices are made. */
int netns_quiet(const struct netns *ns);

#endif
