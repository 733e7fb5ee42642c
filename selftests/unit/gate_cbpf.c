// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Socket filters over partly known packets: filters as tcpdump writes them
 * against a tunnel's packet, and random filters against an interpreter: one
 * that accepts a packet must never be said to accept none of its kind.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/gate_cbpf.h"
#include "tap.h"

#define PROG_MAX 32

/* As `tcpdump -ddd` prints it, lines joined. */
struct filter_row {
	const char *name;
	const char *text;
	bool vxlan;	/* may take a UDP/IPv4 packet to port 4789 */
	bool unicast;	/* may take some unicast frame */
};

static const struct filter_row filter_rows[] = {
	{ "udp port 68",
	  "40 0 0 12;21 0 6 34525;48 0 0 20;21 0 15 17;40 0 0 54;21 12 0 68;40 0 0 56;"
	  "21 10 11 68;21 0 10 2048;48 0 0 23;21 0 8 17;40 0 0 20;69 6 0 8191;177 0 0 14;"
	  "72 0 0 14;21 2 0 68;72 0 0 16;21 0 1 68;6 0 0 262144;6 0 0 0;", true, true },
	{ "udp dst port 68",
	  "40 0 0 12;21 0 4 34525;48 0 0 20;21 0 11 17;40 0 0 56;21 8 9 68;21 0 8 2048;"
	  "48 0 0 23;21 0 6 17;40 0 0 20;69 4 0 8191;177 0 0 14;72 0 0 16;21 0 1 68;"
	  "6 0 0 262144;6 0 0 0;", false, true },
	{ "udp dst port 4789",
	  "40 0 0 12;21 0 4 34525;48 0 0 20;21 0 11 17;40 0 0 56;21 8 9 4789;21 0 8 2048;"
	  "48 0 0 23;21 0 6 17;40 0 0 20;69 4 0 8191;177 0 0 14;72 0 0 16;21 0 1 4789;"
	  "6 0 0 262144;6 0 0 0;", true, true },
	{ "tcp port 22",
	  "40 0 0 12;21 0 6 34525;48 0 0 20;21 0 15 6;40 0 0 54;21 12 0 22;40 0 0 56;"
	  "21 10 11 22;21 0 10 2048;48 0 0 23;21 0 8 6;40 0 0 20;69 6 0 8191;177 0 0 14;"
	  "72 0 0 14;21 2 0 22;72 0 0 16;21 0 1 22;6 0 0 262144;6 0 0 0;", false, true },
	{ "icmp or arp",
	  "40 0 0 12;21 0 2 2048;48 0 0 23;21 1 2 1;21 0 1 2054;6 0 0 262144;6 0 0 0;",
	  false, true },
	{ "ip host 10.0.0.9 and udp",
	  "40 0 0 12;21 0 7 2048;32 0 0 26;21 2 0 167772169;32 0 0 30;21 0 3 167772169;"
	  "48 0 0 23;21 0 1 17;6 0 0 262144;6 0 0 0;", true, true },
	{ "multicast (lldpd)", "48 0 0 0;69 0 1 1;6 0 0 262144;6 0 0 0;", false, false },
	{ "everything", "6 0 0 262144;", true, true },
	{ "nothing", "6 0 0 0;", false, false },
	{ "outgoing only", "48 0 0 4294963204;21 0 1 4;6 0 0 262144;6 0 0 0;", false, true },
	{ "protocol by ancillary data", "40 0 0 4294963200;21 0 1 2054;6 0 0 1;6 0 0 0;",
	  false, true },
};

static size_t filter_read(const char *text, struct sock_filter *prog)
{
	unsigned int code, jt, jf, k;
	size_t n = 0;

	for (; sscanf(text, "%u %u %u %u;", &code, &jt, &jf, &k) == 4;
	     text = strchr(text, ';') + 1)
		prog[n++] = (struct sock_filter){ code, jt, jf, k };
	return n;
}

static void known(struct pn_cbpf_packet *p, unsigned int at, uint8_t value, uint8_t bits)
{
	p->value[at] = value;
	p->known[at] = bits;
}

static struct pn_cbpf_packet vxlan_packet(void)
{
	struct pn_cbpf_packet p = { .protocol = ETH_P_IP, .pkttype = PACKET_HOST };

