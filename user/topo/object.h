/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Kernel objects beside links, as data: a class is a section of the topology
 * file, its rows (fields) and how the kernel is asked for its objects. One
 * object is one value for each field. An object of the file and one that is
 * there are the same kind of struct and meet by their key: the text of all
 * key fields, which is also what the record holds.
 */
#ifndef PN_TOPO_OBJECT_H
#define PN_TOPO_OBJECT_H

#include <stdio.h>
#include <uthash.h>

#include "link/row.h"
#include "nl/sock.h"
#include "util/err.h"

struct pn_sys_ns;
struct pn_object;

/* Memory that goes all at once. */
struct pn_pool {
	struct pn_pool_chunk *chunk;
};

/* Zeroed; NULL: out of memory. */
void *pn_pool_alloc(struct pn_pool *pool, size_t len);
char *pn_pool_text(struct pn_pool *pool, const char *text);
void pn_pool_fini(struct pn_pool *pool);

enum pn_field_place {
	PN_F_ATTR,	/* attribute row.attr */
	PN_F_NEST,	/* attribute row.attr in the nest `at` */
	PN_F_HEAD,	/* `size` bytes at `at` of the header; bits of `mask`, if not 0 */
	PN_F_OWN,	/* the class encodes and decodes it */
};

enum {
	PN_FIELD_KEY = 1 << 0,	/* tells one object from another */
	PN_FIELD_WHOLE = 1 << 1, /* when an object changes, not kept unless the file says it */
	PN_FIELD_LIST = 1 << 2,	/* a list of texts, or of maps of words */
	PN_FIELD_SPAN = 1 << 3,	/* "10-20" in the file is an object for each */
};

struct pn_field;

/* What no link row has: values with a text of their own. */
struct pn_field_type {
	const char *accepts;
	int (*parse)(const char *text, struct pn_value *v, struct pn_pool *pool);
	void (*format)(const struct pn_value *v, char *buf, size_t len);
	bool (*equal)(const struct pn_value *a, const struct pn_value *b);
	/* Of PN_F_ATTR and PN_F_NEST. */
	void (*encode)(uint16_t attr, const struct pn_value *v, struct pn_msg *m);
	bool (*decode)(const struct nlattr *a, struct pn_value *v);
};

struct pn_field {
	struct pn_row row;
	enum pn_field_place place;
	uint16_t at;
	uint8_t size;
	uint32_t mask;
	unsigned int flags;		/* PN_FIELD_* */
	const struct pn_field_type *type;	/* NULL: the row's */
};

/* What an object is to become. */
enum pn_object_op {
	PN_OBJECT_ADD,
	PN_OBJECT_SET,
	PN_OBJECT_DEL,
};

#define PN_OBJECT_HEAD	64	/* bytes of header, at most */
#define PN_OBJECT_ATTRS	64

/* Objects of a list, found by key; in the order in which they came. */
struct pn_objects {
	struct pn_pool pool;
	struct pn_object *by_key;
	unsigned int spanned;		/* that ranges of the file stand for */
};

/* All VLANs of 64 ports: some 300 MB. */
#define PN_SPANNED_MAX 262144

/* A dump on its way into a list. */
struct pn_lister {
	const struct pn_class *cls;
	struct pn_sys_ns *ns;
	struct pn_objects *to;
	uint16_t got;			/* message type, where the class has none of its own */
};

struct pn_class {
	const char *section;	/* of the file */
	const char *noun;
	const char *help;
	const struct pn_field *field;
	unsigned int n;
	uint16_t add, del, got;		/* message types; got: of a dump */
	uint16_t set_flags;		/* NLM_F_* of an `add` that changes; 0: made anew */
	uint16_t (*add_flags)(const struct pn_object *o);	/* NULL: create, exclusively */
	bool takes;			/* an object may take from others, as the PVID */
	/* Not a key field of this object after all. */
	bool (*is_loose)(const struct pn_object *o, unsigned int field);
	size_t head_len;
	uint8_t family;			/* of every message: the first byte of the header */
	/*
	 * An object of the file: what rows cannot say one by one, and what
	 * follows from the rest is filled in. @field: what it is about, or -1.
	 */
	int (*check)(struct pn_object *o, int *field, char *why, size_t len);
	/* Beyond the fields. head: the header; encode: attributes. 0 or -errno. */
	int (*head)(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		    void *head);
	int (*encode)(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		      struct pn_msg *m);
	/* False: no object of this class. */
	bool (*decode)(const void *head, const struct nlattr *const *tb,
		       struct pn_object *o, struct pn_lister *l);
	/* Dump all of @l->ns by pn_lister_dump(). */
	int (*list)(struct pn_lister *l, struct pn_err *err);
	/* Where one message does not do. */
	int (*talk)(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op);
	/* Does @ack say that this kernel cannot have such an object? -errno and @err, or 0. */
	int (*missing)(const struct pn_object *o, const struct pn_nl_ack *ack, const char *id,
		       struct pn_err *err);
	/* Does the value follow from the others? */
	bool (*implied)(const struct pn_object *o, unsigned int field);
	/* Would the kernel tell @want as it tells @has? For what it keeps in steps. */
	bool (*same)(const struct pn_object *want, const struct pn_object *has,
		     unsigned int field);
	/* Is it configuration, not something that the kernel made or learnt? */
	bool (*is_config)(const struct pn_object *o);
	/* What the kernel makes for an object, and leaves when that changes: its class. */
	const struct pn_class *left_class;
	bool (*leaves)(const struct pn_object *o, const struct pn_object *left);
	bool unsaid;		/* none of them is: they need not be asked for */
};

