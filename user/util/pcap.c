// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading and writing capture files; see pcap.h. */
#include <byteswap.h>
#include <errno.h>
#include <string.h>

#include "util/pcap.h"

#define MAGIC_MICRO	0xa1b2c3d4u
#define MAGIC_NANO	0xa1b23c4du
#define MAGIC_NG	0x0a0d0d0au
#define LINKTYPE_ETHERNET 1

struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, sigfigs;
	uint32_t snaplen;
	uint32_t linktype;
};

struct packet_header {
	uint32_t sec, frac;
	uint32_t caplen, len;
};

static int bad_file(struct pn_pcap *p, struct pn_err *err, const char *what, const char *hint)
{
	int ret = pn_err_set(err, PN_EXIT_USAGE, EINVAL, p->path, "%s", what);

	if (hint)
		pn_err_hint(err, "%s", hint);
	pn_pcap_close(p);
	return ret;
}

static uint32_t word(const struct pn_pcap *p, uint32_t v)
{
	return p->swapped ? bswap_32(v) : v;
}

static int header_check(struct pn_pcap *p, const struct file_header *h, struct pn_err *err)
{
	uint32_t magic = h->magic;

	if (magic == MAGIC_NG)
		return bad_file(p, err, "is a pcapng file, and only classic pcap is read",
				"tcpdump -r FILE -w NEW.pcap, or editcap -F pcap FILE NEW.pcap");
	p->swapped = magic == bswap_32(MAGIC_MICRO) || magic == bswap_32(MAGIC_NANO);
	magic = word(p, magic);
	if (magic != MAGIC_MICRO && magic != MAGIC_NANO)
		return bad_file(p, err, "is no capture file", "tcpdump -w FILE makes one");
	p->nano = magic == MAGIC_NANO;
	if ((word(p, h->linktype) & 0xffff) != LINKTYPE_ETHERNET)
		return bad_file(p, err, "holds no Ethernet frames",
				"capture on an Ethernet device, not on `any`");
	return 0;
}

int pn_pcap_open(struct pn_pcap *p, const char *path, struct pn_err *err)
{
	struct file_header h;

	*p = (struct pn_pcap){ .path = path, .f = fopen(path, "rbe") };
	if (!p->f)
		return pn_err_set(err, PN_EXIT_USAGE, errno, path, "cannot be opened: %s",
				  strerror(errno));
	if (fread(&h, sizeof(h), 1, p->f) != 1)
		return bad_file(p, err, ferror(p->f) ? "cannot be read" :
				"is too short for a capture file", NULL);
	return header_check(p, &h, err);
}

static int bad_packet(struct pn_pcap *p, struct pn_err *err, const char *what)
{
	int ret = pn_err_set(err, PN_EXIT_USAGE, EINVAL, p->path, "packet %u %s", p->n + 1, what);

	pn_err_hint(err, "the file is damaged or still being written; capture it again");
	return ret;
}

int pn_pcap_next(struct pn_pcap *p, struct pn_pcap_frame *frame, struct pn_err *err)
{
	struct packet_header h;
	size_t got = fread(&h, 1, sizeof(h), p->f);
	uint32_t caplen = word(p, h.caplen), len = word(p, h.len);
	int ret;

	if (!got && feof(p->f))
		return 0;
	if (got != sizeof(h))
		return bad_packet(p, err, "ends inside its header");
	if (caplen > PN_PCAP_FRAME_MAX || caplen > len)
		return bad_packet(p, err, "has an impossible length");
	if (fread(frame->data, 1, caplen, p->f) != caplen)
		return bad_packet(p, err, "ends before its last byte");
	if (caplen < len) {
		ret = pn_err_set(err, PN_EXIT_USAGE, EINVAL, p->path,
				 "packet %u was cut off: %u of %u bytes", p->n + 1, caplen, len);
		pn_err_hint(err, "capture whole frames: tcpdump -s 0");
		return ret;
	}
	frame->sec = word(p, h.sec);
	frame->frac = word(p, h.frac);
	frame->len = caplen;
	p->n++;
	return 1;
}

void pn_pcap_close(struct pn_pcap *p)
{
	if (p->f)
		fclose(p->f);
	p->f = NULL;
}

static int write_failed(struct pn_pcap *p, struct pn_err *err)
{
	int sys = errno;

	pn_pcap_close(p);
	return pn_err_set(err, PN_EXIT_USAGE, sys, p->path, "cannot be written: %s",
			  strerror(sys));
}

int pn_pcap_create(struct pn_pcap *p, const char *path, const struct pn_pcap *like,
		   struct pn_err *err)
{
	struct file_header h = { .magic = like->nano ? MAGIC_NANO : MAGIC_MICRO, .major = 2,
				 .minor = 4, .snaplen = PN_PCAP_FRAME_MAX,
				 .linktype = LINKTYPE_ETHERNET };

	*p = (struct pn_pcap){ .path = path, .nano = like->nano, .f = fopen(path, "wbe") };
	if (!p->f || fwrite(&h, sizeof(h), 1, p->f) != 1)
		return write_failed(p, err);
	return 0;
}

int pn_pcap_write(struct pn_pcap *p, const struct pn_pcap_frame *when, const void *data,
		  uint32_t len, struct pn_err *err)
{
	struct packet_header h = { when->sec, when->frac, len, len };

	if (fwrite(&h, sizeof(h), 1, p->f) != 1 || (len && fwrite(data, len, 1, p->f) != 1))
		return write_failed(p, err);
	p->n++;
	return 0;
}

int pn_pcap_finish(struct pn_pcap *p, struct pn_err *err)
{
	FILE *f = p->f;

	p->f = NULL;
	return fclose(f) ? write_failed(p, err) : 0;
}
