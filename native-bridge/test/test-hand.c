/* Hand-driven threads, and the calls that main makes. */
#include <stdlib.h>
#include <string.h>

#include "lab.h"

static const uint64_t constants[6] = {0, 60000, 7, APC_STATE_BLOCKED, 20, 5};
#define CONSTANT(i) APC_OPERAND(APC_OPERAND_CONSTANT, i)
#define NONE APC_OPERAND_ABSENT

static apc_instruction make_step(uint32_t op, uint32_t flags, uint32_t a0, uint32_t a1, uint32_t a2) {
  return (apc_instruction){
      .op = (uint16_t)op, .flags = (uint16_t)flags, .site = 12, .a = {a0, a1, a2, NONE, NONE, NONE}};
}

static int32_t give(lab *l, uint32_t thread, uint32_t op, uint32_t flags, uint32_t a0, uint32_t a1, uint32_t a2) {
  apc_instruction made = make_step(op, flags, a0, a1, a2);
  return apc_step(l->session, thread, &made, constants, NULL, 0);
}

static lab *lab_by_hand(void) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc");
  say_value(b, apc, "A", ARG1);
  return lab_start(b);
}

static bool has_returned(lab *l, uint32_t thread) { return lab_count(l, APC_KIND_CALL_RETURNED, thread) > 0; }
static bool has_ended(lab *l, uint32_t thread) {
  return lab_count(l, APC_KIND_THREAD_ENDED, thread) > 0 && lab_status(l).threads_alive == 0;
}
static bool has_begun_a_call(lab *l, uint32_t thread) { return lab_count(l, APC_KIND_CALL_BEGAN, thread) > 0; }

TEST(hand_an_apc_waits_until_the_hand_makes_an_alertable_wait) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  CHECK(give(l, 2, APC_CALL_SLEEP, 0, CONSTANT(4), NONE, NONE) >= 0);
  lab_until(l, has_returned, 2, 5000);
  CHECK_INT(apc_queue_user_apc(l->session, 2, 0, 1), 1);
  CHECK_INT(apc_queue_user_apc(l->session, 2, 0, 2), 1);
  CHECK_TEXT(lab_log(l), "");
  CHECK(give(l, 2, APC_CALL_SLEEP_EX, APC_STEP_ALERTABLE, CONSTANT(1), NONE, NONE) >= 0);
  lab_until(l, has_returned, 2, 5000);
  while (lab_count(l, APC_KIND_CALL_RETURNED, 2) < 2) lab_drain(l);
  CHECK_TEXT(lab_log(l), "A1 A2");
  CHECK_INT(result_of(lab_return(l, APC_CALL_SLEEP_EX, 2, 0)), 0xC0);
  /* made by hand, whatever site the step claimed */
  CHECK_INT(lab_event(l, APC_KIND_CALL_BEGAN, 2, 0)->head.value >> 40, APC_SITE_NONE);
  CHECK_INT(apc_end_thread(l->session, 2, 33), 1);
  lab_until(l, has_ended, 2, 5000);
  lab_check_trace(l);
  CHECK_INT(lab_end_reason(l, 2), APC_END_EXIT_THREAD);
  CHECK_INT(lab_exit_code(l, 2), 33);
  CHECK_INT(give(l, 2, APC_CALL_SLEEP, 0, CONSTANT(4), NONE, NONE), APC_E_ENDED);
  lab_close(l);
}

TEST(hand_the_mailbox_is_seen_and_holds_64) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  CHECK(give(l, 2, APC_CALL_SLEEP, 0, CONSTANT(1), NONE, NONE) >= 0);
  lab_until(l, has_begun_a_call, 2, 5000);
  for (int32_t i = 1; i <= 64; i++)
    CHECK_INT(give(l, 2, APC_CALL_SLEEP_EX, APC_STEP_ALERTABLE, CONSTANT(1), NONE, NONE), i);
  CHECK_INT(give(l, 2, APC_CALL_SLEEP, 0, CONSTANT(1), NONE, NONE), APC_E_LIMIT);
  lab_drain(l);
  CHECK_INT(lab_count(l, APC_KIND_OBJECT_CHANGED, 0), 65);
  event *put = lab_event(l, APC_KIND_OBJECT_CHANGED, 0, 64);
  CHECK_INT(put->head.subject, APC_SUBJECT_THREAD | 2);
  CHECK_INT(put->head.value, 64);
  CHECK_INT(put->arguments, 2);
  CHECK_INT(l->arguments[put->first_argument], APC_CALL_SLEEP_EX);
  CHECK_INT(l->arguments[put->first_argument + 1], APC_STEP_ALERTABLE | (uint64_t)60000 << 32);
  CHECK_INT(lab_event(l, APC_KIND_OBJECT_CHANGED, 2, 0)->head.value, 0);
  CHECK_INT(apc_end_thread(l->session, 2, 9), 1); /* busy: terminated */
  lab_until(l, has_ended, 2, 5000);
  CHECK_INT(lab_end_reason(l, 2), APC_END_TERMINATED);
  CHECK_INT(lab_exit_code(l, 2), 9);
  lab_check_trace(l);
  lab_close(l);
}

