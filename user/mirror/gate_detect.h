/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Inside the gates: what the detectors share. A detector looks at one source
 * of the kernel and reports findings; it neither keeps them nor knows who
 * reads them. It runs inside the watched namespace. Private to gate*.c.
 */
#ifndef PN_MIRROR_GATE_DETECT_H
#define PN_MIRROR_GATE_DETECT_H

#include <linux/types.h>
#include <net/if.h>
#include <stdbool.h>

#include "mirror/gate.h"
#include "nl/sock.h"

/* What can have changed; a detector runs when one of its sources did. */
#define GATE_SRC_LINK	(1u << 0)
#define GATE_SRC_TC	(1u << 1)
#define GATE_SRC_NFT	(1u << 2)
#define GATE_SRC_XFRM	(1u << 3)
#define GATE_SRC_RULE	(1u << 4)
#define GATE_SRC_ROUTE	(1u << 5)
#define GATE_SRC_ENGINE	(1u << 6)	/* what the caller told us */
#define GATE_SRC_POLL	(1u << 7)	/* time passed */
#define GATE_SRC_ODD	(1u << 8)	/* a route that is more than a way */
#define GATE_SRC_ALL	0x1ffu

#define GATE_AT_ROUTED	(PN_GATE_AT(PN_PLACE_ROUTED4) | PN_GATE_AT(PN_PLACE_ROUTED6))
#define GATE_AT_OUTER	(PN_GATE_AT(PN_PLACE_OUTER4) | PN_GATE_AT(PN_PLACE_OUTER6))

#define GATE_PROTOS 3

/* What tunnels' packets come by. */
struct gate_service {
	uint8_t proto;		/* IPPROTO_UDP, or of the IP header */
	bool v6;
	uint16_t port;		/* host order, of UDP */
};

/* A device, as far as gates depend on it. */
struct gate_dev {
	uint32_t ifindex;
	uint32_t master;
	uint32_t link;
	int32_t netnsid;
	uint32_t promiscuity;
	uint32_t flags;		/* IFF_* */
	char name[IFNAMSIZ];
	char kind[IFNAMSIZ];	/* "": none */
	int32_t disable_ipv6, forwarding6, rp_filter;
	bool xdp;		/* a program is on it */
	bool ether;
	/* tunnels */
	bool tunnel;
	bool udp4, udp6;	/* families of the sockets of vxlan and geneve */
	uint16_t udp_port;	/* host order, 0: no UDP tunnel */
	bool outer6;		/* of the IP protocols */
	uint8_t protos[GATE_PROTOS];	/* that its packets come by; 0: no more */
	const char *odd;	/* option that is not accelerated, or NULL */
	/* bridge */
	const char *vlan_odd;	/* how it filters by VLAN, if that is not accelerated */
	bool nf_call_ip, nf_call_ip6, nf_call_arp;
	/* bridge port */
	bool vlan_tunnel, backup;
	/* macvlan */
	uint32_t macvlan_mode;
	bool vnet_hdr;		/* tap: frames come with offload headers */
};

struct gate_list {
	struct pn_gate_finding *v;
	size_t n, cap;
};

struct gate_engine {
	uint32_t ifindex;
	unsigned int engine;
	char peer_netns[80];	/* where a veth's other end was found last, or "" */
};

#define GATE_ODD_TEXT 64

struct gate_owner {
	uint32_t inode;
	bool asked;		/* since the last sweep */
	char name[48];
};

/* Routes that are more than a way, one of each sort: "" if there is none. */
struct gate_odd {
	char mtu[GATE_ODD_TEXT];	/* IPv4, with an mtu that is not locked */
	char several[2][GATE_ODD_TEXT];	/* several next hops, IPv4 and IPv6 */
	bool local;			/* IPv4, local or broadcast, set by somebody */
	bool known;			/* they have been read */
	bool went;			/* one of them has gone since */
	uint64_t read_at;		/* ms: not to be read again before */
};

#define GATE_DETECTORS_MAX 16

