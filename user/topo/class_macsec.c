// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Secure associations and receive channels of macsec devices, by generic
 * netlink: what ip-macsec(8) does. The kernel never tells a key again: of what
 * runs there is its number only, and an association that is gone cannot be
 * brought back.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_macsec.h>
#include <stdio.h>
#include <string.h>

#include "topo/class_macsec.h"
#include "topo/object_genl.h"

static const struct pn_genl_class family = { MACSEC_GENL_NAME, 0 };

#define FIELD_DEV \
	{ { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED, .help = "the macsec device" }, \
	  PN_F_OWN, .flags = PN_FIELD_KEY }
#define FIELD_SCI \
	{ { "sci", NULL, PN_T_SCI, .help = "the sender: secure channel identifier" }, \
	  PN_F_OWN, .flags = PN_FIELD_KEY }, \
	{ { "port", NULL, PN_T_U16, .min = 1, .max = 65535, \
	    .help = "the sender: its port, beside address instead of sci" }, PN_F_OWN }, \
	{ { "address", NULL, PN_T_MAC, .help = "the sender: its MAC address" }, PN_F_OWN }
#define FIELD_ON \
	{ { "on", NULL, PN_T_BOOL, .flags = PN_ROW_EXPLICIT, .def = "true", \
	    .help = "in use" }, PN_F_OWN }
#define FIELDS_SA \
	{ { "sa", NULL, PN_T_U8, .flags = PN_ROW_REQUIRED, .max = 3, \
	    .help = "number of the association" }, PN_F_OWN, .flags = PN_FIELD_KEY }, \
	{ { "pn", "xpn", .def = "1", .help = "the first packet number, when it is made" }, \
	  PN_F_OWN, .type = &pn_field_macsec_pn }, \
	{ { "ssci", NULL, PN_T_U32, .max = UINT32_MAX, \
	    .help = "short identifier, of the ciphers with long packet numbers (xpn)" }, \
	  PN_F_OWN }, \
	{ { "salt", NULL, .flags = PN_ROW_SECRET, .help = "of these ciphers" }, \
	  PN_F_OWN, .type = &pn_field_macsec_salt }, \
	{ { "key_id", NULL, .flags = PN_ROW_REQUIRED, .help = "the number of the key" }, \
	  PN_F_OWN, .type = &pn_field_macsec_key_id }, \
	{ { "key", NULL, .flags = PN_ROW_SECRET, \
	    .help = "the key: never shown; needed to make the association" }, \
	  PN_F_OWN, .type = &pn_field_macsec_key }

static const struct pn_field tx_sa_fields[] = { FIELD_DEV, FIELDS_SA, FIELD_ON };
static const struct pn_field rx_fields[] = { FIELD_DEV, FIELD_SCI, FIELD_ON };
static const struct pn_field rx_sa_fields[] = { FIELD_DEV, FIELD_SCI, FIELDS_SA, FIELD_ON };

static bool has(const struct pn_object *o, const char *name)
{
	return pn_object_value(o, name)->set;
}

static int field_number(const struct pn_object *o, const char *name)
{
	return pn_object_value(o, name) - o->v;
}

/* The sender is sci, or port and address, of which sci is made. */
static int sender_check(struct pn_object *o, int *field, char *why, size_t len)
{
	struct pn_value *sci = pn_object_value(o, "sci");
	struct pn_value *port = pn_object_value(o, "port");
	struct pn_value *mac = pn_object_value(o, "address");
	unsigned int i;

	*field = -1;
	if (sci->set != (port->set || mac->set) && port->set == mac->set) {
		if (sci->set)
			return 0;
		for (i = 0, sci->num = 0; i < 6; i++)
			sci->num = sci->num << 8 | mac->bin[i];
		sci->num = sci->num << 16 | port->num;
		sci->set = true;
		port->set = mac->set = false;
		return 0;
	}
	snprintf(why, len, "the sender is needed: either sci, or port and address");
	return -EINVAL;
}

