// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One entry program of the data plane, compiled for user space: XDP's, or tc's
 * with PIPE_TC. See pipe.h.
 */
#include <penstock/abi.h>

#include <bpf/bpf_helpers.h>

/* a loader writes it before the program is verified, here it is written at run time */
#define const
#include "lib/config.h"
#undef const

#include "pipe.h"

#ifdef PIPE_TC
#include "tc_port.bpf.c"
#define PROGRAM tc_port
const bool pipe_is_tc = true;
#else
#include "xdp_port.bpf.c"
#define PROGRAM xdp_port
const bool pipe_is_tc;
#endif

#define MAP(m) \
	{ &m, #m, sizeof(*m.value), sizeof(*m.max_entries) / sizeof(int), NULL }

struct pipe_map pipe_maps[] = {
	MAP(pn_ports),
	MAP(pn_tunnels),
	MAP(pn_fdb),
	MAP(pn_demux),
	MAP(pn_endpoints),
	MAP(pn_control),
	MAP(pn_port_stats),
	MAP(pn_tun_stats),
	MAP(pn_peer_stats),
	MAP(pn_peers),
	MAP(pn_shapers),
	MAP(pn_masks),
	MAP(pn_matches),
	MAP(pn_match_keys),
	MAP(pn_shaper_stats),
	MAP(pn_cpumap),
	MAP(pn_queues),
	MAP(pn_spread),
	MAP(pn_sources),
	MAP(pn_explain),
	MAP(pn_neigh_stamps),
	MAP(pn_levels),
	MAP(pn_packet),
	{ 0 },
};

void pipe_configure(const struct pn_conf *conf)
{
	__builtin_memcpy((void *)&pn_conf, conf, sizeof(*conf));
}

int pipe_program(void *ctx)
{
	return PROGRAM(ctx);
}
