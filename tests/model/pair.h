/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pair: an engine and a simulated hypervisor on a virtual clock, with one
 * application for each HMC index. A step that finds an error records it and
 * continues; the program that created the pair reports it. This is not a test.
 */
#ifndef TESTS_MODEL_PAIR_H
#define TESTS_MODEL_PAIR_H

#include "sim/vmc-sim.h"

#define PAIR_HMCS 2

/* Length of a message: sender, number, and filler derived from the number. */
#define PAIR_MESSAGE 16

/**
 * struct pair_user - application
 * @session: file session, or NULL
 * @give_up: time by which the open must have ended, in milliseconds
 * @sent: number of messages sent in this session
 * @echoed: number of the last message that was echoed
 * @emitted: number of messages that the hypervisor was requested to send
 * @emits: number of the last one of them that arrived
 */
struct pair_user {
	struct ibmvmc_file_session *session;
	u64 give_up;
	u32 sent;
	u32 echoed;
	u32 emitted;
	u32 emits;
};

/**
 * struct pair - both sides of a channel
 * @sim: simulated channel
 * @now_ms: clock in milliseconds
 * @users: applications, by HMC index
 * @started: true after ibmvmc_start() has succeeded
 * @lossy: true if messages may be lost or changed: they are not checked
 * @trace: true to print the events of the engine
 * @wrong: first error, or empty
 */
struct pair {
	struct vmc_sim *sim;
	u64 now_ms;
	struct pair_user users[PAIR_HMCS];
	bool started;
	bool lossy;
	bool trace;
	char wrong[320];
};

/* Creates both sides; the engine is not started. */
void pair_begin(struct pair *pair, const struct vmc_hv_config *hv);
void pair_end(struct pair *pair);
/* Records an error unless another one was recorded before. */
void pair_wrong(struct pair *pair, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

struct vmc_hv *pair_hv(struct pair *pair);
struct crq_server_adapter *pair_adapter(struct pair *pair);
enum ibmvmc_state pair_state(struct pair *pair);
/* Returns the state of an index's session, DEAD without one. */
enum ibmvmc_session_state pair_session(struct pair *pair, unsigned int index);

/* Turns a knob of the hypervisor; false if the knob is not valid. */
bool pair_turn(struct pair *pair, const char *line);

void pair_start(struct pair *pair);
/* Runs both sides until nothing is left to do at the present time. */
void pair_run(struct pair *pair);
/* Runs both sides while the clock advances. */
void pair_run_for(struct pair *pair, u64 ms);
/*
 * Runs in steps until a condition holds, for a limited time; true if it holds.
 */
bool pair_until(struct pair *pair, bool (*so)(struct pair *pair), u64 ms);

/* Starts to open a session on an index without one. */
void pair_open(struct pair *pair, unsigned int index, u32 timeout_ms);
/* Waits for the end of an open; true if the session is ready. */
bool pair_opened(struct pair *pair, unsigned int index);
void pair_close(struct pair *pair, unsigned int index);
/* Sends a message; false if the message was not accepted. */
bool pair_send(struct pair *pair, unsigned int index);
/* Makes the hypervisor send a message. */
bool pair_emit(struct pair *pair, unsigned int index);
/* Reads all messages and checks them. */
void pair_take(struct pair *pair);
/* Reads messages while the clock advances. */
void pair_take_for(struct pair *pair, u64 ms);

#endif
