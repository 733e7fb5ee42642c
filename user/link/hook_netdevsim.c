// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The netdevsim bus; see hook_netdevsim.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link/hook_netdevsim.h"
#include "nl/netns.h"

#define BUS	"/sys/bus/netdevsim"
#define BUSNAME "netdevsim"
#define NAME_MAX_NS 256

bool pn_netdevsim_place(const struct pn_link_view *view, uint32_t *id, uint32_t *port)
{
	const char *bus = pn_attr_str(view->link[IFLA_PARENT_DEV_BUS_NAME]);
	const char *dev = pn_attr_str(view->link[IFLA_PARENT_DEV_NAME]);
	const char *name = pn_attr_str(view->link[IFLA_PHYS_PORT_NAME]);
	char rest;

	if (!bus || !dev || !name || strcmp(bus, BUSNAME) ||
	    sscanf(dev, BUSNAME "%u%c", id, &rest) != 1 ||
	    sscanf(name, "p%u%c", port, &rest) != 1 || !*port)
		return false;
	--*port;	/* the front panel counts from 1 */
	return true;
}

static void device_path(char path[96], uint32_t id, const char *file)
{
	snprintf(path, 96, BUS "/devices/" BUSNAME "%u/%s", id, file);
}

static int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int rc = fd < 0 || write(fd, text, strlen(text)) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return rc;
}

static int number_write(const char *path, uint32_t number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	return file_write(path, text);
}

static int device_write(uint32_t id, const char *file, uint32_t number)
{
	char path[96];

	device_path(path, id, file);
	return number_write(path, number);
}

static bool device_there(uint32_t id)
{
	char path[96];

	device_path(path, id, "");
	return !access(path, F_OK);
}

/* The links of one device, and one of its ports among them. */
struct search {
	uint32_t id, port;
	unsigned int ports;	/* of the device in this namespace */
	uint32_t ifindex;	/* of the port that is looked for, or 0 */
};

static int search_take(const struct nlmsghdr *nlh, void *data)
{
	struct search *s = data;
	struct pn_link_view view;
	uint32_t id, port;

	if (pn_link_view(nlh, &view) || !pn_netdevsim_place(&view, &id, &port) || id != s->id)
		return 0;
	s->ports++;
	if (port == s->port)
		s->ifindex = view.ifm->ifi_index;
	return 0;
}

static int search(struct pn_nl *nl, struct search *s)
{
	struct ifinfomsg ifm = { 0 };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	rc = pn_nl_dump(nl, &m, search_take, s, NULL);
	pn_msg_fini(&m);
	return rc;
}

/* What one link says of itself. */
struct told {
	uint32_t id, port, queues;
	uint32_t link;		/* index of the one it is linked to, maybe elsewhere; or 0 */
	char name[IFNAMSIZ];
	bool there;
};

static int told_take(const struct nlmsghdr *nlh, void *data)
{
	struct told *t = data;
	struct pn_link_view view;
	const char *name;

	if (pn_link_view(nlh, &view))
		return 0;
	t->there = pn_netdevsim_place(&view, &t->id, &t->port);
	t->queues = pn_attr_u32(view.link[IFLA_NUM_TX_QUEUES], 1);
	t->link = pn_attr_u32(view.link[IFLA_LINK], 0);
	name = pn_attr_str(view.link[IFLA_IFNAME]);
	snprintf(t->name, sizeof(t->name), "%s", name ? name : "");
	return 0;
}

/* Nothing of @told is there where no netdevsim has that index. */
static int link_ask(struct pn_nl *nl, uint32_t ifindex, const char *name, struct told *told)
{
	struct ifinfomsg ifm = { .ifi_index = ifindex };
	struct pn_msg m;
	int rc;

	*told = (struct told){ 0 };
	pn_msg_init(&m, RTM_GETLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	if (name)
		pn_msg_put_str(&m, IFLA_IFNAME, name);
	rc = pn_nl_get(nl, &m, told_take, told, NULL);
	pn_msg_fini(&m);
	return rc;
}

static int bus_missing(struct pn_kind_ctx *h, struct pn_err *err)
{
	int rc = pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, h->id,
			    "this kernel has no netdevsim devices");

	pn_err_hint(err, "modprobe netdevsim, where the kernel was built with CONFIG_NETDEVSIM");
	return rc;
}

