// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Fields of objects: text to value, value to message, and back; see object.h. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <string.h>

#include "topo/object.h"
#include "topo/sys.h"

int pn_field_parse(const struct pn_field *f, const char *text, struct pn_value *v,
		   struct pn_pool *pool, char *why, size_t len)
{
	char accepts[256];
	int rc;

	if (!f->type)
		return pn_row_parse(&f->row, text, v, why, len);
	rc = f->type->parse(text, v, pool);
	v->set = !rc;
	if (rc)
		snprintf(why, len, "must be %s", pn_field_accepts(f, accepts, sizeof(accepts)));
	return rc;
}

char *pn_field_accepts(const struct pn_field *f, char *buf, size_t len)
{
	if (!f->type)
		return pn_row_accepts(&f->row, buf, len);
	snprintf(buf, len, "%s", f->type->accepts);
	return buf;
}

char *pn_field_format(const struct pn_field *f, const struct pn_value *v, char *buf,
		      size_t len)
{
	if (!f->type)
		return pn_row_format(&f->row, v, buf, len);
	f->type->format(v, buf, len);
	return buf;
}

bool pn_field_equal(const struct pn_field *f, const struct pn_value *a,
		    const struct pn_value *b)
{
	if (!f->type)
		return pn_row_equal(&f->row, a, b);
	if (f->type->equal)
		return f->type->equal(a, b);
	return a->num == b->num && a->len == b->len && !memcmp(a->bin, b->bin, a->len);
}

static uint32_t head_get(const struct pn_field *f, const char *head)
{
	uint32_t num;
	uint16_t half;

	if (f->size == 1)
		return (uint8_t)head[f->at];
	if (f->size == 2) {
		memcpy(&half, head + f->at, sizeof(half));
		return half;
	}
	memcpy(&num, head + f->at, sizeof(num));
	return num;
}

static void head_set(const struct pn_field *f, char *head, uint32_t num)
{
	uint16_t half = num;

	if (f->size == 1)
		head[f->at] = num;
	else if (f->size == 2)
		memcpy(head + f->at, &half, sizeof(half));
	else
		memcpy(head + f->at, &num, sizeof(num));
}

static int head_put(const struct pn_field *f, const struct pn_value *v,
		    const struct pn_devs *devs, char *head)
{
	uint32_t had = head_get(f, head);
	int index = 0;

	if (!f->type && f->row.type == PN_T_DEV) {
		index = v->str[0] ? devs->index(devs->data, v->str) : 0;
		if (index >= 0)
			head_set(f, head, index);
	} else if (f->mask) {
		head_set(f, head, v->num ? had | f->mask : had & ~f->mask);
	} else {
		head_set(f, head, v->num);
	}
	return index < 0 ? index : 0;
}

/* The value to be sent: some defaults are ours, not the kernel's. */
static bool value_sent(const struct pn_field *f, const struct pn_value *v,
		       struct pn_value *sent)
{
	char why[200];

	*sent = *v;
	if (v->set || !(f->row.flags & PN_ROW_EXPLICIT))
		return v->set;
	memset(sent, 0, sizeof(*sent));
	return !pn_field_parse(f, f->row.def, sent, NULL, why, sizeof(why));
}

static int attr_put(const struct pn_field *f, const struct pn_value *v,
		    struct pn_sys_ns *ns, struct pn_msg *m)
{
	if (!f->type)
		return pn_row_encode(&f->row, v, &ns->devs, m, pn_msg_len(m));
	f->type->encode(f->row.attr, v, m);
	return m->err;
}

