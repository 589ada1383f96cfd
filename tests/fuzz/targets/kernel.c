// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel: makes FUSE requests from an input. It mounts nothing. Handles are
 * those that opens returned, and are not released while a request uses them:
 * the daemon may rely on both.
 */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree/reply.h"

#define REQUEST_MAX 70000
#define NODES_MAX 64
#define HANDLES_MAX 64
#define READ_MAX 65536

/* Open file, as the kernel knows it; the kernel checks the access mode. */
struct open_file {
	guint64 fh;
	guint64 node;
	guint32 opcode;
	guint32 access;
	guint busy;
};

struct pending {
	guint64 unique;
	guint32 opcode;
	guint32 access;
	guint64 node;
	guint64 fh;
};

struct kernel {
	struct fuse_session *session;
	guint64 unique;
	GArray *nodes;
	GArray *files;
	GHashTable *pending;
	guint interrupts;
	char *request;
};

/*
 * libfuse passes the tree to the functions of a connection: they have no other
 * way to their kernel. There is one at a time.
 */
static struct kernel *the_kernel;

static struct open_file *file_at(struct kernel *kernel, guint i)
{
	return &g_array_index(kernel->files, struct open_file, i);
}

static struct open_file *file_of(struct kernel *kernel, guint64 fh)
{
	for (guint i = 0; fh && i < kernel->files->len; i++) {
		if (file_at(kernel, i)->fh == fh)
			return file_at(kernel, i);
	}
	return NULL;
}

static void opened(struct kernel *kernel, const struct pending *pending,
		   const struct fuse_open_out *open)
{
	struct open_file file = {
		.fh = open->fh,
		.node = pending->node,
		.opcode = pending->opcode,
		.access = pending->access,
	};

	g_array_append_val(kernel->files, file);
}

static void looked_up(struct kernel *kernel, const struct fuse_entry_out *entry)
{
	if (entry->nodeid && kernel->nodes->len < NODES_MAX)
		g_array_append_val(kernel->nodes, entry->nodeid);
}

static void take_answer(struct kernel *kernel,
			const struct fuse_out_header *out, const void *body)
{
	struct pending *pending =
		g_hash_table_lookup(kernel->pending, &out->unique);
	struct open_file *file;

	/* An interrupt that arrived too early is requested again. */
	if (!pending && out->error == -EAGAIN && kernel->interrupts)
		return;
	INPUT_CHECK(pending);
	INPUT_CHECK(out->error <= 0 && out->error > -512);
	INPUT_CHECK(!out->error || out->len == sizeof(*out));
	if (!out->error &&
	    (pending->opcode == FUSE_OPEN || pending->opcode == FUSE_OPENDIR))
		opened(kernel, pending, body);
	if (!out->error && pending->opcode == FUSE_LOOKUP)
		looked_up(kernel, body);
	file = file_of(kernel, pending->fh);
	if (file)
		file->busy--;
	g_hash_table_remove(kernel->pending, &out->unique);
}

/* A reply is written at once; one without a number is a notification. */
static ssize_t write_answer(int fd, struct iovec *pieces, int count, void *data)
{
	struct kernel *kernel = the_kernel;
	g_autoptr(GByteArray) all = g_byte_array_new();
	struct fuse_out_header out;

	(void)fd;
	(void)data;
	for (int i = 0; i < count; i++)
		g_byte_array_append(all, pieces[i].iov_base,
				    (guint)pieces[i].iov_len);
	INPUT_CHECK(all->len >= sizeof(out));
	memcpy(&out, all->data, sizeof(out));
	INPUT_CHECK(out.len == all->len);
	if (out.unique)
		take_answer(kernel, &out, all->data + sizeof(out));
	return all->len;
}

/* Requests are passed in memory. */
static ssize_t read_nothing(int fd, void *buffer, size_t len, void *data)
{
	(void)fd;
	(void)buffer;
	(void)len;
	(void)data;
	return 0;
}

static const struct fuse_custom_io custom_io = {
	.writev = write_answer,
	.read = read_nothing,
};

static gboolean is_answered(guint32 opcode)
{
	return opcode != FUSE_FORGET && opcode != FUSE_BATCH_FORGET &&
	       opcode != FUSE_INTERRUPT;
}

