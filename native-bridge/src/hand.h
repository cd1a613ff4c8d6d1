/*
 * hand.h: a hand-driven thread takes its next step from a mailbox that main fills.
 *
 * Between steps it is in a real wait that is not alertable, so APCs queued to it stay in its queue; that wait is no
 * call of the lab and is in no event. What is in the mailbox is: objectChanged with the thread as subject, when main
 * puts a step in and when the thread takes one out.
 */
#ifndef APC_SRC_HAND_H
#define APC_SRC_HAND_H

#include "session.h"

#define MAILBOX_STEPS 64u
#define HAND_CONSTANTS 6u
#define HAND_OPERANDS (1 + PROGRAM_MAX_LIST) /* a list of the longest */

typedef struct hand_step {
  apc_instruction instruction;
  uint64_t constants[HAND_CONSTANTS];
  uint32_t operands[HAND_OPERANDS];
} hand_step;

/* One producer (main), one consumer (the thread). */
typedef struct mailbox {
  _Atomic uint32_t put, taken;
  hand_step steps[MAILBOX_STEPS];
} mailbox;

/* Steps in it. Any. */
uint32_t mailbox_waiting(const lab_thread *t);

/* Puts a verified step in; false when it is full. Main. */
bool hand_put(lab_thread *t, const apc_instruction *instruction, const uint64_t *constants, const uint32_t *operands,
    uint32_t operand_count);

/* The thread's entry: takes and runs steps until it is ending; never returns true. */
bool hand_run(lab_thread *t);

#endif
