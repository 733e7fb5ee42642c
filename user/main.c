// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The command table. What runs it is in cli/cmd.c. */
#include <bpf/libbpf.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "nl/netns.h"
#include "util/log.h"

extern const struct pn_cmd pn_cmd_apply, pn_cmd_delete, pn_cmd_plan, pn_cmd_run,
	pn_cmd_attach, pn_cmd_detach, pn_cmd_show, pn_cmd_stats, pn_cmd_export,
	pn_cmd_explain, pn_cmd_graph, pn_cmd_doctor, pn_cmd_version, pn_cmd_help;

/* In the order of the help text. */
static const struct pn_cmd *const table[] = {
	&pn_cmd_plan, &pn_cmd_apply, &pn_cmd_delete, &pn_cmd_run, &pn_cmd_attach,
	&pn_cmd_detach, &pn_cmd_show, &pn_cmd_stats, &pn_cmd_export, &pn_cmd_explain,
	&pn_cmd_graph, &pn_cmd_doctor, &pn_cmd_version, &pn_cmd_help, NULL,
};

/* What libbpf says is detail: the command says what failed in its own words. */
static int libbpf_to_log(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	pn_log_v(PN_LOG_DEBUG, fmt, ap);
	return 0;
}

static int netns_enter(const char *name, struct pn_err *err)
{
	int fd = pn_netns_open(name, err);
	int home, ret;

	if (fd < 0)
		return fd;
	ret = pn_netns_enter(fd, &home);
	close(fd);
	if (ret) {
		pn_err_set(err, PN_EXIT_KERNEL, -ret, name,
			   "cannot enter network namespace: %s", strerror(-ret));
		pn_err_hint(err, "run it as root (CAP_SYS_ADMIN)");
		return ret;
	}
	close(home);
	return 0;
}

int main(int argc, char **argv)
{
	libbpf_set_print(libbpf_to_log);
	return pn_cmd_main(table, netns_enter, argc, argv);
}
