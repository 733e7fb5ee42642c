// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The metrics over HTTP, by libmicrohttpd in external polling; see export_http.h. */
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/export_http.h"
#include "stats/page.h"
#include "stats/prom.h"
#include "util/num.h"

#define CONNECTIONS 16
#define TIMEOUT_SECONDS 10
#define MEMORY_PER_CONNECTION (32 * 1024)

struct pn_http {
	struct MHD_Daemon *daemon;
	const char *bpffs;
	char address[NI_MAXHOST + NI_MAXSERV + 4];
};

static const char landing[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><title>penstock</title></head>\n"
	"<body><h1>penstock</h1><p><a href=\"/metrics\">Metrics</a></p></body></html>\n";

struct answer {
	unsigned int status;
	const char *type;
	const char *text;
	size_t size;
	enum MHD_ResponseMemoryMode memory;
};

static enum MHD_Result answer_send(struct MHD_Connection *connection, const struct answer *a)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(a->size, (void *)a->text, a->memory);
	enum MHD_Result ret;

	if (!response) {
		if (a->memory == MHD_RESPMEM_MUST_FREE)
			free((void *)a->text);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, a->type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (a->status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	ret = MHD_queue_response(connection, a->status, response);
	MHD_destroy_response(response);
	return ret;
}

static void answer_text(struct answer *a, unsigned int status, const char *type,
			const char *text)
{
	*a = (struct answer){ status, type, text, strlen(text), MHD_RESPMEM_PERSISTENT };
}

static void answer_choose(struct answer *a, const struct pn_http *http, const char *url,
			  const char *method)
{
	size_t size = 0;
	char *page;

	if (strcmp(method, "GET") && strcmp(method, "HEAD")) {
		answer_text(a, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", "GET or HEAD only\n");
	} else if (!strcmp(url, "/")) {
		answer_text(a, MHD_HTTP_OK, "text/html; charset=utf-8", landing);
	} else if (strcmp(url, "/metrics")) {
		answer_text(a, MHD_HTTP_NOT_FOUND, "text/plain",
			    "not found; the metrics are at /metrics\n");
	} else if ((page = pn_page_make(http->bpffs, &size, NULL))) {
		*a = (struct answer){ MHD_HTTP_OK, PN_PROM_TYPE, page, size,
				      MHD_RESPMEM_MUST_FREE };
	} else {
		answer_text(a, MHD_HTTP_SERVICE_UNAVAILABLE, "text/plain", "out of memory\n");
	}
}

/* Called again while a body arrives, which is read and thrown away. */
static enum MHD_Result request_handle(void *data, struct MHD_Connection *connection,
				      const char *url, const char *method,
				      const char *version, const char *upload,
				      size_t *upload_size, void **state)
{
	static int seen;
	struct answer a;

	if (!*state) {
		*state = &seen;
		return MHD_YES;
	}
	if (*upload_size) {
		*upload_size = 0;
		return MHD_YES;
	}
	answer_choose(&a, data, url, method);
	return answer_send(connection, &a);
}

static int listen_error(struct pn_err *err, const char *listen)
{
	pn_err_set(err, PN_EXIT_USAGE, EINVAL, "export",
		   "--listen '%s': must be ADDR:PORT, [ADDR]:PORT or :PORT", listen);
	return -EINVAL;
}

/* Numeric addresses only: which names resolve to what is not ours to find out. */
static int address_parse(const char *listen, struct addrinfo **ai, struct pn_err *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
	const char *colon = strrchr(listen, ':');
	const char *host = listen;
	uint64_t port;
	char name[64];
	size_t len;

	if (!colon || pn_num_u64(colon + 1, 0, 65535, &port))
		return listen_error(err, listen);
	len = colon - listen;
	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	} else if (memchr(host, ':', len)) {
		return listen_error(err, listen);
	}
	snprintf(name, sizeof(name), "%.*s", (int)len, host);
	if (len >= sizeof(name) || getaddrinfo(len ? name : NULL, colon + 1, &hints, ai))
		return listen_error(err, listen);
	return 0;
}

static int socket_open(const struct addrinfo *ai, const char *listen_on, struct pn_err *err)
{
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1;
	int sys;

	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (!bind(fd, ai->ai_addr, ai->ai_addrlen) && !listen(fd, CONNECTIONS))
			return fd;
	}
	sys = errno;
	if (fd >= 0)
		close(fd);
	pn_err_set(err, PN_EXIT_KERNEL, sys, "export", "cannot listen on %s: %s", listen_on,
		   strerror(sys));
	if (sys == EADDRINUSE)
		pn_err_hint(err, "another program listens there; choose one by --listen ADDR:PORT");
	return -sys;
}

/* With ":0" the kernel chose the port: ask. */
static void address_print(struct pn_http *http, int fd)
{
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);
	char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "?";

	if (!getsockname(fd, (struct sockaddr *)&addr, &len))
		getnameinfo((struct sockaddr *)&addr, len, host, sizeof(host), port, sizeof(port),
			    NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(http->address, sizeof(http->address),
		 addr.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static int daemon_start(struct pn_http *http, int fd)
{
	http->daemon = MHD_start_daemon(
		MHD_USE_EPOLL, 0, NULL, NULL, request_handle, http,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CONNECTION,
		MHD_OPTION_END);
	return http->daemon ? 0 : -EIO;
}

struct pn_http *pn_http_open(const char *listen, const char *bpffs, struct pn_err *err)
{
	struct pn_http *http = NULL;
	struct addrinfo *ai = NULL;
	int fd = -1;

	if (address_parse(listen, &ai, err))
		return NULL;
	fd = socket_open(ai, listen, err);
	freeaddrinfo(ai);
	if (fd < 0)
		return NULL;
	http = calloc(1, sizeof(*http));
	if (http) {
		http->bpffs = bpffs;
		address_print(http, fd);
	}
	if (http && !daemon_start(http, fd))
		return http;
	pn_err_set(err, PN_EXIT_KERNEL, 0, "export", "the HTTP server does not start");
	close(fd);
	free(http);
	return NULL;
}

void pn_http_close(struct pn_http *http)
{
	if (!http)
		return;
	MHD_stop_daemon(http->daemon);
	free(http);
}

int pn_http_fd(const struct pn_http *http)
{
	return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int pn_http_timeout(const struct pn_http *http)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(http->daemon, &ms) != MHD_YES)
		return -1;
	return ms > 60000 ? 60000 : (int)ms;
}

void pn_http_run(struct pn_http *http)
{
	MHD_run(http->daemon);
}

const char *pn_http_address(const struct pn_http *http)
{
	return http->address;
}
