/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File sessions, as the rest of the engine sees them. A file session is used
 * for one HMC session and dies with it; it is never given another one.
 */
#ifndef IBMVMC_FILE_SESSION_H
#define IBMVMC_FILE_SESSION_H

#include <linux/types.h>

#include "engine.h"

/**
 * ibmvmc_session_wake() - tell the host that a session has changed
 * @session: any that has an adapter
 *
 * Nobody is told of a session whose last reference was given back: its owner
 * may be gone.
 */
void ibmvmc_session_wake(struct ibmvmc_file_session *session);

/**
 * ibmvmc_session_wake_all() - wake the writers of every ready session
 * @adapter: any
 */
void ibmvmc_session_wake_all(struct crq_server_adapter *adapter);

/**
 * ibmvmc_session_end() - a session is dead, for good
 * @session: any; nothing happens if it is dead already
 * @error: why, a negative errno, or 0
 *
 * Slot and session forget each other; messages stay readable; everybody who
 * waits is woken.
 */
void ibmvmc_session_end(struct ibmvmc_file_session *session, int error);

/**
 * ibmvmc_session_deliver() - a message has come for a session
 * @session: opening or ready
 * @message: its bytes and length are set; the session takes a reference
 */
void ibmvmc_session_deliver(struct ibmvmc_file_session *session,
			    struct ibmvmc_storage *message);

/**
 * ibmvmc_worth_waiting() - may time heal what kept a session from being opened
 * @adapter: any
 * @error: what ibmvmc_open_session() returned
 */
bool ibmvmc_worth_waiting(const struct crq_server_adapter *adapter, int error);

#endif
