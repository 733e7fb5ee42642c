/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One attribute of a link, as a row: the row alone drives the reading of a
 * topology file, the netlink message, its decoding, the text and the
 * documentation. Knows nothing of sockets or files. Strings in values are
 * borrowed: from the file's text, or from the message they were decoded from.
 */
#ifndef PN_LINK_ROW_H
#define PN_LINK_ROW_H

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nl/msg.h"

enum pn_row_type {
	PN_T_BOOL,	/* u8 */
	PN_T_BOOL32,	/* u32 */
	PN_T_FLAG,	/* an attribute without payload: there or not */
	PN_T_IFF,	/* bit @attr of the device flags */
	PN_T_IFF_NOT,	/* the same, inverted */
	PN_T_BIT_BE16,	/* bit @mask of a be16 that several rows share */
	PN_T_BIT16,	/* of a u16 */
	PN_T_BIT32,	/* of a u32 */
	PN_T_BOOLOPT,	/* bit @attr2 of a struct br_boolopt_multi */
	PN_T_U8,
	PN_T_U16,
	PN_T_U32,
	PN_T_U64,
	PN_T_S32,	/* @min and @max as int64_t */
	PN_T_BE16,
	PN_T_BE32,
	PN_T_TTL,	/* u8 in @attr, or the flag (@mask: the u8) @attr2: inherit */
	PN_T_FIELD,	/* bits @mask of a u32 that several rows share */
	PN_T_FIELD_BE,	/* of a be32 */
	PN_T_KEY,	/* be32, there if bit @mask of the be16 @attr2 is (attr2 0: if not 0) */
	PN_T_RANGE,	/* two be16: lowest, highest */
	PN_T_ADDRGEN,	/* u8 in IFLA_AF_SPEC, AF_INET6 */
	PN_T_DEV,	/* a device, by name; u32 ifindex */
	PN_T_IP,	/* IPv4 in @attr, IPv6 in @attr2 */
	PN_T_IP4,
	PN_T_IP6,
	PN_T_PREFIX4,	/* address in @attr, its length as u16 in @attr2 */
	PN_T_PREFIX6,
	PN_T_MAC,
	PN_T_SCI,	/* be64: of macsec, as 16 digits */
	PN_T_SCI_PORT,	/* be16 in @attr; told as the end of the PN_T_SCI in @attr2 */
	PN_T_STR,
	/* Lists of at most @max, in a nest; their order has no meaning. */
	PN_T_MACS,	/* of macvlan, with the mode of the change in @attr2 */
	PN_T_IP4S,
	PN_T_IP6S,
	PN_T_QOS_IN,	/* "PRIO:NUMBER"; what a change leaves out stays */
	PN_T_QOS_OUT,	/* "NUMBER:PRIO" */
};

enum {
	PN_ROW_REQUIRED = 1 << 0,	/* no link without it */
	PN_ROW_FIXED = 1 << 1,		/* the kernel cannot change it later */
	PN_ROW_EXPLICIT = 1 << 2,	/* the default is sent, not left to the kernel */
	PN_ROW_HEX = 1 << 3,		/* printed in hexadecimal */
	PN_ROW_LATE = 1 << 4,		/* set after all others of its place, and addresses */
	PN_ROW_HOOK = 1 << 5,		/* set, and as a rule read, by the kind's ops */
	PN_ROW_LAST = 1 << 6,		/* set when all links are there: names one of them */
	PN_ROW_TUNNEL = 1 << 7,		/* without meaning while the row `external` is on */
	PN_ROW_BOTH = 1 << 8,		/* a word for two rows: this name behind i and o */
	PN_ROW_SECRET = 1 << 10,	/* never printed, not even where it is wrong */
	PN_ROW_AGAIN = 1 << 9,		/* said again when others change, which moves it */
};

/* The value of a number that is a bit elsewhere: PN_ROW @bit of the u32 @attr2. */
#define PN_NUM_BIT	(1ULL << 32)

/* A name for a number. */
struct pn_named {
	const char *name;	/* NULL ends the list */
	uint64_t value;
};

struct pn_row {
	const char *name;	/* iproute2's word */
	const char *alias;	/* a second exact word, or NULL */
	enum pn_row_type type;
	uint16_t attr;
	uint16_t attr2;
	uint16_t flags;		/* PN_ROW_* */
	uint32_t mask;		/* its bits of a shared attribute, in host order */
	uint32_t bit;		/* PN_NUM_BIT */
	uint64_t min, max;	/* max 0: names only */
	const struct pn_named *named;
	const char *def;	/* the default, as text; NULL: the kernel's choice */
	const char *unit;
	const char *help;
};

