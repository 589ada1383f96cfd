// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Payload router: answers requests to the router target of the management
 * payload protocol, as far as that is public (docs/protocol.md, Payload), and
 * echoes every other message. It changes the message in place, and knows no
 * other target.
 */
#include "internal.h"
#include "vmc/payload.h"

/* Length of the data of an exchange request, in bytes. */
#define EXCHANGE_LEN 6

static u16 exchange(struct vmc_hv_connection *conn,
		    const struct vmc_payload *request)
{
	if (request->data_length != EXCHANGE_LEN)
		return VMC_RETURN_INVALID_DATA;
	if (conn->exchanged)
		return VMC_RETURN_INVALID_STATE;
	conn->exchanged = true;
	return VMC_RETURN_OK;
}

static u16 route(struct vmc_hv_connection *conn,
		 const struct vmc_payload *request)
{
	if (request->target != VMC_TARGET_ROUTER)
		return VMC_RETURN_INVALID_TARGET;

	switch (request->opcode) {
	case VMC_ROUTER_EXCHANGE:
		return exchange(conn, request);
	case VMC_ROUTER_ECHO:
		return conn->exchanged ? VMC_RETURN_OK :
					 VMC_RETURN_INVALID_STATE;
	case VMC_ROUTER_CLOSE:
		if (!conn->exchanged)
			return VMC_RETURN_INVALID_STATE;
		conn->exchanged = false;
		return VMC_RETURN_OK;
	default:
		return VMC_RETURN_INVALID_OPCODE;
	}
}

bool vmc_hv_router_answer(struct vmc_hv_connection *conn, u8 *data, u32 len)
{
	struct vmc_payload payload;
	bool expected;

	/* This side sends no requests, so echo a response like a message. */
	if (vmc_payload_decode(data, len, &payload) ||
	    payload.flags & VMC_PAYLOAD_IS_RESPONSE)
		return true;

	/* The answer keeps token, target, opcode and data of the request. */
	expected = payload.flags & VMC_PAYLOAD_RESPONSE_EXPECTED;
	payload.return_code = route(conn, &payload);
	payload.flags = VMC_PAYLOAD_IS_RESPONSE;
	vmc_payload_encode(data, &payload);
	return expected;
}