static void send_request(struct kernel *kernel, guint32 opcode, guint64 node,
			 guint64 fh, gsize body)
{
	struct fuse_in_header *in = (struct fuse_in_header *)kernel->request;
	struct fuse_buf buffer = {
		.mem = kernel->request,
		.size = sizeof(*in) + body,
	};
	struct open_file *file = file_of(kernel, fh);

	in->len = (guint32)buffer.size;
	in->opcode = opcode;
	in->unique = kernel->unique += 2;
	in->nodeid = node;
	in->pid = 1;
	if (is_answered(opcode)) {
		struct pending *pending = g_new0(struct pending, 1);

		*pending = (struct pending){
			.unique = in->unique,
			.opcode = opcode,
			.node = node,
			.fh = fh,
		};
		if (opcode == FUSE_OPEN)
			pending->access = *(guint32 *)(in + 1) & O_ACCMODE;
		g_hash_table_insert(kernel->pending, &pending->unique, pending);
		if (file)
			file->busy++;
	}
	fuse_session_process_buf(kernel->session, &buffer);
}

/* Body of the next request, all zeros. */
static void *begin(struct kernel *kernel, struct input *input)
{
	struct fuse_in_header *in = (struct fuse_in_header *)kernel->request;

	memset(kernel->request, 0, REQUEST_MAX);
	in->uid = (guint32)input_number(input, 1) % 3 * 1000;
	in->gid = in->uid;
	return in + 1;
}

static guint64 any_node(struct kernel *kernel, struct input *input)
{
	guint choice = (guint)input_number(input, 1);

	if (choice == 255)
		return input_number(input, 4);
	return g_array_index(kernel->nodes, guint64,
			     choice % kernel->nodes->len);
}

static struct open_file *any_file(struct kernel *kernel, struct input *input)
{
	guint choice = (guint)input_number(input, 1);

	return kernel->files->len ?
		       file_at(kernel, choice % kernel->files->len) :
		       NULL;
}

static void do_lookup(struct kernel *kernel, struct input *input)
{
	static const char *const names[] = { "hmc0",	 "hmc1",      "message",
					     "control",	 "message.1", "status",
					     "README",	 "hmc2",      "log",
					     "log.json", "log.1" };
	const guint count = G_N_ELEMENTS(names);
	char *name = begin(kernel, input);
	guint choice = (guint)input_number(input, 1);
	guint64 node = any_node(kernel, input);
	size_t len;
	const uint8_t *data;

	if (choice % (count + 1) < count) {
		strcpy(name, names[choice % (count + 1)]);
	} else {
		data = input_bytes(input, choice, &len);
		if (len)
			memcpy(name, data, len);
	}
	send_request(kernel, FUSE_LOOKUP, node, 0, strlen(name) + 1);
}

static void do_open(struct kernel *kernel, struct input *input)
{
	struct fuse_open_in *open = begin(kernel, input);
	guint choice = (guint)input_number(input, 1);
	guint64 node = any_node(kernel, input);

	if (kernel->files->len >= HANDLES_MAX)
		return;
	open->flags = choice % 3 | (choice & 64 ? O_NONBLOCK : 0);
	send_request(kernel, choice & 128 ? FUSE_OPENDIR : FUSE_OPEN, node, 0,
		     sizeof(*open));
}

static void do_read(struct kernel *kernel, struct input *input)
{
	struct fuse_read_in *read = begin(kernel, input);
	const struct open_file *file = any_file(kernel, input);
	guint choice = (guint)input_number(input, 1);

	if (!file || file->access == O_WRONLY)
		return;
	read->fh = file->fh;
	read->size = (guint32)input_number(input, 3) % (READ_MAX + 1);
	read->offset = input_number(input, choice & 1 ? 8 : 2);
	read->lock_owner = 1;
	read->read_flags = choice & 2 ? 0 : FUSE_READ_LOCKOWNER;
	read->flags = choice & 4 ? O_NONBLOCK : 0;
	send_request(kernel,
		     file->opcode == FUSE_OPENDIR ? FUSE_READDIR : FUSE_READ,
		     file->node, file->fh, sizeof(*read));
}