static int link_rename(struct pn_nl *nl, uint32_t ifindex, const char *name)
{
	struct ifinfomsg ifm = { .ifi_index = ifindex };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_NEWLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	pn_msg_put_str(&m, IFLA_IFNAME, name);
	rc = pn_nl_talk(nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

/* The port is there, under a name that the kernel chose. */
static int port_name(struct pn_kind_ctx *h, const struct pn_link_make *make, uint32_t id,
		     uint32_t port, struct pn_err *err)
{
	struct search s = { .id = id, .port = port };
	int rc = search(h->nl, &s);

	if (!rc && !s.ifindex)
		return pn_err_set(err, PN_EXIT_KERNEL, ENODEV, h->id,
				  "device netdevsim%u is of another network namespace, and so is "
				  "each port of it", id);
	return rc ? rc : link_rename(h->nl, s.ifindex, make->name);
}

static int port_add(struct pn_kind_ctx *h, uint32_t id, uint32_t port, struct pn_err *err)
{
	int rc = device_write(id, "new_port", port);

	if (rc == -EEXIST)
		return pn_err_set(err, PN_EXIT_KERNEL, EEXIST, h->id,
				  "port %u of netdevsim%u exists already, under another name", port,
				  id);
	return rc;
}

static int create(struct pn_kind_ctx *h, const struct pn_link_make *make, struct pn_err *err)
{
	const struct pn_value *v = make->data;
	uint32_t id = v[PN_NSIM_ID].num;
	uint32_t port = v[PN_NSIM_PORT].set ? v[PN_NSIM_PORT].num : 0;
	bool made = !device_there(id);
	char text[48];
	int rc = 0;

	if (access(BUS "/new_device", F_OK))
		return bus_missing(h, err);
	snprintf(text, sizeof(text), "%u 0 %u", id,
		 v[PN_NSIM_QUEUES].set ? (uint32_t)v[PN_NSIM_QUEUES].num : 1);
	if (made)
		rc = file_write(BUS "/new_device", text);
	if (rc)
		return rc;
	rc = port_add(h, id, port, err);
	if (!rc) {
		rc = port_name(h, make, id, port, err);
		if (rc)
			device_write(id, "del_port", port);
	}
	if (rc && made)
		number_write(BUS "/del_device", id);
	return rc;
}

static int destroy(struct pn_kind_ctx *h, struct pn_err *err)
{
	struct search s = { 0 };
	struct told told;
	int rc = link_ask(h->nl, h->ifindex, NULL, &told);

	if (rc || !told.there)
		return rc ? rc : -ENODEV;
	s.id = told.id;
	rc = search(h->nl, &s);
	if (rc)
		return rc;
	return s.ports > 1 ? device_write(told.id, "del_port", told.port) :
	       number_write(BUS "/del_device", told.id);
}

/* The name of @peer's namespace and of its link, if that is linked to @ifindex. */
static bool elsewhere_find(uint32_t peer, uint32_t ifindex, char text[NAME_MAX_NS])
{
	char **names = pn_netns_names();
	bool found = false;
	unsigned int i;

	for (i = 0; names && names[i] && !found; i++) {
		struct pn_nl nl = { 0 };
		struct told told;
		int fd = pn_netns_open(names[i], NULL);

		if (fd < 0)
			continue;
		if (!pn_nl_open_in(&nl, fd, NETLINK_ROUTE, NULL) &&
		    !link_ask(&nl, peer, NULL, &told) && told.there && told.link == ifindex) {
			snprintf(text, NAME_MAX_NS, "%.200s/%s", names[i], told.name);
			found = true;
		}
		pn_nl_close(&nl);
		close(fd);
	}
	free(names);
	return found;
}

/* "": not linked. A partner in a namespace without a name is not told. */
static bool linked_text(struct pn_kind_ctx *h, const struct told *told, char text[NAME_MAX_NS])
{
	struct told peer;

	text[0] = '\0';
	if (!told->link)
		return true;
	if (told->link != h->ifindex && !link_ask(h->nl, told->link, NULL, &peer) &&
	    peer.there && peer.link == h->ifindex) {
		snprintf(text, NAME_MAX_NS, "%s", peer.name);
		return true;
	}
	return elsewhere_find(told->link, h->ifindex, text);
}

static int read_rows(struct pn_kind_ctx *h, const struct pn_rows *rows, struct pn_value *v)
{
	char text[NAME_MAX_NS];
	struct told told;
	int rc = link_ask(h->nl, h->ifindex, NULL, &told);

	if (rc || !told.there)
		return rc ? rc : -ENODEV;
	v[PN_NSIM_ID] = (struct pn_value){ .set = true, .num = told.id };
	v[PN_NSIM_PORT] = (struct pn_value){ .set = true, .num = told.port };
	v[PN_NSIM_QUEUES] = (struct pn_value){ .set = true, .num = told.queues };
	if (linked_text(h, &told, text)) {
		v[PN_NSIM_LINKED].str = h->keep(h, text, strlen(text) + 1);
		v[PN_NSIM_LINKED].set = v[PN_NSIM_LINKED].str;
	}
	return 0;
}

/* NAME or NETNS/NAME: a descriptor of the namespace, and the index there. */
static int partner_find(struct pn_kind_ctx *h, const char *text, uint32_t *ifindex,
			struct pn_err *err)
{
	const char *slash = strchr(text, '/'), *name = slash ? slash + 1 : text;
	struct pn_nl nl = { 0 };
	struct told told = { 0 };
	char netns[NAME_MAX_NS];
	int fd;

	snprintf(netns, sizeof(netns), "%.*s", slash ? (int)(slash - text) : 0, text);
	fd = slash ? pn_netns_open(netns, err) : pn_netns_self();
	if (fd < 0)
		return fd;
	if (!pn_nl_open_in(&nl, fd, NETLINK_ROUTE, err) && !link_ask(&nl, 0, name, &told) &&
	    told.there) {
		struct search s = { .id = told.id, .port = told.port };

		search(&nl, &s);
		*ifindex = s.ifindex;
	}
	pn_nl_close(&nl);
	if (told.there)
		return fd;
	close(fd);
	return pn_err_set(err, PN_EXIT_USAGE, ENODEV, h->id, "linked: %s is no netdevsim device",
			  text);
}

/* Of a pair with one index the kernel tells what it tells of a device without a partner. */
static int index_shared(struct pn_kind_ctx *h, const char *text, struct pn_err *err)
{
	int rc;

	if (!strchr(text, '/'))
		return pn_err_set(err, PN_EXIT_USAGE, EINVAL, h->id,
				  "linked: %s is this device itself", text);
	rc = pn_err_set(err, PN_EXIT_KERNEL, ENOTUNIQ, h->id, "linked: both this device and %s "
			"have index %u, and the kernel does not tell of such a pair", text,
			h->ifindex);
	pn_err_hint(err, "put another device before one of them into its network namespace, or "
		    "both into one");
	return rc;
}

static int partner_link(struct pn_kind_ctx *h, const char *text, struct pn_err *err)
{
	uint32_t ifindex = 0;
	int fd = partner_find(h, text, &ifindex, err), self, rc;
	char line[80];

	if (fd < 0)
		return fd;
	if (ifindex == h->ifindex) {
		close(fd);
		return index_shared(h, text, err);
	}
	self = pn_netns_self();
	snprintf(line, sizeof(line), "%d:%u %d:%u", self, h->ifindex, fd, ifindex);
	rc = self < 0 ? self : file_write(BUS "/link_device", line);
	if (rc == -EBUSY)
		pn_err_set(err, PN_EXIT_KERNEL, EBUSY, h->id,
			   "linked: %s is linked to another device already", text);
	if (self >= 0)
		close(self);
	close(fd);
	return rc;
}

static int linked_set(struct pn_kind_ctx *h, const char *text, struct pn_err *err)
{
	char now[NAME_MAX_NS], line[40];
	struct told told;
	int self, rc = link_ask(h->nl, h->ifindex, NULL, &told);

	if (rc)
		return rc;
	if (access(BUS "/link_device", F_OK)) {
		if (!*text)
			return 0;
		rc = pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, h->id,
				"this kernel does not link netdevsim devices to each other");
		pn_err_hint(err, "Linux 6.9 and later do");
		return rc;
	}
	if (linked_text(h, &told, now) && !strcmp(now, text))
		return 0;	/* the other one named us */
	if (told.link) {
		self = pn_netns_self();
		snprintf(line, sizeof(line), "%d:%u", self, h->ifindex);
		rc = self < 0 ? self : file_write(BUS "/unlink_device", line);
		if (self >= 0)
			close(self);
	}
	return !rc && *text ? partner_link(h, text, err) : rc;
}

static int set(struct pn_kind_ctx *h, const struct pn_rows *rows, const struct pn_row *row,
	       const struct pn_value *v, struct pn_err *err)
{
	return row == &rows->row[PN_NSIM_LINKED] ? linked_set(h, v->str, err) : -EOPNOTSUPP;
}

const struct pn_kind_ops pn_netdevsim_ops = {
	.create = create, .remove = destroy, .read = read_rows, .set = set,
};
