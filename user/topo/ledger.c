// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Records of what was made; see ledger.h. The format is lines of words, which
 * no name of a device or namespace can break (neither holds blanks):
 *
 *	penstock-record 1
 *	file PATH
 *	home INODE
 *	netns NAME INODE
 *	link NETNS|. NAME KIND IFINDEX
 *	addr NETNS|. NAME ADDRESS/PREFIX
 *	object SECTION NETNS|. FIELD=VALUE ...
 *	end
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nl/netns.h"
#include "topo/ledger.h"

#define RECORD_HEAD "penstock-record 1\n"

static int record_fail(const struct pn_ledger *rec, struct pn_err *err, int sys,
		       const char *what)
{
	return pn_err_set(err, PN_EXIT_KERNEL, sys, rec->path, "cannot %s the record: %s",
			  what, strerror(sys));
}

static uint32_t text_hash(const char *s)
{
	uint32_t h = 2166136261u;

	while (*s)
		h = (h ^ (unsigned char)*s++) * 16777619u;
	return h;
}

int pn_ledger_locate(struct pn_ledger *rec, const char *dir, const char *file,
		     struct pn_err *err)
{
	char full[PATH_MAX];
	const char *base, *dot;

	memset(rec, 0, sizeof(*rec));
	rec->home = pn_ledger_netns_id(NULL);
	/* A file that is gone is still found by the path that it had. */
	if (!realpath(file, full)) {
		if (file[0] == '/' || !getcwd(full, sizeof(full)))
			full[0] = 0;
		snprintf(full + strlen(full), sizeof(full) - strlen(full), "%s%s",
			 full[0] ? "/" : "", file);
	}
	if (strlen(full) >= sizeof(rec->file))
		return pn_err_set(err, PN_EXIT_USAGE, ENAMETOOLONG, file,
				  "the path is longer than %zu bytes",
				  sizeof(rec->file) - 1);
	memcpy(rec->file, full, strlen(full) + 1);
	base = strrchr(full, '/');
	base = base ? base + 1 : full;
	dot = strrchr(base, '.');
	snprintf(rec->path, sizeof(rec->path), "%s/%.*s-%08x", dir,
		 dot && dot != base ? (int)(dot - base) : (int)strlen(base), base,
		 text_hash(full));
	return 0;
}

struct pn_ledger_entry *pn_ledger_add(struct pn_ledger *rec)
{
	unsigned int cap = rec->cap ? rec->cap * 2 : 16;
	struct pn_ledger_entry *more;

	if (rec->n == rec->cap) {
		more = realloc(rec->entry, cap * sizeof(*more));
		if (!more)
			return NULL;
		rec->entry = more;
		rec->cap = cap;
	}
	memset(&rec->entry[rec->n], 0, sizeof(*rec->entry));
	return &rec->entry[rec->n++];
}

const struct pn_ledger_entry *pn_ledger_link(const struct pn_ledger *rec,
					     const char *netns, const char *name)
{
	unsigned int i;

	for (i = 0; i < rec->n; i++) {
		const struct pn_ledger_entry *e = &rec->entry[i];

		if (e->made == PN_MADE_LINK && !strcmp(e->netns, netns ? netns : "") &&
		    !strcmp(e->name, name))
			return e;
	}
	return NULL;
}

static bool addr_parse(const char *text, struct pn_topo_addr *a)
{
	char host[64];
	unsigned int prefix;

	if (sscanf(text, "%63[^/]/%u", host, &prefix) != 2 || prefix > 128)
		return false;
	a->family = strchr(host, ':') ? AF_INET6 : AF_INET;
	a->len = a->family == AF_INET ? 4 : 16;
	a->prefixlen = prefix;
	return inet_pton(a->family, host, a->bin) == 1;
}

/* One line into an entry; false when it is none of ours. */
static bool entry_parse(const char *line, struct pn_ledger_entry *e)
{
	char addr[80];
	bool ok = true;
	int end = 0;

	if (sscanf(line, "netns %255s %" SCNu64, e->netns, &e->id) == 2)
		e->made = PN_MADE_NETNS;
	else if (sscanf(line, "link %255s %15s %31s %" SCNu64, e->netns, e->name, e->kind,
			&e->id) == 4)
		e->made = PN_MADE_LINK;
	else if (sscanf(line, "addr %255s %15s %79s", e->netns, e->name, addr) == 3) {
		e->made = PN_MADE_ADDR;
		ok = addr_parse(addr, &e->addr);
	} else if (sscanf(line, "object %*s %255s %*[^\n]%n", e->netns, &end) == 1 && end) {
		e->made = PN_MADE_OBJECT;
		e->key = strndup(line + 7, strcspn(line + 7, "\n"));
		ok = e->key;
	} else
		ok = false;
	if (!strcmp(e->netns, "."))
		e->netns[0] = 0;
	return ok;
}

