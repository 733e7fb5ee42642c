/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which hook, and why: a pure function of what the operator wants and what the
 * device is. The first choice that the driver takes is the one.
 */
#ifndef PN_PLANE_CHOICE_H
#define PN_PLANE_CHOICE_H

#include "plane/device.h"
#include "util/err.h"
#include "util/port_conf.h"

#define PN_CHOICES 2

struct pn_choice {
	enum pn_hook hook;
	enum pn_mode mode;	/* of XDP */
	const char *why;
};

/* The number of choices in @out, or -errno with a sentence. */
int pn_choose(const struct pn_port_conf *conf, const struct pn_device *dev,
	      struct pn_choice out[PN_CHOICES], struct pn_err *err);

#endif
