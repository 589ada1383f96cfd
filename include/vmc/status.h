/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The status byte of a VMC response. Two tables are known for Add and Remove
 * Buffer Responses; this project sends the one that has been seen on the wire
 * (vmc-facts 2.4) and takes every value but 0 as a failure. A partner that
 * needs the other table is served by changing these numbers alone.
 */
#ifndef VMC_STATUS_H
#define VMC_STATUS_H

#define VMC_STATUS_SUCCESS 0
#define VMC_STATUS_INVALID_HMC_INDEX 1
#define VMC_STATUS_INVALID_BUFFER_ID 2
#define VMC_STATUS_CONNECTION_CLOSED 3
#define VMC_STATUS_INTERFACE_FAILURE 4
#define VMC_STATUS_NO_BUFFER 5

/* Open, Close and Capabilities Responses know only these failures. */
#define VMC_STATUS_GENERAL_FAILURE 1
#define VMC_STATUS_INVALID_VERSION 2

#endif