/* Rows that live in the same place of the message. */
enum pn_rows_place {
	PN_AT_LINK,		/* ifinfomsg and its attributes */
	PN_AT_DATA,		/* IFLA_LINKINFO, IFLA_INFO_DATA */
	PN_AT_SLAVE,		/* IFLA_LINKINFO, IFLA_INFO_SLAVE_DATA */
};

struct pn_rows {
	enum pn_rows_place place;
	unsigned int n;
	const struct pn_row *row;
};

struct pn_value {
	bool set;
	uint8_t len;		/* of bin */
	uint8_t bin[16];	/* MAC or IP address */
	uint64_t num;
	const char *str;	/* PN_T_STR; PN_T_DEV: "" is none; a list of the file */
	const struct nlattr *nest;	/* a list of the kernel's */
	const struct pn_value *was;	/* a list that this one replaces, or NULL */
	unsigned int line, column;	/* where the file says so; 0: nowhere */
};

/* Devices by name and by index, in the namespace of the link. */
struct pn_devs {
	int (*index)(void *data, const char *name);		/* or -errno */
	const char *(*name)(void *data, uint32_t index);	/* or NULL */
	void *data;
};

#define PN_LINK_ATTRS	IFLA_MAX
#define PN_DATA_ATTRS	64

/* A link message, indexed for decoding. */
struct pn_link_view {
	const struct ifinfomsg *ifm;
	const char *kind;
	const char *slave_kind;
	const struct nlattr *link[PN_LINK_ATTRS + 1];
	const struct nlattr *data[PN_DATA_ATTRS + 1];
	const struct nlattr *slave[PN_DATA_ATTRS + 1];
};

/* The row called @name (or by its alias), or NULL. */
const struct pn_row *pn_row_find(const struct pn_rows *rows, const char *name);

/*
 * Read @text as a value of @row. On failure -EINVAL or -ERANGE, and @why says
 * what is accepted ("must be 1..4094").
 */
int pn_row_parse(const struct pn_row *row, const char *text, struct pn_value *v,
		 char *why, size_t why_len);
/* What @row accepts, for documentation and errors; returns @buf. */
char *pn_row_accepts(const struct pn_row *row, char *buf, size_t len);
/* The value as the file would say it; returns @buf. */
char *pn_row_format(const struct pn_row *row, const struct pn_value *v, char *buf,
		    size_t len);
bool pn_row_equal(const struct pn_row *row, const struct pn_value *a,
		  const struct pn_value *b);
bool pn_row_is_bool(const struct pn_row *row);
bool pn_row_is_list(const struct pn_row *row);
/* The row's own default, which the kernel has where nothing is said. */
bool pn_row_is_default(const struct pn_row *row, const struct pn_value *v);
/* No address, no device, no key, an empty list, off or 0. */
bool pn_row_is_none(const struct pn_row *row, const struct pn_value *v);

/* A walk over a list: zeroed before the first call. */
struct pn_list_walk {
	const char *text;
	const struct nlattr *attr;
	bool begun;
};

/* The next item, as a value of a row of its own; 1, 0 at the end, -EINVAL. */
int pn_list_next(const struct pn_row *row, const struct pn_value *list,
		 struct pn_list_walk *walk, struct pn_value *item);
char *pn_list_item_format(const struct pn_row *row, const struct pn_value *item,
			  char *buf, size_t len);

/*
 * Append the attribute (for PN_T_IFF: change the header); where rows share
 * one, it is sought from the offset @from of the message on. 0 or -errno.
 */
int pn_row_encode(const struct pn_row *row, const struct pn_value *v,
		  const struct pn_devs *devs, struct pn_msg *m, size_t from);
/* False when the kernel does not tell. Absence of an address, flag or device is a value. */
bool pn_row_decode(const struct pn_rows *rows, const struct pn_row *row,
		   const struct pn_link_view *view, const struct pn_devs *devs,
		   struct pn_value *v);

/* Index a RTM_NEWLINK message; -EBADMSG when it is none. */
int pn_link_view(const struct nlmsghdr *nlh, struct pn_link_view *view);

#endif
