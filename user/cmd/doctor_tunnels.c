// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Each tunnel device: may it be accelerated, or why not; see doctor_tunnels.h.
 * With pins their records say so. Without, a mirror that writes to memory of
 * its own is asked, once.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/doctor_tunnels.h"
#include "cmd/show.h"
#include "mirror/mirror.h"
#include "nl/link.h"
#include "util/names.h"

#define RCVBUF		(1 << 20)
#define TRIAL_PORTS	256	/* more ports than this change nothing of what is said */

static const struct pn_col cols[] = {
	{ "tunnel", "TUNNEL", PN_LEFT },
	{ "kind", "KIND", PN_LEFT },
	{ "eligible", "ELIGIBLE", PN_LEFT },
	{ "why", "WHY NOT", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = { .key = "tunnels", .cols = cols,
				       .none = "No tunnel device." };

/* The device's record, of the pins or of the trial, by rising ifindex. */
struct judged {
	uint32_t ifindex;
	uint8_t why;
};

struct judgement {
	struct judged *v;
	size_t n;
};

static int judged_compare(const void *a, const void *b)
{
	const struct judged *x = a, *y = b;

	return (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

static int judgement_take(struct judgement *j, const struct pn_tunnel *record, uint32_t n)
{
	uint32_t i;

	j->v = calloc(n + 1, sizeof(*j->v));
	if (!j->v)
		return -ENOMEM;
	for (i = 1; i < n; i++)
		if (record[i].ifindex)
			j->v[j->n++] = (struct judged){ record[i].ifindex, record[i].why };
	qsort(j->v, j->n, sizeof(*j->v), judged_compare);
	return 0;
}

/*
 * -ENOENT: nothing is attached. Pins that cannot be read have been told of
 * among the checks, and are as good as none.
 */
static int judgement_read(struct judgement *j, const char *dir)
{
	struct pn_err ignored = { 0 };
	struct pn_view v;
	int ret = -ENOENT;

	if (pn_view_open(&v, dir, &ignored))
		return ret;
	if (v.n_records)
		ret = judgement_take(j, v.maps.tunnels, v.maps.abi.tunnels);
	pn_view_close(&v);
	return ret;
}

static bool is_wanted(const struct pn_link_info *link, int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++)
		if (!strcmp(argv[i], link->name))
			return link->tunnel.known;
	return !argc && link->tunnel.known;
}

/* A table is full, or the device is newer than the maps. */
static void unknown_show(struct pn_out *o)
{
	pn_out_null(o, "eligible");
	pn_out_null(o, "why");
	pn_out_null(o, "what");
	pn_out_note(o, "not known to the data plane");
}

static void judged_show(struct pn_out *o, const struct judged *j)
{
	const struct pn_why_info *why = j->why && j->why < PN_WHYS ? &pn_why_info[j->why] : NULL;

	pn_out_tone(o, j->why ? PN_TONE_WARN : PN_TONE_GOOD);
	pn_out_bool(o, "eligible", !j->why);
	pn_show_str(o, "why", why ? why->name : NULL);
	pn_show_str(o, "what", why ? why->text : NULL);
	if (why && why->name)
		pn_out_note(o, "left to the kernel: %s", why->text);
}

static void tunnel_show(struct pn_out *o, const struct pn_link_info *link,
			const struct judgement *judgement)
{
	const struct judged key = { .ifindex = link->ifindex };
	const struct judged *j = bsearch(&key, judgement->v, judgement->n, sizeof(key),
					 judged_compare);

	pn_out_row(o);
	pn_out_str(o, "tunnel", link->name);
	pn_out_str(o, "kind", link->kind);
	if (j)
		judged_show(o, j);
	else
		unknown_show(o);
	pn_out_row_end(o);
}

/* --- where nothing is attached ---------------------------------------------- */

struct trial {
	struct pn_mirror_maps maps;
	struct pn_mirror_port port[TRIAL_PORTS];
	size_t n_ports;
};

static void trial_free(struct trial *t)
{
	free(t->maps.ports);
	free(t->maps.tunnels);
	free(t->maps.fdb);
	free(t->maps.demux);
	free(t->maps.endpoints);
	free(t->maps.control);
}

static int trial_alloc(struct trial *t, const struct pn_links *links)
{
	struct pn_mirror_maps *m = &t->maps;
	uint32_t buckets = 1024;
	unsigned int i;

	m->tunnels_max = 2;
	for (i = 0; i < links->n; i++)
		m->tunnels_max += links->link[i].tunnel.known;
	while (buckets < m->tunnels_max)
		buckets *= 2;
	m->fdb_mask = m->demux_mask = m->endpoint_mask = buckets - 1;
	m->ports = calloc(PN_MAX_PORTS, sizeof(*m->ports));
	m->tunnels = calloc(m->tunnels_max, sizeof(*m->tunnels));
	m->fdb = calloc(buckets, sizeof(*m->fdb));
	m->demux = calloc(buckets, sizeof(*m->demux));
	m->endpoints = calloc(buckets, sizeof(*m->endpoints));
	m->control = calloc(1, sizeof(*m->control));
	return m->ports && m->tunnels && m->fdb && m->demux && m->endpoints && m->control ?
	       0 : -ENOMEM;
}

static int port_take(const struct nlmsghdr *nlh, void *data)
{
	struct trial *t = data;
	struct pn_tunnel_attrs attrs;
	struct pn_nl_link l;

	if (pn_nl_link_parse(nlh, &l) || l.type != ARPHRD_ETHER || t->n_ports == TRIAL_PORTS)
		return 0;
	memset(&attrs, 0, sizeof(attrs));
	if (l.kind)
		pn_tunnel_attrs_read(&attrs, l.kind, l.info_data);
	if (!attrs.known && !(l.kind && !strcmp(l.kind, "bridge")))
		t->port[t->n_ports++] = (struct pn_mirror_port){ .ifindex = l.ifindex };
	return 0;
}

static int ports_read(struct trial *t, struct pn_err *err)
{
	struct pn_nl nl = { 0 };
	int ret = pn_nl_open(&nl, NETLINK_ROUTE, err);

	if (!ret)
		ret = pn_nl_link_dump(&nl, AF_UNSPEC, 0, port_take, t, err);
	pn_nl_close(&nl);
	return ret == -EINTR ? 0 : ret;
}

static int trial_run(struct trial *t, struct pn_err *err)
{
	struct pn_mirror_opts opts = { .rcvbuf = RCVBUF };
	struct pn_mirror *mirror;
	int ret = ports_read(t, err);

	if (ret)
		return ret;
	mirror = pn_mirror_open(&t->maps, &opts, err);
	if (!mirror)
		return -errno;
	ret = pn_mirror_set_ports(mirror, t->port, t->n_ports, err);
	if (!ret)
		ret = pn_mirror_sync(mirror, err);
	pn_mirror_close(mirror);
	return ret;
}

static int judgement_try(struct judgement *j, const struct pn_links *links, struct pn_err *err)
{
	struct trial t = { .n_ports = 0 };
	int ret = trial_alloc(&t, links);

	if (ret)
		pn_err_memory(err, NULL);
	else
		ret = trial_run(&t, err);
	if (!ret)
		ret = judgement_take(j, t.maps.tunnels, t.maps.tunnels_max);
	trial_free(&t);
	return ret;
}

int pn_doctor_tunnels(struct pn_run *ctx, int argc, char **argv)
{
	struct judgement j = { 0 };
	struct pn_links links;
	unsigned int i;
	int ret = pn_links_read(&links, &ctx->err);

	if (ret)
		return ret;
	ret = judgement_read(&j, ctx->global.bpffs);
	if (ret == -ENOENT)
		ret = judgement_try(&j, &links, &ctx->err);
	if (!ret) {
		pn_out_table(ctx->out, &table);
		for (i = 0; i < links.n; i++)
			if (is_wanted(&links.link[i], argc, argv))
				tunnel_show(ctx->out, &links.link[i], &j);
		pn_out_table_end(ctx->out);
	}
	free(j.v);
	pn_links_free(&links);
	return ret;
}
