// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Prefixes in and out of pn_peers; see peers.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plane/maps.h"
#include "plane/peers.h"

#define PORT_BITS 32	/* of the key, in front of the address */

static struct pn_peer_key key_make(uint16_t port, const struct pn_prefix *p)
{
	struct pn_peer_key key = { .prefix_len = PORT_BITS + p->len, .port = port };

	memcpy(key.addr, p->addr, sizeof(key.addr));
	return key;
}

void pn_peers_undo(int map_fd, uint16_t port, const struct pn_record *r,
		   const struct pn_peers_added *added)
{
	unsigned int i;

	for (i = 0; i < r->n_prefixes; i++) {
		struct pn_peer_key key = key_make(port, &r->prefix[i]);

		if (added->prefix[i])
			bpf_map_delete_elem(map_fd, &key);
	}
}

int pn_peers_add(int map_fd, uint16_t port, const struct pn_record *r,
		 struct pn_peers_added *added)
{
	uint32_t one = 1;
	unsigned int i;
	int ret = 0;

	memset(added, 0, sizeof(*added));
	for (i = 0; i < r->n_prefixes && !ret; i++) {
		struct pn_peer_key key = key_make(port, &r->prefix[i]);

		added->prefix[i] = !bpf_map_update_elem(map_fd, &key, &one, BPF_NOEXIST);
		ret = added->prefix[i] || errno == EEXIST ? 0 : -errno;
	}
	if (ret)
		pn_peers_undo(map_fd, port, r, added);
	return ret;
}

static bool is_listed(const struct pn_peer_key *key, const struct pn_record *r)
{
	unsigned int i;

	for (i = 0; r && i < r->n_prefixes; i++)
		if (key->prefix_len == PORT_BITS + r->prefix[i].len &&
		    !memcmp(key->addr, r->prefix[i].addr, sizeof(key->addr)))
			return true;
	return false;
}

/* Keys first, then what is to go: a trie that is walked must not change. */
void pn_peers_trim(int map_fd, uint16_t port, const struct pn_record *r)
{
	struct pn_peer_key *gone = calloc(PN_PEERS_MAX, sizeof(*gone));
	struct pn_peer_key key, *last = NULL;
	unsigned int i, n = 0;

	while (gone && n < PN_PEERS_MAX && !bpf_map_get_next_key(map_fd, last, &key)) {
		last = &key;
		if (key.port == port && !is_listed(&key, r))
			gone[n++] = key;
	}
	for (i = 0; i < n; i++)
		bpf_map_delete_elem(map_fd, &gone[i]);
	free(gone);
}

void pn_peers_forget(const struct pn_pins *pins, uint16_t port)
{
	char name[PN_PINS_PATH];
	int fd;

	snprintf(name, sizeof(name), "maps/%s", pn_map_names[PN_MAP_PEERS]);
	fd = port ? pn_pins_get(pins, name) : -1;
	if (fd < 0)
		return;
	pn_peers_trim(fd, port, NULL);
	close(fd);
}
