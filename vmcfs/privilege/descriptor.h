/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors over a socket: sends and receives one message with at most one
 * file descriptor (SCM_RIGHTS). It gives the bytes no meaning.
 */
#ifndef VMCFS_DESCRIPTOR_H
#define VMCFS_DESCRIPTOR_H

#include <glib.h>

/**
 * descriptor_send() - send a message
 * @socket: of the family AF_UNIX
 * @data: the bytes, at least one
 * @size: number of bytes
 * @fd: stays open here; -1 for none
 *
 * Return: 0 or a negative errno.
 */
int descriptor_send(int socket, gconstpointer data, gsize size, int fd);

/**
 * descriptor_receive() - receive a message
 * @socket: of the family AF_UNIX
 * @data: filled
 * @size: room in bytes
 * @fd: set to a descriptor that the caller owns, close-on-exec, or to -1
 *
 * Return: the number of bytes; 0: the other end is closed; -EMSGSIZE: the
 * message was longer, or had several descriptors; or another negative errno.
 */
gssize descriptor_receive(int socket, gpointer data, gsize size, int *fd);

#endif
