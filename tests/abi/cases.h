/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of cases: declares one for each file that holds cases. Their order is
 * in cases.c.
 */
#ifndef ABI_CASES_H
#define ABI_CASES_H

#include "case.h"

extern const struct abi_case compat_client_cases[];
extern const struct abi_case compat_end_cases[];
extern const struct abi_case compat_node_cases[];
extern const struct abi_case compat_poll_cases[];
extern const struct abi_case compat_read_cases[];
extern const struct abi_case compat_sethmcid_cases[];
extern const struct abi_case compat_share_cases[];
extern const struct abi_case compat_write_cases[];
extern const struct abi_case abi_cycles_cases[];
extern const struct abi_case abi_flood_cases[];
extern const struct abi_case abi_gone_cases[];
extern const struct abi_case abi_info_cases[];
extern const struct abi_case abi_modules_cases[];
extern const struct abi_case abi_node_cases[];
extern const struct abi_case abi_open_fails_cases[];
extern const struct abi_case abi_open_cases[];
extern const struct abi_case abi_poll_cases[];
extern const struct abi_case abi_pri_cases[];
extern const struct abi_case abi_read_cases[];
extern const struct abi_case abi_reset_cases[];
extern const struct abi_case abi_stale_cases[];
extern const struct abi_case abi_struct_cases[];
extern const struct abi_case abi_threads_cases[];
extern const struct abi_case abi_vector_cases[];
extern const struct abi_case abi_write_cases[];

#endif