TEST(hand_a_thread_may_act_on_another) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  CHECK_INT(apc_create_thread(l->session, "worker-2", APC_ROUTINE_NONE, 0), 3);
  CHECK(give(l, 2, APC_CALL_AWAIT_STATE, 0, THREAD(3), CONSTANT(3), NONE) >=
        0); /* its wait for a step counts as blocked */
  CHECK(give(l, 2, APC_CALL_QUEUE_USER_APC, 0, THREAD(3), ROUTINE(0), CONSTANT(2)) >= 0);
  lab_until(l, has_returned, 2, 5000);
  CHECK(give(l, 3, APC_CALL_SLEEP_EX, APC_STEP_ALERTABLE, CONSTANT(1), NONE, NONE) >= 0);
  lab_until(l, has_returned, 3, 5000);
  CHECK_TEXT(lab_log(l), "A7");
  lab_close(l);
}

TEST(hand_wrong_steps_are_refused) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  CHECK_INT(apc_create_thread(l->session, "routine", 0, 1), 3);
  CHECK_INT(give(l, 2, APC_OP_JUMP, 0, APC_OPERAND(APC_OPERAND_TARGET, 0), NONE, NONE), APC_E_BAD_PROGRAM);
  CHECK_INT(give(l, 2, APC_OP_END, 0, NONE, NONE, NONE), APC_E_BAD_PROGRAM);
  CHECK_INT(give(l, 2, APC_CALL_SLEEP, 0, CONSTANT(6), NONE, NONE), APC_E_BAD_PROGRAM);
  CHECK_INT(give(l, 2, APC_CALL_SLEEP, 0, VARIABLE(0), NONE, NONE), APC_E_BAD_PROGRAM);
  CHECK_INT(give(l, 2, APC_CALL_SET_EVENT, 0, CONSTANT(0), NONE, NONE), APC_E_BAD_PROGRAM);
  CHECK_INT(give(l, 2, APC_CALL_SET_EVENT, 0, APC_OPERAND(APC_OPERAND_OBJECT, 0), NONE, NONE), APC_E_BAD_PROGRAM);
  CHECK_INT(give(l, 2, APC_CALL_LOG, 0, APC_OPERAND(APC_OPERAND_TEXT, 0), APC_OPERAND(APC_OPERAND_LIST, 0), NONE),
      APC_E_BAD_PROGRAM);
  CHECK_INT(give(l, 2, APC_CALL_SUSPEND_THREAD, 0, THREAD(0), NONE, NONE), APC_E_BAD_THREAD); /* main */
  CHECK_INT(
      give(l, 2, APC_CALL_SUSPEND_THREAD, 0, THREAD(1), NONE, NONE), APC_E_BAD_THREAD); /* there is no controller */
  CHECK_INT(give(l, 2, APC_CALL_SUSPEND_THREAD, 0, THREAD(99), NONE, NONE), APC_E_BAD_PROGRAM);
  CHECK_INT(give(l, 3, APC_CALL_SLEEP, 0, CONSTANT(0), NONE, NONE), APC_E_NOT_HAND_DRIVEN);
  CHECK_INT(give(l, 9, APC_CALL_SLEEP, 0, CONSTANT(0), NONE, NONE), APC_E_BAD_THREAD);
  CHECK_INT(apc_step(l->session, 2, NULL, NULL, NULL, 0), APC_E_BAD_ARGUMENT);
  lab_close(l);
}

