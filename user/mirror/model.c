// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Devices and addresses; see model.h. Attributes of kinds are decoded in kinds.c. */
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "mirror/kinds.h"
#include "mirror/model.h"
#include "nl/addr.h"
#include "nl/link.h"

void pn_model_init(struct pn_model *model)
{
	memset(model, 0, sizeof(*model));
}

void pn_model_fini(struct pn_model *model)
{
	size_t i;

	for (i = 0; i < model->ndevs; i++)
		free(model->devs[i]);
	free(model->devs);
	free(model->locals);
	pn_model_init(model);
}

/* Place of the first device whose index is not below @ifindex. */
static size_t devs_place(const struct pn_model *model, __u32 ifindex)
{
	size_t low = 0, high = model->ndevs, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (model->devs[mid]->ifindex < ifindex)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct pn_dev *pn_model_dev(const struct pn_model *model, __u32 ifindex)
{
	size_t at = devs_place(model, ifindex);

	if (at < model->ndevs && model->devs[at]->ifindex == ifindex)
		return model->devs[at];
	return NULL;
}

static struct pn_dev *dev_add(struct pn_model *model, __u32 ifindex)
{
	size_t at = devs_place(model, ifindex);
	size_t cap = model->cap_devs ? 2 * model->cap_devs : 64;
	struct pn_dev **devs, *dev;

	if (model->ndevs == model->cap_devs) {
		devs = realloc(model->devs, cap * sizeof(*devs));
		if (!devs)
			return NULL;
		model->devs = devs;
		model->cap_devs = cap;
	}
	dev = calloc(1, sizeof(*dev));
	if (!dev)
		return NULL;
	dev->ifindex = ifindex;
	memmove(&model->devs[at + 1], &model->devs[at],
		(model->ndevs - at) * sizeof(dev));
	model->devs[at] = dev;
	model->ndevs++;
	return dev;
}

void pn_model_forget(struct pn_model *model, __u32 ifindex)
{
	size_t at = devs_place(model, ifindex);

	if (at == model->ndevs || model->devs[at]->ifindex != ifindex)
		return;
	free(model->devs[at]);
	model->ndevs--;
	memmove(&model->devs[at], &model->devs[at + 1],
		(model->ndevs - at) * sizeof(model->devs[0]));
}

static void word_copy(char *to, size_t size, const char *from)
{
	size_t len = from ? strnlen(from, size - 1) : 0;

	memset(to, 0, size);
	if (len)
		memcpy(to, from, len);
}

static void dev_take(struct pn_dev *dev, const struct pn_nl_link *l)
{
	dev->master = l->master;
	dev->link = l->link;
	dev->netnsid = l->netnsid;
	dev->flags = l->flags;
	dev->mtu = l->mtu;
	dev->type = l->type;
	dev->operstate = l->operstate;
	memset(dev->mac, 0, sizeof(dev->mac));
	if (l->addr_len == sizeof(dev->mac))
		memcpy(dev->mac, l->addr, sizeof(dev->mac));
	word_copy(dev->name, sizeof(dev->name), l->name);
	word_copy(dev->kind_name, sizeof(dev->kind_name), l->kind);
	pn_kind_take(dev, l);
}

static bool filters_vlans(const struct pn_dev *dev)
{
	return dev->kind == PN_DEV_BRIDGE && dev->bridge.vlan_filtering;
}

/* AF_UNSPEC: all there is to know of a device. */
static int link_message(struct pn_model *model, const struct pn_nl_link *l)
{
	struct pn_dev *dev = pn_model_dev(model, l->ifindex);
	int changed = PN_MODEL_LINK;
	bool filtered;

	if (l->deleted)
		return dev ? PN_MODEL_LINK | PN_MODEL_GONE : 0;
	/* An event of a wireless driver: a name and nothing else. */
	if (!l->mtu && !l->addr_len && !l->operstate)
		return 0;
	if (!dev) {
		changed |= PN_MODEL_NEW;
		dev = dev_add(model, l->ifindex);
	}
	if (!dev)
		return -ENOMEM;
	if (strncmp(dev->name, l->name, sizeof(dev->name) - 1) != 0)
		changed |= PN_MODEL_NAME;
	dev->gen = model->gen;
	filtered = filters_vlans(dev);
	dev_take(dev, l);
	if (!filtered && filters_vlans(dev))
		changed |= PN_MODEL_FILTERING;
	return changed;
}

/* AF_BRIDGE: news of a bridge port; a deletion means that it left its bridge. */
static int brport_message(struct pn_model *model, const struct pn_nl_link *l)
{
	struct pn_dev *dev = pn_model_dev(model, l->ifindex);

	if (!dev || !l->master || (!l->deleted && !l->protinfo))
		return 0;
	if (l->deleted) {
		if (dev->master == l->master)
			dev->master = 0;
		memset(&dev->brport, 0, sizeof(dev->brport));
		return PN_MODEL_LINK;
	}
	dev->master = l->master;
	dev->flags = l->flags;
	pn_kind_take_brport(dev, l->protinfo);
	return PN_MODEL_LINK;
}

bool pn_addr_mapped(const void *data, size_t len, struct in6_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (len == 16) {
		memcpy(addr, data, 16);
		return true;
	}
	if (len != 4)
		return false;
	addr->s6_addr[10] = 0xff;
	addr->s6_addr[11] = 0xff;
	memcpy(&addr->s6_addr[12], data, 4);
	return true;
}

static struct pn_local *local_find(const struct pn_model *model,
				   const struct in6_addr *addr, __u32 ifindex)
{
	size_t i;

	for (i = 0; i < model->nlocals; i++)
		if (model->locals[i].ifindex == ifindex &&
		    !memcmp(&model->locals[i].addr, addr, sizeof(*addr)))
			return &model->locals[i];
	return NULL;
}

static struct pn_local *local_add(struct pn_model *model)
{
	size_t cap = model->cap_locals ? 2 * model->cap_locals : 32;
	struct pn_local *locals;

	if (model->nlocals == model->cap_locals) {
		locals = realloc(model->locals, cap * sizeof(*locals));
		if (!locals)
			return NULL;
		model->locals = locals;
		model->cap_locals = cap;
	}
	return &model->locals[model->nlocals++];
}

/* Nobody may send from these; a prefix of 31 bits has none. */
static void local_broadcast(struct pn_local *local, const struct pn_nl_addr *a)
{
	local->broadcast[0] = a->prefixlen < 31 ?
			      local->addr.s6_addr32[3] | htonl(~0u >> a->prefixlen) : 0;
	local->broadcast[1] = a->broadcast;
}

static int addr_message(struct pn_model *model, const struct pn_nl_addr *a)
{
	bool usable = !(a->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) ||
		      (a->flags & IFA_F_OPTIMISTIC);
	struct pn_local *local;
	struct in6_addr addr;
	int changed = 0;

	if (!pn_addr_mapped(a->addr, a->addr_len, &addr))
		return 0;
	local = local_find(model, &addr, a->ifindex);
	if (a->deleted) {
		if (!local)
			return 0;
		*local = model->locals[--model->nlocals];
		return PN_MODEL_LOCAL;
	}
	if (!local || local->usable != usable)
		changed = PN_MODEL_LOCAL;
	if (!local)
		local = local_add(model);
	if (!local)
		return -ENOMEM;
	*local = (struct pn_local){ .addr = addr, .ifindex = a->ifindex, .gen = model->gen,
				    .usable = usable };
	if (a->family == AF_INET)
		local_broadcast(local, a);
	return changed;
}

int pn_model_message(struct pn_model *model, const struct nlmsghdr *nlh, __u32 *ifindex)
{
	struct pn_nl_link l;
	struct pn_nl_addr a;

	*ifindex = 0;
	if (!pn_nl_link_parse(nlh, &l)) {
		*ifindex = l.ifindex;
		if (l.family == AF_BRIDGE)
			return brport_message(model, &l);
		return link_message(model, &l);
	}
	if (!pn_nl_addr_parse(nlh, &a)) {
		*ifindex = a.ifindex;
		return addr_message(model, &a);
	}
	return 0;
}

void pn_model_dump_begin(struct pn_model *model)
{
	model->gen++;
}

bool pn_model_dump_end(struct pn_model *model)
{
	size_t i = 0, before = model->nlocals;

	while (i < model->nlocals) {
		if (model->locals[i].gen == model->gen)
			i++;
		else
			model->locals[i] = model->locals[--model->nlocals];
	}
	return model->nlocals != before;
}

__u32 pn_model_stale(const struct pn_model *model, __u32 after)
{
	size_t i;

	for (i = devs_place(model, after + 1); i < model->ndevs; i++)
		if (model->devs[i]->gen != model->gen)
			return model->devs[i]->ifindex;
	return 0;
}

bool pn_model_is_local(const struct pn_model *model, const struct in6_addr *addr)
{
	size_t i;

	for (i = 0; i < model->nlocals; i++)
		if (!memcmp(&model->locals[i].addr, addr, sizeof(*addr)))
			return true;
	return false;
}
