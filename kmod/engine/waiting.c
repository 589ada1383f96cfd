// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sessions that wait to be opened: who is next, and for how long.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/types.h>

#include "adapter.h"
#include "file-session.h"
#include "hmc.h"
#include "limits.h"
#include "open.h"
#include "waiting.h"

/* A user with waiting sessions, and how many these are. */
struct ibmvmc_waiting_user {
	struct list_head node;
	u32 id;
	unsigned int count;
};

int ibmvmc_waiting_init(struct ibmvmc_waiting *waiting, unsigned int capacity)
{
	INIT_LIST_HEAD(&waiting->any);
	INIT_LIST_HEAD(&waiting->users);
	waiting->capacity = capacity;
	waiting->heap = kvcalloc(capacity, sizeof(*waiting->heap), GFP_KERNEL);
	return waiting->heap ? 0 : -ENOMEM;
}

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

/* Moves an element towards the front while it is earlier than its parent. */
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

/* Moves an element towards the end while it is later than a child. */
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

	return session->wanted < 0 ? &adapter->waiting.any :
				     &adapter->slots[session->wanted].waiting;
}

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

u64 ibmvmc_waiting_deadline(const struct ibmvmc_waiting *waiting)
{
	return waiting->count ? waiting->heap[0].at_ms : IBMVMC_TIMER_OFF;
}

static struct ibmvmc_file_session *ibmvmc_first(struct list_head *list)
{
	return list_first_entry_or_null(list, struct ibmvmc_file_session,
					waiter.node);
}

/* The session that has waited longest for this slot, or NULL. */
static struct ibmvmc_file_session *ibmvmc_next(struct ibmvmc_hmc *hmc)
{
	struct ibmvmc_file_session *wanting = ibmvmc_first(&hmc->waiting);
	struct ibmvmc_file_session *any;

	any = ibmvmc_first(&hmc->adapter->waiting.any);
	if (!any || !wanting)
		return any ?: wanting;
	return any->waiter.number < wanting->waiter.number ? any : wanting;
}

void ibmvmc_waiting_serve(struct ibmvmc_hmc *hmc)
{
	struct crq_server_adapter *adapter = hmc->adapter;
	struct ibmvmc_file_session *session;
	u64 give_up;
	int rc;

	while ((session = ibmvmc_next(hmc))) {
		give_up = adapter->waiting.heap[session->waiter.place].at_ms;
		rc = ibmvmc_open_session(session, give_up);
		if (rc && ibmvmc_worth_waiting(adapter, rc))
			return;
		if (rc)
			ibmvmc_session_end(session, rc);
		else
			ibmvmc_wait_end(session);
	}
}

void ibmvmc_waiting_serve_all(struct crq_server_adapter *adapter)
{
	struct ibmvmc_file_session *session;
	struct ibmvmc_hmc *hmc;
	unsigned int i;

	for (i = 0; i < adapter->config.max_hmcs; i++) {
		hmc = &adapter->slots[i];
		if (i < adapter->hmcs) {
			ibmvmc_waiting_serve(hmc);
			continue;
		}
		while ((session = ibmvmc_first(&hmc->waiting)))
			ibmvmc_session_end(session, -ENODEV);
	}
}

/* Why a session that has waited until now could not be opened. */
static int ibmvmc_obstacle(struct crq_server_adapter *adapter, int wanted)
{
	const struct ibmvmc_hmc *hmc;

	if (adapter->state == IBMVMC_STATE_FAILED)
		return -EIO;
	if (adapter->state != IBMVMC_STATE_READY)
		return -ENODEV;
	hmc = wanted < 0 ? ibmvmc_get_free_hmc(adapter) :
			   ibmvmc_hmc_at(adapter, wanted);
	if (!hmc || hmc->state != IBMVMC_HMC_FREE)
		return -EBUSY;
	return -ENOBUFS;
}

void ibmvmc_waiting_expire(struct crq_server_adapter *adapter, u64 now)
{
	struct ibmvmc_file_session *session;

	while (ibmvmc_waiting_deadline(&adapter->waiting) <= now) {
		session = adapter->waiting.heap[0].session;
		ibmvmc_session_end(session,
				   ibmvmc_obstacle(adapter, session->wanted));
	}
}
