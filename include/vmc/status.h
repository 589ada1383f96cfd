/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status: the status byte of a VMC response (docs/protocol.md, Status). It does
 * not name the statuses for users.
 *
 * Two tables are known for Add and Remove Buffer Responses (LoPAR F.2.3.6 and
 * F.2.3.8, and known firmware). This project sends the values of known
 * firmware, and treats every value except 0 as a failure. For a partner that
 * needs the other table, only these numbers have to change.
 */
#ifndef VMC_STATUS_H
#define VMC_STATUS_H

#define VMC_STATUS_SUCCESS 0
#define VMC_STATUS_INVALID_HMC_INDEX 1
#define VMC_STATUS_INVALID_BUFFER_ID 2
#define VMC_STATUS_CONNECTION_CLOSED 3
#define VMC_STATUS_INTERFACE_FAILURE 4
#define VMC_STATUS_NO_BUFFER 5

/* Failures of Open, Close and Capabilities Responses. */
#define VMC_STATUS_GENERAL_FAILURE 1
#define VMC_STATUS_INVALID_VERSION 2

#endif
