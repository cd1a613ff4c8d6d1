/* steps_queue.c: the calls that queue a user APC. */
#include "steps.h"

/* Fills up to three arguments from the operands; returns how many the call passes on. */
static uint32_t arguments_of(
    const lab_thread *t, const activation *a, const uint32_t *operands, uint32_t most, uint64_t arguments[3]) {
  uint32_t count = 0;
  for (uint32_t k = 0; k < most; k++) {
    arguments[k] = operands[k] == APC_OPERAND_ABSENT ? 0 : value_of(t, a, operands[k]);
    if (operands[k] != APC_OPERAND_ABSENT) count = k + 1;
  }
  return count;
}

bool step_queue(lab_thread *t, activation *a, const apc_instruction *i) {
  queue_request request = {.site = i->site};
  queue_call *call = &request.call;
  call->call = (apc_call)i->op;
  call->target = handle_of(t, a, i->a[0]);
  call->special = step_has(i, APC_STEP_SPECIAL);
  call->context = step_has(i, APC_STEP_CONTEXT);
  uint32_t at = 1;
  if (i->op == APC_CALL_NT_QUEUE_APC_THREAD_EX) {
    call->with_reserve = i->a[at] != APC_OPERAND_ABSENT;
    call->reserve = handle_of(t, a, i->a[at]);
    at++;
  }
  request.routine = i->a[at] != APC_OPERAND_ABSENT ? operand_value(i->a[at]) : APC_ROUTINE_NONE;
  at++;
  bool native = i->op == APC_CALL_NT_QUEUE_APC_THREAD || i->op == APC_CALL_NT_QUEUE_APC_THREAD_EX;
  call->arguments = arguments_of(t, a, &i->a[at], native ? 3 : 1, request.arguments);
  queue_outcome outcome = life_queue(t, &request);
  step_note(a, t, outcome.result, outcome.elapsed_ns);
  return outcome.goes_on;
}
