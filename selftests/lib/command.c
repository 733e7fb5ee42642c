// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Commands of others; see command.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "command.h"
#include "tap.h"

char *command_text(const char *command, int *status)
{
	char *text = NULL;
	size_t room = 0;
	FILE *f = popen(command, "re");
	int rc;

	if (!f || getdelim(&text, &room, '\0', f) < 0) {
		free(text);
		text = strdup("");
	}
	if (!text)
		tap_bail("out of memory");
	rc = f ? pclose(f) : -1;
	if (status)
		*status = rc >= 0 && WIFEXITED(rc) ? WEXITSTATUS(rc) : -1;
	return text;
}

bool shows(const char *command, const char *want)
{
	int status;
	char *text = command_text(command, &status);
	bool ok = want ? !!strstr(text, want) : !status;

	if (!ok)
		tap_fail("%s: no \"%s\" in: %.4000s", command, want ? want : "success", text);
	free(text);
	return ok;
}
