/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Netlink messages: a growable builder and an attribute table parser. The
 * builder's error is sticky: callers put everything, and whoever sends the
 * message checks `err` once. The parser never allocates: what it returns
 * points into the message.
 */
#ifndef PN_NL_MSG_H
#define PN_NL_MSG_H

#include <linux/netlink.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pn_msg {
	char *buf;
	size_t cap;
	int err;		/* 0 or -errno of the first put that failed */
};

/* Start a message; NLM_F_REQUEST is always set. */
void pn_msg_init(struct pn_msg *m, uint16_t type, uint16_t flags);
void pn_msg_fini(struct pn_msg *m);

/* The message so far; NULL when nothing could be allocated. */
struct nlmsghdr *pn_msg_hdr(const struct pn_msg *m);
size_t pn_msg_len(const struct pn_msg *m);

/* Append a fixed header (struct ifinfomsg ...) before the first attribute. */
void pn_msg_extra(struct pn_msg *m, const void *hdr, size_t len);

void pn_msg_put(struct pn_msg *m, uint16_t type, const void *data, size_t len);
void pn_msg_put_flag(struct pn_msg *m, uint16_t type);
void pn_msg_put_u8(struct pn_msg *m, uint16_t type, uint8_t v);
void pn_msg_put_u16(struct pn_msg *m, uint16_t type, uint16_t v);
void pn_msg_put_u32(struct pn_msg *m, uint16_t type, uint32_t v);
void pn_msg_put_u64(struct pn_msg *m, uint16_t type, uint64_t v);
void pn_msg_put_be16(struct pn_msg *m, uint16_t type, __be16 v);
void pn_msg_put_be32(struct pn_msg *m, uint16_t type, __be32 v);
void pn_msg_put_str(struct pn_msg *m, uint16_t type, const char *s);

/* The attribute of @type at or behind the offset @from, outside nests; NULL. */
struct nlattr *pn_msg_find(const struct pn_msg *m, size_t from, uint16_t type);

/* Nests return the offset that closes them (the buffer may move). */
size_t pn_msg_nest(struct pn_msg *m, uint16_t type);
void pn_msg_nest_end(struct pn_msg *m, size_t nest);
/* Forget a nest and all it holds. */
void pn_msg_nest_cancel(struct pn_msg *m, size_t nest);

/*
 * Index attributes by type: tb[0..max]; the last of a type wins, types above
 * max are skipped, a malformed tail ends the walk.
 */
void pn_attrs_parse(const struct nlattr **tb, unsigned int max, const void *data,
		    size_t len);
void pn_attrs_nested(const struct nlattr **tb, unsigned int max,
		     const struct nlattr *nest);

/* Payloads; an attribute that is absent or too short yields the default. */
size_t pn_attr_len(const struct nlattr *a);
const void *pn_attr_data(const struct nlattr *a);
uint8_t pn_attr_u8(const struct nlattr *a, uint8_t none);
uint16_t pn_attr_u16(const struct nlattr *a, uint16_t none);
uint32_t pn_attr_u32(const struct nlattr *a, uint32_t none);
uint64_t pn_attr_u64(const struct nlattr *a, uint64_t none);
__be16 pn_attr_be16(const struct nlattr *a, __be16 none);
__be32 pn_attr_be32(const struct nlattr *a, __be32 none);
/* NULL when absent or not terminated inside the attribute. */
const char *pn_attr_str(const struct nlattr *a);

#endif
