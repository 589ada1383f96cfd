/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File sessions that wait to be opened: a list for each HMC index and one for
 * those that take any, and a heap of their deadlines. Both their number and the
 * number of each user are bounded. Nothing here walks over all of them, but for
 * a channel that changes as a whole.
 */
#ifndef IBMVMC_WAITING_H
#define IBMVMC_WAITING_H

#include <linux/list.h>
#include <linux/types.h>

struct crq_server_adapter;
struct ibmvmc_file_session;
struct ibmvmc_hmc;
struct ibmvmc_waiting_user;

/**
 * struct ibmvmc_deadline - one element of the heap
 * @at_ms: time at which the session has waited too long
 * @session: the session
 */
struct ibmvmc_deadline {
	u64 at_ms;
	struct ibmvmc_file_session *session;
};

/**
 * struct ibmvmc_waiting - all sessions of an adapter that wait
 * @heap: their deadlines, the earliest first
 * @capacity: elements that @heap has room for
 * @count: elements in @heap
 * @any: sessions that take any HMC index, oldest first
 * @users: users of the waiting sessions
 * @number: number of sessions that have begun to wait so far
 */
struct ibmvmc_waiting {
	struct ibmvmc_deadline *heap;
	unsigned int capacity;
	unsigned int count;
	struct list_head any;
	struct list_head users;
	u64 number;
};

/**
 * struct ibmvmc_waiter - a session's place among those that wait
 * @node: in the list of its HMC index or in @any; empty while it does not wait
 * @user: its user, NULL while it does not wait
 * @place: index of its deadline in the heap
 * @number: order among all sessions that wait
 */
struct ibmvmc_waiter {
	struct list_head node;
	struct ibmvmc_waiting_user *user;
	unsigned int place;
	u64 number;
};

/**
 * ibmvmc_waiting_init() - no session waits
 * @waiting: uninitialised
 * @capacity: sessions that may wait
 *
 * Return: 0 or -ENOMEM.
 */
int ibmvmc_waiting_init(struct ibmvmc_waiting *waiting, unsigned int capacity);

/**
 * ibmvmc_waiting_clear() - free the memory
 * @waiting: initialised, or zeroed; no session waits any more
 */
void ibmvmc_waiting_clear(struct ibmvmc_waiting *waiting);

/**
 * ibmvmc_wait() - let a session wait for its HMC index
 * @session: waits for nothing; its wanted index and its user are set
 * @give_up: time at which it has waited too long
 *
 * Return: 0; -EUSERS (its user has as many waiting sessions as one may have);
 * -ENFILE (there are as many waiting sessions as there may be); -ENOMEM.
 */
int ibmvmc_wait(struct ibmvmc_file_session *session, u64 give_up);

/**
 * ibmvmc_wait_end() - a session does not wait any more
 * @session: any; nothing happens if it does not wait
 */
void ibmvmc_wait_end(struct ibmvmc_file_session *session);

/**
 * ibmvmc_waiting_deadline() - the earliest deadline of all waiting sessions
 * @waiting: any
 *
 * Return: that time, or IBMVMC_TIMER_OFF.
 */
u64 ibmvmc_waiting_deadline(const struct ibmvmc_waiting *waiting);

/**
 * ibmvmc_waiting_serve() - a slot may have become free or got its buffer
 * @hmc: any
 *
 * Opens it for the session that has waited longest, of those that want its index
 * or any.
 */
void ibmvmc_waiting_serve(struct ibmvmc_hmc *hmc);

/**
 * ibmvmc_waiting_serve_all() - the channel has become ready
 * @adapter: in state READY
 *
 * Sessions that wait for an index that was not negotiated end with -ENODEV.
 */
void ibmvmc_waiting_serve_all(struct crq_server_adapter *adapter);

/**
 * ibmvmc_waiting_expire() - end the sessions that have waited too long
 * @adapter: any
 * @now: the time
 */
void ibmvmc_waiting_expire(struct crq_server_adapter *adapter, u64 now);

#endif
