/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What making pn_tunnels and its keys takes, for the files that do it
 * (tunnels.c and tunnel_*.c). Lives for one round.
 */
#ifndef PN_MIRROR_TUNNELS_H
#define PN_MIRROR_TUNNELS_H

#include "mirror/rivals.h"
#include "mirror/state.h"

struct tunnel_job {
	struct pn_mirror *m;
	struct demux_list *list;
	struct rivals rivals;
	struct in6_addr *locals;	/* of this host, sorted */
	size_t n_locals;
	struct in6_addr *named;		/* local addresses of tunnels */
	size_t n_named;
	bool anybody;			/* some port takes packets of unknown peers */
	bool protos[2][256];		/* outer protocols, by family (IPv6: 1) */
	__u8 *udp[2];			/* enum pn_udp_service by port, by family */
	__u32 *udp_tunnel;		/* the external device of a port, both families; 0: none */
	__u8 *csum6;			/* GENEVE over IPv6, by port: CSUM6_* */
};

#define CSUM6_WANTED	(1u << 0)	/* a device refuses zero checksums */
#define CSUM6_ZERO	(1u << 1)	/* a device takes them */

/* 0: nothing about the device itself is against it. */
enum pn_ineligible tunnel_why(const struct tunnel_job *job, const struct pn_dev *dev);

/* tunnel_locals.c: addresses of this host */
int tunnel_locals_init(struct tunnel_job *job);
void tunnel_locals_fini(struct tunnel_job *job);
bool tunnel_is_local(const struct tunnel_job *job, const struct in6_addr *addr);
/* The device may name one of them; in the end the mirror keeps those that are named. */
void tunnel_locals_note(struct tunnel_job *job, const struct pn_dev *dev);
void tunnel_locals_keep(struct tunnel_job *job);

/* tunnel_ports.c: outer protocols and UDP ports that tunnels listen on. */
int tunnel_ports_init(struct tunnel_job *job);
void tunnel_ports_fini(struct tunnel_job *job);
/* The device is up, and in this namespace. */
void tunnel_ports_note(struct tunnel_job *job, const struct pn_dev *dev);
/* Whatever comes to the port is the device's. */
void tunnel_ports_external(struct tunnel_job *job, __u16 port, __u32 tunnel);
void tunnel_ports_demux(struct tunnel_job *job);

/* tunnel_metadata.c: what the device collects is seen by nobody. */
bool tunnel_metadata_hidden(const struct pn_mirror *m, const struct pn_dev *dev);
/* Keys of an external device, which has no others. */
void tunnel_metadata_keys(struct tunnel_job *job, const struct pn_dev *dev, __u32 tunnel);

#endif
