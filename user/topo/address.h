/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Addresses of links: what may be said of one beside ADDRESS/PREFIX, as rows,
 * and the messages made of it. Of an address that is there only what is not
 * the kernel's default counts as said.
 */
#ifndef PN_TOPO_ADDRESS_H
#define PN_TOPO_ADDRESS_H

#include <net/if.h>

#include "nl/addr.h"
#include "topo/emit.h"
#include "topo/model.h"

struct pn_step;
struct pn_plan;

enum {
	PN_ADDR_PEER,
	PN_ADDR_BROADCAST,
	PN_ADDR_SCOPE,
	PN_ADDR_LABEL,
	PN_ADDR_VALID,
	PN_ADDR_PREFERRED,
	PN_ADDR_NODAD,
	PN_ADDR_HOME,
	PN_ADDR_MNGTMP,
	PN_ADDR_NOPREFIXROUTE,
	PN_ADDR_METRIC,
	PN_ADDR_ROWS,
};

extern const struct pn_rows pn_addr_rows;

struct pn_addr_words {
	struct pn_value v[PN_ADDR_ROWS];
	char label[IFNAMSIZ];
};

enum pn_addr_op {
	PN_ADDR_ADD,
	PN_ADDR_SET,	/* what can be set while it is there */
	PN_ADDR_DEL,
};

/*
 * What rows cannot say one by one of an address of the file; the words of @a
 * are @v, which may be added to. False: @row and @why say what is wrong.
 */
bool pn_addr_check(const struct pn_topo_addr *a, struct pn_value *v, unsigned int *row,
		   char *why, size_t len);
/* As the kernel tells it of a device called @dev. */
void pn_addr_decode(const struct pn_nl_addr *told, const char *dev, struct pn_addr_words *words);
/* Is something that @want says not so? A lifetime that has begun to run is as wanted. */
bool pn_addr_differs(const struct pn_topo_addr *want, const struct pn_topo_addr *has,
		     const char *dev);
/* The words of @want, and where it is silent, of @has; NULL: out of memory. */
const struct pn_value *pn_addr_merge(const struct pn_topo_addr *want,
				     const struct pn_topo_addr *has, struct pn_pool *pool);
/* ADDRESS/PREFIX, and its words. */
void pn_addr_text(const struct pn_topo_addr *a, char *buf, size_t len);
void pn_addr_emit(const struct pn_emit *e, const struct pn_topo_addr *a);

/* One change; on refusal nl->ack has the words. */
int pn_addr_talk(struct pn_nl *nl, uint32_t ifindex, const struct pn_topo_addr *a,
		 enum pn_addr_op op);
/* Can @from become @to only by being deleted and added? */
bool pn_addr_is_anew(const struct pn_topo_addr *from, const struct pn_topo_addr *to,
		     const char *dev);

/* Steps about addresses; @ifindex: of the link that the step names. */
int pn_addr_step_do(struct pn_plan *plan, struct pn_step *s, int ifindex, struct pn_err *err);
int pn_addr_step_undo(struct pn_plan *plan, struct pn_step *s, int ifindex,
		      struct pn_err *err);

#endif
