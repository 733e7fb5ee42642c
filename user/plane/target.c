// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Redirect targets as rows; see target.h. */
#include <string.h>

#include "plane/target.h"

#define WHY_NO_XMIT	"its driver takes no XDP frames"
#define WHY_PROGRAM	"its driver takes XDP frames only while it has a native XDP program"
#define WHY_NAPI	"its peer has neither GRO nor an XDP program and would lose XDP frames"
#define WHY_UNREACHABLE	"its peer is in a network namespace that cannot be entered to switch GRO on"

enum need {
	NEED_NOTHING,
	NEED_PEER,	/* NAPI at the other end of the veth */
	NEED_PROGRAM,	/* of its own, which sets its transmit queues up */
};

/* Drivers with ndo_xdp_xmit in 6.1; later kernels say so themselves. */
static const struct driver_row {
	const char *driver;
	enum need need;
} rows[] = {
	{ "veth", NEED_PEER },
	{ "tun", NEED_NOTHING },
	{ "virtio_net", NEED_PROGRAM },
	{ "vif", NEED_PROGRAM },
	{ "bnxt_en", NEED_PROGRAM },
	{ "ena", NEED_PROGRAM },
	{ "fsl_dpaa2_eth", NEED_PROGRAM },
	{ "gve", NEED_PROGRAM },
	{ "hv_netvsc", NEED_PROGRAM },
	{ "i40e", NEED_PROGRAM },
	{ "ice", NEED_PROGRAM },
	{ "igb", NEED_PROGRAM },
	{ "igc", NEED_PROGRAM },
	{ "ixgbe", NEED_PROGRAM },
	{ "mlx5_core", NEED_PROGRAM },
	{ "mvneta", NEED_PROGRAM },
	{ "mvpp2", NEED_PROGRAM },
	{ "nfp", NEED_PROGRAM },
	{ "qede", NEED_PROGRAM },
	{ "sfc", NEED_PROGRAM },
	{ "st_gmac", NEED_PROGRAM },
	{ "thunder-nic", NEED_PROGRAM },
};

static const struct driver_row *row_of(const char *driver)
{
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].driver, driver))
			return &rows[i];
	return NULL;
}

static const char *why_not(const struct pn_target_facts *f)
{
	const struct driver_row *row = row_of(f->driver);

	if (row && row->need == NEED_PEER && f->peer != PN_PEER_NAPI && !(f->told && f->ndo_xmit))
		return f->peer == PN_PEER_UNREACHABLE ? WHY_UNREACHABLE : WHY_NAPI;
	if (f->told)
		return f->ndo_xmit ? NULL :
		       row && row->need == NEED_PROGRAM ? WHY_PROGRAM : WHY_NO_XMIT;
	if (!row)
		return WHY_NO_XMIT;
	return row->need == NEED_PROGRAM && !f->native_xdp ? WHY_PROGRAM : NULL;
}

bool pn_target_needs_program(const char *driver)
{
	const struct driver_row *row = row_of(driver);

	return row && row->need == NEED_PROGRAM;
}

bool pn_target_takes_xdp(const struct pn_target_facts *facts, const char **why)
{
	*why = why_not(facts);
	return !*why;
}