struct pn_object {
	const struct pn_class *cls;
	const char *netns;		/* NULL: the one that penstock runs in */
	struct pn_value *v;		/* by field */
	const char *key;		/* "SECTION NETNS|. FIELD=VALUE ..." */
	const char *id;			/* for humans */
	unsigned int span;		/* of the file: numbers beside the first of a range */
	bool by_kernel;			/* made or learnt by the kernel itself */
	unsigned int line, column;	/* in the file; 0: it was read from the kernel */
	unsigned int rank;		/* of a list in order: see tc_tree.h */
	UT_hash_handle hh;
};

/* Ended by NULL, in the order in which they are made. */
extern const struct pn_class *const pn_classes[];
#define PN_CLASSES_MAX	24
const struct pn_class *pn_class_find(const char *section);
const struct pn_field *pn_field_find(const struct pn_class *cls, const char *name);
/* The value of the field called @name, which must exist. */
struct pn_value *pn_object_value(const struct pn_object *o, const char *name);

/* As pn_row_parse() and its like. */
int pn_field_parse(const struct pn_field *f, const char *text, struct pn_value *v,
		   struct pn_pool *pool, char *why, size_t len);
char *pn_field_accepts(const struct pn_field *f, char *buf, size_t len);
char *pn_field_format(const struct pn_field *f, const struct pn_value *v, char *buf,
		      size_t len);
bool pn_field_equal(const struct pn_field *f, const struct pn_value *a,
		    const struct pn_value *b);

/* As add_flags: what the kernel says of it already, whoever made it, is written over. */
uint16_t pn_object_add_over(const struct pn_object *o);

/* A new object without values; NULL: out of memory. */
struct pn_object *pn_object_new(struct pn_pool *pool, const struct pn_class *cls,
				const char *netns);
/* Defaults of key fields, the key and the name for humans. */
int pn_object_finish(struct pn_object *o, struct pn_pool *pool);
/* An object with the key fields of @key (of the record); NULL: no such key. */
struct pn_object *pn_object_of_key(const char *key, struct pn_pool *pool);
struct pn_object *pn_objects_find(const struct pn_objects *list, const char *key);
/* False: it has one of this key, and keeps that. */
bool pn_objects_add(struct pn_objects *list, struct pn_object *o);
void pn_objects_fini(struct pn_objects *list);

/* Do fields that @want has differ from @has? */
bool pn_object_field_differs(const struct pn_object *want, const struct pn_object *has,
			     unsigned int field);
bool pn_object_differs(const struct pn_object *want, const struct pn_object *has);
/* @want, with what it does not say taken from @has. NULL: out of memory. */
struct pn_object *pn_object_merge(const struct pn_object *want,
				  const struct pn_object *has, struct pn_pool *pool);

/* Send a request and take in every object of the answer. */
int pn_lister_dump(struct pn_lister *l, struct pn_msg *m, struct pn_err *err);
/* The same by @nl; @take gets each message and @l. NULL: one object in each. */
int pn_lister_dump_by(struct pn_lister *l, struct pn_nl *nl, struct pn_msg *m,
		      pn_nl_cb take, struct pn_err *err);
/* What a dump that a kernel need not know ended with: without it there are no objects. */
int pn_lister_optional(int rc);
/* A new one, of a device; NULL: that went meanwhile, or -ENOMEM is returned. */
int pn_lister_new(struct pn_lister *l, uint32_t index, struct pn_object **o);
/* An object of the list with its values; 0 or -ENOMEM. */
int pn_lister_add(struct pn_lister *l, struct pn_object *o);
/* Texts are copied to the list; false: out of memory. */
bool pn_lister_text(struct pn_lister *l, struct pn_object *o, const char *field, const char *text);
void pn_lister_num(struct pn_object *o, const char *field, uint64_t num);
/* A device by its index: false: it has no name here. */
bool pn_lister_dev(struct pn_lister *l, struct pn_object *o, const char *field, uint32_t index);
/* Attribute @field->row.attr of @tb as its value; absence is the default. */
void pn_lister_attr(struct pn_lister *l, const struct pn_field *field,
		    const struct nlattr *const *tb, struct pn_value *v);
/* One message of the answer. */
int pn_lister_take(struct pn_lister *l, const struct nlmsghdr *nlh);
/*
 * The objects of @cls in @ns as they are now, in the file's own words: those
 * of is_config() are what a file would say. Kept by @ns until it is closed.
 */
const struct pn_objects *pn_objects_running(struct pn_sys_ns *ns,
					    const struct pn_class *cls,
					    struct pn_err *err);
/* The same, read anew into @to. */
int pn_objects_read(struct pn_sys_ns *ns, const struct pn_class *cls,
		    struct pn_objects *to, struct pn_err *err);
/* The attributes of its fields. 0 or -errno. */
int pn_object_attrs(const struct pn_object *o, struct pn_sys_ns *ns, struct pn_msg *m);
bool pn_object_is_key(const struct pn_object *o, unsigned int field);
bool pn_object_is_config(const struct pn_object *o);
/* Would a file have to say it? Not where it is unset, or the default. */
bool pn_object_says(const struct pn_object *o, unsigned int field);

/* One change; on refusal ns->nl.ack has the words. */
int pn_object_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op);
/* The one message of it, for a class that sends more. */
int pn_object_send(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op);

#endif
