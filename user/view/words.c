// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Words as tables; see words.h. `ip` prints the same ones. */
#include <linux/if_arp.h>

#include "view/words.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* By rising number. */
static const struct {
	uint16_t type;
	const char *word;
} types[] = {
	{ ARPHRD_NETROM, "generic" },
	{ ARPHRD_ETHER, "ether" },
	{ ARPHRD_EETHER, "eether" },
	{ ARPHRD_AX25, "ax25" },
	{ ARPHRD_IEEE802, "ieee802" },
	{ ARPHRD_ARCNET, "arcnet" },
	{ ARPHRD_APPLETLK, "atalk" },
	{ ARPHRD_DLCI, "dlci" },
	{ ARPHRD_ATM, "atm" },
	{ ARPHRD_IEEE1394, "ieee1394" },
	{ ARPHRD_INFINIBAND, "infiniband" },
	{ ARPHRD_SLIP, "slip" },
	{ ARPHRD_CSLIP, "cslip" },
	{ ARPHRD_SLIP6, "slip6" },
	{ ARPHRD_CSLIP6, "cslip6" },
	{ ARPHRD_ROSE, "rose" },
	{ ARPHRD_X25, "x25" },
	{ ARPHRD_HWX25, "hwx25" },
	{ ARPHRD_CAN, "can" },
	{ ARPHRD_MCTP, "mctp" },
	{ ARPHRD_PPP, "ppp" },
	{ ARPHRD_CISCO, "hdlc" },
	{ ARPHRD_LAPB, "lapb" },
	{ ARPHRD_RAWHDLC, "rawhdlc" },
	{ ARPHRD_RAWIP, "rawip" },
	{ ARPHRD_TUNNEL, "ipip" },
	{ ARPHRD_TUNNEL6, "tunnel6" },
	{ ARPHRD_FRAD, "frad" },
	{ ARPHRD_SKIP, "skip" },
	{ ARPHRD_LOOPBACK, "loopback" },
	{ ARPHRD_LOCALTLK, "ltalk" },
	{ ARPHRD_FDDI, "fddi" },
	{ ARPHRD_SIT, "sit" },
	{ ARPHRD_IPDDP, "ip/ddp" },
	{ ARPHRD_IPGRE, "gre" },
	{ ARPHRD_PIMREG, "pimreg" },
	{ ARPHRD_HIPPI, "hippi" },
	{ ARPHRD_IRDA, "irda" },
	{ ARPHRD_FCPP, "fcpp" },
	{ ARPHRD_FCAL, "fcal" },
	{ ARPHRD_FCPL, "fcpl" },
	{ ARPHRD_IEEE802_TR, "tr" },
	{ ARPHRD_IEEE80211, "ieee802.11" },
	{ ARPHRD_IEEE80211_PRISM, "ieee802.11/prism" },
	{ ARPHRD_IEEE80211_RADIOTAP, "ieee802.11/radiotap" },
	{ ARPHRD_IEEE802154, "ieee802.15.4" },
	{ ARPHRD_IEEE802154_MONITOR, "ieee802.15.4/monitor" },
	{ ARPHRD_PHONET, "phonet" },
	{ ARPHRD_PHONET_PIPE, "phonet_pipe" },
	{ ARPHRD_CAIF, "caif" },
	{ ARPHRD_IP6GRE, "gre6" },
	{ ARPHRD_NETLINK, "netlink" },
	{ ARPHRD_6LOWPAN, "6lowpan" },
	{ ARPHRD_VSOCKMON, "vsockmon" },
	{ ARPHRD_NONE, "none" },
	{ ARPHRD_VOID, "void" },
};

const char *pn_arphrd_word(uint16_t type)
{
	unsigned int i;

	for (i = 0; i < N(types); i++)
		if (types[i].type == type)
			return types[i].word;
	return NULL;
}

const char *const pn_iff_words[PN_FLAG_BITS] = {
	"UP", "BROADCAST", "DEBUG", "LOOPBACK", "POINTOPOINT", "NOTRAILERS", "RUNNING",
	"NOARP", "PROMISC", "ALLMULTI", "MASTER", "SLAVE", "MULTICAST", "PORTSEL", "AUTOMEDIA",
	"DYNAMIC", "LOWER_UP", "DORMANT", "ECHO",
};

/* As the kernel's own description of family netdev calls them. */
const char *const pn_xdp_feature_words[PN_XDP_FEATURES] = {
	"basic", "redirect", "ndo-xmit", "xsk-zerocopy", "hw-offload", "rx-sg", "ndo-xmit-sg",
};

const char *pn_operstate_word(uint8_t state)
{
	static const char *const words[] = {
		"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP",
	};

	return state < N(words) ? words[state] : words[0];
}
