/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hcall: return codes of the calls that a VMC needs (docs/protocol.md,
 * Hypervisor calls), for transports and simulated hypervisors. The protocol
 * engine does not use them.
 */
#ifndef VMC_HCALL_H
#define VMC_HCALL_H

#define VMC_H_SUCCESS 0L
#define VMC_H_BUSY 1L
#define VMC_H_CLOSED 2L
#define VMC_H_NOT_AVAILABLE 3L
#define VMC_H_IN_PROGRESS 14L
#define VMC_H_LONG_BUSY_1_MSEC 9900L
#define VMC_H_LONG_BUSY_10_MSEC 9901L
#define VMC_H_LONG_BUSY_100_MSEC 9902L
#define VMC_H_LONG_BUSY_1_SEC 9903L
#define VMC_H_LONG_BUSY_10_SEC 9904L
#define VMC_H_LONG_BUSY_100_SEC 9905L
#define VMC_H_HARDWARE (-1L)
#define VMC_H_FUNCTION (-2L)
#define VMC_H_PRIVILEGE (-3L)
#define VMC_H_PARAMETER (-4L)
#define VMC_H_NOT_FOUND (-7L)
#define VMC_H_NO_MEM (-9L)
#define VMC_H_AUTHORITY (-10L)
#define VMC_H_PERMISSION (-11L)
#define VMC_H_DROPPED (-12L)
#define VMC_H_SOURCE_PARM (-13L)
#define VMC_H_DEST_PARM (-14L)
#define VMC_H_RESOURCE (-16L)

#endif
