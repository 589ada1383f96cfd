// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting sessions: keeps the sessions that wait to be opened, and their
 * deadlines. There is one list for each connection, one for sessions that
 * accept any HMC index, and a heap of the deadlines. The number of waiting
 * sessions is limited in total and for each user. hmc-session.c opens them.
 */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/types.h>

#include "internal.h"
#include "engine-limits.h"

/* A user and the number of waiting sessions of that user. */
struct ibmvmc_waiting_user {
	struct list_head node;
	u32 id;
	unsigned int count;
};

/**
 * ibmvmc_waiting_init() - initialise without waiting sessions
 * @waiting: zeroed memory
 * @capacity: maximum number of waiting sessions
 *
 * Return: 0 or -ENOMEM.
 */
int ibmvmc_waiting_init(struct ibmvmc_waiting *waiting, unsigned int capacity)
{
	INIT_LIST_HEAD(&waiting->any);
	INIT_LIST_HEAD(&waiting->users);
	waiting->capacity = capacity;
	waiting->heap = kvcalloc(capacity, sizeof(*waiting->heap), GFP_KERNEL);
	return waiting->heap ? 0 : -ENOMEM;
}

/**
 * ibmvmc_waiting_clear() - free the heap
 * @waiting: initialised or zeroed, without waiting sessions
 */
void ibmvmc_waiting_clear(struct ibmvmc_waiting *waiting)
{
	kvfree(waiting->heap);
}

static void ibmvmc_heap_put(struct ibmvmc_waiting *waiting, unsigned int place,
			    struct ibmvmc_deadline deadline)
{
	waiting->heap[place] = deadline;
	deadline.session->waiter.place = place;
}

/* Moves an element towards the root while its deadline is the earlier. */
static unsigned int ibmvmc_heap_up(struct ibmvmc_waiting *waiting,
				   unsigned int place,
				   struct ibmvmc_deadline deadline)
{
	while (place) {
		unsigned int parent = (place - 1) / 2;

		if (waiting->heap[parent].at_ms <= deadline.at_ms)
			break;
		ibmvmc_heap_put(waiting, place, waiting->heap[parent]);
		place = parent;
	}
	return place;
}

/* Moves an element towards the leaves while its deadline is the later. */
static unsigned int ibmvmc_heap_down(struct ibmvmc_waiting *waiting,
				     unsigned int place,
				     struct ibmvmc_deadline deadline)
{
	for (;;) {
		unsigned int child = 2 * place + 1;

		if (child >= waiting->count)
			break;
		if (child + 1 < waiting->count &&
		    waiting->heap[child + 1].at_ms < waiting->heap[child].at_ms)
			child++;
		if (waiting->heap[child].at_ms >= deadline.at_ms)
			break;
		ibmvmc_heap_put(waiting, place, waiting->heap[child]);
		place = child;
	}
	return place;
}

static void ibmvmc_heap_set(struct ibmvmc_waiting *waiting, unsigned int place,
			    struct ibmvmc_deadline deadline)
{
	place = ibmvmc_heap_up(waiting, place, deadline);
	place = ibmvmc_heap_down(waiting, place, deadline);
	ibmvmc_heap_put(waiting, place, deadline);
}

static void ibmvmc_heap_add(struct ibmvmc_waiting *waiting,
			    struct ibmvmc_deadline deadline)
{
	ibmvmc_heap_set(waiting, waiting->count++, deadline);
}

static void ibmvmc_heap_remove(struct ibmvmc_waiting *waiting,
			       unsigned int place)
{
	struct ibmvmc_deadline last = waiting->heap[--waiting->count];

	if (place < waiting->count)
		ibmvmc_heap_set(waiting, place, last);
}

static struct ibmvmc_waiting_user *
ibmvmc_find_user(struct ibmvmc_waiting *waiting, u32 id)
{
	struct ibmvmc_waiting_user *user;

	list_for_each_entry(user, &waiting->users, node)
		if (user->id == id)
			return user;
	user = kzalloc(sizeof(*user), GFP_KERNEL);
	if (!user)
		return NULL;
	user->id = id;
	list_add_tail(&user->node, &waiting->users);
	return user;
}

static struct list_head *ibmvmc_wait_list(struct ibmvmc_file_session *session)
{
	struct crq_server_adapter *adapter = session->adapter;

	if (session->wanted < 0)
		return &adapter->waiting.any;
	return &adapter->connections[session->wanted].waiting;
}

/**
 * ibmvmc_wait() - add a session to the waiting ones
 * @session: session that does not wait; its wanted index and user are set
 * @give_up: deadline in milliseconds of the host's clock
 *
 * Return: 0; -EUSERS (too many waiting sessions of this user); -ENFILE (too
 * many waiting sessions); -ENOMEM.
 */
int ibmvmc_wait(struct ibmvmc_file_session *session, u64 give_up)
{
	struct ibmvmc_waiting *waiting = &session->adapter->waiting;
	struct ibmvmc_waiter *waiter = &session->waiter;
	struct ibmvmc_waiting_user *user;

	if (waiting->count == waiting->capacity)
		return -ENFILE;
	user = ibmvmc_find_user(waiting, session->user);
	if (!user)
		return -ENOMEM;
	if (user->count >= waiting->capacity / IBMVMC_WAITING_SHARE)
		return -EUSERS;
	user->count++;
	waiter->user = user;
	waiter->number = waiting->number++;
	list_add_tail(&waiter->node, ibmvmc_wait_list(session));
	ibmvmc_heap_add(waiting, (struct ibmvmc_deadline){ give_up, session });
	return 0;
}

/**
 * ibmvmc_wait_end() - remove a session from the waiting ones
 * @session: session; unchanged if it does not wait
 */
void ibmvmc_wait_end(struct ibmvmc_file_session *session)
{
	struct ibmvmc_waiter *waiter = &session->waiter;
	struct ibmvmc_waiting_user *user = waiter->user;

	if (!user)
		return;
	waiter->user = NULL;
	list_del_init(&waiter->node);
	ibmvmc_heap_remove(&session->adapter->waiting, waiter->place);
	if (!--user->count) {
		list_del(&user->node);
		kfree(user);
	}
}

/**
 * ibmvmc_waiting_deadline() - get the earliest deadline of all sessions
 * @waiting: initialised
 *
 * Return: the deadline, or IBMVMC_TIMER_OFF.
 */
u64 ibmvmc_waiting_deadline(const struct ibmvmc_waiting *waiting)
{
	return waiting->count ? waiting->heap[0].at_ms : IBMVMC_TIMER_OFF;
}
