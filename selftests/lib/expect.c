// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The bytes that a row's packet must become; see expect.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "expect.h"
#include "hex.h"
#include "scene.h"
#include "tap.h"

int expect_kernel(void)
{
	int major = 0, minor = 0;
	struct utsname u;

	uname(&u);
	if (sscanf(u.release, "%d.%d", &major, &minor) != 2)
		tap_bail("kernel release %s", u.release);
	return major * 1000 + minor;
}

const struct outcome *expect_outcome(const struct row *row, int kernel)
{
	if (kernel < 6012 && row->k61)
		return row->k61;
	if (kernel >= 6014 && row->k618)
		return row->k618;
	return &row->k;
}

int expect_packets(const struct row *row)
{
	int n = 1;

	while (n < ROW_PACKETS && row->pkt[n].edit[0].field)
		n++;
	return n;
}

int expect_udp(const struct row *row)
{
	const struct edit *v6 = recipe_edit(&row->pkt[0], F_V6);
	enum recipe_kind kind = recipe_kind(&row->pkt[0]);

	if (kind == R_GRE || kind == R_IP)
		return 0;
	return v6 && v6->v ? 6 : 4;
}

/* "15=03 24=3ffe" */
static void patch_apply(const char *patch, struct pkt *p)
{
	char copy[64], *at, *item;
	uint8_t bytes[16];

	snprintf(copy, sizeof(copy), "%s", patch);
	for (item = strtok_r(copy, " ", &at); item; item = strtok_r(NULL, " ", &at)) {
		char *is = strchr(item, '=');
		int n = is ? hex_parse(is + 1, bytes, sizeof(bytes)) : -1;

		if (n < 0 || atoi(item) + n > p->len)
			tap_bail("bad patch %s", patch);
		memcpy(pkt_data(p) + atoi(item), bytes, n);
	}
}

void expect_inner(const struct row *row, const struct outcome *o, const char *in_dst,
		  struct pkt *p)
{
	uint8_t shim[256];
	int n = recipe_shim(&row->pkt[0], shim, sizeof(shim));

	recipe_inner(&row->pkt[0], in_dst, o->tos - 1, p);
	if (o->front > 0)
		pkt_push(p, shim + n - o->front, o->front);
	else
		pkt_pull(p, -o->front);
	if (o->len && o->len < p->len)
		pkt_cut(p, p->len - o->len);
	if (o->patch)
		patch_apply(o->patch, p);
}

/* IP forwarding: trimmed to its own length, one hop less. */
static void hop_take(struct pkt *p)
{
	uint8_t *h = pkt_data(p);

	if (h[0] >> 4 == 6) {
		pkt_cut(p, p->len - 40 - pkt_get16(h + 4));
		h[7]--;
		return;
	}
	pkt_cut(p, p->len - pkt_get16(h + 2));
	h[8]--;
	pkt_put16(h + 10, 0);
	pkt_put16(h + 10, pkt_fold(pkt_sum(h, 20, 0)));
}

void expect_out(const struct row *row, const struct outcome *o, enum form form, struct pkt *p)
{
	bool v6;

	expect_inner(row, o, form == FORM_BRIDGED ? SCENE_IN_DST : NULL, p);
	if (form != FORM_ROUTED)
		return;
	if (!recipe_bare(&row->pkt[0]))
		pkt_pull(p, 14);
	hop_take(p);
	v6 = pkt_cdata(p)[0] >> 4 == 6;
	pkt_eth(p, SCENE_IN_DST, SCENE_OUT_MAC, v6 ? 0x86dd : 0x0800);
}
