// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Capture files; see capture.h. */
#include "capture.h"
#include "tap.h"

FILE *capture_new(const char *path, uint32_t magic, uint32_t linktype)
{
	struct capture_header h = { .magic = magic, .major = 2, .minor = 4, .snaplen = 65535,
				    .linktype = linktype };
	FILE *f = fopen(path, "we");

	if (tap_true(f, path))
		fwrite(&h, sizeof(h), 1, f);
	return f;
}

FILE *capture_open(const char *path)
{
	FILE *f = fopen(path, "re");

	if (tap_true(f, path))
		fseek(f, sizeof(struct capture_header), SEEK_SET);
	return f;
}

void capture_add(FILE *f, const void *data, uint32_t caplen, uint32_t len)
{
	struct capture_packet h = { CAPTURE_SEC, 8, caplen, len };

	fwrite(&h, sizeof(h), 1, f);
	fwrite(data, caplen, 1, f);
}

bool capture_next(FILE *f, struct capture_packet *h, void *data, size_t room)
{
	if (fread(h, sizeof(*h), 1, f) != 1)
		return tap_fail("no further packet in the capture");
	if (h->caplen > room)
		return tap_fail("a packet of %u bytes", h->caplen);
	return tap_eq(fread(data, 1, h->caplen, f), h->caplen, "bytes of a packet");
}