static int home_check(const struct pn_ledger *rec, struct pn_err *err)
{
	if (rec->home == pn_ledger_netns_id(NULL))
		return 0;
	pn_err_set(err, PN_EXIT_USAGE, EXDEV, rec->file,
		   "was applied in another network namespace");
	pn_err_hint(err, "run penstock there (-n NETNS), or remove %s if it is gone",
		    rec->path);
	return -EXDEV;
}

static bool head_read(struct pn_ledger *rec, const char *line)
{
	if (sscanf(line, "home %" SCNu64, &rec->home) == 1)
		return true;
	if (strncmp(line, "file ", 5))
		return false;
	snprintf(rec->file, sizeof(rec->file), "%.*s", (int)strcspn(line + 5, "\n"), line + 5);
	return true;
}

/* The same thing, once it is made: its entry before had no id. */
static bool entry_completes(struct pn_ledger *rec, const struct pn_ledger_entry *e)
{
	struct pn_ledger_entry *before;
	unsigned int back;

	if (!e->id)
		return false;
	for (back = 1; back <= 2 && back <= rec->n; back++) {
		before = &rec->entry[rec->n - back];
		if (before == e || before->id || before->made != e->made ||
		    strcmp(before->netns, e->netns) || strcmp(before->name, e->name))
			continue;
		before->id = e->id;
		return true;
	}
	return false;
}

/* Without an end: the last line may be half of one. */
static int journal_read(struct pn_ledger *rec, FILE *f, struct pn_err *err)
{
	struct pn_ledger_entry e, *more;
	char line[2048];

	while (fgets(line, sizeof(line), f)) {
		memset(&e, 0, sizeof(e));
		if (head_read(rec, line))
			continue;
		if (!strchr(line, '\n') || !entry_parse(line, &e) || entry_completes(rec, &e))
			continue;
		more = pn_ledger_add(rec);
		if (!more)
			return record_fail(rec, err, ENOMEM, "read");
		*more = e;
	}
	return home_check(rec, err);
}

static int entries_read(struct pn_ledger *rec, FILE *f, struct pn_err *err)
{
	char line[2048];
	struct pn_ledger_entry *e;

	if (!fgets(line, sizeof(line), f) || strcmp(line, RECORD_HEAD))
		return record_fail(rec, err, EINVAL, "understand");
	while (fgets(line, sizeof(line), f)) {
		if (!strcmp(line, "end\n"))
			return home_check(rec, err);
		if (head_read(rec, line))
			continue;
		e = pn_ledger_add(rec);
		if (!e)
			return record_fail(rec, err, ENOMEM, "read");
		if (!entry_parse(line, e))
			return record_fail(rec, err, EINVAL, "understand");
	}
	return record_fail(rec, err, EINVAL, "read the end of");
}

#define JOURNAL	".journal"

static void journal_path(const struct pn_ledger *rec, char *path, size_t len)
{
	snprintf(path, len, "%s" JOURNAL, rec->path);
}

static int part_load(struct pn_ledger *rec, const char *path,
		     int (*read)(struct pn_ledger *rec, FILE *f, struct pn_err *err),
		     struct pn_err *err)
{
	FILE *f = fopen(path, "re");
	int rc;

	if (!f && errno == ENOENT)
		return 0;
	if (!f)
		return record_fail(rec, err, errno, "open");
	rc = read(rec, f, err);
	fclose(f);
	return rc;
}

int pn_ledger_load(struct pn_ledger *rec, struct pn_err *err)
{
	char path[sizeof(rec->path) + sizeof(JOURNAL)];
	int rc = part_load(rec, rec->path, entries_read, err);

	journal_path(rec, path, sizeof(path));
	return rc ? rc : part_load(rec, path, journal_read, err);
}

FILE *pn_ledger_journal(const struct pn_ledger *rec, struct pn_err *err)
{
	char path[sizeof(rec->path) + sizeof(JOURNAL)];
	FILE *f;

	journal_path(rec, path, sizeof(path));
	f = fopen(path, "ae");
	if (!f)
		record_fail(rec, err, errno, "write the journal of");
	else
		fprintf(f, "file %s\nhome %" PRIu64 "\n", rec->file, rec->home);
	return f;
}

void pn_ledger_journal_end(const struct pn_ledger *rec)
{
	char path[sizeof(rec->path) + sizeof(JOURNAL)];

	journal_path(rec, path, sizeof(path));
	unlink(path);
}

