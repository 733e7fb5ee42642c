// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Numbers as people write them; see num.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/num.h"

struct unit {
	const char *word;
	uint64_t factor;
};

static const struct unit size_units[] = {
	{ "", 1 }, { "k", 1 << 10 }, { "m", 1 << 20 }, { "g", 1 << 30 }, { NULL, 0 },
};

static const struct unit duration_units[] = {
	{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 },
	{ NULL, 0 },
};

static int unit_find(const struct unit *units, const char *word, uint64_t *factor)
{
	for (; units->word; units++) {
		if (!strcmp(units->word, word)) {
			*factor = units->factor;
			return 0;
		}
	}
	return -EINVAL;
}

static int number_read(const char *text, char **end, uint64_t *out)
{
	int base = text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10;

	if (!isdigit((unsigned char)text[0]) ||
	    (base == 16 && !isxdigit((unsigned char)text[2])))
		return -EINVAL;
	errno = 0;
	*out = strtoull(text, end, base);
	return errno ? -ERANGE : 0;
}

/* ".25" of one unit, in whole milliseconds; the rest is cut off. */
static uint64_t fraction_read(char **pos, uint64_t factor)
{
	uint64_t sum = 0;

	for ((*pos)++; isdigit((unsigned char)**pos); (*pos)++) {
		factor /= 10;
		sum += (**pos - '0') * factor;
	}
	return sum;
}

static int range_check(uint64_t value, uint64_t min, uint64_t max, uint64_t *out)
{
	if (value < min || value > max)
		return -ERANGE;
	*out = value;
	return 0;
}

int pn_num_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t value;
	char *end;
	int err = number_read(text, &end, &value);

	if (err)
		return err;
	return *end ? -EINVAL : range_check(value, min, max, out);
}

int pn_num_size(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t value, factor;
	char *end;
	int err = number_read(text, &end, &value);

	if (!err)
		err = unit_find(size_units, end, &factor);
	if (err)
		return err;
	if (value > UINT64_MAX / factor)
		return -ERANGE;
	return range_check(value * factor, min, max, out);
}

int pn_num_duration(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t value, factor, part = 0;
	char *end, *unit;
	int err = number_read(text, &end, &value);

	if (err)
		return err;
	unit = end;
	if (*unit == '.')
		unit += 1 + strspn(unit + 1, "0123456789");
	err = unit_find(duration_units, unit, &factor);
	if (err)
		return err;
	if (*end == '.')
		part = fraction_read(&end, factor);
	if (value > (UINT64_MAX - part) / factor)
		return -ERANGE;
	return range_check(value * factor + part, min, max, out);
}

char *pn_num_short(uint64_t n, char *buf, size_t size)
{
	static const char units[] = "kMGTPE";
	double of = n / 1000.0;
	unsigned int i;

	if (n < 10000) {
		snprintf(buf, size, "%u", (unsigned int)n);
		return buf;
	}
	for (i = 0; of >= 999.5 && units[i + 1]; i++)
		of /= 1000;
	snprintf(buf, size, "%.*f%c", of < 9.995 ? 2 : of < 99.95 ? 1 : 0, of, units[i]);
	return buf;
}
