// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connections: tests their selection, reservation and validation.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "engine/internal.h"
#include "transport.h"

static struct transport *t;

static void setup(void)
{
	struct ibmvmc_config config = transport_config;
	struct vmc_capabilities peer = transport_peer;

	config.max_hmcs = 4;
	peer.hmcs = 3;
	t = transport_new(&config);
	transport_ready(t, &peer);
}

static void teardown(void)
{
	transport_free(t);
}

TestSuite(hmc, .init = setup, .fini = teardown);

Test(hmc, d8_only_negotiated_indices_exist)
{
	cr_expect_not_null(ibmvmc_hmc_at(t->adapter, 0));
	cr_expect_not_null(ibmvmc_hmc_at(t->adapter, 2));
	cr_expect_null(ibmvmc_hmc_at(t->adapter, 3));
	cr_expect_null(ibmvmc_hmc_at(t->adapter, ~0U));
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_null(ibmvmc_hmc_at(t->adapter, 0));
}

Test(hmc, d32_a_free_connection_with_a_buffer_is_preferred)
{
	cr_expect_eq(ibmvmc_get_free_hmc(t->adapter)->index, 0);
	transport_add(t, 1, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(ibmvmc_get_free_hmc(t->adapter)->index, 1);
	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	cr_expect_eq(ibmvmc_get_free_hmc(t->adapter)->index, 0);
}

Test(hmc, none_is_found_when_all_are_in_use)
{
	struct ibmvmc_file_session *sessions[3];
	u8 i;

	for (i = 0; i < 3; i++)
		sessions[i] = transport_open(t, i, 4);
	cr_expect_null(ibmvmc_get_free_hmc(t->adapter));
	for (i = 0; i < 3; i++)
		ibmvmc_session_put(sessions[i]);
	cr_expect_null(ibmvmc_get_free_hmc(t->adapter),
		       "closing connections are not free");
	transport_close_resp(t, 1, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(ibmvmc_get_free_hmc(t->adapter)->index, 1);
}

Test(hmc, d16_an_undone_reservation_restores_the_connection)
{
	struct ibmvmc_file_session *session;
	struct ibmvmc_hmc *hmc;

	transport_add(t, 0, 0, 0, VMC_OWNER_PARTITION);
	session = ibmvmc_session_new(t->adapter, NULL);
	session->wanted = -1;
	cr_assert_eq(ibmvmc_setup_hmc(session), 0);
	hmc = session->hmc;
	cr_expect_eq(hmc->state, IBMVMC_HMC_INITIAL);
	cr_expect_eq(hmc->file_session, session);
	ibmvmc_unset_hmc(session);
	cr_expect_eq(hmc->state, IBMVMC_HMC_FREE);
	cr_expect_null(hmc->file_session);
	cr_expect_null(session->hmc);
	ibmvmc_session_put(session);
}

Test(hmc, setup_returns_the_missing_condition)
{
	struct ibmvmc_file_session *session, *taken;

	session = ibmvmc_session_new(t->adapter, NULL);
	session->wanted = 0;
	cr_expect_eq(ibmvmc_setup_hmc(session), -ENOBUFS);
	session->wanted = -1;
	cr_expect_eq(ibmvmc_setup_hmc(session), -ENOBUFS);
	session->wanted = 3;
	cr_expect_eq(ibmvmc_setup_hmc(session), -EINVAL);
	taken = transport_open(t, 1, 4);
	session->wanted = 1;
	cr_expect_eq(ibmvmc_setup_hmc(session), -EBUSY);
	ibmvmc_session_put(taken);
	cr_expect_eq(ibmvmc_setup_hmc(session), -EBUSY,
		     "a closing connection is busy");
	transport_control(t, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(ibmvmc_setup_hmc(session), -EAGAIN);
	ibmvmc_session_put(session);
}

Test(hmc, d53_a_released_connection_keeps_its_index_and_number)
{
	struct ibmvmc_file_session *session = transport_open(t, 2, 4);
	struct ibmvmc_hmc *hmc = session->hmc;

	cr_expect_eq(ibmvmc_return_hmc(hmc, false), -EBUSY);
	cr_expect_eq(hmc->state, IBMVMC_HMC_READY);
	cr_expect_eq(ibmvmc_return_hmc(hmc, true), 0);
	cr_expect_eq(hmc->state, IBMVMC_HMC_FREE);
	cr_expect_eq(hmc->index, 2);
	cr_expect_eq(hmc->session, 1);
	cr_expect_null(hmc->file_session);
	cr_expect_null(session->hmc);
	cr_expect_eq(transport_session(session).error, -ECONNRESET);
	cr_expect_eq(t->maps, 0);
	ibmvmc_session_put(session);
}

static int validate(u8 type, u8 index, u8 number)
{
	struct vmc_interface message = {
		.type = type,
		.index = index,
		.session = number,
	};

	return ibmvmc_validate_hmc_session(t->adapter, &message);
}

Test(hmc, d29_session_0_requires_a_connection_without_a_session)
{
	struct ibmvmc_file_session *session;

	cr_expect_eq(validate(VMC_MSG_ADD_BUFFER, 0, 0), 0);
	cr_expect_eq(validate(VMC_MSG_REMOVE_BUFFER, 0, 0), 0);
	cr_expect_eq(validate(VMC_MSG_SIGNAL, 0, 0), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_OPEN_RESP, 0, 0), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_CLOSE_RESP, 0, 0), -ESTALE);

	session = transport_open(t, 0, 4);
	cr_expect_eq(validate(VMC_MSG_ADD_BUFFER, 0, 0), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_REMOVE_BUFFER, 0, 0), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_SIGNAL, 0, 0), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_OPEN_RESP, 0, 0), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_CLOSE_RESP, 0, 0), -ESTALE);
	ibmvmc_session_put(session);
}

