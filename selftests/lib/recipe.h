/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A packet as its difference from a good one. The good one is a VXLAN packet
 * P -> D as the conformance tables have it: O4(17, U(4789, VX + E(I4))). Each
 * edit changes one field, everything else is filled in to fit, so that a row
 * of a table shows only what is unusual about its packet. With KIND it is the
 * good packet of another tunnel: protocols, ports and the inner Ethernet
 * header follow.
 */
#ifndef PN_TEST_RECIPE_H
#define PN_TEST_RECIPE_H

#include "pkt.h"

/* What stands between the outer IP header and the inner packet. */
enum recipe_kind {
	R_VXLAN = 0,
	R_GENEVE, /* UDP 6081 */
	R_GRE,	  /* inner Ethernet where GRE_PROTO says so */
	R_IP,	  /* nothing: IPIP, SIT, ip6tnl, ESP */
	R_UDP,	  /* UDP 5555 and no more: FOU, and with a SHIM GUE */
};

enum field {
	F_END = 0,
	/* The frame. */
	F_ETH_DST,
	F_ETH_SRC, /* text */
	F_TAG1,
	F_TAG2,
	F_TAG3,	    /* TPID << 16 | TCI; TAG1 is outermost */
	F_ETH_TYPE, /* instead of the IP version's */
	F_TRAIL,    /* bytes behind the IP packet */
	F_CUT,	    /* bytes missing at its end */
	/* Outer IP. */
	F_V6, /* 1: IPv6 underlay */
	F_IP_SRC,
	F_IP_DST, /* text */
	F_IP_VER,
	F_IP_IHL, /* the nibbles */
	F_IP_TOS,
	F_IP_TTL,
	F_IP_ID,
	F_IP_PROTO,
	F_IP_LEN,     /* the length field, whatever there is */
	F_IP_LEN_ADD, /* the same, relative (signed) */
	F_IP_FRAG,    /* the whole flags and offset field */
	F_IP_CSUM_XOR,
	F_IP_OPTS,    /* hex text */
	F_EXT6,	      /* number; hex text of the whole header */
	F_SLICE,      /* fragment: offset << 16 | length */
	F_SLICE_MORE, /* 1: not the last fragment */
	/* UDP. */
	F_UDP_SPORT,
	F_UDP_DPORT,
	F_UDP_LEN,     /* field, the checksum being for it */
	F_UDP_LEN_ADD, /* the same, relative (signed) */
	F_UDP_CSUM,    /* the field, wrong or not */
	F_UDP_KEEP,    /* bytes of the whole datagram that exist */
	/* VXLAN. */
	F_VX_W0, /* first word */
	F_VX_VNI,
	F_VX_B7,
	/* Other tunnels. */
	F_KIND,	   /* enum recipe_kind */
	F_SHIM,	   /* hex text: a GUE, ERSPAN, WCCP header, MPLS labels ... */
	F_GN_W0,   /* first word of GENEVE, if not as GN_OPTS wants it */
	F_GN_VNI,
	F_GN_B7,
	F_GN_OPTS, /* hex text */
	F_GRE_FLAGS, /* C, K and S bring their words along */
	F_GRE_PROTO, /* instead of the inner packet's */
	F_GRE_CSUM,  /* the field, wrong or not */
	F_GRE_RES,   /* reserved1 behind it */
	F_GRE_KEY,
	F_GRE_SEQ,
	F_GRE_TAIL, /* bytes behind what the GRE checksum covers */
	/* Inside. */
	F_IN_BARE, /* 1: no inner Ethernet header; 0: in spite of KIND */
	F_IN_DST,
	F_IN_SRC, /* text */
	F_IN_TAG1,
	F_IN_TAG2, /* TPID << 16 | TCI; TAG1 is outermost */
	F_IN_TYPE, /* EtherType or length field */
	F_IN_V6,
	F_IN_ARP, /* 1: instead of I4 */
	F_IN_TCP,
	F_IN_ICMP, /* 1: instead of UDP */
	F_IN_HEX,  /* instead of an IP packet */
	F_IN_TOS,
	F_IN_TTL,
	F_IN_DATA, /* bytes of L4 payload, 24 if not said */
	F_IN_CSUM, /* the inner L4 checksum field */
	F_IN_IP_SRC,
	F_IN_IP_DST, /* text */
	F_IN_IP_VER, /* the nibble */
	F_IN_IP_CSUM_XOR,
	F_IN_FRAG, /* the whole flags and offset field */
	F_IN_KEEP, /* bytes of the inner packet that exist */
	F_IN_FRAME_KEEP, /* the same of the frame with its Ethernet header */
	F_IN_PAD,  /* bytes behind it */
	FIELDS
};

struct edit {
	enum field field;
	uint32_t v;
	const char *s;
};

#define RECIPE_EDITS 10

struct recipe {
	struct edit edit[RECIPE_EDITS];
};

#define V(f, x) \
	{ \
		.field = F_##f, .v = (x) \
	}
#define S(f, x) \
	{ \
		.field = F_##f, .s = (x) \
	}
#define VS(f, x, y) \
	{ \
		.field = F_##f, .v = (x), .s = (y) \
	}

/* Ethernet inside, or IP? */
bool recipe_bare(const struct recipe *r);
enum recipe_kind recipe_kind(const struct recipe *r);

/* Bytes of SHIM; the number of them. */
int recipe_shim(const struct recipe *r, uint8_t *bytes, size_t size);

/* The edit of a field, NULL where the recipe leaves it alone. */
const struct edit *recipe_edit(const struct recipe *r, enum field f);

/* The whole frame. in_dst: inner destination MAC where the recipe says none
 * (NULL: the tunnel device's). */
void recipe_build(const struct recipe *r, const char *in_dst, struct pkt *p);

/* What a tunnel device delivers if it delivers all of it: the inner frame.
 * tos: 0..255 replaces the inner TOS or traffic class, -1 leaves it. */
void recipe_inner(const struct recipe *r, const char *in_dst, int tos,
		  struct pkt *p);

/* A frame for a bridge port (no tunnel): edits of F_IN_* and F_TRAIL only. */
#define recipe_frame(r, in_dst, p) recipe_inner(r, in_dst, -1, p)

#endif
