// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tun and tap devices, made by ioctls of /dev/net/tun: in the network
 * namespace of whoever opened it. Rows with the values of ip tuntap.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "link/hook_tun.h"

#define TUN_DEVICE "/dev/net/tun"

static bool is_on(const struct pn_link_make *make, const char *name)
{
	const struct pn_value *v = pn_kind_value(&make->kind->data, make->data, name);

	return v->set && v->num;
}

static short tun_flags(const struct pn_link_make *make, short mode)
{
	/* Without IFF_TUN_EXCL a device of that name would be attached to. */
	short flags = mode | IFF_TUN_EXCL;

	if (!is_on(make, "pi"))
		flags |= IFF_NO_PI;
	if (is_on(make, "vnet_hdr"))
		flags |= IFF_VNET_HDR;
	if (is_on(make, "multi_queue"))
		flags |= IFF_MULTI_QUEUE;
	return flags;
}

static int owner_set(int fd, unsigned long request, const struct pn_link_make *make,
		     const char *name)
{
	const struct pn_value *v = pn_kind_value(&make->kind->data, make->data, name);

	return v->set ? ioctl(fd, request, (unsigned long)v->num) : 0;
}

/* What is not persistent yet goes with the descriptor. */
static int tun_make(int fd, const struct pn_link_make *make, short mode)
{
	struct ifreq ifr = { .ifr_flags = tun_flags(make, mode) };
	unsigned int index = make->ifindex;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", make->name);
	if ((index && ioctl(fd, TUNSETIFINDEX, &index)) || ioctl(fd, TUNSETIFF, &ifr) ||
	    owner_set(fd, TUNSETOWNER, make, "user") ||
	    owner_set(fd, TUNSETGROUP, make, "user_group") || ioctl(fd, TUNSETPERSIST, 1))
		return -errno;
	return 0;
}

static int tun_open(struct pn_kind_ctx *h, struct pn_err *err)
{
	int fd = open(TUN_DEVICE, O_RDWR | O_CLOEXEC);
	int rc = fd < 0 ? errno : 0;

	if (!rc)
		return fd;
	pn_err_set(err, rc == EACCES || rc == EPERM ? PN_EXIT_KERNEL : PN_EXIT_IMPOSSIBLE, rc,
		   h->id, "cannot create the %s: cannot open %s: %s", h->kind->name, TUN_DEVICE,
		   strerror(rc));
	pn_err_hint(err, "modprobe tun, and if need be: mknod %s c 10 200", TUN_DEVICE);
	return -rc;
}

static int create(struct pn_kind_ctx *h, const struct pn_link_make *make, short mode,
		  struct pn_err *err)
{
	const struct pn_value *persist = pn_kind_value(&make->kind->data, make->data, "persist");
	int fd, rc;

	if (persist->set && !persist->num)
		return pn_err_set(err, PN_EXIT_USAGE, EINVAL, h->id,
				  "persist: must be true: no process stays to hold the device");
	fd = tun_open(h, err);
	if (fd < 0)
		return fd;
	rc = tun_make(fd, make, mode);
	close(fd);
	/* Another device has the name, which the ioctl calls busy. */
	return rc == -EBUSY ? -EEXIST : rc;
}

static int tun_create(struct pn_kind_ctx *h, const struct pn_link_make *make,
		      struct pn_err *err)
{
	return create(h, make, IFF_TUN, err);
}

static int tap_create(struct pn_kind_ctx *h, const struct pn_link_make *make,
		      struct pn_err *err)
{
	return create(h, make, IFF_TAP, err);
}

const struct pn_kind_ops pn_tun_ops = { .create = tun_create };
const struct pn_kind_ops pn_tap_ops = { .create = tap_create };