Test(hmc, after_a_close_response_the_latest_number_is_valid)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 4);

	ibmvmc_session_put(session);
	cr_expect_eq(validate(VMC_MSG_ADD_BUFFER, 0, 1), -ESTALE);
	transport_close_resp(t, 0, 1, VMC_STATUS_SUCCESS);
	cr_expect_eq(validate(VMC_MSG_ADD_BUFFER, 0, 1), 0);
	cr_expect_eq(validate(VMC_MSG_ADD_BUFFER, 0, 0), 0);
}

Test(hmc, d29_on_a_free_connection_the_latest_number_is_stale)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 4);

	ibmvmc_session_put(session);
	cr_expect_eq(validate(VMC_MSG_ADD_BUFFER, 0, 1), -ESTALE);
	transport_advance(t, 3000);
	cr_expect_eq(validate(VMC_MSG_ADD_BUFFER, 0, 1), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_ADD_BUFFER, 0, 2), 0);
	cr_expect_eq(validate(VMC_MSG_ADD_BUFFER, 0, 0), 0);
	cr_expect_eq(validate(VMC_MSG_REMOVE_BUFFER, 0, 1), 0);
	cr_expect_eq(validate(VMC_MSG_REMOVE_BUFFER, 0, 2), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_SIGNAL, 0, 2), -ESTALE);
}

Test(hmc, the_number_must_be_that_of_the_session)
{
	struct ibmvmc_file_session *session = transport_open(t, 0, 4);

	cr_expect_eq(validate(VMC_MSG_SIGNAL, 0, 1), 0);
	cr_expect_eq(validate(VMC_MSG_SIGNAL, 0, 2), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_SIGNAL, 1, 1), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_SIGNAL, 3, 1), -ENOENT);
	ibmvmc_session_put(session);
	cr_expect_eq(validate(VMC_MSG_SIGNAL, 0, 1), -ESTALE);
	cr_expect_eq(validate(VMC_MSG_CLOSE_RESP, 0, 1), 0);
	cr_expect_eq(validate(VMC_MSG_CLOSE_RESP, 0, 2), -ESTALE);
}

Test(hmc, refusals_have_a_status)
{
	cr_expect_eq(ibmvmc_refuse_status(-ENOENT),
		     VMC_STATUS_INVALID_HMC_INDEX);
	cr_expect_eq(ibmvmc_refuse_status(-ESTALE),
		     VMC_STATUS_CONNECTION_CLOSED);
}

Test(hmc, d64_the_state_of_an_index_is_returned)
{
	struct ibmvmc_file_session *session = transport_open(t, 1, 4);
	struct ibmvmc_hmc_info info;

	cr_expect_eq(ibmvmc_get_hmc_info(t->adapter, 3, &info), -ENOENT);
	cr_expect_eq(ibmvmc_get_hmc_info(t->adapter, 0, &info), 0);
	cr_expect_eq(info.state, IBMVMC_HMC_FREE);
	cr_expect_null(info.owner);
	cr_expect_eq(ibmvmc_get_hmc_info(t->adapter, 1, &info), 0);
	cr_expect_eq(info.state, IBMVMC_HMC_READY);
	cr_expect_eq(info.session, 1);
	cr_expect_eq(info.buffers, 4);
	cr_expect_eq(info.buffers_free,
		     transport_session(session).buffers_free);
	cr_expect_eq(info.owner, ibmvmc_session_owner(session));
	ibmvmc_session_put(session);
	cr_expect_eq(ibmvmc_get_hmc_info(t->adapter, 1, &info), 0);
	cr_expect_eq(info.state, IBMVMC_HMC_CLOSING);
	cr_expect_null(info.owner);
}