static int sa_check(struct pn_object *o, int *field, char *why, size_t len)
{
	*field = field_number(o, "salt");
	if (has(o, "salt") && !has(o, "ssci")) {
		snprintf(why, len, "needs ssci");
		return -EINVAL;
	}
	*field = field_number(o, "pn");
	if (!has(o, "ssci") && pn_object_value(o, "pn")->num > UINT32_MAX) {
		snprintf(why, len, "is out of range: at most 4294967295 without ssci");
		return -EINVAL;
	}
	return 0;
}

static int rx_sa_check(struct pn_object *o, int *field, char *why, size_t len)
{
	int rc = sender_check(o, field, why, len);

	return rc ? rc : sa_check(o, field, why, len);
}

static uint64_t sci_of(const struct nlattr *a)
{
	return be64toh(pn_attr_u64(a, 0));
}

/* One device on its way into a list. */
struct walk {
	struct pn_lister *l;
	const char *dev;
};

static struct pn_object *object_new(const struct walk *w)
{
	struct pn_object *o = pn_object_new(&w->l->to->pool, w->l->cls, w->l->ns->name);

	return o && pn_lister_text(w->l, o, "dev", w->dev) ? o : NULL;
}

/* A packet number is as long as the cipher has them. */
static uint64_t packet_number(const struct nlattr *a)
{
	return pn_attr_len(a) == sizeof(uint64_t) ? pn_attr_u64(a, 0) : pn_attr_u32(a, 0);
}

static int sa_take(const struct walk *w, const struct nlattr *item, const struct nlattr *sci)
{
	const struct nlattr *tb[MACSEC_SA_ATTR_MAX + 1];
	struct pn_object *o = object_new(w);
	struct pn_value *id;

	if (!o)
		return -ENOMEM;
	pn_attrs_nested(tb, MACSEC_SA_ATTR_MAX, item);
	if (sci)
		pn_lister_num(o, "sci", sci_of(sci));
	pn_lister_num(o, "sa", pn_attr_u8(tb[MACSEC_SA_ATTR_AN], 0));
	pn_lister_num(o, "on", pn_attr_u8(tb[MACSEC_SA_ATTR_ACTIVE], 0));
	pn_lister_num(o, "pn", packet_number(tb[MACSEC_SA_ATTR_PN]));
	if (tb[MACSEC_SA_ATTR_SSCI])
		pn_lister_num(o, "ssci", ntohl(pn_attr_be32(tb[MACSEC_SA_ATTR_SSCI], 0)));
	/* They are there, and never told. */
	pn_object_value(o, "key")->set = true;
	pn_object_value(o, "salt")->set = tb[MACSEC_SA_ATTR_SSCI];
	id = pn_object_value(o, "key_id");
	id->set = pn_attr_len(tb[MACSEC_SA_ATTR_KEYID]) == MACSEC_KEYID_LEN;
	if (id->set) {
		id->len = MACSEC_KEYID_LEN;
		memcpy(id->bin, pn_attr_data(tb[MACSEC_SA_ATTR_KEYID]), MACSEC_KEYID_LEN);
	}
	return pn_lister_add(w->l, o);
}

static int sas_take(const struct walk *w, const struct nlattr *list, const struct nlattr *sci)
{
	const struct nlattr *item;
	int rc = 0;

	if (!list)
		return 0;
	mnl_attr_for_each_nested(item, list) {
		if (!rc)
			rc = sa_take(w, item, sci);
	}
	return rc;
}

static int rx_take(const struct walk *w, const struct nlattr *item)
{
	const struct nlattr *tb[MACSEC_RXSC_ATTR_MAX + 1];
	struct pn_object *o;

	pn_attrs_nested(tb, MACSEC_RXSC_ATTR_MAX, item);
	if (w->l->cls == &pn_class_macsec_rx_sa)
		return sas_take(w, tb[MACSEC_RXSC_ATTR_SA_LIST], tb[MACSEC_RXSC_ATTR_SCI]);
	o = object_new(w);
	if (!o)
		return -ENOMEM;
	pn_lister_num(o, "sci", sci_of(tb[MACSEC_RXSC_ATTR_SCI]));
	pn_lister_num(o, "on", pn_attr_u8(tb[MACSEC_RXSC_ATTR_ACTIVE], 0));
	return pn_lister_add(w->l, o);
}

