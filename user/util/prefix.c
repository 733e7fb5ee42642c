// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Text to prefix and back; see prefix.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/num.h"
#include "util/prefix.h"

#define MAPPED	96	/* bits in front of a v4-mapped address */

static const char shape[] = "must be an IP prefix such as 10.0.0.0/24 or fd00::/64";

/* The address in front of the slash; its family, or 0. */
static int host_parse(const char *text, size_t n, struct pn_prefix *p)
{
	char host[INET6_ADDRSTRLEN];

	memset(p, 0, sizeof(*p));
	if (n >= sizeof(host))
		return 0;
	memcpy(host, text, n);
	host[n] = '\0';
	if (inet_pton(AF_INET, host, &p->addr[3]) == 1) {
		p->addr[2] = htonl(0xffff);
		return AF_INET;
	}
	if (inet_pton(AF_INET6, host, p->addr) != 1)
		return 0;
	return AF_INET6;
}

/* Only the bits of the prefix stay. True if that changes something. */
static bool host_bits_clear(struct pn_prefix *p)
{
	uint8_t *byte = (uint8_t *)p->addr;
	bool set = false;
	unsigned int i;

	for (i = 0; i < sizeof(p->addr); i++) {
		unsigned int keep = p->len > 8 * i ? p->len - 8 * i : 0;
		uint8_t mask = keep >= 8 ? 0xff : 0xff00 >> keep;

		set |= byte[i] & ~mask;
		byte[i] &= mask;
	}
	return set;
}

/* Decimal only, up to *@len. */
static int length_parse(const char *text, uint64_t *len)
{
	if (text[strspn(text, "0123456789")])
		return -EINVAL;
	return pn_num_u64(text, 0, *len, len);
}

/* Would an IPv6 prefix take IPv4 in, as the maps have it? */
static bool holds_ipv4(const struct pn_prefix *p)
{
	struct pn_prefix mapped = { .addr = { 0, 0, htonl(0xffff), 0 }, .len = p->len };

	if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)p->addr))
		return true;
	host_bits_clear(&mapped);
	return p->len < MAPPED && !memcmp(mapped.addr, p->addr, sizeof(p->addr));
}

int pn_prefix_parse(const char *text, struct pn_prefix *p, char *why, size_t size)
{
	size_t n = strcspn(text, "/");
	int family = host_parse(text, n, p);
	unsigned int front = family == AF_INET ? MAPPED : 0;
	uint64_t len = 128 - front;
	char right[PN_PREFIX_TEXT];

	if (!family) {
		snprintf(why, size, "%s", shape);
		return -EINVAL;
	}
	if (text[n] && length_parse(text + n + 1, &len)) {
		snprintf(why, size, "must have a prefix length of 0 to %u", 128 - front);
		return -EINVAL;
	}
	p->len = front + len;
	if (host_bits_clear(p)) {
		snprintf(why, size, "has bits set behind the prefix: must be %s",
			 pn_prefix_text(p, right));
		return -EINVAL;
	}
	if (family == AF_INET6 && holds_ipv4(p)) {
		snprintf(why, size, "must not hold IPv4 addresses (::ffff:0:0/96), which are "
			 "written as IPv4; 2000::/3 are the global ones of IPv6");
		return -EINVAL;
	}
	return 0;
}

char *pn_prefix_text(const struct pn_prefix *p, char *buf)
{
	bool v4 = p->len >= MAPPED && IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)p->addr);
	size_t n;

	inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? &p->addr[3] : p->addr, buf, INET6_ADDRSTRLEN);
	n = strlen(buf);
	snprintf(buf + n, PN_PREFIX_TEXT - n, "/%u", p->len - (v4 ? MAPPED : 0));
	return buf;
}

bool pn_prefix_same(const struct pn_prefix *a, const struct pn_prefix *b)
{
	return !memcmp(a, b, sizeof(*a));
}
