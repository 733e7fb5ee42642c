/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The inside of a mirror. Data flows one way: messages (follow.c) change the
 * model and the FDB tables; ports.c, tunnels.c, slots.c and endpoints.c make
 * the maps' contents of those. Private to the mirror.
 */
#ifndef PN_MIRROR_STATE_H
#define PN_MIRROR_STATE_H

#include <linux/netlink.h>

#include "mirror/demux.h"
#include "mirror/fdbs.h"
#include "mirror/gate.h"
#include "mirror/ids.h"
#include "mirror/mirror.h"
#include "mirror/model.h"
#include "mirror/pairs.h"
#include "mirror/reader.h"
#include "mirror/table.h"
#include "mirror/vlans.h"
#include "mirror/vnis.h"
#include "mirror/vteps.h"
#include "nl/sock.h"

#define PN_MAX_BRIDGES	4096
#define PN_MAX_VLAN_FIDS (65536 - PN_MAX_BRIDGES)

/* A port beside its entry in pn_ports. */
struct mirror_port {
	__u32 target;		/* what opts.target said */
	__u32 slots;		/* FDB slots that lead here */
	__u32 entries;		/* of its own FDB, where it is a vxlan device */
	bool asked;		/* target is current */
	bool in_devmap;
};

#define PN_TUNNEL_KEYS	2	/* what one device takes: IPv4 and IPv6 in IP */

/* A tunnel beside its entry in pn_tunnels. */
struct mirror_tunnel {
	__u32 remote;		/* VTEP of the link's own remote, holds a reference */
	__u32 next;		/* in the chain of its key */
	__u8 why;		/* enum pn_ineligible */
	__u8 n_keys;
	__u64 key[PN_TUNNEL_KEYS];	/* that lead to it now, or to its chain */
	__u64 written[PN_TUNNEL_KEYS];	/* those that may be in the map */
};

/* A UDP port of FOU or GUE, as a key of pn_demux. */
struct mirror_fou {
	__u64 key;
	__u64 index;		/* PN_UDP_INDEX() */
};

/* Re-reading the kernel after a loss. */
enum mirror_resync {
	RESYNC_NONE = 0,
	RESYNC_WAITING,		/* for the storm to end */
	RESYNC_DUMPING,
};

struct mirror_resync_state {
	enum mirror_resync step;
	bool first;		/* nothing has been read yet */
	bool again;		/* something was lost while the dump ran */
	bool interrupted;	/* the kernel says that it is not consistent */
	__u32 restarts;
	__u64 lost_first, lost_last;	/* ns, of the losses it is for */
	__u64 begun;
	struct pn_nl nl;	/* the FDB dump under way */
	__u32 seq;
};

/* A device that tunnels' packets may arrive on. */
struct mirror_l3 {
	__u32 ifindex;
	__u16 index;		/* in pn_ports */
	bool tunnel;		/* itself: tunnels are inside tunnels */
	bool wild;		/* takes or drops what strangers send */
	__u8 rpf;		/* enum pn_rpf, where it is wild */
};

struct mirror_local {		/* an address of this host, once */
	struct in6_addr addr;
	bool usable;
	bool named;		/* some tunnel has it as its own */
};

struct mirror_endpoints {
	struct mirror_l3 *ports;	/* by ifindex, tunnels behind the others */
	size_t n_ports, n_wires;	/* all, and those that are no tunnel */
	bool wild;			/* any port is */
	struct mirror_local *locals;	/* by address, as the round began */
	size_t n_locals, n_usable[2];	/* IPv4, IPv6 */
	bool crowded;			/* there is no room for all pairs */
	bool many;			/* peers: not asked for one by one if need be */
	__s8 *alike;			/* answers by port and address; 0: not asked */
	__u32 round;			/* vteps of another round are to be checked */
	__u32 cursor, left;		/* VTEP looked at last, and how many are to come */
	__u32 *queue;			/* new VTEPs, before those of the round */
	size_t queue_at, queue_n, queue_cap;
	__u64 full;			/* pairs without room in this round */
	__u64 begun, rest_until;	/* ns */
	bool changed;			/* start a new round */
	bool routes;			/* the same, if there was a rest */
};

struct pn_mirror {
	struct pn_mirror_maps maps;
	struct pn_mirror_opts opts;
	struct pn_mirror_port *attached;
	size_t n_attached;

