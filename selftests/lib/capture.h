/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Capture files (pcap) as penstock reads and writes them. Written from the
 * format's description, sharing no code with the program under test; headers
 * may be nonsense where a test wants that.
 */
#ifndef PN_TEST_CAPTURE_H
#define PN_TEST_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CAPTURE_MAGIC	 0xa1b2c3d4
#define CAPTURE_ETHERNET 1
#define CAPTURE_SEC	 7 /* the time of every packet that is added */

struct capture_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, sigfigs, snaplen, linktype;
};

struct capture_packet {
	uint32_t sec, usec, caplen, len;
};

/* A new file, or one to read from its first packet on; NULL fails the open case. */
FILE *capture_new(const char *path, uint32_t magic, uint32_t linktype);
FILE *capture_open(const char *path);

/* @caplen bytes of a packet that had @len. */
void capture_add(FILE *f, const void *data, uint32_t caplen, uint32_t len);

/* The next packet's header and bytes; what is missing, or too long, fails the open case. */
bool capture_next(FILE *f, struct capture_packet *h, void *data, size_t room);

#endif
