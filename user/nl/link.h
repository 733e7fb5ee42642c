/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * RTM_NEWLINK / RTM_DELLINK as a plain struct: what more than one reader
 * needs. Pointers are views into the message and die with it. Knows no link
 * kind: its data is handed on raw.
 */
#ifndef PN_NL_LINK_H
#define PN_NL_LINK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "nl/sock.h"

struct pn_nl_link {
	bool deleted;		/* RTM_DELLINK */
	uint8_t family;		/* AF_UNSPEC, or AF_BRIDGE: bridge port news */
	uint16_t type;		/* ARPHRD_* */
	uint32_t ifindex;
	uint32_t flags;		/* IFF_* */
	uint32_t mtu;
	uint32_t master;	/* ifindex, 0: none */
	uint32_t link;		/* lower or peer ifindex, 0: none */
	int32_t netnsid;	/* namespace of `link`; -1: this one */
	uint32_t group;
	uint32_t txqlen;
	uint32_t promiscuity;
	uint32_t xdp_prog;	/* id of a program on the device, 0: none */
	uint8_t xdp_mode;	/* XDP_ATTACHED_* */
	uint8_t operstate;	/* IF_OPER_* */
	uint8_t addr_len;	/* 0: no link layer address */
	const uint8_t *addr;
	const char *name;
	const char *alias;
	const char *kind;	/* NULL: a physical device or loopback */
	const char *slave_kind;
	const struct nlattr *info_data;
	const struct nlattr *slave_data;
	const struct nlattr *protinfo;
	const struct nlattr *af_spec;
};

/* -EBADMSG when it is no link message or lacks index or name. */
int pn_nl_link_parse(const struct nlmsghdr *nlh, struct pn_nl_link *l);

/*
 * Dump all links: @cb gets each message (parse it with the above). @family
 * AF_UNSPEC or AF_BRIDGE; @ext_mask RTEXT_FILTER_*. As pn_nl_dump.
 */
int pn_nl_link_dump(struct pn_nl *nl, uint8_t family, uint32_t ext_mask,
		    pn_nl_cb cb, void *data, struct pn_err *err);

/*
 * Has the kernel registered links of this kind? Asked by a dump that it filters
 * by the kind, if it knows that; so no module is loaded. As pn_nl_dump.
 */
int pn_nl_link_kind(struct pn_nl *nl, const char *kind, bool *known);

#endif
