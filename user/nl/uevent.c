// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* "online@/devices/system/cpu/cpu1" and words behind it; see uevent.h. */
#include <errno.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nl/uevent.h"

#define GROUP_KERNEL 1 /* what udev sends on is in another */

int pn_uevent_open(void)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK, .nl_groups = GROUP_KERNEL };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);
	int ret;

	if (fd < 0)
		return -errno;
	if (!bind(fd, (struct sockaddr *)&at, sizeof(at)))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

static bool is_cpu(const char *text, size_t len)
{
	static const char *const words[] = { "online@/devices/system/cpu/",
					     "offline@/devices/system/cpu/" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (len > strlen(words[i]) && !memcmp(text, words[i], strlen(words[i])))
			return true;
	return false;
}

bool pn_uevent_cpus(int fd)
{
	struct sockaddr_nl from;
	bool changed = false;
	char text[4096];
	ssize_t n;

	for (;;) {
		socklen_t len = sizeof(from);

		n = recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&from, &len);
		if (n < 0 && errno == ENOBUFS)
			changed = true; /* which ones were lost nobody knows */
		else if (n < 0)
			return changed;
		else if (!from.nl_pid)
			changed |= is_cpu(text, n);
	}
}