static void do_write(struct kernel *kernel, struct input *input)
{
	struct fuse_write_in *write = begin(kernel, input);
	const struct open_file *file = any_file(kernel, input);
	guint choice = (guint)input_number(input, 1);
	size_t len;
	const uint8_t *data = input_bytes(input, input_number(input, 1), &len);

	if (!file || file->access == O_RDONLY)
		return;
	if (len)
		memcpy(write + 1, data, len);
	write->fh = file->fh;
	write->size =
		choice & 8 ? (choice >> 4) * 1100 + (guint32)len : (guint32)len;
	write->offset = choice & 1 ? input_number(input, 8) : 0;
	write->flags = O_WRONLY | (choice & 4 ? O_NONBLOCK : 0);
	send_request(kernel, FUSE_WRITE, file->node, file->fh,
		     sizeof(*write) + write->size);
}

static void do_poll(struct kernel *kernel, struct input *input)
{
	struct fuse_poll_in *poll = begin(kernel, input);
	const struct open_file *file = any_file(kernel, input);

	if (!file || file->opcode == FUSE_OPENDIR)
		return;
	poll->fh = file->fh;
	poll->kh = input_number(input, 1);
	poll->events = (guint32)input_number(input, 2);
	poll->flags = poll->kh & 1 ? FUSE_POLL_SCHEDULE_NOTIFY : 0;
	send_request(kernel, FUSE_POLL, file->node, file->fh, sizeof(*poll));
}

static void do_release(struct kernel *kernel, struct input *input)
{
	struct fuse_release_in *release = begin(kernel, input);
	struct open_file *file = any_file(kernel, input);
	struct open_file gone;

	if (!file || file->busy)
		return;
	gone = *file;
	g_array_remove_index_fast(kernel->files,
				  (guint)(file - file_at(kernel, 0)));
	release->fh = gone.fh;
	send_request(kernel,
		     gone.opcode == FUSE_OPENDIR ? FUSE_RELEASEDIR :
						   FUSE_RELEASE,
		     gone.node, 0, sizeof(*release));
}

static void do_setattr(struct kernel *kernel, struct input *input)
{
	struct fuse_setattr_in *set = begin(kernel, input);
	const struct open_file *file = any_file(kernel, input);
	guint64 node = any_node(kernel, input);

	set->valid = (guint32)input_number(input, 2);
	set->size = input_number(input, 8);
	set->fh = file ? file->fh : 0;
	if (!file || file->opcode == FUSE_OPENDIR)
		set->valid &= ~(guint32)FATTR_FH;
	send_request(kernel, FUSE_SETATTR,
		     set->valid & FATTR_FH ? file->node : node,
		     set->valid & FATTR_FH ? file->fh : 0, sizeof(*set));
}

static void do_interrupt(struct kernel *kernel, struct input *input)
{
	struct fuse_interrupt_in *interrupt = begin(kernel, input);
	guint choice = (guint)input_number(input, 1);
	g_autoptr(GList) all = g_hash_table_get_values(kernel->pending);
	const struct pending *pending =
		g_list_nth_data(all, choice % (g_list_length(all) + 1));

	interrupt->unique = pending ? pending->unique : choice;
	kernel->interrupts++;
	send_request(kernel, FUSE_INTERRUPT, 0, 0, sizeof(*interrupt));
}

/* Requests that the tree does not offer, or that need no handle. */
static void do_any(struct kernel *kernel, struct input *input)
{
	static const guint32 opcodes[] = {
		FUSE_FORGET,
		FUSE_GETATTR,
		FUSE_READLINK,
		FUSE_SYMLINK,
		FUSE_MKNOD,
		FUSE_MKDIR,
		FUSE_UNLINK,
		FUSE_RMDIR,
		FUSE_RENAME,
		FUSE_LINK,
		FUSE_STATFS,
		FUSE_FSYNC,
		FUSE_SETXATTR,
		FUSE_GETXATTR,
		FUSE_LISTXATTR,
		FUSE_REMOVEXATTR,
		FUSE_FLUSH,
		FUSE_FSYNCDIR,
		FUSE_GETLK,
		FUSE_SETLK,
		FUSE_ACCESS,
		FUSE_CREATE,
		FUSE_BMAP,
		FUSE_IOCTL,
		FUSE_FALLOCATE,
		FUSE_RENAME2,
		FUSE_LSEEK,
		FUSE_COPY_FILE_RANGE,
		FUSE_BATCH_FORGET,
		49,
		50,
		51,
		99,
		100000,
	};
	char *body = begin(kernel, input);
	guint32 opcode =
		opcodes[input_number(input, 1) % G_N_ELEMENTS(opcodes)];
	guint64 node = any_node(kernel, input);
	size_t len;
	const uint8_t *data =
		input_bytes(input, input_number(input, 1) % 100, &len);

	/* The number of entries, and the position of a handle. */
	if (len && opcode != FUSE_BATCH_FORGET && opcode != FUSE_GETATTR)
		memcpy(body, data, len);
	send_request(kernel, opcode, node, 0, 200);
}

