// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Layout of the ABI: asserts sizes, offsets and numbers against literals, those
 * of the legacy ABI and those that this driver added. A compiler that accepts
 * it is the test; nothing is linked.
 */
#include <stddef.h>

#include "uapi/ibmvmc.h"

#define SAME(value, number) \
	_Static_assert((value) == (number), #value " is not " #number)
#define AT(type, member, offset, size)                               \
	SAME(offsetof(struct type, member), offset);                 \
	_Static_assert(sizeof(((struct type *)0)->member) == (size), \
		       #member " has not " #size " bytes")

/* powerpc has three bits for the direction, all others here have two. */
#if defined(__powerpc__)
#define SETHMCID_32 0x8004cc00U
#define SETHMCID_64 0x8008cc00U
#define QUERY 0x400ccc01U
#define REQUESTVMC 0x4004cc02U
#define INFO 0x2000cc03U
#define OPEN 0x2000cc04U
#else
#define SETHMCID_32 0x4004cc00U
#define SETHMCID_64 0x4008cc00U
#define QUERY 0x800ccc01U
#define REQUESTVMC 0x8004cc02U
#define INFO 0x0000cc03U
#define OPEN 0x0000cc04U
#endif

SAME(IBMVMC_IOC_SETHMCID, sizeof(void *) == 8 ? SETHMCID_64 : SETHMCID_32);
SAME(_IOC(_IOC_WRITE, IBMVMC_IOC_TYPE, 0, 4), SETHMCID_32);
SAME(_IOC(_IOC_WRITE, IBMVMC_IOC_TYPE, 0, 8), SETHMCID_64);
SAME(IBMVMC_IOC_QUERY, QUERY);
SAME(IBMVMC_IOC_REQUESTVMC, REQUESTVMC);
SAME(IBMVMC_IOC_INFO, INFO);
SAME(IBMVMC_IOC_OPEN, OPEN);

SAME(sizeof(struct ibmvmc_query), 12);
AT(ibmvmc_query, have_vmc, 0, 4);
AT(ibmvmc_query, state, 4, 4);
AT(ibmvmc_query, vmc_drc_index, 8, 4);

SAME(IBMVMC_INFO_SIZE_V1, 120);
SAME(sizeof(struct ibmvmc_ioc_info), 120);
SAME(_Alignof(struct ibmvmc_ioc_info), 8);
AT(ibmvmc_ioc_info, size, 0, 4);
AT(ibmvmc_ioc_info, abi_version, 4, 4);
AT(ibmvmc_ioc_info, channel_state, 8, 4);
AT(ibmvmc_ioc_info, last_reset, 12, 4);
AT(ibmvmc_ioc_info, resets, 16, 8);
AT(ibmvmc_ioc_info, drc_index, 24, 4);
AT(ibmvmc_ioc_info, hmcs, 28, 4);
AT(ibmvmc_ioc_info, pool, 32, 4);
AT(ibmvmc_ioc_info, mtu, 36, 4);
AT(ibmvmc_ioc_info, peer_version, 40, 4);
AT(ibmvmc_ioc_info, file_state, 44, 4);
AT(ibmvmc_ioc_info, file_error, 48, 4);
AT(ibmvmc_ioc_info, hmc_index, 52, 4);
AT(ibmvmc_ioc_info, hmc_session, 56, 4);
AT(ibmvmc_ioc_info, buffers, 60, 4);
AT(ibmvmc_ioc_info, buffers_free, 64, 4);
AT(ibmvmc_ioc_info, queued, 68, 4);
AT(ibmvmc_ioc_info, next_length, 72, 4);
AT(ibmvmc_ioc_info, reserved, 76, 4);
AT(ibmvmc_ioc_info, sent_messages, 80, 8);
AT(ibmvmc_ioc_info, sent_bytes, 88, 8);
AT(ibmvmc_ioc_info, received_messages, 96, 8);
AT(ibmvmc_ioc_info, received_bytes, 104, 8);
AT(ibmvmc_ioc_info, lost_messages, 112, 8);

SAME(IBMVMC_OPEN_SIZE_V1, 48);
SAME(sizeof(struct ibmvmc_ioc_open), 48);
AT(ibmvmc_ioc_open, size, 0, 4);
AT(ibmvmc_ioc_open, hmc_index, 4, 4);
AT(ibmvmc_ioc_open, timeout_ms, 8, 4);
AT(ibmvmc_ioc_open, reserved, 12, 4);
AT(ibmvmc_ioc_open, hmc_id, 16, 32);

SAME(IBMVMC_HMC_ID_LEN, 32);
SAME(IBMVMC_ABI_VERSION, 1);
SAME(IBMVMC_CHANNEL_RESETTING, -1);
SAME(IBMVMC_CHANNEL_NONE, 0);
SAME(IBMVMC_CHANNEL_INITIALIZING, 1);
SAME(IBMVMC_CHANNEL_CAPABILITIES, 2);
SAME(IBMVMC_CHANNEL_READY, 3);
SAME(IBMVMC_CHANNEL_FAILED, 4);
SAME(IBMVMC_FILE_NEW, 0);
SAME(IBMVMC_FILE_WAITING, 1);
SAME(IBMVMC_FILE_OPENING, 2);
SAME(IBMVMC_FILE_READY, 3);
SAME(IBMVMC_FILE_DEAD, 4);
SAME(IBMVMC_RESET_NONE, 0);
SAME(IBMVMC_RESET_PARTNER_FAILED, 1);
SAME(IBMVMC_RESET_PARTNER_DEREGISTERED, 2);
SAME(IBMVMC_RESET_PARTNER_TERMINATED, 4);
SAME(IBMVMC_RESET_MIGRATED, 6);
SAME(IBMVMC_RESET_OTHER_EVENT, 255);
SAME(IBMVMC_RESET_SELF, 256);
SAME(IBMVMC_RESET_REMOVED, 257);
SAME(IBMVMC_INDEX_ANY, -1);
