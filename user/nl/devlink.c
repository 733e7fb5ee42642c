// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Asking devlink; see devlink.h. */
#include <errno.h>
#include <linux/devlink.h>
#include <linux/genetlink.h>
#include <stdio.h>

#include "nl/devlink.h"
#include "nl/genl.h"

static const char *const flavours[] = {
	[DEVLINK_PORT_FLAVOUR_PHYSICAL] = "physical",
	[DEVLINK_PORT_FLAVOUR_CPU] = "cpu",
	[DEVLINK_PORT_FLAVOUR_DSA] = "dsa",
	[DEVLINK_PORT_FLAVOUR_PCI_PF] = "pcipf",
	[DEVLINK_PORT_FLAVOUR_PCI_VF] = "pcivf",
	[DEVLINK_PORT_FLAVOUR_VIRTUAL] = "virtual",
	[DEVLINK_PORT_FLAVOUR_UNUSED] = "unused",
	[DEVLINK_PORT_FLAVOUR_PCI_SF] = "pcisf",
};

static const char *flavour_of(const struct nlattr *a)
{
	uint16_t n = pn_attr_u16(a, UINT16_MAX);

	return n < sizeof(flavours) / sizeof(flavours[0]) ? flavours[n] : NULL;
}

struct ports {
	pn_devlink_cb *cb;
	void *data;
};

static int port_take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[DEVLINK_ATTR_MAX + 1];
	const struct ports *all = data;
	struct pn_devlink_port p;
	const char *bus, *dev;
	int rc = pn_genl_attrs(nlh, tb, DEVLINK_ATTR_MAX);

	if (rc)
		return rc;
	bus = pn_attr_str(tb[DEVLINK_ATTR_BUS_NAME]);
	dev = pn_attr_str(tb[DEVLINK_ATTR_DEV_NAME]);
	if (!bus || !dev)
		return 0;
	p = (struct pn_devlink_port){
		.index = pn_attr_u32(tb[DEVLINK_ATTR_PORT_INDEX], 0),
		.ifindex = pn_attr_u32(tb[DEVLINK_ATTR_PORT_NETDEV_IFINDEX], 0),
		.flavour = flavour_of(tb[DEVLINK_ATTR_PORT_FLAVOUR]),
		.number = pn_attr_u32(tb[DEVLINK_ATTR_PORT_NUMBER], PN_DEVLINK_NONE),
		.controller = pn_attr_u32(tb[DEVLINK_ATTR_PORT_CONTROLLER_NUMBER],
					  PN_DEVLINK_NONE),
		.pf = pn_attr_u16(tb[DEVLINK_ATTR_PORT_PCI_PF_NUMBER], 0),
		.vf = pn_attr_u16(tb[DEVLINK_ATTR_PORT_PCI_VF_NUMBER], 0),
		.external = pn_attr_u8(tb[DEVLINK_ATTR_PORT_EXTERNAL], 0),
	};
	if (!tb[DEVLINK_ATTR_PORT_PCI_PF_NUMBER])
		p.pf = PN_DEVLINK_NONE;
	if (!tb[DEVLINK_ATTR_PORT_PCI_VF_NUMBER])
		p.vf = PN_DEVLINK_NONE;
	snprintf(p.bus, sizeof(p.bus), "%s", bus);
	snprintf(p.dev, sizeof(p.dev), "%s", dev);
	return all->cb(&p, all->data);
}

int pn_devlink_ports(struct pn_nl *genl, pn_devlink_cb *cb, void *data)
{
	struct ports all = { .cb = cb, .data = data };
	struct pn_msg m;
	uint16_t family;
	int rc;

	if (pn_genl_family_loaded(genl, DEVLINK_GENL_NAME, &family))
		return -EOPNOTSUPP;
	pn_genl_msg(&m, family, DEVLINK_CMD_PORT_GET, DEVLINK_GENL_VERSION);
	rc = pn_nl_dump(genl, &m, port_take, &all, NULL);
	pn_msg_fini(&m);
	return rc;
}

static int device_msg(struct pn_nl *genl, struct pn_msg *m, uint8_t cmd, const char *bus,
		      const char *dev)
{
	uint16_t family;

	if (pn_genl_family_loaded(genl, DEVLINK_GENL_NAME, &family))
		return -EOPNOTSUPP;
	pn_genl_msg(m, family, cmd, DEVLINK_GENL_VERSION);
	pn_msg_put_str(m, DEVLINK_ATTR_BUS_NAME, bus);
	pn_msg_put_str(m, DEVLINK_ATTR_DEV_NAME, dev);
	return 0;
}

static int eswitch_take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[DEVLINK_ATTR_MAX + 1];
	int rc = pn_genl_attrs(nlh, tb, DEVLINK_ATTR_MAX);

	if (!rc)
		*(uint16_t *)data = pn_attr_u16(tb[DEVLINK_ATTR_ESWITCH_MODE], UINT16_MAX);
	return rc;
}

const char *pn_devlink_eswitch_word(uint16_t mode)
{
	return mode == DEVLINK_ESWITCH_MODE_SWITCHDEV ? "switchdev" :
	       mode == DEVLINK_ESWITCH_MODE_LEGACY ? "legacy" : NULL;
}

int pn_devlink_eswitch(struct pn_nl *genl, const char *bus, const char *dev, uint16_t *mode)
{
	struct pn_msg m;
	int rc = device_msg(genl, &m, DEVLINK_CMD_ESWITCH_GET, bus, dev);

	*mode = UINT16_MAX;
	if (rc)
		return rc;
	rc = pn_nl_get(genl, &m, eswitch_take, mode, NULL);
	pn_msg_fini(&m);
	return !rc && *mode == UINT16_MAX ? -EOPNOTSUPP : rc;
}

int pn_devlink_eswitch_set(struct pn_nl *genl, const char *bus, const char *dev, uint16_t mode)
{
	struct pn_msg m;
	int rc = device_msg(genl, &m, DEVLINK_CMD_ESWITCH_SET, bus, dev);

	if (rc)
		return rc;
	pn_msg_put_u16(&m, DEVLINK_ATTR_ESWITCH_MODE, mode);
	rc = pn_nl_talk(genl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}