	struct pn_model model;
	struct pn_fdbs bridge_fdb;	/* key: MAC, fid; value: ifindex */
	struct pn_fdbs tunnel_fdb;	/* key: MAC, the vxlan device's port; value: VTEP */
	struct pn_ids ports, tunnels, bridges;
	struct pn_ids vlan_fids;	/* of a bridge number and a VID, see fids.c */
	struct pn_vlans vlans;
	struct pn_vnis vnis;
	struct pn_vteps vteps;
	struct mirror_port *port_state;
	struct mirror_tunnel *tunnel_state;
	struct in6_addr *named;	/* local addresses of tunnels, sorted */
	size_t n_named;
	struct mirror_fou *fou;
	size_t n_fou;
	struct pn_nl fou_nl;
	__u64 fou_due;		/* when FOU ports are asked for again, ns; 0: never */
	__u64 compose_due;	/* the maps are not made anew before, ns */
	__u64 tunnel_work;	/* steps of the last look at tunnels, for tests */

	struct pn_table fdb, demux;
	struct pn_pairs pairs;

	struct pn_reader *reader;
	struct pn_gates *gates;
	struct pn_nl nl;	/* for short questions */
	struct mirror_resync_state resync;
	struct mirror_endpoints endpoints;
	int epoll_fd, timer_fd, more_fd;
	int netns_fd;		/* sockets are opened in, whoever calls from where */
	bool gates_behind;	/* devices came that the gates have not seen */
	bool routing;		/* some tunnel device is no bridge port */
	bool links_changed;	/* maps to be made of the model anew */
	__u32 fdb_asked;	/* vxlan devices asked for their FDB since the maps were made */
	bool slots_retry;	/* FDB slots that had no room may have some now */
	__u16 fid_last;		/* of the bridge that was last heard of: a guess at the next */
	__u64 orphans;		/* FDB entries whose port is unknown yet */
	struct pn_mirror_counts counts;
};

__u64 mirror_now(void);	/* ns */
/* mirror.c: add a descriptor to pn_mirror_fd(); be called again at once. */
int mirror_watch(struct pn_mirror *m, int fd);
void mirror_more(struct pn_mirror *m);
/* A mirror that listens to nothing, for tests: it is fed by mirror_message(). */
struct pn_mirror *mirror_new(const struct pn_mirror_maps *maps,
			     const struct pn_mirror_opts *opts, struct pn_err *err);

/* follow.c: messages into the model. 0 or -errno. */
int mirror_message(struct pn_mirror *m, const struct nlmsghdr *nlh, bool from_dump);
/* It will be taken in soon: fetch what that needs into the cache. */
void mirror_message_prefetch(const struct pn_mirror *m, const struct nlmsghdr *nlh);
void mirror_link_gone(struct pn_mirror *m, __u32 ifindex);

/* resync.c */
void mirror_resync_lost(struct pn_mirror *m);
/* Read links and addresses, start to read the FDB. */
int mirror_resync_begin(struct pn_mirror *m, struct pn_err *err);
/* Take in what has arrived; begin when it is time. True: more at once. */
int mirror_resync_step(struct pn_mirror *m, struct pn_err *err);
/* When it wants to be called at the latest, ns; 0: no matter. */
__u64 mirror_resync_due(const struct pn_mirror *m);

/* fids.c: number of a bridge's forwarding table, of one VLAN (0: all); 0: has none */
__u16 mirror_fid_find(const struct pn_mirror *m, __u32 bridge, __u16 vid);
__u16 mirror_fid_get(struct pn_mirror *m, __u32 bridge, __u16 vid);
/* All numbers of a bridge, by its own. */
void mirror_fids_put(struct pn_mirror *m, __u16 bridge);
/* Keep the numbers that an earlier run gave. */
void mirror_fids_adopt(struct pn_mirror *m);

/* compose.c: everything that depends on links, if they changed. */
int mirror_compose(struct pn_mirror *m);
/* The same unless that was done just now and took long: then later (compose_due). */
int mirror_compose_soon(struct pn_mirror *m);

/* ports.c */
void mirror_ports_compose(struct pn_mirror *m);
/* The device went: its number leads nowhere any more. */
void mirror_port_gone(struct pn_mirror *m, __u32 ifindex);
__u32 mirror_ignored(const struct pn_mirror *m, __u32 ifindex);
bool mirror_is_attached(const struct pn_mirror *m, __u32 ifindex);
/* Frames come in on it: an attached port, or a VLAN device on one. */
bool mirror_is_ingress(const struct pn_mirror *m, const struct pn_dev *dev);
/* The attached port that its frames come from: itself, or below it. NULL: none. */
const struct pn_mirror_port *mirror_attached_below(const struct pn_mirror *m,
						   const struct pn_dev *dev);
/* The bridge that it is a port of, or NULL. */
const struct pn_dev *mirror_bridge_of(const struct pn_mirror *m, const struct pn_dev *dev);