TEST(main_calls_return_what_the_win32_call_returns) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 1), 2);
  CHECK_INT(apc_suspend_thread(l->session, 2), 1);
  CHECK_INT(apc_resume_thread(l->session, 2), 2);
  CHECK_INT(apc_resume_thread(l->session, 2), 1);
  CHECK_INT(apc_resume_thread(l->session, 2), 0);
  CHECK_INT(apc_queue_user_apc(l->session, 2, 1, 0), APC_E_BAD_ARGUMENT);
  CHECK_INT(apc_queue_user_apc(l->session, 0, 0, 0), APC_E_BAD_THREAD);
  CHECK_INT(apc_queue_user_apc(99, 2, 0, 0), APC_E_BAD_SESSION);
  CHECK_INT(apc_end_thread(l->session, 2, 0), 1);
  lab_until(l, has_ended, 2, 5000);
  CHECK_INT(apc_queue_user_apc(l->session, 2, 0, 0), 0);
  CHECK_INT(apc_suspend_thread(l->session, 2), APC_E_ENDED);
  lab_drain(l);
  CHECK_INT(last_error_of(lab_event(l, APC_KIND_APC_QUEUE_FAILED, 0, 0)), 31);
  CHECK_INT(last_error_of(lab_return(l, APC_CALL_SUSPEND_THREAD, 0, 1)), 5);
  lab_check_trace(l);
  lab_close(l);
}

TEST(main_ends_a_suspended_hand_driven_thread_by_force) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 1), 2);
  CHECK_INT(apc_end_thread(l->session, 2, 6), 1);
  lab_until(l, has_ended, 2, 5000);
  CHECK_INT(lab_end_reason(l, 2), APC_END_TERMINATED);
  CHECK_INT(lab_exit_code(l, 2), 6);
  lab_close(l);
}

/* ---- texts ---- */

#define TEXT(index) APC_OPERAND(APC_OPERAND_TEXT, (uint32_t)(index))
#define OBJECT(index) APC_OPERAND(APC_OPERAND_OBJECT, (uint32_t)(index))

static int32_t define(lab *l, const char *words) {
  return apc_define_text(l->session, (const uint8_t *)words, (uint32_t)strlen(words));
}
static bool has_returned_twice(lab *l, uint32_t thread) { return lab_count(l, APC_KIND_CALL_RETURNED, thread) > 1; }
static bool has_logged(lab *l, uint32_t thread) { return lab_count(l, APC_KIND_LOG, thread) > 0; }
static bool has_run_an_apc(lab *l, uint32_t thread) { return lab_count(l, APC_KIND_APC_ENDED, thread) > 0; }

TEST(hand_a_text_is_logged_and_written) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  int32_t hello = define(l, "hello");
  int32_t content = define(l, "eleven byte");
  CHECK(hello > 0 && content > hello);
  CHECK(give(l, 2, APC_CALL_LOG, 0, TEXT(hello), NONE, NONE) >= 0);
  lab_until(l, has_logged, 2, 5000);
  CHECK_TEXT(lab_log(l), "hello");
  const uint64_t holds[3] = {(uint64_t)hello};
  int32_t file = apc_create_object(l->session, "file", APC_OBJECT_FILE, holds);
  CHECK_INT(file, 0);
  CHECK_INT(apc_create_object(l->session, "write", APC_OBJECT_IO, NULL), 1);
  CHECK_INT(apc_query_objects(l->session), APC_OK);
  lab_drain(l);
  CHECK_INT(
      (uint32_t)lab_event(l, APC_KIND_OBJECT_CHANGED, 0, lab_count(l, APC_KIND_OBJECT_CHANGED, 0) - 1)->head.value, 5);
  apc_instruction write = make_step(APC_CALL_WRITE_FILE_EX, 0, OBJECT(file), OBJECT(1), ROUTINE(0));
  write.a[3] = TEXT(content);
  CHECK(apc_step(l->session, 2, &write, constants, NULL, 0) >= 0);
  CHECK(give(l, 2, APC_CALL_SLEEP_EX, APC_STEP_ALERTABLE, CONSTANT(1), NONE, NONE) >= 0);
  lab_until(l, has_run_an_apc, 2, 5000);
  CHECK_INT((uint32_t)lab_event(l, APC_KIND_CALL_BEGAN, 2, 0)->head.value, 11);
  event *began = lab_event(l, APC_KIND_APC_BEGAN, 2, 0);
  CHECK_INT(l->arguments[began->first_argument], 0);
  CHECK_INT(l->arguments[began->first_argument + 1], 11);
  lab_close(l);
}

TEST(hand_a_text_lives_as_long_as_the_session) {
  lab *l = lab_load(builder_new(), NULL); /* an empty program */
  CHECK_INT(apc_start(l->session), APC_OK);
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  int32_t first = define(l, "first");
  uint8_t *large = malloc(0xFFFF);
  memset(large, 'x', 0xFFFF);
  for (int i = 0; i < 200; i++) CHECK_INT(apc_define_text(l->session, large, 0xFFFF), first + 1 + i);
  free(large);
  CHECK(give(l, 2, APC_CALL_LOG, 0, TEXT(first), NONE, NONE) >= 0);
  lab_until(l, has_logged, 2, 5000);
  CHECK_TEXT(lab_log(l), "first");
  lab_close(l);
}

