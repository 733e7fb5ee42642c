/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a tunnel device was given, as far as people want to see it: from the
 * attributes of its link, one row for each of the kernel's kinds.
 */
#ifndef PN_STATS_TUNNELS_H
#define PN_STATS_TUNNELS_H

#include <linux/types.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct nlattr;

struct pn_tunnel_attrs {
	bool known;		/* the device is a tunnel */
	bool ipv6;		/* its outer addresses are */
	bool has_vni, has_key;
	bool external;		/* collects metadata */
	uint16_t port;		/* UDP port of vxlan and geneve; 0: none */
	uint16_t encap_sport, encap_dport;
	const char *encap;	/* "fou", "gue"; NULL: none */
	const char *mode;	/* of IP in IP: "ip6ip"; NULL: there is only one */
	uint32_t vni, key;	/* the key of what it receives */
	uint32_t link;		/* ifindex that it is bound to; 0: none */
	char local[INET6_ADDRSTRLEN];	/* empty: any */
	char remote[INET6_ADDRSTRLEN];	/* peer or group; empty: any */
};

/* @kind is the kernel's word. Other kinds leave @t all zero. */
void pn_tunnel_attrs_read(struct pn_tunnel_attrs *t, const char *kind,
			  const struct nlattr *data);
bool pn_tunnel_kind_known(const char *kind);

#endif
