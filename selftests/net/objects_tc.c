// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Queueing disciplines of topology files. */
#include "objects.h"
#include "tap.h"

#define PAIR \
	"links:\n" \
	"  - {name: v0, kind: veth, up: true, address: '02:00:00:00:00:10',\n" \
	"     peer: {name: v1, address: '02:00:00:00:00:11', up: true}}\n"

/* It rounds bursts in its own way. */
#define TC	"tc -j qdisc"
#define CLASS(dev)	"tc -d class show dev " dev
/* Does this kernel have it? */
#define TRY(where, kind) \
	"exec >/dev/null 2>&1; tc qdisc add dev lo " kind " && tc qdisc del dev lo " where

static const struct object_scene scenes[] = {
	{
		.name = "token buckets",
		.needs = TRY("root", "root tbf rate 1mbit burst 10k latency 1ms"),
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, kind: tbf, handle: '1:', rate: 10mbit, burst: 32k,\n"
			"     latency: 50ms}\n"
			"  - {dev: v1, parent: root, kind: tbf, handle: '2:', rate: 1gbit,\n"
			"     burst: 64k, limit: 1m, peakrate: 2gbit, mtu: 1540}\n",
		.tools =
			"tc qdisc add dev v0 root handle 1: tbf rate 10mbit burst 32k "
			"latency 50ms\n"
			"tc qdisc add dev v1 root handle 2: tbf rate 1gbit burst 64k limit 1m "
			"peakrate 2gbit mtu 1540\n",
		.see = {
			{ TC, "\"kind\":\"tbf\",\"handle\":\"1:\",\"dev\":\"v0\",\"root\":true" },
			{ TC, "\"rate\":1250000,\"burst\":3276" },
			{ TC, "\"kind\":\"tbf\",\"handle\":\"2:\",\"dev\":\"v1\",\"root\":true" },
			{ TC, "\"rate\":125000000,\"burst\":655" },
			{ TC, "\"minburst\":15" },
		},
		.drift =
			"tc qdisc change dev v0 root handle 1: tbf rate 5mbit burst 16k "
			"latency 50ms\n"
			"tc qdisc del dev v1 root\n",
		.changed =
			"qdiscs:\n"
			"  - {dev: v0, kind: tbf, handle: '1:', rate: 20mbit, burst: 10k,\n"
			"     limit: 100k}\n"
			"  - {dev: v1, kind: pfifo, handle: '3:', limit: 7}\n",
		.see_changed = {
			{ TC, "\"rate\":2500000,\"burst\":10240" },
			{ TC, "\"kind\":\"pfifo\",\"handle\":\"3:\",\"dev\":\"v1\",\"root\":true" },
			{ TC, "\"limit\":7" },
		},
	},
	{
		.name = "queues of packets and of bytes",
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, kind: pfifo, handle: '1:', limit: 50}\n"
			"  - {dev: v1, kind: bfifo, handle: '1:', limit: 64k}\n",
		.tools =
			"tc qdisc add dev v0 root handle 1: pfifo limit 50\n"
			"tc qdisc add dev v1 root handle 1: bfifo limit 64k\n",
		.see = {
			{ TC, "\"kind\":\"pfifo\",\"handle\":\"1:\",\"dev\":\"v0\"" },
			{ TC, "\"limit\":50" },
			{ TC, "\"kind\":\"bfifo\",\"handle\":\"1:\",\"dev\":\"v1\"" },
			{ TC, "\"limit\":65536" },
		},
		.drift =
			"tc qdisc change dev v0 root pfifo limit 9\n"
			"tc qdisc replace dev v1 root handle 5: pfifo limit 3\n",
		.changed =
			"qdiscs:\n"
			"  - {dev: v0, kind: noqueue}\n"
			"  - {dev: v1, kind: bfifo, handle: '7:'}\n",
		.see_changed = {
			{ TC, "\"kind\":\"bfifo\",\"handle\":\"7:\",\"dev\":\"v1\"" },
			{ TC, "\"limit\":65536" },
		},
	},
	{
		.name = "where packets come in",
		.needs = TRY("clsact", "clsact"),
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, kind: clsact}\n"
			"  - {dev: v1, parent: ingress, kind: ingress}\n",
		.tools =
			"tc qdisc add dev v0 clsact\n"
			"tc qdisc add dev v1 ingress\n",
		.see = {
			{ TC, "\"kind\":\"clsact\",\"handle\":\"ffff:\",\"dev\":\"v0\"" },
			{ TC, "\"kind\":\"ingress\",\"handle\":\"ffff:\",\"dev\":\"v1\"" },
		},
		.drift = "tc qdisc del dev v0 clsact\n",
		.changed =
			"qdiscs:\n"
			"  - {dev: v1, kind: clsact}\n",
		.see_changed = {
			{ TC, "\"kind\":\"clsact\",\"handle\":\"ffff:\",\"dev\":\"v1\"" },
		},
	},
	{
		.name = "fq_codel",
		.needs = TRY("root", "root fq_codel"),
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, kind: fq_codel, handle: '1:'}\n"
			"  - {dev: v1, kind: fq_codel, handle: '2:', limit: 1000, flows: 512,\n"
			"     quantum: 300, target: 7ms, interval: 150ms, ce_threshold: 2ms,\n"
			"     ecn: false, memory_limit: 8m, drop_batch: 32}\n",
		.tools =
			"tc qdisc add dev v0 root handle 1: fq_codel\n"
			"tc qdisc add dev v1 root handle 2: fq_codel limit 1000 flows 512 "
			"quantum 300 target 7ms interval 150ms ce_threshold 2ms noecn "
			"memory_limit 8m drop_batch 32\n",
		.see = {
			{ TC, "\"kind\":\"fq_codel\",\"handle\":\"1:\",\"dev\":\"v0\"" },
			{ TC, "\"limit\":1000,\"flows\":512,\"quantum\":300" },
			{ TC, "\"memory_limit\":8388608,\"drop_batch\":32" },
		},
		.drift =
			"tc qdisc change dev v1 root handle 2: fq_codel limit 9 target 1ms ecn\n"
			"tc qdisc del dev v0 root\n",
		.changed =
			"qdiscs:\n"
			"  - {dev: v0, kind: fq_codel, target: 12345us}\n"
			"  - {dev: v1, kind: fq_codel, flows: 256, ecn: true}\n",
		.see_changed = {
			{ TC, "\"limit\":1000,\"flows\":256,\"quantum\":300" },
		},
	},
	{
		.name = "fq",
		.needs = TRY("root", "root fq"),
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, kind: fq, handle: '1:', limit: 5000, flow_limit: 50,\n"
			"     quantum: 3000, initial_quantum: 15000, maxrate: 1gbit,\n"
			"     buckets: 512, pacing: false}\n",
		.tools =
			"tc qdisc add dev v0 root handle 1: fq limit 5000 flow_limit 50 "
			"quantum 3000 initial_quantum 15000 maxrate 1gbit buckets 512 nopacing\n",
		.see = {
			{ TC, "\"kind\":\"fq\",\"handle\":\"1:\",\"dev\":\"v0\"" },
			{ TC, "\"limit\":5000,\"flow_limit\":50,\"buckets\":512" },
		},
		.drift = "tc qdisc change dev v0 root fq limit 9 maxrate 2gbit\n",
		.changed =
			"qdiscs:\n"
			"  - {dev: v0, kind: fq, maxrate: unlimited, horizon: 2s}\n",
		.see_changed = {
			{ TC, "\"limit\":5000,\"flow_limit\":50,\"buckets\":512" },
		},
	},
	{
		.name = "cake",
		.needs = TRY("root", "root cake"),
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, kind: cake, handle: '1:', bandwidth: 10mbit, rtt: 50ms,\n"
			"     diffserv: diffserv4, flowmode: dual-srchost, nat: true, wash: true,\n"
			"     ack-filter: enabled, overhead: 18, mpu: 64, atm: ptm}\n"
			"  - {dev: v1, kind: cake, handle: '1:', ingress: true, overhead: -4}\n",
		.tools =
			"tc qdisc add dev v0 root handle 1: cake bandwidth 10mbit rtt 50ms "
			"diffserv4 dual-srchost nat wash ack-filter overhead 18 mpu 64 ptm\n"
			"tc qdisc add dev v1 root handle 1: cake ingress overhead -4\n",
		.see = {
			{ TC, "\"bandwidth\":1250000,\"diffserv\":\"diffserv4\","
			  "\"flowmode\":\"dual-srchost\",\"nat\":true,\"wash\":true" },
			{ TC, "\"rtt\":50000" },
		},
		.drift = "tc qdisc change dev v0 root cake bandwidth 20mbit nowash\n",
		.changed =
			"qdiscs:\n"
			"  - {dev: v0, kind: cake, bandwidth: unlimited, diffserv: besteffort}\n",
		.see_changed = {
			{ TC, "\"bandwidth\":\"unlimited\",\"diffserv\":\"besteffort\"" },
		},
	},
	{
		.name = "bands of prio",
		.needs = TRY("root", "root prio"),
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, kind: prio, handle: '1:', bands: 4,\n"
			"     priomap: [1, 2, 2, 2, 1, 2, 0, 0, 3, 1, 1, 1, 1, 1, 1, 1]}\n"
			"  - {dev: v0, parent: '1:2', kind: pfifo, handle: '20:', limit: 20}\n",
		.tools =
			"tc qdisc add dev v0 root handle 1: prio bands 4 "
			"priomap 1 2 2 2 1 2 0 0 3 1 1 1 1 1 1 1\n"
			"tc qdisc add dev v0 parent 1:2 handle 20: pfifo limit 20\n",
		.see = {
			{ TC, "\"kind\":\"prio\",\"handle\":\"1:\",\"dev\":\"v0\"" },
			{ TC, "\"bands\":4,\"priomap\":[1,2,2,2,1,2,0,0,3,1,1,1,1,1,1,1]" },
			{ TC, "\"kind\":\"pfifo\",\"handle\":\"20:\",\"dev\":\"v0\","
			  "\"parent\":\"1:2\"" },
		},
		.drift = "tc qdisc del dev v0 parent 1:2\n",
		.changed =
			"qdiscs:\n"
			"  - {dev: v0, kind: prio, bands: 5}\n",
		.see_changed = {
			{ TC, "\"bands\":5" },
		},
	},
	{
		.name = "sfq",
		.needs = TRY("root", "root sfq"),
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, kind: sfq, handle: '1:', perturb: 10, quantum: 3000}\n",
		.tools =
			"tc qdisc add dev v0 root handle 1: sfq perturb 10 quantum 3000\n",
		.see = {
			{ TC, "\"kind\":\"sfq\",\"handle\":\"1:\",\"dev\":\"v0\"" },
			{ TC, "\"perturb\":10" },
		},
		.drift = "tc qdisc replace dev v0 root handle 2: sfq perturb 5\n",
		.changed =
			"qdiscs:\n"
			"  - {dev: v0, kind: sfq, perturb: 20}\n",
		.see_changed = {
			{ TC, "\"quantum\":3000" },
			{ TC, "\"perturb\":20" },
		},
	},
	{
		.name = "htb",
		.needs = TRY("root", "root htb"),
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, kind: htb, handle: '1:', default: 20, r2q: 5}\n",
		.tools =
			"tc qdisc add dev v0 root handle 1: htb default 20 r2q 5\n",
		.see = {
			{ TC, "\"kind\":\"htb\",\"handle\":\"1:\",\"dev\":\"v0\"" },
			{ TC, "\"r2q\":5,\"default\":\"0x20\"" },
		},
		.drift = "tc qdisc del dev v0 root\n",
		.changed =
			"qdiscs:\n"
			"  - {dev: v0, kind: htb, default: '0x30'}\n",
		.see_changed = {
			{ TC, "\"r2q\":5,\"default\":\"0x30\"" },
		},
	},
	{
		.name = "classes of htb",
		.needs = TRY("root", "root htb"),
		.links = PAIR,
		.objects =
			"qdiscs:\n"
			"  - {dev: v0, parent: '1:10', kind: pfifo, handle: '10:', limit: 20}\n"
			"  - {dev: v0, kind: htb, handle: '1:', default: 20}\n"
			"  - {dev: v1, kind: htb, handle: '2:'}\n"
			"classes:\n"
			"  - {dev: v0, parent: '1:1', classid: '1:10', rate: 10mbit,\n"
			"     ceil: 50mbit, burst: 20k, cburst: 25k, prio: 2, quantum: 3000,\n"
			"     overhead: 24, mpu: 64, linklayer: atm}\n"
			"  - {dev: v0, parent: '1:', classid: '1:1', kind: htb,\n"
			"     rate: 50mbit}\n"
			"  - {dev: v0, parent: '1:1', classid: '1:20', rate: 40mbit}\n"
			"  - {dev: v1, classid: '2:1', rate: 40gbit, ceil: 50gbit, burst: 1m}\n",
		.tools =
			"tc qdisc add dev v0 root handle 1: htb default 20\n"
			"tc class add dev v0 parent 1: classid 1:1 htb rate 50mbit\n"
			"tc class add dev v0 parent 1:1 classid 1:10 htb rate 10mbit ceil 50mbit "
			"burst 20k cburst 25k prio 2 quantum 3000 overhead 24 "
			"mpu 64 linklayer atm\n"
			"tc class add dev v0 parent 1:1 classid 1:20 htb rate 40mbit\n"
			"tc qdisc add dev v0 parent 1:10 handle 10: pfifo limit 20\n"
			"tc qdisc add dev v1 root handle 2: htb\n"
			"tc class add dev v1 classid 2:1 htb rate 40gbit ceil 50gbit "
			"burst 1m\n",
		.see = {
			{ TC, "\"kind\":\"pfifo\",\"handle\":\"10:\",\"dev\":\"v0\","
			  "\"parent\":\"1:10\"" },
			{ CLASS("v0"), "class htb 1:1 root rate 50Mbit ceil 50Mbit "
			  "linklayer ethernet burst 1600b/1 mpu 0b cburst 1600b/1" },
			{ CLASS("v0"), "class htb 1:10 parent 1:1 leaf 10: prio 2 quantum 3000 "
			  "rate 10Mbit overhead 24 ceil 50Mbit linklayer atm "
			  "burst 20Kb/1 mpu 64b cburst 2" },
			{ CLASS("v0"), "1:20 parent 1:1 prio 0 quantum 200000 rate 40Mbit "
			  "ceil 40Mbit" },
			{ CLASS("v1"), "class htb 2:1 root prio 0 quantum 200000 rate 40Gbit "
			  "ceil 50Gbit" },
		},
		.drift =
			"tc class change dev v0 parent 1:1 classid 1:10 htb rate 5mbit ceil 20mbit "
			"prio 3\n"
			"tc qdisc del dev v0 parent 1:10\n"
			"tc class del dev v0 classid 1:20\n",
		/* Another default: the qdisc is made anew, and all below it comes back. */
		.changed =
			"qdiscs:\n"
			"  - {dev: v0, parent: '1:10', kind: pfifo, handle: '10:', limit: 20}\n"
			"  - {dev: v0, kind: htb, handle: '1:', default: 10}\n"
			"classes:\n"
			"  - {dev: v0, parent: '1:20', classid: '1:10', rate: 20mbit}\n"
			"  - {dev: v0, classid: '1:1', rate: 60mbit, ceil: 70mbit}\n"
			"  - {dev: v0, parent: '1:1', classid: '1:20', rate: 40mbit}\n"
			"  - {dev: v0, parent: '1:1', classid: '1:30', rate: 1mbit}\n",
		.see_changed = {
			{ TC, "\"default\":\"0x10\"" },
			{ TC, "\"kind\":\"pfifo\",\"handle\":\"10:\",\"dev\":\"v0\","
			  "\"parent\":\"1:10\"" },
			{ CLASS("v0"), "class htb 1:1 root rate 60Mbit ceil 70Mbit" },
			{ CLASS("v0"), "class htb 1:10 parent 1:20 leaf 10: prio 2" },
			{ CLASS("v0"), "class htb 1:20 parent 1:1 rate 40Mbit" },
			{ CLASS("v0"), "1:30 parent 1:1 prio 0 quantum 12500 rate 1Mbit" },
		},
	},
};

int main(void)
{
	objects_test(scenes, sizeof(scenes) / sizeof(scenes[0]));
	return tap_done();
}
