// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Gates that follow from the devices themselves: who is on top of whom, and
 * options of bridges, bridge ports, tunnels and forwarding.
 */
#include <linux/if_link.h>
#include <string.h>

#include "mirror/gate_detect.h"

#define AT(place) PN_GATE_AT(PN_PLACE_##place)

/* Report @gate_bit at @at of @dev. */
static void dev_found(struct gate_run *run, uint32_t gate, unsigned int at,
		      const struct gate_dev *dev, const char *what, const char *name)
{
	struct pn_gate_finding f = {
		.ifindex = dev->ifindex,
		.gate = gate,
		.places = at,
	};

	pn_gate_found_as(run, &f, what, name);
}

/* --- devices above ------------------------------------------------------ */

/* Takes its own addresses only, which the fast path passes: no gate. */
static bool macvlan_takes(const struct gate_dev *up)
{
	return up->macvlan_mode & (MACVLAN_MODE_PASSTHRU | MACVLAN_MODE_SOURCE);
}

static bool always_takes(const struct gate_dev *up)
{
	return true;
}

/* Uppers whose receive handler sits on the lower device. */
static const struct {
	const char *kind;
	bool (*takes)(const struct gate_dev *up);
} uppers[] = {
	{ "macvlan", macvlan_takes },
	{ "macvtap", macvlan_takes },
	{ "ipvlan", always_takes },
	{ "ipvtap", always_takes },
	{ "macsec", always_takes },
};

static void upper_find(struct gate_run *run, const struct gate_dev *up)
{
	const struct gate_dev *low;
	size_t i;

	if (!up->link || up->netnsid >= 0)
		return;
	low = pn_gate_dev(run->g, up->link);
	if (!low)
		return;
	for (i = 0; i < sizeof(uppers) / sizeof(uppers[0]); i++)
		if (!strcmp(up->kind, uppers[i].kind) && uppers[i].takes(up))
			dev_found(run, PN_GATE_UPPER, AT(PORT), low, "%s takes its frames",
				  up->name);
	/* On an attached port it is a port of its own; below a bridge it is a thief. */
	if (!strcmp(up->kind, "vlan") && low->master)
		dev_found(run, PN_GATE_VLAN_UPPER, AT(TAGGED), low,
			  "VLAN device %s takes its tag first", up->name);
}

/* --- the master --------------------------------------------------------- */

static void bridge_port_find(struct gate_run *run, const struct gate_dev *d,
			     const struct gate_dev *br)
{
	if (br->vlan_odd)
		dev_found(run, PN_GATE_VLAN_FILTERING, AT(BRIDGE), d,
			  "the bridge filters by VLAN %s", br->vlan_odd);
	if (br->promiscuity)
		dev_found(run, PN_GATE_PROMISC, AT(BRIDGE), d,
			  "bridge %s is promiscuous", br->name);
	if (d->vlan_tunnel)
		dev_found(run, PN_GATE_BRIDGE_CONFIG, AT(EGRESS), d,
			  "%s maps VLANs to tunnels (vlan_tunnel)", d->name);
	if (d->backup)
		dev_found(run, PN_GATE_BRIDGE_CONFIG, AT(EGRESS), d,
			  "%s has a backup_port", d->name);
}

static void master_find(struct gate_run *run, const struct gate_dev *d)
{
	const struct gate_dev *m = pn_gate_dev(run->g, d->master);

	if (!m)
		dev_found(run, PN_GATE_UPPER, AT(PORT), d,
			  "%s belongs to a device that is not here", d->name);
	else if (!strcmp(m->kind, "bridge"))
		bridge_port_find(run, d, m);
	else if (!strcmp(m->kind, "vrf"))
		dev_found(run, PN_GATE_VRF, GATE_AT_OUTER | GATE_AT_ROUTED, d,
			  "it belongs to VRF %s", m->name);
	else
		dev_found(run, PN_GATE_UPPER, AT(PORT), d, "%s takes its frames",
			  m->name);
}

/* --- tunnels ------------------------------------------------------------ */

static void tunnel_find(struct gate_run *run, const struct gate_dev *d)
{
	const struct pn_gate_finding xdp = {
		.ifindex = d->ifindex,
		.gate = PN_GATE_TC_INGRESS,
		.places = AT(PORT),
	};

	if (d->odd)
		dev_found(run, PN_GATE_TUNNEL_CONFIG, AT(PORT), d,
			  "the tunnel has %s", d->odd);
	if (d->xdp && !pn_gate_engine(run->g, d->ifindex))
		pn_gate_found_as(run, &xdp, "an XDP program is on %s", d->name);
}

/* A look-up from a program asks the device whether it forwards, the kernel the namespace. */
static void forwarding6_find(struct gate_run *run)
{
	bool off = !pn_gate_proc_number("/proc/sys/net/ipv6/conf/all/forwarding", 0);
	const struct gate_dev *d;

	for (d = run->g->devs; off && d < run->g->devs + run->g->n_devs; d++)
		if (d->tunnel && d->forwarding6)
			dev_found(run, PN_GATE_SYSCTL, AT(ROUTED6), d,
				  "%s forwards IPv6, but net.ipv6.conf.all.forwarding is off",
				  d->name);
}

int pn_gate_detect_topology(struct gate_run *run)
{
	const struct gate_dev *d;

	for (d = run->g->devs; d < run->g->devs + run->g->n_devs; d++) {
		upper_find(run, d);
		if (d->master)
			master_find(run, d);
		if (d->tunnel)
			tunnel_find(run, d);
		if (d->disable_ipv6)
			dev_found(run, PN_GATE_SYSCTL,
				  AT(OUTER6) | (d->tunnel ? AT(ROUTED6) : 0), d,
				  "net.ipv6.conf.%s.disable_ipv6 is set", d->name);
	}
	forwarding6_find(run);
	return 0;
}