/* Fields of one nest follow each other in the table. */
int pn_object_attrs(const struct pn_object *o, struct pn_sys_ns *ns, struct pn_msg *m)
{
	const struct pn_class *cls = o->cls;
	const struct pn_field *f;
	struct pn_value v;
	size_t nest = 0;
	unsigned int i;
	int rc = 0;

	for (i = 0; i < cls->n && !rc; i++) {
		f = &cls->field[i];
		if (nest && (f->place != PN_F_NEST || f->at != f[-1].at)) {
			pn_msg_nest_end(m, nest);
			nest = 0;
		}
		if ((f->place != PN_F_ATTR && f->place != PN_F_NEST) ||
		    !value_sent(f, &o->v[i], &v))
			continue;
		if (f->place == PN_F_NEST && !nest)
			nest = pn_msg_nest(m, f->at);
		rc = attr_put(f, &v, ns, m);
	}
	if (nest)
		pn_msg_nest_end(m, nest);
	return rc;
}

static int message_fill(struct pn_msg *m, struct pn_sys_ns *ns, const struct pn_object *o,
			enum pn_object_op op)
{
	char head[PN_OBJECT_HEAD] = { o->cls->family };
	struct pn_value v;
	unsigned int i;
	int rc = 0;

	for (i = 0; i < o->cls->n && !rc; i++) {
		if (o->cls->field[i].place == PN_F_HEAD &&
		    value_sent(&o->cls->field[i], &o->v[i], &v))
			rc = head_put(&o->cls->field[i], &v, &ns->devs, head);
	}
	if (!rc && o->cls->head)
		rc = o->cls->head(o, op, ns, head);
	if (rc)
		return rc;
	pn_msg_extra(m, head, o->cls->head_len);
	rc = pn_object_attrs(o, ns, m);
	return rc || !o->cls->encode ? rc : o->cls->encode(o, op, ns, m);
}

int pn_object_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	return o->cls->talk ? o->cls->talk(ns, o, op) : pn_object_send(ns, o, op);
}

uint16_t pn_object_add_over(const struct pn_object *o)
{
	return 0;
}

int pn_object_send(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	const struct pn_class *cls = o->cls;
	struct pn_msg m;
	int rc;

	memset(&ns->nl.ack, 0, sizeof(ns->nl.ack));
	if (op == PN_OBJECT_DEL)
		pn_msg_init(&m, cls->del, 0);
	else if (op == PN_OBJECT_SET)
		pn_msg_init(&m, cls->add, cls->set_flags);
	else
		pn_msg_init(&m, cls->add, cls->add_flags ? cls->add_flags(o) :
			    NLM_F_CREATE | NLM_F_EXCL);
	rc = message_fill(&m, ns, o, op);
	if (!rc)
		rc = pn_nl_talk(&ns->nl, &m, NULL);
	else
		ns->nl.ack.err = rc;
	pn_msg_fini(&m);
	return rc;
}

void pn_lister_attr(struct pn_lister *l, const struct pn_field *f,
		    const struct nlattr *const *tb, struct pn_value *v)
{
	const struct pn_rows rows = { .place = PN_AT_DATA, .n = 1, .row = &f->row };
	struct pn_link_view view = { 0 };
	const char *text;
	char why[200];

	if (!tb[f->row.attr] && !(f->row.type == PN_T_IP && tb[f->row.attr2])) {
		v->set = f->row.def &&
			 !pn_field_parse(f, f->row.def, v, &l->to->pool, why, sizeof(why));
		return;
	}
	if (f->type) {
		v->set = f->type->decode(tb[f->row.attr], v);
		return;
	}
	view.data[f->row.attr] = tb[f->row.attr];
	if (f->row.type == PN_T_IP)
		view.data[f->row.attr2] = tb[f->row.attr2];
	pn_row_decode(&rows, &f->row, &view, &l->ns->devs, v);
	if (!v->set || (f->row.type != PN_T_STR && f->row.type != PN_T_DEV))
		return;
	/* The message goes. */
	text = pn_pool_text(&l->to->pool, v->str);
	v->str = text;
	v->set = text;
}

bool pn_lister_text(struct pn_lister *l, struct pn_object *o, const char *field, const char *text)
{
	struct pn_value *v = pn_object_value(o, field);

	v->str = pn_pool_text(&l->to->pool, text);
	v->set = v->str;
	return v->set;
}

