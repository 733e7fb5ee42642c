// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Memory that goes all at once: chunks, filled one after the other. */
#include <stdlib.h>
#include <string.h>

#include "topo/object.h"

#define CHUNK	16384
#define ALIGN	sizeof(void *)

struct pn_pool_chunk {
	struct pn_pool_chunk *next;
	size_t used, size;
	_Alignas(sizeof(void *)) char mem[];
};

void *pn_pool_alloc(struct pn_pool *pool, size_t len)
{
	struct pn_pool_chunk *c = pool->chunk;
	size_t size = len > CHUNK ? len : CHUNK;
	void *p;

	len = (len + ALIGN - 1) & ~(ALIGN - 1);
	if (!c || c->size - c->used < len) {
		c = calloc(1, sizeof(*c) + size + ALIGN);
		if (!c)
			return NULL;
		c->size = size + ALIGN;
		c->next = pool->chunk;
		pool->chunk = c;
	}
	p = c->mem + c->used;
	c->used += len;
	return p;
}

char *pn_pool_text(struct pn_pool *pool, const char *text)
{
	size_t len = strlen(text) + 1;
	char *copy = pn_pool_alloc(pool, len);

	return copy ? memcpy(copy, text, len) : NULL;
}

void pn_pool_fini(struct pn_pool *pool)
{
	struct pn_pool_chunk *c;

	while ((c = pool->chunk)) {
		pool->chunk = c->next;
		free(c);
	}
}
