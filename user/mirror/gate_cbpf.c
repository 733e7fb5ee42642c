// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Classic BPF over partly known numbers: every number is a value and a mask of
 * the bits of it that are known, and where a comparison is not decided by them
 * both ways are walked. Jumps only go forward, so walks end; a filter that
 * needs too many steps counts as one that accepts.
 */
#include <string.h>

#include "mirror/gate_cbpf.h"

#define STEPS_MAX	20000
#define STATES_MAX	128

/* A number: bits outside @known are zero in @v and may be anything. */
struct num {
	uint32_t v;
	uint32_t known;
};

struct state {
	size_t pc;
	struct num a, x;
	struct num m[BPF_MEMWORDS];
};

static const struct num unknown;

static struct num num_of(uint32_t v)
{
	return (struct num){ v, ~0u };
}

static bool num_exact(struct num n)
{
	return n.known == ~0u;
}

static uint32_t num_max(struct num n)
{
	return n.v | ~n.known;
}

/* --- loads -------------------------------------------------------------- */

/* What is beyond the known bytes is unknown; above the load's size is zero. */
static struct num load_sized(const struct pn_cbpf_packet *p, int64_t at, unsigned int size)
{
	struct num n = { 0 };
	unsigned int i;

	for (i = 0; i < size; i++, at++) {
		n.v <<= 8;
		n.known <<= 8;
		if (at < 0 || at >= PN_CBPF_BYTES)
			continue;
		n.v |= p->value[at] & p->known[at];
		n.known |= p->known[at];
	}
	if (size < 4)
		n.known |= ~0u << (8 * size);
	return n;
}

static struct num load_ancillary(const struct pn_cbpf_packet *p, int32_t what)
{
	if (what == SKF_AD_PROTOCOL && p->protocol)
		return num_of(p->protocol);
	if (what == SKF_AD_PKTTYPE && p->pkttype >= 0)
		return num_of(p->pkttype);
	return unknown;
}

/* Negative offsets are ancillary data, or count from a header of their own. */
static struct num load(const struct pn_cbpf_packet *p, int32_t k, unsigned int size)
{
	if (k >= 0)
		return load_sized(p, (int64_t)p->start + k, size);
	if (k >= SKF_AD_OFF)
		return load_ancillary(p, k - SKF_AD_OFF);
	if (k >= SKF_NET_OFF)
		return load_sized(p, 14 + (int64_t)k - SKF_NET_OFF, size);
	return load_sized(p, (int64_t)k - SKF_LL_OFF, size);
}

static unsigned int code_size(uint16_t code)
{
	return BPF_SIZE(code) == BPF_W ? 4 : BPF_SIZE(code) == BPF_H ? 2 : 1;
}

static struct num ld(const struct state *s, const struct sock_filter *f,
		     const struct pn_cbpf_packet *p)
{
	switch (BPF_MODE(f->code)) {
	case BPF_IMM:
		return num_of(f->k);
	case BPF_MEM:
		return s->m[f->k % BPF_MEMWORDS];
	case BPF_ABS:
		return load(p, f->k, code_size(f->code));
	case BPF_IND:
		if (num_exact(s->x) && (int32_t)f->k >= 0)
			return load_sized(p, (int64_t)p->start + f->k + s->x.v,
					  code_size(f->code));
		return unknown;
	default:
		return unknown;
	}
}

static struct num ldx(const struct state *s, const struct sock_filter *f,
		      const struct pn_cbpf_packet *p)
{
	struct num n;

	if (BPF_MODE(f->code) != BPF_MSH)
		return ld(s, f, p);
	n = load(p, f->k, 1);
	n.v = (n.v & 0xf) << 2;
	n.known = ~0x3cu | (n.known & 0xf) << 2;
	return n;
}

/* --- arithmetic --------------------------------------------------------- */

static struct num alu_exact(uint16_t op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_ADD:
		return num_of(a + b);
	case BPF_SUB:
		return num_of(a - b);
	case BPF_MUL:
		return num_of(a * b);
	case BPF_DIV:
		return b ? num_of(a / b) : unknown;
	case BPF_MOD:
		return b ? num_of(a % b) : unknown;
	case BPF_NEG:
		return num_of(-a);
	default:
		return unknown;
	}
}

static struct num alu(uint16_t op, struct num a, struct num b)
{
	struct num n;