	known(&p, 0, 0, 1);
	known(&p, 12, 8, 0xff);
	known(&p, 13, 0, 0xff);
	known(&p, 14, 0x45, 0xff);
	known(&p, 20, 0, 0xbf);
	known(&p, 21, 0, 0xff);
	known(&p, 23, IPPROTO_UDP, 0xff);
	known(&p, 36, 4789 >> 8, 0xff);
	known(&p, 37, 4789 & 0xff, 0xff);
	return p;
}

static void filters_run(void)
{
	struct pn_cbpf_packet vxlan = vxlan_packet();
	struct pn_cbpf_packet any = { .pkttype = -1 };
	struct sock_filter prog[PROG_MAX];
	size_t i, n;

	known(&any, 0, 0, 1);
	for (i = 0; i < sizeof(filter_rows) / sizeof(filter_rows[0]); i++) {
		const struct filter_row *r = &filter_rows[i];

		n = filter_read(r->text, prog);
		tap_case("filter: %s", r->name);
		tap_eq(pn_cbpf_may_accept(prog, n, &vxlan), r->vxlan, "tunnel packet");
		tap_eq(pn_cbpf_may_accept(prog, n, &any), r->unicast, "unicast frame");
		tap_end();
	}
}

/* --- an interpreter ------------------------------------------------------ */

struct machine {
	uint32_t a, x, m[BPF_MEMWORDS];
	bool dead;	/* a load or a division that ends the filter with 0 */
};

static uint32_t fetch(struct machine *s, const uint8_t *bytes, uint64_t at, unsigned int size)
{
	uint32_t v = 0;

	if (at + size > PN_CBPF_BYTES) {
		s->dead = true;
		return 0;
	}
	while (size--)
		v = v << 8 | bytes[at++];
	return v;
}

static uint32_t fetched(struct machine *s, const struct sock_filter *f, const uint8_t *bytes)
{
	unsigned int size = BPF_SIZE(f->code) == BPF_W ? 4 : BPF_SIZE(f->code) == BPF_H ? 2 : 1;

	switch (BPF_MODE(f->code)) {
	case BPF_IMM:
		return f->k;
	case BPF_MEM:
		return s->m[f->k];
	case BPF_LEN:
		return PN_CBPF_BYTES;
	case BPF_MSH:
		return (fetch(s, bytes, f->k, 1) & 0xf) * 4;
	case BPF_IND:
		return fetch(s, bytes, (uint64_t)s->x + f->k, size);
	default:
		return fetch(s, bytes, f->k, size);
	}
}

static uint32_t computed(struct machine *s, uint16_t op, uint32_t b)
{
	switch (op) {
	case BPF_ADD:
		return s->a + b;
	case BPF_SUB:
		return s->a - b;
	case BPF_MUL:
		return s->a * b;
	case BPF_DIV:
	case BPF_MOD:
		s->dead = !b;
		return !b ? 0 : op == BPF_DIV ? s->a / b : s->a % b;
	case BPF_AND:
		return s->a & b;
	case BPF_OR:
		return s->a | b;
	case BPF_XOR:
		return s->a ^ b;
	case BPF_LSH:
		return s->a << (b & 31);
	case BPF_RSH:
		return s->a >> (b & 31);
	default:
		return -s->a;
	}
}

static bool jumps(const struct machine *s, uint16_t op, uint32_t b)
{
	return op == BPF_JEQ ? s->a == b : op == BPF_JGT ? s->a > b :
	       op == BPF_JGE ? s->a >= b : (s->a & b) != 0;
}

static void step(struct machine *s, const struct sock_filter *f, const uint8_t *bytes,
		 size_t *pc)
{
	uint32_t b = BPF_SRC(f->code) == BPF_X ? s->x : f->k;

	switch (BPF_CLASS(f->code)) {
	case BPF_LD:
		s->a = fetched(s, f, bytes);
		break;
	case BPF_LDX:
		s->x = fetched(s, f, bytes);
		break;
	case BPF_ST:
		s->m[f->k] = s->a;
		break;
	case BPF_STX:
		s->m[f->k] = s->x;
		break;
	case BPF_ALU:
		s->a = computed(s, BPF_OP(f->code), b);
		break;
	case BPF_JMP:
		*pc += jumps(s, BPF_OP(f->code), b) ? f->jt : f->jf;
		break;
	default:
		if (BPF_MISCOP(f->code) == BPF_TAX)
			s->x = s->a;
		else
			s->a = s->x;
	}
}

