/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's side of a FUSE connection without a kernel: it sends requests
 * that are well formed as the kernel's are, whatever they ask for, and demands
 * exactly one answer to each.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <glib.h>

#include "input.h"

struct fuse_session;
struct kernel;

/**
 * kernel_new() - take over a session and initialise it
 * @session: of libfuse, not mounted
 */
struct kernel *kernel_new(struct fuse_session *session);

/**
 * kernel_request() - send one request
 * @kernel: any
 * @input: decides which
 */
void kernel_request(struct kernel *kernel, struct input *input);

/**
 * kernel_free() - demand that everything was answered
 * @kernel: the tree has ended all requests
 */
void kernel_free(struct kernel *kernel);

#endif
