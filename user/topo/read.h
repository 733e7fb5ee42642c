/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The walk over the nodes of a topology file: what the readers of its
 * sections share. Every error of theirs has a place.
 */
#ifndef PN_TOPO_READ_H
#define PN_TOPO_READ_H

#include "topo/model.h"

struct pn_reader {
	struct pn_topo *topo;
	struct pn_err *err;
};

/* An error about the value of @node, or about its key. */
int pn_read_fail(struct pn_reader *r, const struct pn_yaml *node, const char *object,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));
int pn_read_fail_key(struct pn_reader *r, const struct pn_yaml *node,
		     const char *object, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* A key of iproute2 that is left out at @place (see link/left.h), or 0. */
int pn_read_left(struct pn_reader *r, const struct pn_yaml *node, const char *object,
		 const char *place);
/* An unknown key; @known, ended by NULL, gives the hint. */
int pn_read_unknown(struct pn_reader *r, const struct pn_yaml *node,
		    const char *object, const char *const *known);

/* -EINVAL with an error unless @node is of @type. */
int pn_read_type(struct pn_reader *r, const struct pn_yaml *node,
		 enum pn_yaml_type type, const char *object);
/* Zeroed memory that lives as long as the topology; NULL with an error. */
void *pn_read_alloc(struct pn_reader *r, size_t n, size_t size);
/* Text that can be the name of a network namespace. */
int pn_read_netns(struct pn_reader *r, const struct pn_yaml *node, const char **name);
/* Text that can be the name of a device. */
int pn_read_ifname(struct pn_reader *r, const struct pn_yaml *node, const char *object);

/* The value of a row of @link. */
int pn_read_row(struct pn_reader *r, const struct pn_yaml *node, const struct pn_row *row,
		struct pn_value *v, const struct pn_topo_link *link);
int pn_read_addresses(struct pn_reader *r, const struct pn_yaml *list,
		      struct pn_topo_link *link);

/* The sections. */
int pn_read_links(struct pn_reader *r, const struct pn_yaml *node);
int pn_read_ports(struct pn_reader *r, const struct pn_yaml *node);
int pn_read_shapers(struct pn_reader *r, const struct pn_yaml *node);
int pn_read_objects(struct pn_reader *r, const struct pn_yaml *node,
		    const struct pn_class *cls);

/* The shapers of the topology, once all are read. */
int pn_shapers_check(struct pn_reader *r);
int pn_shaper_matches_check(struct pn_reader *r);
/* The links and objects that follow from them; after those of the file. */
int pn_shapers_derive(struct pn_reader *r);

#endif