TEST(hand_texts_have_limits) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  uint8_t *large = malloc(0x10000);
  memset(large, 'x', 0x10000);
  CHECK_INT(apc_define_text(l->session, large, 0x10000), APC_E_BAD_ARGUMENT);
  CHECK_INT(apc_define_text(l->session, NULL, 1), APC_E_BAD_ARGUMENT);
  CHECK_INT(apc_define_text(l->session, (const uint8_t *)"\xC3", 1), APC_E_BAD_ARGUMENT);
  CHECK_INT(apc_define_text(99, large, 1), APC_E_BAD_SESSION);
  int32_t last = apc_define_text(l->session, NULL, 0);
  CHECK(last > 0);
  CHECK_INT(give(l, 2, APC_CALL_LOG, 0, TEXT(last + 1), NONE, NONE), APC_E_BAD_PROGRAM);
  const uint64_t beyond[3] = {(uint64_t)last + 1};
  CHECK_INT(apc_create_object(l->session, "file", APC_OBJECT_FILE, beyond), APC_E_BAD_ARGUMENT);
  int32_t outcome = 0;
  uint32_t count = 0;
  while ((outcome = apc_define_text(l->session, large, 0xFFFF)) >= 0) count++;
  CHECK_INT(outcome, APC_E_LIMIT);
  CHECK_INT(count, (16u << 20) / 0xFFFF);
  free(large);
  CHECK_INT(apc_stop(l->session), APC_OK);
  CHECK_INT(define(l, "late"), APC_E_STATE);
  lab_close(l);
}

TEST(hand_an_object_s_definition_has_its_parameters) {
  lab *l = lab_by_hand();
  const uint64_t of[3] = {2, 5};
  CHECK_INT(apc_create_object(l->session, "seats", APC_OBJECT_SEMAPHORE, of), 0);
  CHECK_INT(apc_create_object(l->session, "lock", APC_OBJECT_MUTEX, NULL), 1);
  lab_drain(l);
  uint32_t last = lab_count(l, APC_KIND_DEFINED, 0) - 1;
  event *seats = lab_event(l, APC_KIND_DEFINED, 0, last - 1);
  CHECK_INT(seats->arguments, 2);
  CHECK_INT(l->arguments[seats->first_argument], 2);
  CHECK_INT(l->arguments[seats->first_argument + 1], 5);
  CHECK_INT(lab_event(l, APC_KIND_DEFINED, 0, last)->arguments, 0);
  lab_close(l);
}

/* ---- times and states ---- */

TEST(hand_a_timer_is_due_at_a_time_of_the_session) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  CHECK_INT(apc_create_object(l->session, "timer", APC_OBJECT_TIMER, NULL), 0);
  uint64_t due_ms = lab_status(l).now_ns / 1000000u + 300;
  const uint64_t numbers[6] = {due_ms, 0, 60000};
  apc_instruction set = make_step(APC_CALL_SET_WAITABLE_TIMER, APC_STEP_ABSOLUTE, OBJECT(0), CONSTANT(0), CONSTANT(1));
  set.a[3] = ROUTINE(0);
  CHECK(apc_step(l->session, 2, &set, numbers, NULL, 0) >= 0);
  CHECK(give(l, 2, APC_CALL_SLEEP_EX, APC_STEP_ALERTABLE, CONSTANT(1), NONE, NONE) >= 0);
  lab_until(l, has_returned_twice, 2, 5000);
  CHECK((lab_event(l, APC_KIND_CALL_BEGAN, 2, 0)->head.value >> 35 & 1) == 1);
  uint64_t ran_ns = lab_event(l, APC_KIND_APC_BEGAN, 2, 0)->head.time_ns;
  CHECK(ran_ns + 20000000u >= due_ms * 1000000u); /* a tick of the system's clock early at most */
  /* What has passed is due at once. */
  const uint64_t passed[6] = {1, 0};
  CHECK(apc_step(l->session, 2, &set, passed, NULL, 0) >= 0);
  CHECK(give(l, 2, APC_CALL_SLEEP_EX, APC_STEP_ALERTABLE, CONSTANT(1), NONE, NONE) >= 0);
  while (lab_count(l, APC_KIND_APC_ENDED, 2) < 2) lab_drain(l);
  lab_close(l);
}

