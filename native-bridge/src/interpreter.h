/*
 * interpreter.h: runs a routine on the thread that calls it. Loaded programs are verified, so nothing is checked again.
 */
#ifndef APC_SRC_INTERPRETER_H
#define APC_SRC_INTERPRETER_H

#include "session.h"

/* One activation of a routine: a thread's entry or one APC, with locals of its own. */
typedef struct activation {
  uint64_t locals[APC_LOCAL_COUNT];
  const uint64_t *constants; /* the program's, or those that came with a step made by hand */
  const uint32_t *operands;  /* likewise: lists */
  bool by_hand;              /* thread operands are session indices */
} activation;

void activation_init(activation *a, lab_thread *t, const uint64_t arguments[3]);

/* Runs the routine to its end. False when the thread is ending. */
bool interpret(lab_thread *t, uint32_t routine, const uint64_t arguments[3]);

/* Runs one step: everything but flow. False when the thread is ending. */
bool run_step(lab_thread *t, activation *a, const apc_instruction *i);

/* Operands. */
uint64_t value_of(const lab_thread *t, const activation *a, uint32_t operand);
lab_thread *thread_of(lab_thread *t, const activation *a, uint32_t operand);
handle_ref handle_of(lab_thread *t, const activation *a, uint32_t operand);
static inline lab_object *object_of(const lab_thread *t, uint32_t operand) {
  return t->session->objects[operand & APC_OPERAND_VALUE_MASK];
}

/* True at once when nothing is asked of the thread: between any two steps, and inside compute. */
static inline bool may_go_on(lab_thread *t) { return atomic_load_explicit(&t->control, memory_order_acquire) == 0; }
bool safe_point(lab_thread *t);

/* Before a thread blocks or computes for long: waits for up to a quarter of a second until the drain has made room for
 * what it tells next. Else what it does would stand nowhere until it does something else: nothing follows that tells of
 * the gap.
 */
void catch_up(lab_thread *t);

#endif
