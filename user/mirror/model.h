/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is known of the kernel: devices and addresses, decoded from messages.
 * No desired state, no maps, no sockets: fed by messages, so that a test can
 * make it up. FDB entries are in fdbs.h, by the million.
 */
#ifndef PN_MIRROR_MODEL_H
#define PN_MIRROR_MODEL_H

#include <linux/types.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct nlmsghdr;

enum pn_dev_kind {		/* kinds that change what is mirrored */
	PN_DEV_OTHER = 0,
	PN_DEV_BRIDGE,
	PN_DEV_VXLAN,
	PN_DEV_VLAN,
	PN_DEV_VETH,
	PN_DEV_VRF,
	PN_DEV_TUNNEL,		/* every kind of tunnel but vxlan */
};

/* Options of a bridge. */
struct pn_dev_bridge {
	__u64 ageing_ms;
	bool vlan_filtering;
	__u16 vlan_proto;	/* TPID of its VLANs, host order */
	bool stp;
	bool neigh_proxy;	/* of any port; whoever composes fills it in */
};

/* As a port of a bridge. */
struct pn_dev_brport {
	bool known;		/* the kernel has described it since it joined */
	__u8 state;		/* BR_STATE_* */
	bool hairpin, isolated, locked, learning;
	bool neigh_proxy;	/* proxy_arp, proxy_arp_wifi or neigh_suppress */
	bool vlan_tunnel;	/* tunnel ids stand for VLANs */
};

struct pn_dev_vxlan {
	__u32 vni;
	__u16 dport;		/* host order */
	bool ipv6;		/* which socket it has */
	bool learning;
	bool zero_csum6;	/* takes zero checksums over IPv6 */
	bool external, vnifilter, gbp, gpe, remcsum;
	bool link_local;	/* local or group is fe80::, tied to one device */
	bool foreign;		/* its socket is in another namespace */
	__u32 ageing_s;
	__u32 lower;		/* the device it sends by, 0: any */
	bool has_remote, has_local;
	struct in6_addr remote, local;	/* v4-mapped for IPv4 */
};

/* Where a tunnel has neither remote nor local, they are all zero (IPv4 too). */
struct pn_dev_tunnel {
	struct in6_addr remote, local;	/* v4-mapped for IPv4 */
	__u8 kind;		/* enum pn_tunnel_kind */
	__u8 proto;		/* outer protocol that it is restricted to; 0: any of its kind */
	__u16 dport;		/* GENEVE, host order */
	__u32 key;		/* VNI, or GRE key of what it receives; host order */
	__u32 lower;		/* the device it is bound to, 0: any */
	bool ipv6;		/* outer addresses */
	bool ether;		/* Ethernet frames inside */
	bool keyed;		/* wants packets with a key */
	bool csum, seq;		/* wants checksums, sequence numbers */
	bool external;		/* collects metadata */
	bool dscp;		/* copies the outer DSCP */
	bool local_remote;	/* takes packets from addresses of this host */
	bool isatap;
	bool proto_inherit;	/* GENEVE without Ethernet inside */
	bool zero_csum6;
	bool foreign;		/* its packets arrive in another namespace */
	__u8 erspan_ver;
	__u8 rd_prefix_len, rd_relay_len;	/* 6rd */
	struct in6_addr rd_prefix;
	__be32 rd_relay;
};

struct pn_dev_vlan {
	__u16 vid;
	bool ad;		/* 802.1ad */
	bool foreign;		/* its lower device is in another namespace */
};

struct pn_dev {
	__u32 ifindex;
	__u32 master;
	__u32 link;		/* lower or peer device; of another namespace if netnsid >= 0 */
	__s32 netnsid;
	__u32 flags;		/* IFF_* */
	__u32 mtu;
	__u16 type;		/* ARPHRD_* */
	__u8 operstate;
	__u8 mac[6];
	__u32 gen;		/* of the last dump that had it */
	enum pn_dev_kind kind;
	bool numbered;		/* an address of this host is on it; whoever composes fills it in */
	char name[IF_NAMESIZE];
	char kind_name[16];	/* the kernel's word, "" if none */
	struct pn_dev_brport brport;
	union {
		struct pn_dev_bridge bridge;
		struct pn_dev_vxlan vxlan;
		struct pn_dev_tunnel tunnel;
		struct pn_dev_vlan vlan;
	};
};

struct pn_local {		/* an address of this host */
	struct in6_addr addr;	/* v4-mapped for IPv4 */
	__u32 ifindex;
	__u32 gen;
	__be32 broadcast[2];	/* IPv4: of its prefix, and as it was set; 0: none */
	bool usable;		/* not tentative, not a duplicate */
};

struct pn_model {
	struct pn_dev **devs;	/* sorted by ifindex */
	size_t ndevs;
	size_t cap_devs;
	struct pn_local *locals;
	size_t nlocals, cap_locals;
	__u32 gen;
};

/* What a message changed. */
#define PN_MODEL_LINK	(1u << 0)	/* an attribute of a device */
#define PN_MODEL_NEW	(1u << 1)	/* a device came */
#define PN_MODEL_GONE	(1u << 2)	/* a device went; readable until it is forgotten */
#define PN_MODEL_NAME	(1u << 3)	/* a device has another name */
#define PN_MODEL_LOCAL	(1u << 4)	/* the local addresses */
#define PN_MODEL_FILTERING (1u << 5)	/* a bridge filters by VLAN now */

void pn_model_init(struct pn_model *model);
void pn_model_fini(struct pn_model *model);

/* NULL if there is no such device. */
struct pn_dev *pn_model_dev(const struct pn_model *model, __u32 ifindex);

/*
 * Take in a link or address message; others are ignored. PN_MODEL_* bits and
 * the device in *@ifindex, or -ENOMEM.
 */
int pn_model_message(struct pn_model *model, const struct nlmsghdr *nlh, __u32 *ifindex);
/* Remove a device that went. */
void pn_model_forget(struct pn_model *model, __u32 ifindex);

/*
 * A dump of all links and addresses: begin, every message of it, end. What the
 * dump did not have is gone: addresses by themselves, devices one by one, as
 * pn_model_stale() names them, in order (@after: the last one; 0: no more).
 */
void pn_model_dump_begin(struct pn_model *model);
/* True: addresses went. */
bool pn_model_dump_end(struct pn_model *model);
__u32 pn_model_stale(const struct pn_model *model, __u32 after);

bool pn_model_is_local(const struct pn_model *model, const struct in6_addr *addr);

/* Administratively up, and with carrier. */
static inline bool pn_dev_up(const struct pn_dev *dev)
{
	const __u32 want = IFF_UP | 1u << 16 /* IFF_LOWER_UP, which net/if.h lacks */;

	return (dev->flags & want) == want;
}

static inline bool pn_dev_is_tunnel(const struct pn_dev *dev)
{
	return dev->kind == PN_DEV_VXLAN || dev->kind == PN_DEV_TUNNEL;
}

/* A tunnel that Ethernet frames come out of. */
static inline bool pn_dev_is_l2_tunnel(const struct pn_dev *dev)
{
	return dev->kind == PN_DEV_VXLAN || (dev->kind == PN_DEV_TUNNEL && dev->tunnel.ether);
}

/* 4 or 16 bytes as an IPv6 address; false: another length. */
bool pn_addr_mapped(const void *data, size_t len, struct in6_addr *addr);

#endif
