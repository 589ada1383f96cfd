// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Serve: an event source over the FUSE descriptor. It handles no request
 * itself.
 *
 * It takes at most BATCH requests in a turn of the main loop, so that timers
 * and signals are served. It dispatches the device after each request, so that
 * the response of a fast hypervisor is handled in the same turn.
 */
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "../channel/channel.h"
#include "../device/device.h"

/* Maximum number of requests in one turn of the main loop. */
#define BATCH 64

struct serve_source {
	GSource source;
	gpointer tag;
	struct tree *tree;
	struct fuse_session *session;
	struct fuse_buf buffer;
	void (*ended)(void *data);
	void *data;
};

static gboolean source_check(GSource *source)
{
	struct serve_source *serve = (struct serve_source *)source;

	return g_source_query_unix_fd(source, serve->tag) != 0;
}

static gboolean source_prepare(GSource *source, gint *timeout)
{
	(void)source;
	*timeout = -1;
	return FALSE;
}

static gboolean source_dispatch(GSource *source, GSourceFunc callback,
				gpointer data)
{
	struct serve_source *serve = (struct serve_source *)source;
	struct device *device = serve->tree->channel->device;

	(void)callback;
	(void)data;
	for (int i = 0; i < BATCH; i++) {
		int len = fuse_session_receive_buf(serve->session,
						   &serve->buffer);

		if (len == -EAGAIN || len == -EINTR)
			return G_SOURCE_CONTINUE;
		if (len <= 0) {
			serve->ended(serve->data);
			return G_SOURCE_REMOVE;
		}
		fuse_session_process_buf(serve->session, &serve->buffer);
		device_dispatch(device);
		wakeups_run(serve->tree);
	}
	return G_SOURCE_CONTINUE;
}

static void source_finalize(GSource *source)
{
	free(((struct serve_source *)source)->buffer.mem);
}

static GSourceFuncs source_funcs = {
	.prepare = source_prepare,
	.check = source_check,
	.dispatch = source_dispatch,
	.finalize = source_finalize,
};

GSource *serve_start(struct tree *tree, struct fuse_session *session,
		     void (*ended)(void *data), void *data)
{
	GSource *source =
		g_source_new(&source_funcs, sizeof(struct serve_source));
	struct serve_source *serve = (struct serve_source *)source;
	int fd = fuse_session_fd(session);

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	serve->tree = tree;
	tree->cache.session = session;
	serve->session = session;
	serve->buffer = (struct fuse_buf){ 0 };
	serve->ended = ended;
	serve->data = data;
	/* Saves the write to GLib's wake-up descriptor at each dispatch. */
	g_source_set_can_recurse(source, TRUE);
	serve->tag =
		g_source_add_unix_fd(source, fd, G_IO_IN | G_IO_ERR | G_IO_HUP);
	g_source_attach(source, NULL);
	return source;
}
