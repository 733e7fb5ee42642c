// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Objects by generic netlink; see object_genl.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "topo/object_genl.h"
#include "topo/sys.h"

int pn_object_refuse(struct pn_sys_ns *ns, int rc, const char *text)
{
	memset(&ns->nl.ack, 0, sizeof(ns->nl.ack));
	ns->nl.ack.err = rc;
	snprintf(ns->nl.ack.text, sizeof(ns->nl.ack.text), "%s", text);
	return rc;
}

int pn_lister_genl(struct pn_lister *l, const struct pn_genl_class *g, uint8_t cmd,
		   struct pn_msg *m, struct pn_err *err)
{
	struct pn_nl *nl = pn_sys_genl(l->ns, err);
	uint16_t family;
	int rc;

	if (!nl)
		return -EIO;
	rc = pn_genl_family_loaded(nl, g->family, &family);
	if (rc)
		return rc;
	/* Answers come under the number of the family. */
	l->got = family;
	pn_genl_msg(m, family, cmd, g->version);
	return 0;
}

int pn_object_genl(struct pn_sys_ns *ns, const struct pn_genl_class *g, uint8_t cmd,
		   enum pn_object_op op, struct pn_msg *m)
{
	struct pn_nl *nl = pn_sys_genl(ns, NULL);
	uint16_t family;
	int rc;

	if (!nl)
		return pn_object_refuse(ns, -EIO, "");
	rc = g->load && op != PN_OBJECT_DEL ? pn_genl_family(nl, g->family, &family) :
					      pn_genl_family_loaded(nl, g->family, &family);
	if (rc)
		return pn_object_refuse(ns, rc, "");
	pn_genl_msg(m, family, cmd, g->version);
	return 0;
}

int pn_object_genl_talk(struct pn_sys_ns *ns, struct pn_msg *m)
{
	int rc = pn_nl_talk(&ns->genl, m, NULL);

	ns->nl.ack = ns->genl.ack;
	if (rc && !ns->nl.ack.err)
		ns->nl.ack.err = rc;
	/* There may be keys in it. */
	if (m->buf)
		explicit_bzero(m->buf, pn_msg_len(m));
	pn_msg_fini(m);
	return rc;
}
