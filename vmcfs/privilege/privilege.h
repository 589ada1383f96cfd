/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Privilege: starts the helper, drops what the daemon does not need from then
 * on, and sends requests to the helper. It does not know what they do.
 */
#ifndef VMCFS_PRIVILEGE_H
#define VMCFS_PRIVILEGE_H

#include "helper.h"

struct privilege;

/**
 * privilege_start() - fork the helper and drop all capabilities here
 * @table: of the helper's actions; used in the helper only
 * @kept: mask of the capabilities that the helper keeps, if they are held
 * @argv: of main(), to name the helper, or NULL
 * @privilege: the result, on success
 *
 * Call it while the process has one thread. The daemon gets no_new_privs. The
 * helper does so, too, and a filter of system calls, unless CAP_SYS_ADMIN is
 * missing: then it has to run fusermount3.
 *
 * Return: 0 or a negative errno.
 */
int privilege_start(const struct helper_table *table, guint64 kept, char **argv,
		    struct privilege **privilege);

/**
 * privilege_call() - make a request and wait for its answer
 * @privilege: started
 * @verb: one that is not slow
 * @timeout_ms: how long to wait at most, in milliseconds; -1: until the helper
 *	ends
 * @fd: set to the descriptor of the answer, which the caller owns, or to -1;
 *	NULL if there is none
 *
 * A verb that timed out is not requested again before the helper has answered:
 * until then its calls return -ETIMEDOUT at once.
 *
 * Return: 0; -ETIMEDOUT; -EPIPE: there is no helper any more; or the action's
 * negative errno.
 */
int privilege_call(struct privilege *privilege, enum helper_verb verb,
		   int timeout_ms, int *fd);

/**
 * privilege_request() - make a request and go on
 * @privilege: started
 * @verb: one whose answer has no descriptor
 * @answered: called once from the main loop with 0, or a negative errno as from
 *	privilege_call()
 * @data: passed to it
 *
 * Return: 0; -EBUSY: the one before is not answered; or another negative errno.
 */
int privilege_request(struct privilege *privilege, enum helper_verb verb,
		      void (*answered)(void *data, int error), void *data);

/**
 * privilege_forget() - do not report the answer of a request any more
 * @privilege: started
 *
 * The request goes on: privilege_request() returns -EBUSY until it is answered.
 */
void privilege_forget(struct privilege *privilege);

/**
 * privilege_free() - end the helper and wait for its end
 * @privilege: NULL is allowed
 */
void privilege_free(struct privilege *privilege);

#endif
