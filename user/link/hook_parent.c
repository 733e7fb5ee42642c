// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The device behind a link; see hook_parent.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link/hook_parent.h"
#include "nl/devlink.h"

#define PATH_SIZE 160

struct parent {
	char bus[24], dev[64];	/* empty: none */
};

bool pn_parent_there(const struct pn_link_view *view)
{
	const char *port = pn_attr_str(view->link[IFLA_PHYS_PORT_NAME]);

	return view->link[IFLA_PARENT_DEV_NAME] && view->link[IFLA_PARENT_DEV_BUS_NAME] &&
	       !(port && (strstr(port, "vf") || strstr(port, "sf")));
}

static int parent_take(const struct nlmsghdr *nlh, void *data)
{
	struct parent *p = data;
	struct pn_link_view view;
	const char *bus, *dev;

	if (pn_link_view(nlh, &view) || !pn_parent_there(&view))
		return 0;
	bus = pn_attr_str(view.link[IFLA_PARENT_DEV_BUS_NAME]);
	dev = pn_attr_str(view.link[IFLA_PARENT_DEV_NAME]);
	/* they become part of a path */
	if (bus && dev && !strchr(bus, '/') && !strchr(dev, '/')) {
		snprintf(p->bus, sizeof(p->bus), "%s", bus);
		snprintf(p->dev, sizeof(p->dev), "%s", dev);
	}
	return 0;
}

static int parent_ask(struct pn_kind_ctx *h, struct parent *p)
{
	struct ifinfomsg ifm = { .ifi_index = h->ifindex };
	struct pn_msg m;
	int rc;

	memset(p, 0, sizeof(*p));
	pn_msg_init(&m, RTM_GETLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	rc = pn_nl_get(h->nl, &m, parent_take, p, NULL);
	pn_msg_fini(&m);
	return !rc && !p->bus[0] ? -ENODEV : rc;
}

static void vfs_path(const struct parent *p, char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "/sys/bus/%s/devices/%s/sriov_numvfs", p->bus, p->dev);
}

static int vfs_read(const struct parent *p, uint32_t *n)
{
	char path[PATH_SIZE], text[16] = "";
	int fd, rc;

	vfs_path(p, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	rc = fd < 0 || read(fd, text, sizeof(text) - 1) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	*n = strtoul(text, NULL, 10);
	return rc;
}

static int vfs_write(const struct parent *p, uint32_t n)
{
	char path[PATH_SIZE], text[16];
	int fd, rc;

	vfs_path(p, path);
	snprintf(text, sizeof(text), "%u", n);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	rc = fd < 0 || write(fd, text, strlen(text)) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return rc;
}

/* A device takes no number but while it has no VFs. */
static int vfs_set(struct pn_kind_ctx *h, const struct parent *p, uint32_t n,
		   struct pn_err *err)
{
	uint32_t before = 0;
	int rc = vfs_read(p, &before);

	if (rc == -ENOENT)
		return pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, h->id,
				  "sriov_numvfs: %s has no SR-IOV", p->dev);
	if (rc || before == n)
		return rc;
	if (before && n)
		rc = vfs_write(p, 0);
	if (!rc)
		rc = vfs_write(p, n);
	if (rc && before && n)
		vfs_write(p, before);
	return rc;
}

static int eswitch_set(struct pn_kind_ctx *h, const struct parent *p, const struct pn_row *row,
		       const struct pn_value *v, struct pn_err *err)
{
	struct pn_nl *nl = h->genl(h, err);
	char text[32];
	int rc;

	if (!nl)
		return -EOPNOTSUPP;
	rc = pn_devlink_eswitch_set(nl, p->bus, p->dev, v->num);
	if (rc)
		pn_nl_refused(nl, err, h->id, "cannot set %s to %s", row->name,
			      pn_row_format(row, v, text, sizeof(text)));
	return rc;
}

static int parent_read(struct pn_kind_ctx *h, const struct pn_rows *rows, struct pn_value *v)
{
	const struct pn_row *vfs = pn_row_find(rows, "sriov_numvfs");
	const struct pn_row *eswitch = pn_row_find(rows, "eswitch_mode");
	struct parent p;
	struct pn_nl *nl;
	uint16_t mode;
	uint32_t n;
	int rc = parent_ask(h, &p);

	if (rc)
		return rc;
	if (!vfs_read(&p, &n))
		v[vfs - rows->row] = (struct pn_value){ .set = true, .num = n };
	nl = h->genl(h, NULL);
	if (nl && !pn_devlink_eswitch(nl, p.bus, p.dev, &mode))
		v[eswitch - rows->row] = (struct pn_value){ .set = true, .num = mode };
	return 0;
}

static int parent_set(struct pn_kind_ctx *h, const struct pn_rows *rows,
		      const struct pn_row *row, const struct pn_value *v, struct pn_err *err)
{
	struct parent p;
	int rc = parent_ask(h, &p);

	if (rc == -ENODEV)
		return pn_err_set(err, PN_EXIT_USAGE, EINVAL, h->id,
				  "%s: it is no port of a device on a bus", row->name);
	if (rc)
		return rc;
	return row == pn_row_find(rows, "sriov_numvfs") ? vfs_set(h, &p, v->num, err) :
	       eswitch_set(h, &p, row, v, err);
}

const struct pn_kind_ops pn_parent_ops = { .read = parent_read, .set = parent_set };
