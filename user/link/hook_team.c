// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Options of team devices; see hook_team.h. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_team.h>
#include <stdio.h>
#include <string.h>

#include "link/hook_team.h"
#include "nl/genl.h"

static struct pn_nl *team_family(struct pn_kind_ctx *h, uint16_t *family, struct pn_err *err)
{
	struct pn_nl *nl = h->genl(h, err);

	if (!nl || !pn_genl_family(nl, TEAM_GENL_NAME, family))
		return nl;
	pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, h->id,
		   "this kernel does not tell of options of team devices");
	pn_err_hint(err, "modprobe team");
	return NULL;
}

/* One walk over the options that the driver tells. */
struct walk {
	struct pn_kind_ctx *h;
	const struct pn_rows *rows;
	struct pn_value *v;
	uint32_t port;		/* 0: options of the device itself */
};

static void option_decode(struct walk *w, const struct pn_row *row, const struct nlattr *a,
			  struct pn_value *v)
{
	const char *text;
	char why[300];

	switch (row->attr2) {
	case PN_TEAM_FLAG:
		v->num = !!a;
		v->set = true;
		break;
	case PN_TEAM_STRING:
		text = pn_attr_str(a);
		/* "*NOMODE*": what no file can say is not told. */
		if (text)
			pn_row_parse(row, text, v, why, sizeof(why));
		break;
	default:
		v->num = pn_attr_u32(a, 0);
		v->set = a;
	}
	if (v->set && row->type == PN_T_DEV) {
		v->str = v->num ? w->h->devs->name(w->h->devs->data, v->num) : "";
		v->set = v->str;
	}
}

static void option_take(struct walk *w, const struct nlattr *item)
{
	const struct nlattr *tb[TEAM_ATTR_OPTION_MAX + 1];
	const struct pn_row *row;
	const char *name;

	pn_attrs_nested(tb, TEAM_ATTR_OPTION_MAX, item);
	name = pn_attr_str(tb[TEAM_ATTR_OPTION_NAME]);
	row = name ? pn_row_find(w->rows, name) : NULL;
	if (row && pn_attr_u32(tb[TEAM_ATTR_OPTION_PORT_IFINDEX], 0) == w->port)
		option_decode(w, row, tb[TEAM_ATTR_OPTION_DATA], &w->v[row - w->rows->row]);
}

static int options_take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TEAM_ATTR_MAX + 1];
	const struct nlattr *item;
	int rc = pn_genl_attrs(nlh, tb, TEAM_ATTR_MAX);

	if (rc || !tb[TEAM_ATTR_LIST_OPTION])
		return rc;
	mnl_attr_for_each_nested(item, tb[TEAM_ATTR_LIST_OPTION])
		option_take(data, item);
	return 0;
}

static uint32_t team_index(const struct pn_kind_ctx *h, const struct pn_rows *rows)
{
	return rows->place == PN_AT_SLAVE ? h->master : h->ifindex;
}

static int team_read(struct pn_kind_ctx *h, const struct pn_rows *rows, struct pn_value *v)
{
	struct walk w = { .h = h, .rows = rows, .v = v };
	uint16_t family;
	struct pn_nl *nl = team_family(h, &family, NULL);
	struct pn_msg m;
	int rc;

	if (!nl)
		return -EOPNOTSUPP;
	if (rows->place == PN_AT_SLAVE)
		w.port = h->ifindex;
	pn_genl_msg(&m, family, TEAM_CMD_OPTIONS_GET, TEAM_GENL_VERSION);
	pn_msg_put_u32(&m, TEAM_ATTR_TEAM_IFINDEX, team_index(h, rows));
	rc = pn_nl_get(nl, &m, options_take, &w, NULL);
	pn_msg_fini(&m);
	return rc;
}

static int option_encode(struct pn_kind_ctx *h, struct pn_msg *m, const struct pn_row *row,
			 const struct pn_value *v)
{
	char text[64];
	int index = v->num;

	if (row->type == PN_T_DEV && v->str[0])
		index = h->devs->index(h->devs->data, v->str);
	if (index < 0 && row->type == PN_T_DEV)
		return index;
	pn_msg_put_str(m, TEAM_ATTR_OPTION_NAME, row->name);
	pn_msg_put_u8(m, TEAM_ATTR_OPTION_TYPE, row->attr2);
	if (row->attr2 == PN_TEAM_STRING)
		pn_msg_put_str(m, TEAM_ATTR_OPTION_DATA,
			       pn_row_format(row, v, text, sizeof(text)));
	else if (row->attr2 != PN_TEAM_FLAG)
		pn_msg_put_u32(m, TEAM_ATTR_OPTION_DATA, index);
	else if (v->num)
		pn_msg_put_flag(m, TEAM_ATTR_OPTION_DATA);
	return 0;
}

static int option_talk(struct pn_nl *nl, struct pn_msg *m)
{
	int rc = m->err ? m->err : pn_nl_talk(nl, m, NULL);

	/* It is set, but nobody listens to the news of it. */
	return rc == -ESRCH ? 0 : rc;
}

static int team_set(struct pn_kind_ctx *h, const struct pn_rows *rows,
		    const struct pn_row *row, const struct pn_value *v, struct pn_err *err)
{
	uint16_t family;
	struct pn_nl *nl = team_family(h, &family, err);
	size_t list, item;
	struct pn_msg m;
	char text[64];
	int rc;

	if (!nl)
		return -EOPNOTSUPP;
	pn_genl_msg(&m, family, TEAM_CMD_OPTIONS_SET, TEAM_GENL_VERSION);
	pn_msg_put_u32(&m, TEAM_ATTR_TEAM_IFINDEX, team_index(h, rows));
	list = pn_msg_nest(&m, TEAM_ATTR_LIST_OPTION);
	item = pn_msg_nest(&m, TEAM_ATTR_ITEM_OPTION);
	rc = option_encode(h, &m, row, v);
	if (rows->place == PN_AT_SLAVE)
		pn_msg_put_u32(&m, TEAM_ATTR_OPTION_PORT_IFINDEX, h->ifindex);
	pn_msg_nest_end(&m, item);
	pn_msg_nest_end(&m, list);
	if (!rc && option_talk(nl, &m))
		rc = pn_nl_refused(nl, err, h->id, "cannot set %s to %s", row->name,
				   pn_row_format(row, v, text, sizeof(text)));
	pn_msg_fini(&m);
	return rc;
}

const struct pn_kind_ops pn_team_ops = { .read = team_read, .set = team_set };