static void await_until_stopped(apc_thread_state state, uint32_t whom) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  CHECK_INT(apc_create_thread(l->session, "worker-2", APC_ROUTINE_NONE, 0), 3);
  const uint64_t numbers[6] = {(uint64_t)state};
  apc_instruction await = make_step(APC_CALL_AWAIT_STATE, 0, whom, CONSTANT(0), NONE);
  CHECK(apc_step(l->session, 2, &await, numbers, NULL, 0) >= 0);
  lab_until(l, has_begun_a_call, 2, 5000);
  lab_stop(l, 2000);
  CHECK_INT(lab_end_reason(l, 2), APC_END_STOPPED);
  lab_close(l);
}

TEST(hand_what_awaits_a_state_ends_with_the_session) {
  await_until_stopped(APC_STATE_ALERTABLE, THREAD(3));
  await_until_stopped(APC_STATE_SUSPENDED, THREAD(3));
  await_until_stopped(APC_STATE_ENDED, THREAD(3));
  await_until_stopped(APC_STATE_ALERTABLE, SELF);
  await_until_stopped(APC_STATE_ENDED, SELF);
}

TEST(hand_a_state_is_awaited) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  CHECK_INT(apc_create_thread(l->session, "worker-2", APC_ROUTINE_NONE, 0), 3);
  const uint64_t numbers[6] = {APC_STATE_ALERTABLE, APC_STATE_ENDED};
  apc_instruction await = make_step(APC_CALL_AWAIT_STATE, 0, THREAD(3), CONSTANT(0), NONE);
  CHECK(apc_step(l->session, 2, &await, numbers, NULL, 0) >= 0);
  lab_until(l, has_begun_a_call, 2, 5000);
  CHECK_INT(lab_count(l, APC_KIND_CALL_RETURNED, 2), 0);
  CHECK(give(l, 3, APC_CALL_SLEEP_EX, APC_STEP_ALERTABLE, CONSTANT(1), NONE, NONE) >= 0);
  lab_until(l, has_returned, 2, 5000);
  CHECK_INT(result_of(lab_return(l, APC_CALL_AWAIT_STATE, 2, 0)), 0);
  await.a[1] = CONSTANT(1);
  CHECK(apc_step(l->session, 2, &await, numbers, NULL, 0) >= 0);
  CHECK_INT(apc_end_thread(l->session, 3, 4), 1);
  lab_until(l, has_returned_twice, 2, 5000);
  CHECK_INT(result_of(lab_return(l, APC_CALL_AWAIT_STATE, 2, 1)), 0);
  /* It waits for one that never comes into that state: it can itself be ended. */
  await.a[1] = CONSTANT(0);
  CHECK_INT(apc_create_thread(l->session, "worker-3", APC_ROUTINE_NONE, 0), 4);
  await.a[0] = THREAD(4);
  CHECK(apc_step(l->session, 2, &await, numbers, NULL, 0) >= 0);
  while (lab_count(l, APC_KIND_CALL_BEGAN, 2) < 3) lab_drain(l);
  CHECK_INT(apc_end_thread(l->session, 2, 9), 1);
  while (lab_count(l, APC_KIND_THREAD_ENDED, 2) == 0) lab_drain(l);
  CHECK_INT(lab_exit_code(l, 2), 9);
  lab_close(l);
}

TEST(hand_sixty_four_handles_are_waited_for_and_sixty_five_refused) {
  lab *l = lab_by_hand();
  CHECK_INT(apc_create_thread(l->session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  const uint64_t signaled[3] = {1, 1};
  uint32_t operands[258] = {64};
  for (uint32_t i = 0; i < 257; i++) operands[1 + i] = OBJECT(i < 65 ? i : 0);
  for (int32_t i = 0; i < 65; i++) CHECK_INT(apc_create_object(l->session, "event", APC_OBJECT_EVENT, signaled), i);
  apc_instruction wait = make_step(
      APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS, APC_STEP_WAIT_ALL, APC_OPERAND(APC_OPERAND_LIST, 0), CONSTANT(0), NONE);
  CHECK(apc_step(l->session, 2, &wait, constants, operands, 65) >= 0);
  lab_until(l, has_returned, 2, 5000);
  CHECK_INT(result_of(lab_return(l, APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS, 2, 0)), 0);
  operands[0] = 65;
  CHECK(apc_step(l->session, 2, &wait, constants, operands, 66) >= 0);
  lab_until(l, has_returned_twice, 2, 5000);
  CHECK_INT(result_of(lab_return(l, APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS, 2, 1)), 0xFFFFFFFFu);
  CHECK_INT(last_error_of(lab_return(l, APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS, 2, 1)), 87);
  operands[0] = 257;
  CHECK_INT(apc_step(l->session, 2, &wait, constants, operands, 258), APC_E_BAD_ARGUMENT);
  lab_close(l);
}
