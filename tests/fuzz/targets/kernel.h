/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel: plays the kernel's side of a FUSE connection. Its requests are well
 * formed, as those of a kernel, with random contents; each must get exactly
 * one reply. It mounts nothing.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <glib.h>

#include "input.h"

struct fuse_session;
struct kernel;

/**
 * kernel_new() - take over a session and initialise it
 * @session: session of libfuse, not mounted
 */
struct kernel *kernel_new(struct fuse_session *session);

/**
 * kernel_request() - send one request
 * @kernel: kernel
 * @input: bytes that select the request
 */
void kernel_request(struct kernel *kernel, struct input *input);

/**
 * kernel_free() - check that each request has its reply, and free the kernel
 * @kernel: kernel; the tree has completed all requests
 */
void kernel_free(struct kernel *kernel);

#endif
