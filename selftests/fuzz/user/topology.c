// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * libFuzzer's entry: bytes as a topology file. Aborts on undefined behaviour,
 * on a leak, on a refusal without a sentence, and on one that is not at a
 * place of the file.
 */
#include <stdlib.h>
#include <string.h>

#include "topo/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pn_err err = { 0 };
	struct pn_topo *topo;
	unsigned int n;

	if (!pn_topo_parse("f", (const char *)data, size, &topo, &err)) {
		pn_topo_ports(topo, &n);
		pn_topo_free(topo);
		return 0;
	}
	if (topo || !err.text[0] || err.code != PN_EXIT_USAGE)
		abort();
	if (!err.line && strcmp(err.text, "out of memory"))
		abort();
	return 0;
}