struct pn_gates {
	int netns_fd;
	int epoll_fd;
	struct pn_nl rtnl, nf, xfrm, diag, genl;	/* for questions */
	struct pn_nl rtnl_events, nf_events, xfrm_events;
	struct gate_dev *devs;
	size_t n_devs;
	struct gate_service *services;	/* sorted, each once */
	size_t n_services;
	struct gate_engine *engines;
	size_t n_engines;
	uint32_t *ours;
	size_t n_ours;
	struct gate_owner *owners;
	size_t n_owners;
	struct gate_service *fou;	/* ports of FOU and GUE */
	size_t n_fou;
	struct gate_odd odd;
	int32_t rp_filter_all;
	bool want_routes;
	bool custom_rules[2];	/* rules beyond those of the kernel, IPv4 and IPv6 */
	unsigned int dirty;	/* GATE_SRC_* */
	/* Not in this kernel: each question would have it look for a module. */
	bool lacks_hook_list, lacks_packet_diag;
	unsigned int poll_ms;
	uint64_t poll_at;	/* ms of the monotonic clock */
	struct gate_list found[GATE_DETECTORS_MAX];	/* by detector */
	struct gate_list peers;	/* refused by rp_filter */
};

/* A run of one detector; `oom` is sticky and checked once at its end. */
struct gate_run {
	struct pn_gates *g;
	uint32_t gate;
	struct gate_list found;
	bool oom;
};

struct gate_detector {
	const char *name;
	uint32_t gate;		/* its default, and that of "cannot tell" */
	unsigned int sources;
	unsigned int places;	/* closed when it cannot tell */
	int (*detect)(struct gate_run *run);
};

/* Report: @ifindex 0 is every device; the gate is run->gate, of both engines. */
void pn_gate_found(struct gate_run *run, uint32_t ifindex, unsigned int places,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The same for another gate or for one engine; @f without its text. */
void pn_gate_found_as(struct gate_run *run, const struct pn_gate_finding *f,
		      const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* By device, as pn_gate_word() wants it. */
void pn_gate_list_sort(struct gate_list *l);

const struct gate_dev *pn_gate_dev(const struct pn_gates *g, uint32_t ifindex);
const char *pn_gate_dev_name(const struct pn_gates *g, uint32_t ifindex);
unsigned int pn_gate_engine(const struct pn_gates *g, uint32_t ifindex);
bool pn_gate_is_ours(const struct pn_gates *g, uint32_t prog_id);
/* Read the devices anew. */
int pn_gate_devs_collect(struct pn_gates *g);
/* Its attributes as a tunnel; false: it is none. */
bool pn_gate_tunnel_parse(struct gate_dev *d, const struct nlattr *data);
/* Ports of FOU and GUE anew: 1 if they are others than before, 0, -ENOMEM. */
int pn_gate_fou_read(struct pn_gates *g);
/* What the devices are reached by. 0 or -ENOMEM. */
int pn_gate_services_make(struct pn_gates *g);
bool pn_gate_has_service(const struct pn_gates *g, uint8_t proto, bool v6);
/* Packets of the tunnel come by this protocol. */
bool pn_gate_dev_takes(const struct gate_dev *d, uint8_t proto, bool v6);

/* The kernel looks for routes to sources even where rp_filter is off. */
bool pn_gate_sources_looked_up(const struct pn_gates *g);
/* A route came or went: true if its like has to be looked for. */
bool pn_gate_route_odd(struct pn_gates *g, const struct nlmsghdr *nlh);
uint64_t pn_gate_clock_ms(void);

/* One peer that rp_filter refuses, once. */
int pn_gate_peer_refused(struct pn_gates *g, uint32_t ifindex, const char *peer);

/*
 * Dump for a detector: @m is sent anew while the kernel's table changes under
 * it, after forgetting what @cb has reported so far. Frees @m.
 */
int pn_gate_dump(struct gate_run *run, struct pn_nl *nl, struct pn_msg *m,
		 pn_nl_cb cb, void *data);
/* First line of a file of /proc as a number; @none where it cannot be read. */
long pn_gate_proc_number(const char *path, long none);
const struct gate_dev *pn_gate_dev_by_name(const struct pn_gates *g, const char *name);

/* "tcpdump (pid 123)"; the sweep forgets those not asked for since the last. */
void pn_gate_owner(struct pn_gates *g, uint32_t inode, char *buf, size_t size);
void pn_gate_owners_sweep(struct pn_gates *g);

/* Detectors; each reads what its name says. */
int pn_gate_detect_topology(struct gate_run *run);
int pn_gate_detect_netfilter(struct gate_run *run);
int pn_gate_detect_tc(struct gate_run *run);
int pn_gate_detect_xfrm(struct gate_run *run);
int pn_gate_detect_rules(struct gate_run *run);
int pn_gate_detect_sockets(struct gate_run *run);
int pn_gate_detect_taps(struct gate_run *run);
int pn_gate_detect_offload(struct gate_run *run);
int pn_gate_detect_routes(struct gate_run *run);

#endif
