/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An engine and a simulated hypervisor on a virtual clock, with one application
 * for each HMC index. A step that finds something wrong notes it and goes on:
 * the program that made the pair reports it. It is no test by itself.
 */
#ifndef TESTS_MODEL_PAIR_H
#define TESTS_MODEL_PAIR_H

#include "sim/sim.h"

#define PAIR_HMCS 2

/* Bytes of a message: sender, number, and filler made of the number. */
#define PAIR_MESSAGE 16

/**
 * struct pair_user - an application
 * @session: its file session, or NULL
 * @give_up: time by which its open must have ended
 * @sent: messages that it sent in this session
 * @echoed: number of the last one that came back
 * @emitted: messages that the hypervisor was told to send
 * @emits: number of the last one of them that came
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
 * struct pair - both sides
 * @sim: the channel
 * @now_ms: the clock
 * @users: by HMC index
 * @started: ibmvmc_start() succeeded
 * @lossy: messages may be lost or changed: their history is not checked
 * @trace: print what the engine reports
 * @wrong: what was found first, or empty
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

/* Make both sides; the engine is not started. */
void pair_begin(struct pair *pair, const struct vmc_hv_config *hv);
void pair_end(struct pair *pair);
/* Note what is wrong, unless something was noted before. */
void pair_wrong(struct pair *pair, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

struct vmc_hv *pair_hv(struct pair *pair);
struct crq_server_adapter *pair_adapter(struct pair *pair);
enum ibmvmc_state pair_state(struct pair *pair);
/* State of the session of an index, DEAD without one. */
enum ibmvmc_session_state pair_session(struct pair *pair, unsigned int index);

/* Turn a knob of the hypervisor; false if it is not understood. */
bool pair_turn(struct pair *pair, const char *line);

void pair_start(struct pair *pair);
/* Let both sides work until nothing can be done at the present time. */
void pair_run(struct pair *pair);
/* The same, while the clock goes on. */
void pair_run_for(struct pair *pair, u64 ms);
/* Step by step until something is so, at most that long; was it so? */
bool pair_until(struct pair *pair, bool (*so)(struct pair *pair), u64 ms);

/* Begin to open a session on an index that has none. */
void pair_open(struct pair *pair, unsigned int index, u32 timeout_ms);
/* Wait for the end of an open; true if the session is ready. */
bool pair_opened(struct pair *pair, unsigned int index);
void pair_close(struct pair *pair, unsigned int index);
/* Send a message; false if it was not taken. */
bool pair_send(struct pair *pair, unsigned int index);
/* The hypervisor sends a message. */
bool pair_emit(struct pair *pair, unsigned int index);
/* Take all messages and check them. */
void pair_take(struct pair *pair);
/* Take messages while the clock goes on. */
void pair_take_for(struct pair *pair, u64 ms);

#endif
