/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Node helper: starts the privileged helper for a test of the character
 * device. It cannot mount.
 */
#ifndef TEST_NODE_HELPER_H
#define TEST_NODE_HELPER_H

#include "privilege/privilege.h"

/**
 * node_helper_new() - start the helper for a node
 * @path: node, absolute or relative to the current directory
 *
 * The calling process drops its capabilities, see privilege_start().
 *
 * Return: helper, to be freed with privilege_free().
 */
struct privilege *node_helper_new(const char *path);

#endif
