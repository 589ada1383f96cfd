// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Adapter: tests the creation, configuration and release of adapters.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "transport.h"

static int try_config(u8 hmcs, u16 pool, u32 mtu, u32 entries)
{
	static struct ibmvmc_crq_msg ring[65536];
	static const struct ibmvmc_transport_ops ops;
	static const struct ibmvmc_host_ops host_ops;
	struct ibmvmc_config config = {
		.max_hmcs = hmcs,
		.buf_pool_size = pool,
		.max_mtu = mtu,
	};
	struct ibmvmc_transport transport = {
		.ops = &ops,
		.ring = ring,
		.entries = entries,
	};
	struct crq_server_adapter *adapter = NULL;
	int rc = ibmvmc_adapter_new(&config, &transport, &host_ops, NULL,
				    &adapter);

	if (rc)
		cr_assert_null(adapter);
	ibmvmc_adapter_free(adapter);
	return rc;
}

Test(adapter, d7_values_out_of_range_are_refused)
{
	cr_expect_eq(try_config(0, 16, 4096, 256), -EINVAL);
	cr_expect_eq(try_config(VMC_HMCS_MAX + 1, 16, 4096, 256), -EINVAL);
	cr_expect_eq(try_config(1, VMC_POOL_MIN - 1, 4096, 256), -EINVAL);
	cr_expect_eq(try_config(1, VMC_POOL_MAX + 1, 4096, 256), -EINVAL);
	cr_expect_eq(try_config(1, 16, VMC_MTU_MIN - 1, 256), -EINVAL);
	cr_expect_eq(try_config(1, 16, VMC_MTU_MAX + 1, 256), -EINVAL);
	cr_expect_eq(try_config(1, 16, 4096, 0), -EINVAL);
	cr_expect_eq(try_config(1, 16, 4096, 8), -EINVAL);
	cr_expect_eq(try_config(1, 16, 4096, 100), -EINVAL);
	cr_expect_eq(try_config(1, 16, 4096, 65536), -EINVAL,
		     "65536 does not fit the queue-size field of Capabilities");
}

Test(adapter, values_at_the_edges_are_accepted)
{
	cr_expect_eq(try_config(1, VMC_POOL_MIN, VMC_MTU_MIN, 16), 0);
	cr_expect_eq(try_config(VMC_HMCS_MAX, VMC_POOL_MAX, VMC_MTU_MAX, 32768),
		     0);
}

Test(adapter, d7_later_changes_of_the_configuration_have_no_effect)
{
	/* The peer offers more than both configurations: their limits apply. */
	const struct vmc_capabilities peer = {
		.hmcs = 64,
		.pool = 64,
		.mtu = 65536,
		.crq_entries = 256,
		.version = VMC_VERSION,
	};
	struct ibmvmc_config config = transport_config;
	struct transport *t = transport_new(&config);
	struct ibmvmc_info info;

	config.max_hmcs = 60;
	config.buf_pool_size = 64;
	config.max_mtu = 16384;
	transport_ready(t, &peer);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.hmcs, 2);
	cr_expect_eq(info.pool, 16);
	cr_expect_eq(info.mtu, 4096);
	transport_free(t);
}

Test(adapter, free_accepts_null)
{
	ibmvmc_adapter_free(NULL);
}

Test(adapter, d45_two_adapters_are_independent)
{
	struct transport *one = transport_new(NULL);
	struct transport *two = transport_new(NULL);
	struct ibmvmc_file_session *first, *second;

	transport_ready(one, NULL);
	transport_ready(two, NULL);
	first = transport_open(one, 0, 4);
	second = transport_open(two, 0, 4);
	transport_control(one, VMC_CRQ_TRANSPORT, VMC_EVENT_PARTNER_FAILED);
	cr_expect_eq(transport_session(first).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(second).state, IBMVMC_SESSION_READY);
	cr_expect_eq(ibmvmc_session_send(second, "x", 1), 0);
	ibmvmc_session_put(first);
	transport_free(one);
	cr_expect_eq(ibmvmc_session_send(second, "x", 1), 0);
	ibmvmc_session_put(second);
	transport_free(two);
}

Test(adapter, info_begins_empty)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_info info;

	memset(&info, 0xee, sizeof(info));
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.state, IBMVMC_STATE_INITIAL);
	cr_expect_eq(info.hmcs, 0);
	cr_expect_eq(info.pool, 0);
	cr_expect_eq(info.mtu, 0);
	cr_expect_eq(info.drc_index, 0);
	cr_expect_eq(info.resets, 0);
	transport_free(t);
}

Test(adapter, a_session_that_outlives_its_adapter_is_dead)
{
	struct transport *t = transport_new(NULL);
	struct ibmvmc_file_session *session;

	session = ibmvmc_session_new(t->adapter, NULL);
	ibmvmc_adapter_free(t->adapter);
	cr_expect_eq(transport_session(session).state, IBMVMC_SESSION_DEAD);
	cr_expect_eq(transport_session(session).error, -ENODEV);
	cr_expect_eq(ibmvmc_session_send(session, "x", 1), -ECONNRESET);
	ibmvmc_session_put(session);
	free(t);
}

Test(adapter, d60_request_vmc_returns_every_failure)
{
	static const int errors[] = { -EBUSY, -EPERM, -EIO, -ENODEV, -EINVAL };
	struct transport *t = transport_new(NULL);
	struct ibmvmc_info info;
	u32 delay_ms = 0, drc_index = 7;
	unsigned int i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		transport_fail(t, TRANSPORT_REQUEST, errors[i], 1);
		cr_expect_eq(ibmvmc_request_vmc(t->adapter, &drc_index,
						&delay_ms),
			     errors[i]);
	}
	/* A positive value of the transport is not returned as a success. */
	transport_fail(t, TRANSPORT_REQUEST, 9905, 1);
	cr_expect_eq(ibmvmc_request_vmc(t->adapter, &drc_index, &delay_ms),
		     -EIO);
	cr_expect_eq(drc_index, 7, "a failure sets nothing");
	cr_expect_eq(delay_ms, 10);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.drc_index, 0);

	cr_expect_eq(ibmvmc_request_vmc(t->adapter, &drc_index, &delay_ms), 0);
	cr_expect_eq(drc_index, 0x20000001);
	ibmvmc_get_info(t->adapter, &info);
	cr_expect_eq(info.drc_index, 0x20000001);
	transport_free(t);
}