/* fou.c: true if the ports are others than before */
bool mirror_fou_ask(struct pn_mirror *m);
void mirror_fou_demux(const struct pn_mirror *m, struct demux_list *list);
void mirror_fou_fini(struct pn_mirror *m);

/* tunnels.c */
int mirror_tunnels_compose(struct pn_mirror *m);
/* Some tunnel has this local address. */
bool mirror_tunnels_name(const struct pn_mirror *m, const struct in6_addr *addr);
/* Index of a tunnel device, given now if need be (its counters begin at 0); 0: no room. */
__u32 mirror_tunnel_index(struct pn_mirror *m, __u32 ifindex);
/* The device went: nothing leads to it any more. */
void mirror_tunnel_gone(struct pn_mirror *m, __u32 ifindex);
/* Keep the numbers that an earlier run gave. */
void mirror_tunnels_adopt(struct pn_mirror *m);
/* The FDB of the vxlan device that had this number in pn_ports. */
void mirror_tunnel_fdb_drop(struct pn_mirror *m, __u16 port);

/* members.c: keys of VLAN memberships */
void mirror_members_demux(struct pn_mirror *m, struct demux_list *list);

/* routed.c */
/* What packets out of @dev would meet on their way to a route. */
void mirror_routed_describe(const struct pn_mirror *m, const struct pn_dev *dev,
			    struct pn_tunnel *t);
/* What the kernel asks of IPv4 sources there. */
enum pn_rpf mirror_rpf(const struct pn_mirror *m, __u32 ifindex);

/* locals.c */
/* Before anything is composed: devices with addresses, and whether any tunnel routes. */
void mirror_locals_mark(struct pn_mirror *m);
/* Routed packets may leave by it. */
bool mirror_is_egress(const struct pn_mirror *m, const struct pn_dev *dev);
void mirror_locals_demux(const struct pn_mirror *m, struct demux_list *list);

/* slots.c: FDB */
void mirror_slot_write(struct pn_mirror *m, struct pn_fdb_entry *e, __u8 stamp);
/* The kernel says that the entry leads to @ifindex, with these PN_FDB_* flags. */
void mirror_slot_take(struct pn_mirror *m, struct pn_fdb_entry *e, __u32 ifindex,
		      __u8 flags, __u8 stamp);
void mirror_slot_remove(struct pn_mirror *m, const struct pn_fdb_entry *e);
/* The bridge's entry behind which a tunnel's entry of the same MAC stands. */
void mirror_slot_retunnel(struct pn_mirror *m, __u32 ifindex, __u64 mac48);
void mirror_slots_rewrite(struct pn_mirror *m);
/* Remove what earlier runs left. */
void mirror_slots_sweep(struct pn_mirror *m);

/* l3.c: where tunnels' packets may arrive */
int mirror_endpoints_ports(struct pn_mirror *m);
int mirror_endpoints_locals(struct pn_mirror *m);
/* The place of a device among the ports, NULL: it has none. */
const struct mirror_l3 *mirror_l3_find(const struct mirror_endpoints *e, __u32 ifindex,
				       bool tunnel);
const struct mirror_local *mirror_local_find(const struct pn_mirror *m,
					     const struct in6_addr *addr);
/* A tunnel device that other tunnels' packets may come out of. */
bool mirror_is_nested(const struct pn_mirror *m, const struct pn_dev *dev);

/* endpoints.c */
bool mirror_addr_usable(const struct in6_addr *addr);
void mirror_endpoints_changed(struct pn_mirror *m);
/* Routes or rules changed: the kernel may say something else of every pair. */
void mirror_endpoints_routes(struct pn_mirror *m);
void mirror_endpoints_fini(struct pn_mirror *m);
bool mirror_endpoints_settled(const struct pn_mirror *m);
/* When it wants to be called at the latest, ns; 0: no matter. */
__u64 mirror_endpoints_due(const struct pn_mirror *m);
/* A VTEP got its first reference, or lost its last. */
void mirror_endpoints_vtep_new(struct pn_mirror *m, __u32 vtep);
void mirror_endpoints_vtep_gone(struct pn_mirror *m, __u32 vtep);
/* Some of the work; true: there is more. */
bool mirror_endpoints_step(struct pn_mirror *m);
int mirror_endpoints_adopt(struct pn_mirror *m);
/* All has been read: what was adopted and nobody refers to is forgotten. */
void mirror_endpoints_settle(struct pn_mirror *m);

/* VTEP references; get: 0 if @addr is none that packets can come from. */
__u32 mirror_vtep_get(struct pn_mirror *m, const struct in6_addr *addr);
void mirror_vtep_put(struct pn_mirror *m, __u32 vtep);

#endif
