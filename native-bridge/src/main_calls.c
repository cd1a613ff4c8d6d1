/* Calls that main makes on lab threads, each traced like a step, and the steps that it gives them by hand. */
#include "backend.h"
#include "error.h"
#include "hand.h"
#include "life.h"
#include "publish.h"
#include "thread_end.h"

/* Callers of these functions look at results as signed numbers: 0xFFFFFFFF would read as an apc_error. */
static int32_t as_outcome(uint32_t result) {
  return result <= INT32_MAX ? (int32_t)result
                             : error_set(APC_E_ENDED, "the call failed, as a call on a thread that has ended does");
}

static void call_began(session *s, apc_call call, const lab_thread *t, uint32_t number) {
  publish(session_main(s), APC_KIND_CALL_BEGAN, call, subject_of(t), number | site_bits(APC_SITE_NONE));
}

static int32_t call_returned(session *s, apc_call call, const lab_thread *t, uint32_t result) {
  lab_thread *main = session_main(s);
  publish(main, APC_KIND_CALL_RETURNED, call, subject_of(t), result | (uint64_t)main->last_error << 32);
  return as_outcome(result);
}

int32_t apc_queue_user_apc(int32_t number, uint32_t thread, uint32_t routine, uint64_t data) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  lab_thread *t = session_thread(s, thread);
  if (t == NULL) return APC_E_BAD_THREAD;
  if (routine >= s->program.header.routines) return error_set(APC_E_BAD_ARGUMENT, "there is no routine %u", routine);
  const queue_request request = {
      .call = {.call = APC_CALL_QUEUE_USER_APC, .target = handle_of_thread(t), .arguments = 1},
      .routine = routine,
      .arguments = {data},
      .site = APC_SITE_NONE};
  return (int32_t)life_queue(session_main(s), &request).result;
}

int32_t apc_suspend_thread(int32_t number, uint32_t thread) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  lab_thread *t = session_thread(s, thread);
  if (t == NULL) return APC_E_BAD_THREAD;
  call_began(s, APC_CALL_SUSPEND_THREAD, t, 0);
  uint32_t result = WIN32_FAILED;
  life_suspend(session_main(s), handle_of_thread(t), &result);
  return call_returned(s, APC_CALL_SUSPEND_THREAD, t, result);
}

int32_t apc_resume_thread(int32_t number, uint32_t thread) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  lab_thread *t = session_thread(s, thread);
  if (t == NULL) return APC_E_BAD_THREAD;
  call_began(s, APC_CALL_RESUME_THREAD, t, 0);
  return call_returned(s, APC_CALL_RESUME_THREAD, t, life_resume(session_main(s), handle_of_thread(t)));
}

/* In order: the thread itself calls ExitThread, as its next step. */
static int32_t exit_by_hand(lab_thread *t, uint32_t exit_code) {
  const apc_instruction step = {.op = APC_CALL_EXIT_THREAD,
      .site = APC_SITE_NONE,
      .a = {APC_OPERAND(APC_OPERAND_CONSTANT, 0), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT, APC_OPERAND_ABSENT,
          APC_OPERAND_ABSENT, APC_OPERAND_ABSENT}};
  const uint64_t constants[HAND_CONSTANTS] = {exit_code};
  return hand_put(t, &step, constants, NULL, 0) ? 1 : error_plain(APC_E_LIMIT);
}

int32_t apc_end_thread(int32_t number, uint32_t thread, uint32_t exit_code) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  lab_thread *t = session_thread(s, thread);
  if (t == NULL) return APC_E_BAD_THREAD;
  if (t->mailbox != NULL && lab_thread_is_created(t) && backend_waits_for_step(t) && mailbox_waiting(t) == 0)
    return exit_by_hand(t, exit_code);
  call_began(s, APC_CALL_TERMINATE_THREAD, t, exit_code);
  uint32_t result;
  life_terminate(session_main(s), handle_of_thread(t), exit_code, &result);
  return call_returned(s, APC_CALL_TERMINATE_THREAD, t, result);
}