void pn_lister_num(struct pn_object *o, const char *field, uint64_t num)
{
	struct pn_value *v = pn_object_value(o, field);

	v->num = num;
	v->set = true;
}

bool pn_lister_dev(struct pn_lister *l, struct pn_object *o, const char *field, uint32_t index)
{
	struct pn_value *v = pn_object_value(o, field);

	memset(v, 0, sizeof(*v));
	v->str = l->ns->devs.name(l->ns->devs.data, index);
	v->set = v->str;
	return v->set;
}

int pn_lister_new(struct pn_lister *l, uint32_t index, struct pn_object **o)
{
	*o = pn_object_new(&l->to->pool, l->cls, l->ns->name);
	if (!*o)
		return -ENOMEM;
	if (!pn_lister_dev(l, *o, "dev", index))
		*o = NULL;
	return 0;
}

static void field_get(const struct pn_field *f, const char *head,
		      const struct nlattr *const *tb, struct pn_lister *l, struct pn_object *o)
{
	struct pn_value *v = &o->v[f - o->cls->field];
	const struct nlattr *nest[PN_OBJECT_ATTRS + 1];

	switch (f->place) {
	case PN_F_ATTR:
		pn_lister_attr(l, f, tb, v);
		break;
	case PN_F_NEST:
		pn_attrs_nested(nest, PN_OBJECT_ATTRS, tb[f->at]);
		pn_lister_attr(l, f, nest, v);
		break;
	case PN_F_HEAD:
		v->num = head_get(f, head);
		if (!f->type && f->row.type == PN_T_DEV) {
			pn_lister_dev(l, o, f->row.name, v->num);
			return;
		}
		if (f->mask)
			v->num = !!(v->num & f->mask);
		v->set = true;
		break;
	case PN_F_OWN:
		break;
	}
}

int pn_lister_add(struct pn_lister *l, struct pn_object *o)
{
	if (pn_object_finish(o, &l->to->pool))
		return -ENOMEM;
	pn_objects_add(l->to, o);
	return 0;
}

int pn_lister_take(struct pn_lister *l, const struct nlmsghdr *nlh)
{
	const char *head = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	const struct nlattr *tb[PN_OBJECT_ATTRS + 1];
	const struct pn_class *cls = l->cls;
	struct pn_object *o;
	unsigned int i;

	if (nlh->nlmsg_type != (cls->got ? cls->got : l->got) || len < cls->head_len)
		return 0;
	pn_attrs_parse(tb, PN_OBJECT_ATTRS, head + MNL_ALIGN(cls->head_len),
		       len - MNL_ALIGN(cls->head_len));
	o = pn_object_new(&l->to->pool, cls, l->ns->name);
	if (!o)
		return -ENOMEM;
	for (i = 0; i < cls->n; i++)
		field_get(&cls->field[i], head, tb, l, o);
	if (cls->decode && !cls->decode(head, tb, o, l))
		return 0;
	return pn_lister_add(l, o);
}

static int lister_cb(const struct nlmsghdr *nlh, void *data)
{
	return pn_lister_take(data, nlh);
}

int pn_lister_dump_by(struct pn_lister *l, struct pn_nl *nl, struct pn_msg *m,
		      pn_nl_cb take, struct pn_err *err)
{
	int rc = pn_nl_dump(nl, m, take ? take : lister_cb, l, NULL);

	if (rc && rc != -EINTR)
		pn_nl_refused(nl, err, l->cls->section, "cannot be read");
	pn_msg_fini(m);
	return rc;
}

int pn_lister_dump(struct pn_lister *l, struct pn_msg *m, struct pn_err *err)
{
	return pn_lister_dump_by(l, &l->ns->nl, m, NULL, err);
}

int pn_lister_optional(int rc)
{
	return rc == -EINTR || rc == -ENOMEM ? rc : 0;
}
