// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The choice of a hook as rows; see choice.h. */
#include <errno.h>
#include <net/if_arp.h>
#include <stdio.h>

#include <penstock/offload.h>

#include "plane/choice.h"

#define WHY_ASKED	"as asked"
#define WHY_LOCAL_TCP	"it carries local TCP, which an XDP program would slow down"
#define WHY_NATIVE	"its driver runs XDP"
#define WHY_NO_NATIVE	"its driver has no native XDP"
#define WHY_GENERIC	"its driver has no native XDP, so in generic mode, which is slower"

static const struct choice_row {
	enum pn_hook hook;	/* what was asked for */
	enum pn_mode mode;
	bool virtual;		/* and the device: veth, tap */
	struct pn_choice choice[PN_CHOICES];
} rows[] = {
	{ PN_HOOK_AUTO, PN_MODE_AUTO, true,
	  { { PN_HOOK_TC, PN_MODE_AUTO, WHY_LOCAL_TCP } } },
	{ PN_HOOK_AUTO, PN_MODE_AUTO, false,
	  { { PN_HOOK_XDP, PN_MODE_NATIVE, WHY_NATIVE },
	    { PN_HOOK_TC, PN_MODE_AUTO, WHY_NO_NATIVE } } },
	{ PN_HOOK_XDP, PN_MODE_AUTO, false,
	  { { PN_HOOK_XDP, PN_MODE_NATIVE, WHY_ASKED },
	    { PN_HOOK_XDP, PN_MODE_GENERIC, WHY_GENERIC } } },
	{ PN_HOOK_XDP, PN_MODE_NATIVE, false,
	  { { PN_HOOK_XDP, PN_MODE_NATIVE, WHY_ASKED } } },
	{ PN_HOOK_XDP, PN_MODE_GENERIC, false,
	  { { PN_HOOK_XDP, PN_MODE_GENERIC, WHY_ASKED } } },
	{ PN_HOOK_XDP, PN_MODE_OFFLOAD, false,
	  { { PN_HOOK_XDP, PN_MODE_OFFLOAD, WHY_ASKED } } },
	{ PN_HOOK_TC, PN_MODE_AUTO, false,
	  { { PN_HOOK_TC, PN_MODE_AUTO, WHY_ASKED } } },
};

/* What a program in a device cannot do is refused, not left out. */
static int offload_check(const struct pn_port_conf *conf, const struct pn_device *dev,
			 struct pn_err *err)
{
	const char *what = conf->shared ? "is alone in it, and sharing was asked for" :
		conf->nesting > 1 ? "takes nothing off a packet, and nesting was asked for" :
		conf->checksum ? "proves no checksum, and a way to do it was asked for" :
		conf->peers.strict && conf->peers.mode != PN_PEERS_LISTED ?
		"is strict only towards peers that are listed" : NULL;
	unsigned int i;
	int ret = 0;

	if (conf->peers.n > PN_OFFLOAD_ENTRIES)
		what = "has room for two peers, and more are listed";
	for (i = 0; i < conf->peers.n; i++)
		if (conf->peers.prefix[i].len != 128)
			what = "looks up whole addresses, and a prefix is among the peers";
	if (what) {
		ret = pn_err_set(err, PN_EXIT_USAGE, EINVAL, dev->name,
				 "mode offload: the program in a device %s", what);
		pn_err_hint(err, "leave it out, or use --mode native or --hook tc");
	}
	return ret;
}

static int conf_check(const struct pn_port_conf *conf, const struct pn_device *dev,
		      struct pn_err *err)
{
	int ret = 0;

	if (dev->type != ARPHRD_ETHER) {
		ret = pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, dev->name,
				 "is no Ethernet device, and only those are accelerated");
		pn_err_hint(err, "attach to the device that its packets come in on");
	} else if (conf->hook == PN_HOOK_TC && conf->mode != PN_MODE_AUTO) {
		ret = pn_err_set(err, PN_EXIT_USAGE, EINVAL, dev->name,
				 "mode %s is a mode of XDP, and hook tc was asked for",
				 pn_mode_words[conf->mode]);
		pn_err_hint(err, "leave one of them out");
	} else if (conf->hook == PN_HOOK_TC && conf->shared) {
		ret = pn_err_set(err, PN_EXIT_USAGE, EINVAL, dev->name,
				 "sharing is for XDP programs, and hook tc was asked for");
		pn_err_hint(err, "leave it out: tc programs live side by side anyway");
	}
	return !ret && conf->mode == PN_MODE_OFFLOAD ? offload_check(conf, dev, err) : ret;
}

int pn_choose(const struct pn_port_conf *conf, const struct pn_device *dev,
	      struct pn_choice out[PN_CHOICES], struct pn_err *err)
{
	/* Whoever names a mode, or wants to share the XDP hook, wants XDP. */
	bool xdp = conf->hook == PN_HOOK_AUTO && (conf->mode != PN_MODE_AUTO || conf->shared);
	enum pn_hook hook = xdp ? PN_HOOK_XDP : conf->hook;
	unsigned int i;
	int n, ret = conf_check(conf, dev, err);

	if (ret)
		return ret;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].hook != hook || rows[i].mode != conf->mode)
			continue;
		if (hook == PN_HOOK_AUTO && rows[i].virtual != pn_device_is_virtual(dev))
			continue;
		for (n = 0; n < PN_CHOICES && rows[i].choice[n].why; n++)
			out[n] = rows[i].choice[n];
		return n;
	}
	return pn_err_set(err, PN_EXIT_USAGE, EINVAL, dev->name, "no such hook and mode");
}
