/* steps_object.c: calls on events, semaphores, mutexes, timers, message queues and handles. None blocks. */
#include "steps.h"

#define WM_APP 0x8000u

static bool change_object(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref handle = handle_of(t, a, i->a[0]);
  uint32_t count = step_dword(t, a, i->a[1]);
  open_call call = step_begin(t, a, i, subject_of_handle(handle), count, 0);
  return step_finish(&call, backend_object_call(t, (apc_call)i->op, handle, count));
}

static bool set_timer(lab_thread *t, activation *a, const apc_instruction *i) {
  handle_ref timer = handle_of(t, a, i->a[0]);
  const timer_call set = {.due_ms = (int64_t)value_of(t, a, i->a[1]),
      .absolute = step_has(i, APC_STEP_ABSOLUTE),
      .period_ms = (int32_t)value_of(t, a, i->a[2]),
      .routine = i->a[3] != APC_OPERAND_ABSENT ? operand_value(i->a[3]) : APC_ROUTINE_NONE,
      .data = i->a[4] != APC_OPERAND_ABSENT ? value_of(t, a, i->a[4]) : 0,
      .site = i->site};
  const uint64_t period = (uint32_t)set.period_ms;
  uint64_t bits = set.absolute ? CALL_ABSOLUTE : 0;
  open_call call = step_begin_with(t, a, i, subject_of_handle(timer), (uint32_t)set.due_ms, bits, &period, 1);
  return step_finish(&call, backend_set_timer(t, timer, &set));
}

static bool post_message(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_thread *target = thread_of(t, a, i->a[0]);
  uint32_t message = i->a[1] != APC_OPERAND_ABSENT ? step_dword(t, a, i->a[1]) : WM_APP;
  uint64_t parameter = i->a[2] != APC_OPERAND_ABSENT ? value_of(t, a, i->a[2]) : 0;
  open_call call = step_begin_with(t, a, i, subject_of(target), message, 0, &parameter, 1);
  return step_finish(&call, backend_post_message(t, target, message, parameter));
}

static bool peek_message(lab_thread *t, activation *a, const apc_instruction *i) {
  bool keep = step_has(i, APC_STEP_KEEP);
  open_call call = step_begin(t, a, i, APC_SUBJECT_NONE, keep ? 0 : 1, 0);
  return step_finish(&call, backend_peek_message(t, keep));
}

static bool open_handle(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_object *place = object_of(t, i->a[0]);
  lab_thread *target = thread_of(t, a, i->a[1]);
  uint32_t access = step_dword(t, a, i->a[2]);
  const uint64_t what = subject_of(target);
  open_call call = step_begin_with(t, a, i, place->index, access, 0, &what, 1);
  return step_finish(&call, backend_open_thread(t, place, target, access));
}

static bool duplicate_handle(lab_thread *t, activation *a, const apc_instruction *i) {
  lab_object *place = object_of(t, i->a[0]);
  handle_ref source = handle_of(t, a, i->a[1]);
  bool same_access = i->a[2] == APC_OPERAND_ABSENT;
  uint32_t access = step_dword(t, a, i->a[2]);
  const uint64_t what = subject_of_handle(source);
  open_call call = step_begin_with(t, a, i, place->index, access, 0, &what, 1);
  return step_finish(&call, backend_duplicate_handle(t, place, source, same_access, access));
}

bool step_object(lab_thread *t, activation *a, const apc_instruction *i) {
  switch (i->op) {
    case APC_CALL_SET_WAITABLE_TIMER: return set_timer(t, a, i);
    case APC_CALL_POST_MESSAGE: return post_message(t, a, i);
    case APC_CALL_PEEK_MESSAGE: return peek_message(t, a, i);
    case APC_CALL_OPEN_HANDLE: return open_handle(t, a, i);
    case APC_CALL_DUPLICATE_HANDLE: return duplicate_handle(t, a, i);
    default: return change_object(t, a, i);
  }
}