static bool accepts(const struct sock_filter *prog, size_t n, const uint8_t *bytes)
{
	struct machine s = { 0 };
	size_t pc;

	for (pc = 0; pc < n; pc++) {
		if (BPF_CLASS(prog[pc].code) == BPF_RET)
			return (BPF_RVAL(prog[pc].code) == BPF_A ? s.a : prog[pc].k) != 0;
		step(&s, &prog[pc], bytes, &pc);
		if (s.dead)
			return false;
	}
	return false;
}

/* --- random filters ------------------------------------------------------ */

static const uint16_t codes[] = {
	BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_H | BPF_ABS, BPF_LD | BPF_B | BPF_ABS,
	BPF_LD | BPF_B | BPF_IND, BPF_LD | BPF_H | BPF_IND, BPF_LD | BPF_IMM,
	BPF_LD | BPF_MEM, BPF_LD | BPF_LEN, BPF_LDX | BPF_B | BPF_MSH, BPF_LDX | BPF_IMM,
	BPF_LDX | BPF_MEM, BPF_ST, BPF_STX, BPF_ALU | BPF_ADD | BPF_K,
	BPF_ALU | BPF_SUB | BPF_X, BPF_ALU | BPF_MUL | BPF_K, BPF_ALU | BPF_DIV | BPF_K,
	BPF_ALU | BPF_MOD | BPF_X, BPF_ALU | BPF_AND | BPF_K, BPF_ALU | BPF_OR | BPF_K,
	BPF_ALU | BPF_XOR | BPF_X, BPF_ALU | BPF_LSH | BPF_K, BPF_ALU | BPF_RSH | BPF_K,
	BPF_ALU | BPF_NEG, BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JEQ | BPF_X,
	BPF_JMP | BPF_JGT | BPF_K, BPF_JMP | BPF_JGE | BPF_K, BPF_JMP | BPF_JSET | BPF_K,
	BPF_MISC | BPF_TAX, BPF_MISC | BPF_TXA,
};

static struct sock_filter insn_random(size_t left)
{
	struct sock_filter f = { 0 };

	f.code = codes[rand() % (sizeof(codes) / sizeof(codes[0]))];
	f.k = rand() % 2 ? rand() % 4 : rand() % 64;
	if (BPF_CLASS(f.code) == BPF_ST || BPF_CLASS(f.code) == BPF_STX ||
	    (BPF_CLASS(f.code) <= BPF_LDX && BPF_MODE(f.code) == BPF_MEM))
		f.k %= BPF_MEMWORDS;
	if (BPF_CLASS(f.code) == BPF_ALU && BPF_OP(f.code) >= BPF_LSH)
		f.k %= 32;
	if (BPF_CLASS(f.code) == BPF_JMP) {
		f.jt = rand() % left;
		f.jf = rand() % left;
	}
	return f;
}

static size_t filter_random(struct sock_filter *prog)
{
	size_t n = 3 + rand() % (PROG_MAX - 4);
	size_t i;

	for (i = 0; i < n - 2; i++)
		prog[i] = insn_random(n - 1 - i);
	prog[n - 2] = (struct sock_filter){ BPF_RET | BPF_K, 0, 0, rand() % 2 };
	prog[n - 1] = (struct sock_filter){ rand() % 2 ? BPF_RET | BPF_A : BPF_RET | BPF_K,
					    0, 0, rand() % 2 };
	return n;
}

static void random_run(void)
{
	struct pn_cbpf_packet p = { .pkttype = -1 };
	struct sock_filter prog[PROG_MAX];
	uint8_t bytes[PN_CBPF_BYTES];
	int i, b, n, refused = 0, wrong = 0;

	srand(1);
	for (i = 0; i < 100000; i++) {
		for (b = 0; b < PN_CBPF_BYTES; b++) {
			bytes[b] = rand() % 4;
			p.known[b] = rand() % 3 ? 0xff : rand();
			p.value[b] = bytes[b] & p.known[b];
		}
		n = filter_random(prog);
		if (pn_cbpf_may_accept(prog, n, &p))
			continue;
		refused++;
		wrong += accepts(prog, n, bytes);
	}
	tap_case("no filter that accepts is said to refuse");
	tap_eq(wrong, 0, "wrong proofs");
	tap_true(refused > 10000, "and many refusals are proven");
	tap_end();
}

int main(void)
{
	filters_run();
	random_run();
	return tap_done();
}
