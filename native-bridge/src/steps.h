/*
 * steps.h: each call of the lab as a step. callBegan, the call, callReturned, and the activation's result, lastError
 * and elapsedNs. Calls that queue an APC tell themselves by its events, log by one; set and add are silent.
 */
#ifndef APC_SRC_STEPS_H
#define APC_SRC_STEPS_H

#include "backend.h"
#include "interpreter.h"
#include "life.h"

/* A call between its two events. */
typedef struct open_call {
  lab_thread *t;
  activation *a;
  const apc_instruction *i;
  uint32_t subject;
  uint64_t began_ns;
} open_call;

#define CALL_ALERTABLE ((uint64_t)1 << 32)
#define CALL_WAIT_ALL ((uint64_t)1 << 33)
#define CALL_INPUT_AVAILABLE ((uint64_t)1 << 34)
#define CALL_ABSOLUTE ((uint64_t)1 << 35)

/* `number`: callBegan's main number; `bits`: CALL_* . */
open_call step_begin(
    lab_thread *t, activation *a, const apc_instruction *i, uint32_t subject, uint32_t number, uint64_t bits);
open_call step_begin_with(lab_thread *t, activation *a, const apc_instruction *i, uint32_t subject, uint32_t number,
    uint64_t bits, const uint64_t *values, uint32_t count);
/* Both return true: the thread goes on. */
bool step_finish(const open_call *call, uint32_t result);
bool step_finish_flagged(const open_call *call, uint32_t result, uint32_t flags);
void step_note(activation *a, const lab_thread *t, uint32_t result, uint64_t elapsed_ns);

/* A DWORD parameter. An absent one is 0. */
static inline uint32_t step_dword(const lab_thread *t, const activation *a, uint32_t operand) {
  return operand == APC_OPERAND_ABSENT ? 0 : (uint32_t)value_of(t, a, operand);
}
static inline bool step_has(const apc_instruction *i, uint32_t flag) { return (i->flags & flag) != 0; }

/* Each family: false when the thread is ending. */
bool step_wait(lab_thread *t, activation *a, const apc_instruction *i);   /* steps_wait.c */
bool step_queue(lab_thread *t, activation *a, const apc_instruction *i);  /* steps_queue.c */
bool step_object(lab_thread *t, activation *a, const apc_instruction *i); /* steps_object.c */
bool step_io(lab_thread *t, activation *a, const apc_instruction *i);     /* steps_io.c */
bool step_life(lab_thread *t, activation *a, const apc_instruction *i);   /* steps_life.c */

#endif