int32_t apc_change_object(int32_t number, uint32_t call, uint32_t object, uint32_t count) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (object >= s->object_count) return error_set(APC_E_BAD_ARGUMENT, "there is no object %u in this session", object);
  if (call != APC_CALL_SET_EVENT && call != APC_CALL_RESET_EVENT && call != APC_CALL_PULSE_EVENT &&
      call != APC_CALL_RELEASE_SEMAPHORE)
    return error_set(APC_E_BAD_ARGUMENT, "main makes no call %u on objects", call);
  lab_thread *main = session_main(s);
  const handle_ref handle = {.object = s->objects[object]};
  publish(main, APC_KIND_CALL_BEGAN, call, object, count | site_bits(APC_SITE_NONE));
  uint32_t result = backend_object_call(main, (apc_call)call, handle, count);
  publish(main, APC_KIND_CALL_RETURNED, call, object, result | (uint64_t)main->last_error << 32);
  return as_outcome(result);
}

int32_t apc_define_text(int32_t number, const uint8_t *text, uint32_t bytes) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (!s->started || atomic_load(&s->stopping))
    return error_set(APC_E_STATE, "texts can be defined while the session runs");
  if (bytes > TEXT_MAX_BYTES)
    return error_set(APC_E_BAD_ARGUMENT, "a text has %u bytes; %u are allowed", bytes, TEXT_MAX_BYTES);
  if ((text == NULL && bytes > 0) || !is_utf8(text, bytes))
    return error_set(APC_E_BAD_ARGUMENT, "the text is not UTF-8");
  int32_t index = program_add_text(&s->program, text, bytes);
  if (index < 0) return index;
  return session_define(s, APC_CLASS_TEXT, (uint32_t)index, 0, text, bytes) ? index : error_plain(APC_E_NO_MEMORY);
}

static apc_object_type type_of_object(const void *of, uint32_t index) {
  return ((const session *)of)->objects[index]->type;
}

/* Thread operands that name main, or a controller that is not there. */
static bool names_no_thread(session *s, uint32_t operand) {
  uint32_t index = operand_value(operand);
  return operand_class(operand) == APC_OPERAND_THREAD && index != APC_OPERAND_VALUE_MASK &&
         session_thread(s, index) == NULL;
}

int32_t apc_step(int32_t number, uint32_t thread, const apc_instruction *step, const uint64_t *constants,
    const uint32_t *operands, uint32_t operand_count) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  lab_thread *t = session_thread(s, thread);
  if (t == NULL) return APC_E_BAD_THREAD;
  if (step == NULL) return error_set(APC_E_BAD_ARGUMENT, "there is no step");
  if (operand_count > HAND_OPERANDS || (operands == NULL && operand_count > 0))
    return error_set(APC_E_BAD_ARGUMENT, "a step by hand has at most %u operands in lists", HAND_OPERANDS);
  if (!lab_thread_is_created(t)) return error_set(APC_E_STATE, "thread %u is not created yet", thread);
  if (t->routine != APC_ROUTINE_NONE) return error_plain(APC_E_NOT_HAND_DRIVEN);
  if (t->swept || thread_end_is_published(t)) return error_plain(APC_E_ENDED);
  const apc_program_header *h = &s->program.header;
  static const uint64_t zeros[HAND_CONSTANTS];
  const operand_limits limits = {.constants = HAND_CONSTANTS,
      .variables = h->variables,
      .threads = s->thread_count,
      .routines = h->routines,
      .texts = h->texts,
      .objects = s->object_count,
      .object_type = type_of_object,
      .of = s,
      .constant_values = constants != NULL ? constants : zeros,
      .operands = operands,
      .operand_count = operand_count};
  int32_t error = verify_instruction(step, &limits, "step");
  if (error != APC_OK) return error;
  for (uint32_t i = 0; i < 6; i++) {
    if (names_no_thread(s, step->a[i])) return APC_E_BAD_THREAD;
  }
  for (uint32_t i = 1; i < operand_count; i++) {
    if (names_no_thread(s, operands[i])) return APC_E_BAD_THREAD;
  }
  if (!hand_put(t, step, constants, operands, operand_count))
    return error_set(APC_E_LIMIT, "%u steps wait in the mailbox already", MAILBOX_STEPS);
  return (int32_t)mailbox_waiting(t);
}
