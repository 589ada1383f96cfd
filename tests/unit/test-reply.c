// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests vmcfs/tree/reply.c: answers that arrive at a connection. The end of the
 * kernel is a socket that keeps the limits of datagrams.
 */
#include <criterion/criterion.h>
#include <linux/fuse.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tree/reply.h"
#include "tree/tree.h"

#define ANSWER_MAX (128 * 1024)

struct request {
	struct fuse_in_header header;
	union {
		struct fuse_init_in init;
		struct fuse_read_in read;
	};
};

struct answer {
	struct fuse_out_header header;
	guint8 data[ANSWER_MAX];
};

static guint8 bytes[ANSWER_MAX];
static struct tree tree;
static struct fuse_session *session;
static int kernel;
static gboolean delivered;

static void on_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
		    struct fuse_file_info *info)
{
	(void)ino;
	(void)offset;
	(void)info;
	delivered = reply_data(req, bytes, size, size);
}

static const struct fuse_lowlevel_ops ops = { .read = on_read };

static void process(struct request *request, enum fuse_opcode opcode)
{
	struct fuse_buf buffer = { .mem = request, .size = sizeof(*request) };

	request->header.len = sizeof(*request);
	request->header.opcode = opcode;
	request->header.unique = 1;
	fuse_session_process_buf(session, &buffer);
}

static void ask(guint32 size)
{
	struct request request = { .read.size = size };

	process(&request, FUSE_READ);
}

static gsize receive(struct answer *answer)
{
	gssize len = recv(kernel, answer, sizeof(*answer), MSG_DONTWAIT);

	cr_assert_geq(len, (gssize)sizeof(answer->header));
	cr_assert_eq(answer->header.len, len);
	cr_assert_eq(answer->header.error, 0);
	return (gsize)len - sizeof(answer->header);
}

static void setup(void)
{
	char *argv[] = { (char *)"test-reply", NULL };
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	struct request init = { .init.major = FUSE_KERNEL_VERSION,
				.init.minor = FUSE_KERNEL_MINOR_VERSION };
	g_autofree struct answer *answer = g_new(struct answer, 1);
	int ends[2];

	for (gsize i = 0; i < sizeof(bytes); i++)
		bytes[i] = (guint8)(i * 7);
	signal(SIGPIPE, SIG_IGN);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	kernel = ends[0];
	session = fuse_session_new(&args, &ops, sizeof(ops), &tree);
	fuse_opt_free_args(&args);
	cr_assert_not_null(session);
	cr_assert_eq(reply_connect(session, ends[1]), 0);
	process(&init, FUSE_INIT);
	receive(answer);
}

static void teardown(void)
{
	fuse_session_destroy(session);
	close(kernel);
}

TestSuite(reply, .init = setup, .fini = teardown);

/* Around the limits of answers that are joined, and of a page. */
Test(reply, arrives_complete_whatever_its_size)
{
	static const guint32 sizes[] = { 1,    63,   64,   1007,      1008,
					 1009, 4080, 4096, ANSWER_MAX };
	g_autofree struct answer *answer = g_new(struct answer, 1);

	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		ask(sizes[i]);
		cr_expect(delivered);
		cr_assert_eq(receive(answer), sizes[i]);
		cr_expect_arr_eq(answer->data, bytes, sizes[i]);
	}
	ask(0);
	cr_expect_eq(receive(answer), 0);
}

Test(reply, is_not_delivered_after_the_end_of_the_connection)
{
	cr_assert_eq(shutdown(kernel, SHUT_RD), 0);
	ask(64);
	cr_expect_not(delivered);
	delivered = TRUE;
	ask(4096);
	cr_expect_not(delivered);
}

Test(reply, takes_a_request_from_the_connection)
{
	g_autofree struct answer *answer = g_new(struct answer, 1);
	struct request request = {
		.header = { .len = sizeof(request),
			    .opcode = FUSE_READ,
			    .unique = 1 },
		.read.size = 100,
	};
	struct fuse_buf buffer = { 0 };

	cr_assert_eq(send(kernel, &request, sizeof(request), 0),
		     (gssize)sizeof(request));
	cr_assert_eq(fuse_session_receive_buf(session, &buffer),
		     (int)sizeof(request));
	fuse_session_process_buf(session, &buffer);
	cr_expect_eq(receive(answer), 100);
	free(buffer.mem);
}