static int device_take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[MACSEC_ATTR_MAX + 1];
	struct walk w = { .l = data };
	const struct nlattr *item;
	int rc = pn_genl_attrs(nlh, tb, MACSEC_ATTR_MAX);

	if (rc)
		return rc;
	w.dev = w.l->ns->devs.name(w.l->ns->devs.data, pn_attr_u32(tb[MACSEC_ATTR_IFINDEX], 0));
	if (!w.dev)
		return 0;
	if (w.l->cls == &pn_class_macsec_tx_sa)
		return sas_take(&w, tb[MACSEC_ATTR_TXSA_LIST], NULL);
	if (!tb[MACSEC_ATTR_RXSC_LIST])
		return 0;
	mnl_attr_for_each_nested(item, tb[MACSEC_ATTR_RXSC_LIST]) {
		if (!rc)
			rc = rx_take(&w, item);
	}
	return rc;
}

/* Where the module is not loaded there is nothing to tell. */
static int macsec_list(struct pn_lister *l, struct pn_err *err)
{
	struct pn_msg m;
	int rc = pn_lister_genl(l, &family, MACSEC_CMD_GET_TXSC, &m, err);

	if (rc)
		return rc == -ENOENT ? 0 : rc;
	return pn_lister_dump_by(l, &l->ns->genl, &m, device_take, err);
}

static void secret_put(struct pn_msg *m, uint16_t attr, const struct pn_value *v)
{
	uint8_t bytes[32];
	int len = v->str ? pn_hex_parse(v->str, bytes, sizeof(bytes)) : 0;

	if (len > 0)
		pn_msg_put(m, attr, bytes, len);
	explicit_bzero(bytes, sizeof(bytes));
}

static void sa_start_put(struct pn_msg *m, const struct pn_object *o)
{
	const struct pn_value *ssci = pn_object_value(o, "ssci");
	const struct pn_value *id = pn_object_value(o, "key_id");
	const struct pn_value *pn = pn_object_value(o, "pn");
	uint64_t first = pn->set ? pn->num : 1;

	if (ssci->set) {
		pn_msg_put_u64(m, MACSEC_SA_ATTR_PN, first);
		pn_msg_put_be32(m, MACSEC_SA_ATTR_SSCI, htonl(ssci->num));
		secret_put(m, MACSEC_SA_ATTR_SALT, pn_object_value(o, "salt"));
	} else {
		pn_msg_put_u32(m, MACSEC_SA_ATTR_PN, first);
	}
	pn_msg_put(m, MACSEC_SA_ATTR_KEYID, id->bin, MACSEC_KEYID_LEN);
	secret_put(m, MACSEC_SA_ATTR_KEY, pn_object_value(o, "key"));
}

static void object_put(struct pn_msg *m, const struct pn_object *o, enum pn_object_op op)
{
	const struct pn_value *on = pn_object_value(o, "on");
	bool is_on = !on->set || on->num;
	size_t nest;

	if (o->cls != &pn_class_macsec_tx_sa) {
		nest = pn_msg_nest(m, MACSEC_ATTR_RXSC_CONFIG);
		pn_msg_put_u64(m, MACSEC_RXSC_ATTR_SCI, htobe64(pn_object_value(o, "sci")->num));
		if (o->cls == &pn_class_macsec_rx && op != PN_OBJECT_DEL)
			pn_msg_put_u8(m, MACSEC_RXSC_ATTR_ACTIVE, is_on);
		pn_msg_nest_end(m, nest);
	}
	if (o->cls == &pn_class_macsec_rx)
		return;
	nest = pn_msg_nest(m, MACSEC_ATTR_SA_CONFIG);
	pn_msg_put_u8(m, MACSEC_SA_ATTR_AN, pn_object_value(o, "sa")->num);
	if (op != PN_OBJECT_DEL)
		pn_msg_put_u8(m, MACSEC_SA_ATTR_ACTIVE, is_on);
	if (op == PN_OBJECT_ADD)
		sa_start_put(m, o);
	pn_msg_nest_end(m, nest);
}