	switch (op) {
	case BPF_AND:
		n.known = (a.known & b.known) | (a.known & ~a.v) | (b.known & ~b.v);
		n.v = a.v & b.v & n.known;
		return n;
	case BPF_OR:
		n.known = (a.known & b.known) | (a.known & a.v) | (b.known & b.v);
		n.v = (a.v | b.v) & n.known;
		return n;
	case BPF_XOR:
		n.known = a.known & b.known;
		n.v = (a.v ^ b.v) & n.known;
		return n;
	case BPF_LSH:
		if (!num_exact(b) || b.v > 31)
			return unknown;
		return (struct num){ a.v << b.v, a.known << b.v | ((1u << b.v) - 1) };
	case BPF_RSH:
		if (!num_exact(b) || b.v > 31)
			return unknown;
		return (struct num){ a.v >> b.v, ~(~a.known >> b.v) };
	default:
		return num_exact(a) && num_exact(b) ? alu_exact(op, a.v, b.v) : unknown;
	}
}

/* --- jumps -------------------------------------------------------------- */

/* 1: taken, 0: not taken, -1: the known bits do not tell. */
static int jump_decide(uint16_t op, struct num a, struct num b)
{
	switch (op) {
	case BPF_JEQ:
		if ((a.v ^ b.v) & a.known & b.known)
			return 0;
		return num_exact(a) && num_exact(b) ? 1 : -1;
	case BPF_JGT:
		if (a.v > num_max(b))
			return 1;
		return num_max(a) <= b.v ? 0 : -1;
	case BPF_JGE:
		if (a.v >= num_max(b))
			return 1;
		return num_max(a) < b.v ? 0 : -1;
	case BPF_JSET:
		if (a.v & b.v)
			return 1;
		return num_max(a) & num_max(b) ? -1 : 0;
	default:
		return -1;
	}
}

struct walk {
	const struct pn_cbpf_packet *packet;
	struct state todo[STATES_MAX];
	size_t n_todo;
	bool too_many;
};

/* The way not walked now is kept for later. */
static void walk_jump(struct walk *w, struct state *s, const struct sock_filter *f)
{
	struct num b = BPF_SRC(f->code) == BPF_X ? s->x : num_of(f->k);
	int taken;

	if (BPF_OP(f->code) == BPF_JA) {
		s->pc += f->k;
		return;
	}
	taken = jump_decide(BPF_OP(f->code), s->a, b);
	if (taken < 0 && f->jt != f->jf) {
		if (w->n_todo == STATES_MAX) {
			w->too_many = true;
			return;
		}
		w->todo[w->n_todo] = *s;
		w->todo[w->n_todo++].pc += f->jf + 1;
	}
	s->pc += taken ? f->jt : f->jf;
}

static void walk_step(struct walk *w, struct state *s, const struct sock_filter *f)
{
	switch (BPF_CLASS(f->code)) {
	case BPF_LD:
		s->a = ld(s, f, w->packet);
		break;
	case BPF_LDX:
		s->x = ldx(s, f, w->packet);
		break;
	case BPF_ST:
		s->m[f->k % BPF_MEMWORDS] = s->a;
		break;
	case BPF_STX:
		s->m[f->k % BPF_MEMWORDS] = s->x;
		break;
	case BPF_ALU:
		s->a = alu(BPF_OP(f->code), s->a,
			   BPF_SRC(f->code) == BPF_X ? s->x : num_of(f->k));
		break;
	case BPF_JMP:
		walk_jump(w, s, f);
		break;
	case BPF_MISC:
		if (BPF_MISCOP(f->code) == BPF_TAX)
			s->x = s->a;
		else
			s->a = s->x;
		break;
	}
}

static bool ret_accepts(const struct state *s, const struct sock_filter *f)
{
	if (BPF_RVAL(f->code) == BPF_A)
		return num_max(s->a) != 0;
	return f->k != 0;
}

bool pn_cbpf_may_accept(const struct sock_filter *prog, size_t len,
			const struct pn_cbpf_packet *packet)
{
	struct walk w = { .packet = packet, .n_todo = 1 };
	unsigned int steps = 0;
	struct state s;

	while (w.n_todo) {
		s = w.todo[--w.n_todo];
		for (; s.pc < len; s.pc++) {
			const struct sock_filter *f = &prog[s.pc];

			if (BPF_CLASS(f->code) == BPF_RET)
				break;
			walk_step(&w, &s, f);
			if (w.too_many || ++steps > STEPS_MAX)
				return true;
		}
		if (s.pc >= len || ret_accepts(&s, &prog[s.pc]))
			return true;
	}
	return false;
}
