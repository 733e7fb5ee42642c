// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Netlink sockets over libmnl; see sock.h for the contract. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "nl/netns.h"
#include "nl/sock.h"

/* The kernel fills at most 32 KiB per dump message; one object may be bigger. */
#define NL_BUF_LEN	(256 * 1024)

static int sock_setup(struct pn_nl *nl, int bus)
{
	int one = 1;

	nl->sock = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!nl->sock)
		return -errno;
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID))
		return -errno;
	nl->fd = mnl_socket_get_fd(nl->sock);
	nl->portid = mnl_socket_get_portid(nl->sock);
	if (mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &one, sizeof(one)))
		return -errno;
	/* The ack need not repeat what we sent; both of these are best effort. */
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(nl->sock, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	nl->buf = malloc(NL_BUF_LEN);
	nl->buflen = NL_BUF_LEN;
	return nl->buf ? 0 : -ENOMEM;
}

int pn_nl_open(struct pn_nl *nl, int bus, struct pn_err *err)
{
	int rc;

	memset(nl, 0, sizeof(*nl));
	nl->fd = -1;
	rc = sock_setup(nl, bus);
	if (rc) {
		pn_nl_close(nl);
		return pn_err_set(err, PN_EXIT_KERNEL, -rc, "netlink",
				  "cannot open a socket of bus %d: %s", bus,
				  strerror(-rc));
	}
	return 0;
}

int pn_nl_open_in(struct pn_nl *nl, int netns_fd, int bus, struct pn_err *err)
{
	int home = -1;
	int rc;

	memset(nl, 0, sizeof(*nl));
	nl->fd = -1;
	if (netns_fd < 0)
		return pn_nl_open(nl, bus, err);
	rc = pn_netns_enter(netns_fd, &home);
	if (rc)
		return pn_err_set(err, PN_EXIT_KERNEL, -rc, "netns",
				  "cannot enter the network namespace: %s",
				  strerror(-rc));
	rc = pn_nl_open(nl, bus, err);
	pn_netns_leave(home);
	return rc;
}

void pn_nl_close(struct pn_nl *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	free(nl->buf);
	nl->sock = NULL;
	nl->buf = NULL;
	nl->fd = -1;
}

static void ack_reset(struct pn_nl_ack *ack)
{
	memset(ack, 0, sizeof(*ack));
}

static void ack_attrs(struct pn_nl_ack *ack, const void *data, size_t len)
{
	const struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	const char *text;

	pn_attrs_parse(tb, NLMSGERR_ATTR_MAX, data, len);
	text = pn_attr_str(tb[NLMSGERR_ATTR_MSG]);
	if (text)
		snprintf(ack->text, sizeof(ack->text), "%s", text);
	ack->bad_attr = pn_attr_u32(tb[NLMSGERR_ATTR_OFFS], 0);
}

/* NLMSG_ERROR: errno, the request's header, its body unless capped, then TLVs. */
static void ack_parse(struct pn_nl_ack *ack, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	size_t skip = sizeof(*e);

	if (len < sizeof(*e)) {
		ack->err = -EBADMSG;
		return;
	}
	ack->err = e->error;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += MNL_ALIGN(e->msg.nlmsg_len - MNL_NLMSG_HDRLEN);
	if (skip < len)
		ack_attrs(ack, (const char *)e + skip, len - skip);
}

/* NLMSG_DONE: the errno of the dump, then TLVs. */
static void done_parse(struct pn_nl_ack *ack, const struct nlmsghdr *nlh)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	const char *p = mnl_nlmsg_get_payload(nlh);
	int err;

	if (len < sizeof(err))
		return;
	memcpy(&err, p, sizeof(err));
	ack->err = err < 0 ? err : 0;
	if ((nlh->nlmsg_flags & NLM_F_ACK_TLVS) && len > sizeof(err))
		ack_attrs(ack, p + sizeof(err), len - sizeof(err));
}

struct answer {
	pn_nl_cb cb;
	void *data;
	int cb_rc;
	bool interrupted;
	bool done;
};

