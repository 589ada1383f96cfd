/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <linux/list.h>: user-space replacement for the header of the kernel: doubly
 * linked rings of nodes embedded in other structures. After list_del_init() and
 * INIT_LIST_HEAD() a node is a ring by itself; after list_del() it must not be
 * used.
 */
#ifndef VMC_SHIM_LINUX_LIST_H
#define VMC_SHIM_LINUX_LIST_H

#pragma GCC system_header

#include <linux/container_of.h>
#include <linux/types.h>

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline int list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void vmc_shim_list_link(struct list_head *node,
				      struct list_head *before,
				      struct list_head *after)
{
	node->prev = before;
	node->next = after;
	before->next = node;
	after->prev = node;
}

static inline void list_add(struct list_head *node, struct list_head *head)
{
	vmc_shim_list_link(node, head, head->next);
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	vmc_shim_list_link(node, head->prev, head);
}

static inline void list_del(struct list_head *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	node->next = NULL;
	node->prev = NULL;
}

static inline void list_del_init(struct list_head *node)
{
	list_del(node);
	INIT_LIST_HEAD(node);
}

#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(head, type, member) \
	list_entry((head)->next, type, member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))
#define list_next_entry(position, member) \
	list_entry((position)->member.next, __typeof__(*(position)), member)

#define list_for_each_entry(position, head, member)                           \
	for (position =                                                       \
		     list_first_entry(head, __typeof__(*(position)), member); \
	     &(position)->member != (head);                                   \
	     position = list_next_entry(position, member))

#define list_for_each_entry_safe(position, following, head, member)           \
	for (position =                                                       \
		     list_first_entry(head, __typeof__(*(position)), member), \
	    following = list_next_entry(position, member);                    \
	     &(position)->member != (head); position = following,             \
	    following = list_next_entry(following, member))

#endif