static int message_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op,
			uint8_t cmd)
{
	int index = ns->devs.index(ns->devs.data, pn_object_value(o, "dev")->str);
	struct pn_msg m;
	int rc;

	if (index < 0)
		return pn_object_refuse(ns, index, "");
	rc = pn_object_genl(ns, &family, cmd, op, &m);
	if (rc)
		return rc;
	pn_msg_put_u32(&m, MACSEC_ATTR_IFINDEX, index);
	object_put(&m, o, op);
	return pn_object_genl_talk(ns, &m);
}

static int rx_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	static const uint8_t cmd[] = {
		[PN_OBJECT_ADD] = MACSEC_CMD_ADD_RXSC,
		[PN_OBJECT_SET] = MACSEC_CMD_UPD_RXSC,
		[PN_OBJECT_DEL] = MACSEC_CMD_DEL_RXSC,
	};

	return message_talk(ns, o, op, cmd[op]);
}

/* Is the association that runs of another key? */
static bool key_changes(struct pn_sys_ns *ns, const struct pn_object *o)
{
	struct pn_objects now = { 0 };
	const struct pn_object *has;
	bool other;

	if (pn_objects_read(ns, o->cls, &now, NULL))
		return false;
	has = pn_objects_find(&now, o->key);
	other = has && memcmp(pn_object_value(has, "key_id")->bin,
			      pn_object_value(o, "key_id")->bin, MACSEC_KEYID_LEN);
	pn_objects_fini(&now);
	return other;
}

static void off_talk(struct pn_sys_ns *ns, const struct pn_object *o, uint8_t cmd)
{
	struct pn_value v[sizeof(rx_sa_fields) / sizeof(rx_sa_fields[0])];
	struct pn_object off = *o;

	memcpy(v, o->v, o->cls->n * sizeof(v[0]));
	off.v = v;
	pn_lister_num(&off, "on", false);
	message_talk(ns, &off, PN_OBJECT_SET, cmd);
}

/* What stands only in the file is no difference, and nothing to be said. */
static bool sa_implied(const struct pn_object *o, unsigned int field)
{
	return (o->cls->field[field].row.flags & PN_ROW_SECRET) && !o->v[field].str;
}

static int sa_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	static const uint8_t cmds[2][3] = {
		{ MACSEC_CMD_ADD_TXSA, MACSEC_CMD_UPD_TXSA, MACSEC_CMD_DEL_TXSA },
		{ MACSEC_CMD_ADD_RXSA, MACSEC_CMD_UPD_RXSA, MACSEC_CMD_DEL_RXSA },
	};

	const uint8_t *cmd = cmds[o->cls == &pn_class_macsec_rx_sa];

	if (op == PN_OBJECT_ADD && !pn_object_value(o, "key")->str)
		return pn_object_refuse(ns, -ENOKEY, "");
	if (op == PN_OBJECT_SET && key_changes(ns, o))
		return pn_object_refuse(ns, -EBUSY,
					"a key in use cannot be exchanged: take another sa");
	/* One that is in use cannot be removed. */
	if (op == PN_OBJECT_DEL)
		off_talk(ns, o, cmd[PN_OBJECT_SET]);
	return message_talk(ns, o, op, cmd[op]);
}

const struct pn_class pn_class_macsec_tx_sa = {
	.section = "macsec_tx_sa",
	.noun = "association",
	.help = "secure associations that a macsec device sends with",
	PN_FIELDS(tx_sa_fields),
	.check = sa_check,
	.implied = sa_implied,
	.list = macsec_list,
	.talk = sa_talk,
};

const struct pn_class pn_class_macsec_rx = {
	.section = "macsec_rx",
	.noun = "receive channel",
	.help = "senders that a macsec device receives from",
	PN_FIELDS(rx_fields),
	.check = sender_check,
	.list = macsec_list,
	.talk = rx_talk,
};

const struct pn_class pn_class_macsec_rx_sa = {
	.section = "macsec_rx_sa",
	.noun = "association",
	.help = "secure associations of a receive channel",
	PN_FIELDS(rx_sa_fields),
	.check = rx_sa_check,
	.implied = sa_implied,
	.list = macsec_list,
	.talk = sa_talk,
};
