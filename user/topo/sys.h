/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is there: the links and addresses of the network namespaces that a
 * topology speaks of, read by netlink when first asked for. Open sockets keep
 * a namespace alive, so a pn_sys lives no longer than one command needs it.
 */
#ifndef PN_TOPO_SYS_H
#define PN_TOPO_SYS_H

#include <net/if.h>
#include <uthash.h>

#include "link/row.h"
#include "nl/sock.h"
#include "topo/address.h"
#include "topo/model.h"

struct pn_sys_addr {
	struct pn_topo_addr a;
	struct pn_addr_words words;	/* of a */
	uint32_t flags;			/* IFA_F_* */
	uint8_t proto;			/* IFAPROT_*; 0: not told */
	struct pn_sys_addr *next;
};

struct pn_sys_link {
	uint32_t ifindex;
	uint32_t lower;			/* IFLA_LINK: lower device, or peer */
	bool elsewhere;			/* that one is in another namespace */
	char name[IFNAMSIZ];
	char kind[32];			/* "": a physical device or loopback */
	struct nlmsghdr *msg;		/* as the kernel told it */
	struct pn_sys_addr *addr, **addr_end;	/* as the kernel orders them */
	/* see hook.h; read when asked for */
	struct pn_hook_values *hook_data, *hook_slave, *hook_link;
	struct pn_sys_link *next_gone;
	bool told;			/* printed, for one who prints */
	bool doomed;			/* a step of the plan deletes it */
	UT_hash_handle by_name, by_index;
};

struct pn_sys_ns {
	struct pn_sys_ns *next;
	char *name;			/* NULL: the one that penstock runs in */
	bool exists;
	struct pn_nl nl;		/* where it exists */
	struct pn_nl genl;		/* the same, opened when first needed */
	struct pn_sys_link *by_name, *by_index;
	struct pn_sys_link *gone;	/* still referred to, by names and for undoing */
	struct pn_devs devs;
	struct pn_sys_objects *objects;	/* by class, read when first asked for */
};

struct pn_sys {
	struct pn_sys_ns *ns;
};

/* The namespace called @name, read when first asked for; NULL with an error. */
struct pn_sys_ns *pn_sys_ns(struct pn_sys *sys, const char *name, struct pn_err *err);
/* Open and read a namespace that has come into being since. */
int pn_sys_ns_open(struct pn_sys_ns *ns, struct pn_err *err);
/* Generic netlink in it, opened when first asked for; NULL with an error. */
struct pn_nl *pn_sys_genl(struct pn_sys_ns *ns, struct pn_err *err);
/* Objects read of it are gone: see object.h. */
void pn_objects_forget(struct pn_sys_ns *ns);
/* Let go of a namespace that is about to be deleted. */
void pn_sys_ns_close(struct pn_sys_ns *ns);
void pn_sys_fini(struct pn_sys *sys);

struct pn_sys_link *pn_sys_link(const struct pn_sys_ns *ns, const char *name);
/* By name, asking the kernel when it is not known; NULL: no such link. */
struct pn_sys_link *pn_sys_link_ask(struct pn_sys_ns *ns, const char *name);
/* It is deleted: not found any more, but valid until pn_sys_fini(). */
void pn_sys_link_forget(struct pn_sys_ns *ns, struct pn_sys_link *link);
/* The link with that index, as far as it is known. */
struct pn_sys_link *pn_sys_link_by_index(const struct pn_sys_ns *ns, uint32_t index);
/* To be freed; NULL: out of memory. */
struct pn_sys_addr *pn_sys_addr_new(const struct pn_nl_addr *told, const char *dev);
/* The one of that ADDRESS/PREFIX, best with its peer; or NULL. */
const struct pn_sys_addr *pn_sys_addr(const struct pn_sys_link *link,
				      const struct pn_topo_addr *a);
/* Netlink messages that asked for a change, so far. */
uint64_t pn_sys_writes(const struct pn_sys *sys);

#endif
