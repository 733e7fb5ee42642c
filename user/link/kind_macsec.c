// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * macsec: rtnetlink makes the device; its associations and their keys are
 * objects of their own.
 */
#include <linux/if_link.h>
#include <linux/if_macsec.h>
#include <stdio.h>

#include "link/hook_macsec.h"
#include "link/kind.h"

/* What the kernel tells of the first is the number that the standard had before. */
static const struct pn_named macsec_ciphers[] = {
	{ "gcm-aes-128", MACSEC_DEFAULT_CIPHER_ID },
	{ "default", MACSEC_DEFAULT_CIPHER_ID },
	{ "gcm-aes-256", MACSEC_CIPHER_ID_GCM_AES_256 },
	{ "gcm-aes-xpn-128", MACSEC_CIPHER_ID_GCM_AES_XPN_128 },
	{ "gcm-aes-xpn-256", MACSEC_CIPHER_ID_GCM_AES_XPN_256 },
	{ NULL, 0 },
};

static const struct pn_named macsec_validations[] = {
	{ "disabled", MACSEC_VALIDATE_DISABLED },
	{ "check", MACSEC_VALIDATE_CHECK },
	{ "strict", MACSEC_VALIDATE_STRICT },
	{ NULL, 0 },
};

static const struct pn_named macsec_offloads[] = {
	{ "off", MACSEC_OFFLOAD_OFF },
	{ "phy", MACSEC_OFFLOAD_PHY },
	{ "mac", MACSEC_OFFLOAD_MAC },
	{ NULL, 0 },
};

enum { ROW_SCI, ROW_PORT, ROW_SEND_SCI, ROW_END_STATION, ROW_SCB, ROW_REPLAY, ROW_WINDOW };

static const struct pn_row macsec_row[] = {
	[ROW_SCI] = { .name = "sci", .type = PN_T_SCI, .attr = IFLA_MACSEC_SCI,
	  .flags = PN_ROW_FIXED,
	  .help = "secure channel identifier: MAC address and port" },
	[ROW_PORT] = { .name = "port", .type = PN_T_SCI_PORT, .attr = IFLA_MACSEC_PORT,
	  .attr2 = IFLA_MACSEC_SCI, .min = 1, .max = 65535, .flags = PN_ROW_FIXED,
	  .help = "the port of it, where the MAC address is that of the device" },
	[ROW_SEND_SCI] = { .name = "send_sci", .type = PN_T_BOOL,
	  .attr = IFLA_MACSEC_INC_SCI, .def = "true", .help = "frames carry the identifier" },
	[ROW_END_STATION] = { .name = "end_station", .type = PN_T_BOOL,
	  .attr = IFLA_MACSEC_ES, .def = "false",
	  .help = "the identifier follows from the MAC address" },
	[ROW_SCB] = { .name = "scb", .type = PN_T_BOOL, .attr = IFLA_MACSEC_SCB,
	  .def = "false", .help = "single copy broadcast" },
	[ROW_REPLAY] = { .name = "replay", .type = PN_T_BOOL,
	  .attr = IFLA_MACSEC_REPLAY_PROTECT, .flags = PN_ROW_HOOK, .def = "false",
	  .help = "packet numbers may not come again" },
	/* Told, and set, while replay is on. */
	[ROW_WINDOW] = { .name = "window", .type = PN_T_U32, .attr = IFLA_MACSEC_WINDOW,
	  .flags = PN_ROW_HOOK, .max = UINT32_MAX, .unit = "packets",
	  .help = "but so much later (with replay)" },
	{ .name = "cipher", .type = PN_T_U64, .attr = IFLA_MACSEC_CIPHER_SUITE,
	  .named = macsec_ciphers, .flags = PN_ROW_FIXED, .def = "gcm-aes-128",
	  .help = "cipher, and length of keys and packet numbers" },
	{ .name = "icvlen", .type = PN_T_U8, .attr = IFLA_MACSEC_ICV_LEN, .min = 8,
	  .max = MACSEC_STD_ICV_LEN, .flags = PN_ROW_FIXED, .def = "16", .unit = "bytes",
	  .help = "length of the integrity check value" },
	{ .name = "encrypt", .type = PN_T_BOOL, .attr = IFLA_MACSEC_ENCRYPT, .def = "false",
	  .help = "encrypt, not only authenticate" },
	{ .name = "protect", .type = PN_T_BOOL, .attr = IFLA_MACSEC_PROTECT, .def = "true",
	  .help = "protect what is sent" },
	{ .name = "validate", .type = PN_T_U8, .attr = IFLA_MACSEC_VALIDATION,
	  .named = macsec_validations, .def = "strict",
	  .help = "what becomes of received frames that prove wrong" },
	{ .name = "encodingsa", .type = PN_T_U8, .attr = IFLA_MACSEC_ENCODING_SA, .max = 3,
	  .def = "0", .help = "the association that is sent with" },
	{ .name = "offload", .type = PN_T_U8, .attr = IFLA_MACSEC_OFFLOAD,
	  .named = macsec_offloads, .def = "off", .help = "who does the work" },
};

static bool is_on(const struct pn_value *v)
{
	return v->set && v->num;
}

static int refuse(int *row, int which, char *why, size_t why_len, const char *text)
{
	*row = which;
	snprintf(why, why_len, "%s", text);
	return -1;
}

static int macsec_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	if (v[ROW_SCI].set && v[ROW_PORT].set && (v[ROW_SCI].num & 0xffff) != v[ROW_PORT].num)
		return refuse(row, ROW_PORT, why, why_len,
			      "sci ends in another port: give one of them");
	if (is_on(&v[ROW_SEND_SCI]) && (is_on(&v[ROW_SCB]) || is_on(&v[ROW_END_STATION])))
		return refuse(row, ROW_SEND_SCI, why, why_len,
			      "must be off beside scb or end_station");
	if (is_on(&v[ROW_SCB]) && is_on(&v[ROW_END_STATION]))
		return refuse(row, ROW_SCB, why, why_len, "must be off beside end_station");
	if (is_on(&v[ROW_REPLAY]) && !v[ROW_WINDOW].set)
		return refuse(row, -1, why, why_len, "replay needs window");
	if (v[ROW_WINDOW].set && !is_on(&v[ROW_REPLAY]))
		return refuse(row, ROW_WINDOW, why, why_len, "needs replay: true");
	return 0;
}

const struct pn_kind pn_kind_macsec = {
	.name = "macsec",
	.help = "802.1AE above a lower device: frames authenticated and encrypted",
	.flags = PN_KIND_LOWER,
	.data = PN_ROWS(PN_AT_DATA, macsec_row),
	.check = macsec_check,
	.ops = &pn_macsec_ops,
};