void pn_ledger_entry_write(FILE *f, const struct pn_ledger_entry *e)
{
	const char *ns = e->netns[0] ? e->netns : ".";
	char host[INET6_ADDRSTRLEN];

	switch (e->made) {
	case PN_MADE_NETNS:
		fprintf(f, "netns %s %" PRIu64 "\n", ns, e->id);
		break;
	case PN_MADE_LINK:
		fprintf(f, "link %s %s %s %" PRIu64 "\n", ns, e->name, e->kind, e->id);
		break;
	case PN_MADE_ADDR:
		if (inet_ntop(e->addr.family, e->addr.bin, host, sizeof(host)))
			fprintf(f, "addr %s %s %s/%u\n", ns, e->name, host,
				e->addr.prefixlen);
		break;
	case PN_MADE_OBJECT:
		fprintf(f, "object %s\n", e->key);
	}
}

int pn_ledger_save(const struct pn_ledger *rec, struct pn_err *err)
{
	char tmp[sizeof(rec->path) + 8];
	unsigned int i;
	bool bad;
	FILE *f;

	if (!rec->n)
		return unlink(rec->path) && errno != ENOENT ?
			record_fail(rec, err, errno, "remove") : 0;
	snprintf(tmp, sizeof(tmp), "%s.new", rec->path);
	f = fopen(tmp, "we");
	if (!f)
		return record_fail(rec, err, errno, "write");
	fprintf(f, RECORD_HEAD "file %s\nhome %" PRIu64 "\n", rec->file, rec->home);
	for (i = 0; i < rec->n; i++)
		pn_ledger_entry_write(f, &rec->entry[i]);
	fputs("end\n", f);
	bad = fflush(f) || fsync(fileno(f));
	bad = fclose(f) || bad;
	if (!bad && !rename(tmp, rec->path))
		return 0;
	i = errno;
	unlink(tmp);
	return record_fail(rec, err, i, "write");
}

void pn_ledger_fini(struct pn_ledger *rec)
{
	unsigned int i;

	for (i = 0; i < rec->n; i++)
		free(rec->entry[i].key);
	free(rec->entry);
	rec->entry = NULL;
	rec->n = rec->cap = 0;
}

static bool name_ends(const char *name, const char *end)
{
	size_t len = strlen(name), tail = strlen(end);

	return len > tail && !strcmp(name + len - tail, end);
}

int pn_ledger_each(const char *dir, int (*cb)(const char *path, void *data), void *data,
		   struct pn_err *err)
{
	DIR *d = opendir(dir);
	struct dirent *de;
	char path[512];
	int rc = 0;

	if (!d && errno == ENOENT)
		return 0;
	if (!d)
		return pn_err_set(err, PN_EXIT_KERNEL, errno, dir,
				  "cannot read the directory: %s", strerror(errno));
	while (!rc && (de = readdir(d))) {
		if (de->d_name[0] == '.' || name_ends(de->d_name, ".new"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, de->d_name);
		if (name_ends(path, JOURNAL)) {
			path[strlen(path) - strlen(JOURNAL)] = 0;
			if (!access(path, F_OK))
				continue;	/* read with its record */
		}
		rc = cb(path, data);
	}
	closedir(d);
	return rc;
}

static int dir_make(const char *dir)
{
	char path[512];
	char *p;

	snprintf(path, sizeof(path), "%s", dir);
	for (p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		if (mkdir(path, 0755) && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return mkdir(path, 0750) && errno != EEXIST ? -errno : 0;
}

int pn_ledger_lock(const char *dir, struct pn_err *err)
{
	int rc = dir_make(dir);
	int fd = rc ? rc : open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		rc = rc ? -rc : errno;
		pn_err_set(err, PN_EXIT_KERNEL, rc, dir, "cannot open the directory: %s",
			   strerror(rc));
		pn_err_hint(err, "run it as root, or name another by --state DIR");
		return -rc;
	}
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	rc = errno;
	close(fd);
	return pn_err_set(err, PN_EXIT_KERNEL, rc, dir,
			  "another penstock is applying or deleting a topology");
}

uint64_t pn_ledger_netns_id(const char *netns)
{
	char path[sizeof(PN_NETNS_DIR) + 257];
	struct stat st;

	if (netns)
		snprintf(path, sizeof(path), "%s/%s", PN_NETNS_DIR, netns);
	else
		snprintf(path, sizeof(path), "/proc/thread-self/ns/net");
	return stat(path, &st) ? 0 : st.st_ino;
}
