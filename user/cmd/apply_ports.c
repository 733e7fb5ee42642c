// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Ports of a topology file; see apply_ports.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/apply_ports.h"
#include "cmd/request.h"
#include "util/log.h"

static void err_place(struct pn_err *err, const struct pn_topo *topo)
{
	const struct pn_port_conf *port;
	unsigned int i, n;

	port = pn_topo_ports(topo, &n);
	for (i = 0; i < n; i++)
		if (!strcmp(port[i].dev, err->object))
			pn_err_place(err, pn_topo_file(topo), port[i].line, port[i].column);
}

int pn_apply_ports(const char *bpffs, const struct pn_topo *topo, struct pn_err *err)
{
	uint64_t file = pn_request_file(pn_topo_file(topo));
	const struct pn_port_conf *port;
	struct pn_request *req;
	unsigned int i, n;
	bool followed;
	int ret;

	port = pn_topo_ports(topo, &n);
	if (!n)
		return 0;
	req = calloc(n, sizeof(*req));
	if (!req)
		return pn_err_set(err, PN_EXIT_KERNEL, ENOMEM, NULL, "out of memory");
	for (i = 0; i < n; i++) {
		req[i].conf = port[i];
		req[i].file = file;
	}
	ret = pn_requests_attach(bpffs, NULL, req, n, &followed, err);
	if (ret)
		err_place(err, topo);
	else if (!followed)
		pn_log(PN_LOG_WARN, "the maps hold what the kernel knows now; "
		       "nothing follows it until `penstock run`");
	free(req);
	return ret;
}

int pn_delete_ports(const char *bpffs, const char *file, struct pn_err *err)
{
	return pn_requests_detach(bpffs, file ? pn_request_file(file) : 0, err);
}
