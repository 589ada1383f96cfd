/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pool of HMC slots: which index is free, who has it, and whether a
 * message of the hypervisor fits to it.
 */
#ifndef IBMVMC_HMC_H
#define IBMVMC_HMC_H

#include <linux/types.h>

#include "adapter.h"

struct vmc_interface;

/**
 * ibmvmc_hmc_at() - the slot of an HMC index
 * @adapter: any
 * @index: any value
 *
 * Return: the slot, or NULL unless @index is below the negotiated number.
 */
struct ibmvmc_hmc *ibmvmc_hmc_at(const struct crq_server_adapter *adapter,
				 unsigned int index);

/**
 * ibmvmc_get_free_hmc() - find a slot that can be opened now
 * @adapter: any
 *
 * Return: the lowest free slot that has a buffer for an Open; else the lowest
 * free slot; NULL if none is free.
 */
struct ibmvmc_hmc *ibmvmc_get_free_hmc(struct crq_server_adapter *adapter);

/**
 * ibmvmc_any_session() - is there a session that a reset would end
 * @adapter: any
 */
bool ibmvmc_any_session(const struct crq_server_adapter *adapter);

/**
 * ibmvmc_hmcs_in_use() - is there a session that lives on an index
 * @adapter: the channel is ready
 * @index: HMC index, or -1: on every one
 *
 * While one is being closed it has none: it will soon be free.
 */
bool ibmvmc_hmcs_in_use(const struct crq_server_adapter *adapter, int index);

/**
 * ibmvmc_setup_hmc() - reserve a slot for a file session (vmc-facts 3.2)
 * @session: without a slot; the one it wants, or any
 *
 * On success slot and session point to each other, and the slot is initial.
 * Only the slot in question needs a buffer.
 *
 * Return: 0; -EAGAIN (channel not ready); -EIO (channel failed); -EINVAL (the
 * index was not negotiated); -EBUSY (not free); -ENOBUFS (no buffer yet).
 */
int ibmvmc_setup_hmc(struct ibmvmc_file_session *session);

/**
 * ibmvmc_unset_hmc() - undo ibmvmc_setup_hmc(): no Open was sent
 * @session: with an initial slot; without one afterwards, its state unchanged
 */
void ibmvmc_unset_hmc(struct ibmvmc_file_session *session);

/**
 * ibmvmc_return_hmc() - put a slot back into the pool without any buffer
 * @hmc: in any state, free afterwards; its session number survives
 * @release_readers: end the session that lives on it, with -ECONNRESET, and
 *	wake its waiters; if false, there must be none
 *
 * Return: 0, -EBUSY (nothing done: there is a session and @release_readers is
 * false).
 */
int ibmvmc_return_hmc(struct ibmvmc_hmc *hmc, bool release_readers);

/**
 * ibmvmc_validate_hmc_session() - is a message of the hypervisor for a slot and
 * session that exist (vmc-facts 2.6)
 * @adapter: the channel is ready
 * @message: as decoded
 *
 * The number must be that of the slot's session. Session 0 means "no session":
 * only an Add or Remove Buffer may carry it, and only where there is none. On
 * a free slot an Add Buffer may carry any number, but the one that was used
 * last only behind the Close Response (before that it is late, and its session
 * gone); a Remove Buffer may carry that one only.
 *
 * Return: 0, -ENOENT (no such index), -ESTALE (not this session).
 */
int ibmvmc_validate_hmc_session(const struct crq_server_adapter *adapter,
				const struct vmc_interface *message);

/**
 * ibmvmc_validate_response() - does a response answer a request that is pending
 * @adapter: the channel is ready
 * @message: as decoded
 * @pending: the state a slot is in while it waits for such a response
 *
 * Return: as ibmvmc_validate_hmc_session(); -EPROTO if none is pending, or it
 * was not sent yet.
 */
int ibmvmc_validate_response(const struct crq_server_adapter *adapter,
			     const struct vmc_interface *message,
			     enum ibmvmc_hmc_state pending);

/**
 * ibmvmc_refuse_status() - the status byte for an Add or Remove Buffer that
 * ibmvmc_validate_hmc_session() refused
 * @error: what it returned
 */
u8 ibmvmc_refuse_status(int error);

#endif