void kernel_request(struct kernel *kernel, struct input *input)
{
	switch (input_number(input, 1) % 12) {
	case 0:
		do_lookup(kernel, input);
		break;
	case 1:
	case 2:
		do_open(kernel, input);
		break;
	case 3:
	case 4:
		do_read(kernel, input);
		break;
	case 5:
	case 6:
		do_write(kernel, input);
		break;
	case 7:
		do_poll(kernel, input);
		break;
	case 8:
		do_release(kernel, input);
		break;
	case 9:
		do_setattr(kernel, input);
		break;
	case 10:
		do_interrupt(kernel, input);
		break;
	default:
		do_any(kernel, input);
	}
}

static void lookup(struct kernel *kernel, guint64 parent, const char *name)
{
	struct input none = { NULL, 0 };

	strcpy(begin(kernel, &none), name);
	send_request(kernel, FUSE_LOOKUP, parent, 0, strlen(name) + 1);
}

/* The files of the tree are known from the start. */
static void look_up_all(struct kernel *kernel)
{
	lookup(kernel, FUSE_ROOT_ID, "control");
	lookup(kernel, FUSE_ROOT_ID, "status");
	lookup(kernel, FUSE_ROOT_ID, "hmc0");
	lookup(kernel, g_array_index(kernel->nodes, guint64, 3), "message");
	lookup(kernel, g_array_index(kernel->nodes, guint64, 3), "control");
	lookup(kernel, g_array_index(kernel->nodes, guint64, 3), "status");
	lookup(kernel, g_array_index(kernel->nodes, guint64, 3), "log");
	lookup(kernel, g_array_index(kernel->nodes, guint64, 3), "capture");
}

struct kernel *kernel_new(struct fuse_session *session)
{
	struct kernel *kernel = g_new0(struct kernel, 1);
	const guint64 root = FUSE_ROOT_ID;
	struct input none = { NULL, 0 };
	struct fuse_init_in *init;

	the_kernel = kernel;
	kernel->session = session;
	kernel->nodes = g_array_new(FALSE, FALSE, sizeof(guint64));
	kernel->files = g_array_new(FALSE, FALSE, sizeof(struct open_file));
	kernel->pending = g_hash_table_new_full(g_int64_hash, g_int64_equal,
						NULL, g_free);
	kernel->request = g_malloc(REQUEST_MAX);
	g_array_append_val(kernel->nodes, root);
	fuse_session_custom_io(session, &custom_io,
			       open("/dev/null", O_RDWR | O_CLOEXEC));
	init = begin(kernel, &none);
	init->major = FUSE_KERNEL_VERSION;
	init->minor = 36;
	init->flags = ~0u & ~(guint32)FUSE_INIT_EXT;
	send_request(kernel, FUSE_INIT, 0, 0, sizeof(*init));
	look_up_all(kernel);
	return kernel;
}

/* Each request takes one interrupt out of libfuse's list. */
static void drain_interrupts(struct kernel *kernel)
{
	struct input none = { NULL, 0 };

	for (guint i = 0; i < kernel->interrupts; i++) {
		begin(kernel, &none);
		send_request(kernel, FUSE_STATFS, FUSE_ROOT_ID, 0, 0);
	}
}

void kernel_free(struct kernel *kernel)
{
	drain_interrupts(kernel);
	INPUT_CHECK(!g_hash_table_size(kernel->pending));
	g_hash_table_unref(kernel->pending);
	g_array_unref(kernel->nodes);
	g_array_unref(kernel->files);
	g_free(kernel->request);
	g_free(kernel);
}
