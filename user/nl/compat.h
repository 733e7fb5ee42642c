/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Kernel constants newer than the headers of Debian 12 (6.1). They are enum
 * values there, which the preprocessor cannot test, so each has a name of our
 * own; the number is the kernel's and never changes.
 */
#ifndef PN_NL_COMPAT_H
#define PN_NL_COMPAT_H

#define PN_NTF_EXT_LOCKED		(1u << 1)	/* 6.2 */
#define PN_IFLA_VXLAN_LOCALBYPASS	31	/* 6.5 */
#define PN_IFLA_VXLAN_LABEL_POLICY	32	/* 6.7 */
#define PN_IFLA_VXLAN_RESERVED_BITS	33	/* 6.14 */
#define PN_IFLA_BRPORT_MCAST_N_GROUPS	41	/* 6.3 */
#define PN_IFLA_BRPORT_MCAST_MAX_GROUPS	42	/* 6.3 */
#define PN_IFLA_BRPORT_NEIGH_VLAN_SUPPRESS 43	/* 6.4 */
#define PN_VLANDB_ENTRY_MCAST_MAX_GROUPS 8	/* 6.3 */
#define PN_VLANDB_ENTRY_NEIGH_SUPPRESS	9	/* 6.4 */
#define PN_IFLA_BR_FDB_N_LEARNED	48	/* 6.7 */
#define PN_IFLA_BR_FDB_MAX_LEARNED	49	/* 6.7 */
#define PN_IFLA_NETKIT_PEER_INFO	1	/* 6.7, all up to MODE */
#define PN_IFLA_NETKIT_PRIMARY		2
#define PN_IFLA_NETKIT_POLICY		3
#define PN_IFLA_NETKIT_PEER_POLICY	4
#define PN_IFLA_NETKIT_MODE		5
#define PN_IFLA_NETKIT_SCRUB		6	/* 6.13 */
#define PN_IFLA_NETKIT_PEER_SCRUB	7	/* 6.13 */
#define PN_IFLA_NETKIT_HEADROOM		8	/* 6.14 */
#define PN_IFLA_NETKIT_TAILROOM		9	/* 6.14 */

#endif
