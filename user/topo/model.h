/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The inside of a pn_topo, for this layer and who draws it: what the file wants, one
 * struct per link. A veth pair is two links; the one that the file calls
 * `peer` hangs on the other and is created with it.
 */
#ifndef PN_TOPO_MODEL_H
#define PN_TOPO_MODEL_H

#include <uthash.h>

#include "link/kind.h"
#include "topo/file.h"
#include "topo/object.h"
#include "topo/yaml.h"

struct pn_topo_addr {
	uint8_t family;
	uint8_t prefixlen;
	uint8_t len;
	uint8_t bin[16];
	const struct pn_value *words;	/* by row of pn_addr_rows; or NULL */
	unsigned int line, column;
};

struct pn_topo_shaper;

struct pn_topo_netns {
	const char *name;
	unsigned int line, column;
};

struct pn_topo_link {
	const char *name;
	const char *netns;		/* NULL: the one that penstock runs in */
	const char *id;			/* "NETNS/NAME" or "NAME": unique */
	const struct pn_kind *kind;	/* NULL: a device that must exist */
	struct pn_value *common;	/* by row of pn_common_rows */
	struct pn_value *data;		/* by row of kind->data */
	const struct pn_kind *slave_kind;	/* of `bridge_slave` and the like */
	struct pn_value *slave;		/* by row of slave_kind->slave; or NULL */
	struct pn_topo_addr *addr;
	unsigned int n_addr;
	struct pn_topo_link *peer;	/* the other end, both ways */
	bool is_peer;			/* the nested one */
	unsigned int line, column;
	unsigned char mark;		/* of the ordering walk */
	UT_hash_handle hh;
};

struct pn_topo {
	struct pn_yaml_doc *doc;
	struct pn_topo_netns *netns;
	unsigned int n_netns;
	struct pn_topo_link *links;	/* hash by id, in the order of the file */
	struct pn_topo_link **order;	/* every link after what it needs */
	unsigned int n_links;
	struct pn_objects objects;	/* of all classes, in the order of making */
	struct pn_port_conf *ports;
	unsigned int n_ports;
	struct pn_topo_shaper *shapers;	/* see shaper.h */
	struct pn_topo_shaper *shaper_by_name;
	unsigned int n_shapers;
};

struct pn_topo_link *pn_topo_link_find(const struct pn_topo *topo, const char *netns,
				       const char *name);

/* Fill topo->order; cycles of masters or lower devices are errors. */
int pn_topo_order(struct pn_topo *topo, struct pn_err *err);

#endif
