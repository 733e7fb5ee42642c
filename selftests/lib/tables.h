/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps of one loaded data-plane object, filled by hand: what the mirror
 * would have written, for programs that want to see the data plane alone.
 * Shares abi.h with the loader and no code, so that the two can disagree.
 * Nothing may read the maps while an entry is put in (entries are moved).
 */
#ifndef PN_TEST_TABLES_H
#define PN_TEST_TABLES_H

#include <bpf/libbpf.h>
#include <penstock/abi.h>
#include <stdint.h>

struct tables {
	struct pn_port *ports;
	struct pn_tunnel *tunnels;
	struct pn_bucket *fdb;
	struct pn_bucket *demux;
	struct pn_endpoint_bucket *endpoints;
	struct pn_conf conf;
	int devmap; /* -1: the object has none */
};

/* Before the object is loaded: sizes of the maps, and what follows in @conf. */
void tables_size(struct bpf_object *obj, struct pn_conf *conf, uint32_t macs);

/* After it: map them into memory. */
void tables_open(struct tables *t, struct bpf_object *obj,
		 const struct pn_conf *conf);

struct tables_tunnel {
	uint16_t index; /* of pn_tunnels */
	uint16_t port;	/* its entry of pn_ports */
	uint16_t dport;
	uint32_t vni;
	bool v6;
	const char *mac;
};

void tables_port(struct tables *t, uint16_t index, const struct pn_port *port);
void tables_tunnel(struct tables *t, const struct tables_tunnel *tun);
void tables_endpoint(struct tables *t, uint16_t port, const char *src,
		     const char *dst);
void tables_fdb(struct tables *t, uint64_t mac48, uint16_t fid, uint16_t port,
		uint8_t flags);

uint64_t tables_mac48(const char *text);

#endif
