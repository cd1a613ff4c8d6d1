#include "hand.h"

#include "backend.h"
#include "interpreter.h"
#include "life.h"
#include "publish.h"

uint32_t mailbox_waiting(const lab_thread *t) {
  const mailbox *m = t->mailbox;
  return atomic_load_explicit(&m->put, memory_order_acquire) - atomic_load_explicit(&m->taken, memory_order_acquire);
}

static uint64_t first_operand(const apc_instruction *i, const uint64_t *constants) {
  if (i->a[0] == APC_OPERAND_ABSENT) return 0;
  return operand_class(i->a[0]) == APC_OPERAND_CONSTANT ? constants[operand_value(i->a[0])] : operand_value(i->a[0]);
}

bool hand_put(lab_thread *t, const apc_instruction *instruction, const uint64_t *constants, const uint32_t *operands,
    uint32_t operand_count) {
  mailbox *m = t->mailbox;
  uint32_t waiting = mailbox_waiting(t);
  if (waiting >= MAILBOX_STEPS) return false;
  uint32_t put = atomic_load_explicit(&m->put, memory_order_relaxed);
  hand_step *step = &m->steps[put % MAILBOX_STEPS];
  step->instruction = *instruction;
  step->instruction.site = APC_SITE_NONE;
  for (uint32_t i = 0; i < HAND_CONSTANTS; i++) step->constants[i] = constants != NULL ? constants[i] : 0;
  for (uint32_t i = 0; i < operand_count; i++) step->operands[i] = operands[i];
  /* Told before the thread can take it, so that its own event comes later. */
  uint64_t what[2] = {instruction->op, instruction->flags | first_operand(instruction, step->constants) << 32};
  publish_with(session_main(t->session), APC_KIND_OBJECT_CHANGED, 0, subject_of(t), waiting + 1, what, 2);
  atomic_store_explicit(&m->put, put + 1, memory_order_release);
  backend_wake_for_step(t);
  return true;
}

bool hand_run(lab_thread *t) {
  static const uint64_t no_arguments[3];
  mailbox *m = t->mailbox;
  activation a;
  activation_init(&a, t, no_arguments);
  a.by_hand = true;
  for (;;) {
    catch_up(t);
    if (!safe_point(t) || !backend_wait_for_step(t)) return false;
    uint32_t taken = atomic_load_explicit(&m->taken, memory_order_relaxed);
    hand_step step = m->steps[taken % MAILBOX_STEPS];
    atomic_store_explicit(&m->taken, taken + 1, memory_order_release);
    publish(t, APC_KIND_OBJECT_CHANGED, 0, subject_of(t), mailbox_waiting(t));
    a.constants = step.constants;
    a.operands = step.operands;
    if (!run_step(t, &a, &step.instruction)) return false;
  }
}