static void answer_message(struct pn_nl *nl, struct answer *ans,
			   const struct nlmsghdr *nlh)
{
	/* The list of netfilter hooks is answered without a port id. */
	if (nlh->nlmsg_seq != nl->seq ||
	    (nlh->nlmsg_pid && nlh->nlmsg_pid != nl->portid))
		return;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		ans->interrupted = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_ERROR:
		ack_parse(&nl->ack, nlh);
		ans->done = true;
		break;
	case NLMSG_DONE:
		done_parse(&nl->ack, nlh);
		ans->done = true;
		break;
	case NLMSG_NOOP:
	case NLMSG_OVERRUN:
		break;
	default:
		if (ans->cb && !ans->cb_rc)
			ans->cb_rc = ans->cb(nlh, ans->data);
	}
}

/* Reads to the end even when @cb gave up, so that the socket stays usable. */
static int answer_read(struct pn_nl *nl, struct answer *ans)
{
	const struct nlmsghdr *nlh;
	ssize_t n;
	int len;

	while (!ans->done) {
		n = mnl_socket_recvfrom(nl->sock, nl->buf, nl->buflen);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		len = n;
		for (nlh = (void *)nl->buf; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len))
			answer_message(nl, ans, nlh);
	}
	if (nl->ack.err)
		return nl->ack.err;
	if (ans->cb_rc < 0)
		return ans->cb_rc;
	return ans->interrupted ? -EINTR : 0;
}

static int request_send(struct pn_nl *nl, struct pn_msg *m)
{
	struct nlmsghdr *nlh = pn_msg_hdr(m);
	ssize_t n;

	ack_reset(&nl->ack);
	if (m->err)
		return m->err;
	nlh->nlmsg_seq = ++nl->seq;
	nlh->nlmsg_pid = nl->portid;
	nl->requests++;
	do {
		n = mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static int request(struct pn_nl *nl, struct pn_msg *m, struct answer *ans,
		   struct pn_err *err)
{
	int rc;

	rc = request_send(nl, m);
	if (!rc)
		rc = answer_read(nl, ans);
	if (rc && !nl->ack.err)
		nl->ack.err = rc;
	if (rc && rc != -EINTR)
		pn_nl_refused(nl, err, "netlink", "request of type %u refused",
			      m->buf ? pn_msg_hdr(m)->nlmsg_type : 0);
	return rc;
}

int pn_nl_talk(struct pn_nl *nl, struct pn_msg *m, struct pn_err *err)
{
	struct answer ans = { 0 };

	nl->writes++;
	if (!m->err)
		pn_msg_hdr(m)->nlmsg_flags |= NLM_F_ACK;
	return request(nl, m, &ans, err);
}

int pn_nl_get(struct pn_nl *nl, struct pn_msg *m, pn_nl_cb cb, void *data,
	      struct pn_err *err)
{
	struct answer ans = { .cb = cb, .data = data };

	if (!m->err)
		pn_msg_hdr(m)->nlmsg_flags |= NLM_F_ACK;
	return request(nl, m, &ans, err);
}

int pn_nl_dump(struct pn_nl *nl, struct pn_msg *m, pn_nl_cb cb, void *data,
	       struct pn_err *err)
{
	struct answer ans = { .cb = cb, .data = data };

	if (!m->err)
		pn_msg_hdr(m)->nlmsg_flags |= NLM_F_DUMP;
	return request(nl, m, &ans, err);
}

int pn_nl_refused(const struct pn_nl *nl, struct pn_err *err, const char *object,
		  const char *fmt, ...)
{
	int sys = nl->ack.err ? -nl->ack.err : EIO;
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	pn_err_set(err, PN_EXIT_KERNEL, sys, object, "%s: %s%s%s", what, strerror(sys),
		   nl->ack.text[0] ? ": kernel: " : "", nl->ack.text);
	if (sys == EPERM)
		pn_err_hint(err, "run it as root (CAP_NET_ADMIN)");
	return -sys;
}

int pn_nl_join(struct pn_nl *nl, unsigned int group)
{
	int rc = mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &group,
				       sizeof(group));

	return rc ? -errno : 0;
}

int pn_nl_leave(struct pn_nl *nl, unsigned int group)
{
	int rc = mnl_socket_setsockopt(nl->sock, NETLINK_DROP_MEMBERSHIP, &group,
				       sizeof(group));

	return rc ? -errno : 0;
}

int pn_nl_rcvbuf(struct pn_nl *nl, int bytes)
{
	if (!setsockopt(nl->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		return 0;
	if (!setsockopt(nl->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)))
		return 0;
	return -errno;
}
