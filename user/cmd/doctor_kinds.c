// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Which kinds of tunnels this kernel has: registered, in a module that comes
 * when the first device is made, or not at all. Asks without loading anything.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cmd/doctor_checks.h"
#include "nl/fou.h"
#include "nl/link.h"

#define ALIAS	"alias rtnl-link-"

static const char *const kinds[] = {
	"vxlan", "geneve", "gre", "gretap", "erspan", "ip6gre", "ip6gretap", "ip6erspan",
	"ipip", "sit", "ip6tnl", "vti", "vti6",
};

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

enum where { MISSING, MODULE, HERE, PLACES };

/* A file below the running kernel's modules; NULL: it has none. */
static FILE *modules_open(const char *file)
{
	char path[160];
	struct utsname uts;

	uname(&uts);
	snprintf(path, sizeof(path), "/lib/modules/%.80s/%s", uts.release, file);
	return fopen(path, "re");
}

/* Lines "alias rtnl-link-gretap ip_gre". */
static void modules_read(enum where *where)
{
	FILE *f = modules_open("modules.alias");
	char line[256], *end;
	size_t i;

	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, ALIAS, strlen(ALIAS)) != 0)
			continue;
		end = strchr(line + strlen(ALIAS), ' ');
		if (end)
			*end = '\0';
		for (i = 0; i < KINDS; i++)
			if (where[i] == MISSING && !strcmp(line + strlen(ALIAS), kinds[i]))
				where[i] = MODULE;
	}
	if (f)
		fclose(f);
}

static bool fou_is_module(void)
{
	FILE *f = modules_open("modules.dep");
	bool found = false;
	char line[512];

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, "/fou.ko");
	if (f)
		fclose(f);
	return found;
}

static int kind_ask(struct pn_nl *nl, const char *kind, bool *known)
{
	int tries = PN_NL_DUMP_TRIES, ret;

	do
		ret = pn_nl_link_kind(nl, kind, known);
	while (ret == -EINTR && --tries);
	return ret;
}

static int kinds_read(enum where *where)
{
	struct pn_nl nl = { 0 };
	bool known = false;
	int ret = pn_nl_open(&nl, NETLINK_ROUTE, NULL);
	size_t i;

	for (i = 0; i < KINDS && !ret; i++) {
		ret = kind_ask(&nl, kinds[i], &known);
		where[i] = known ? HERE : MISSING;
	}
	pn_nl_close(&nl);
	if (!ret)
		modules_read(where);
	return ret;
}

/* Those that are there, in a row. False: there are none. */
static bool kinds_list(const enum where *where, enum where there, char *text, size_t size)
{
	size_t i, len = strlen(text), start = len;

	for (i = 0; i < KINDS; i++)
		if (where[i] == there)
			len += snprintf(text + len, size - len, "%s%s", len > start ? ", " : "",
					kinds[i]);
	return len > start;
}

static void links_check(struct pn_out *o)
{
	char text[200] = "";
	enum where where[KINDS];
	int ret = kinds_read(where);

	if (ret) {
		snprintf(text, sizeof(text), "the kernel does not tell: %s", strerror(-ret));
		pn_finding(o, "tunnel kinds", PN_NOTE, text, NULL);
		return;
	}
	if (kinds_list(where, HERE, text, sizeof(text)))
		pn_finding(o, "tunnel kinds", PN_GOOD, text, NULL);
	snprintf(text, sizeof(text), "loaded when the first device is made: ");
	if (kinds_list(where, MODULE, text, sizeof(text)))
		pn_finding(o, "tunnel modules", PN_GOOD, text, NULL);
	snprintf(text, sizeof(text), "not in this kernel: ");
	if (kinds_list(where, MISSING, text, sizeof(text)))
		pn_finding(o, "tunnel kinds", PN_NOTE, text, NULL);
}

/* No link type brings it along, so it has a cure where others need none. */
static void fou_check(struct pn_out *o)
{
	struct pn_nl nl = { 0 };
	bool known = false;
	int ret = pn_nl_open(&nl, NETLINK_GENERIC, NULL);

	if (!ret)
		ret = pn_nl_fou_known(&nl, &known);
	pn_nl_close(&nl);
	if (ret)
		pn_finding(o, "fou", PN_NOTE,
				  "the kernel does not tell whether it has FOU and GUE", NULL);
	else if (known)
		pn_finding(o, "fou", PN_GOOD, "UDP ports may be FOU and GUE", NULL);
	else if (fou_is_module())
		pn_finding(o, "fou", PN_NOTE,
				  "no FOU and GUE before their module is loaded",
				  "modprobe -a fou fou6");
	else
		pn_finding(o, "fou", PN_NOTE, "not in this kernel: FOU and GUE",
				  NULL);
}

void pn_doctor_kinds(struct pn_out *o)
{
	links_check(o);
	fou_check(o);
}
