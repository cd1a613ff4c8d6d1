/* The end of a thread: semantics.md, section K. */
#include "lab.h"

static void check_end(lab *l, uint32_t reason, uint32_t code, uint32_t lost) {
  CHECK_INT(lab_end_reason(l, 2), reason);
  CHECK_INT(lab_exit_code(l, 2), code);
  CHECK_INT(lab_count(l, APC_KIND_APC_LOST, 2), lost);
  for (uint32_t i = 0; i < lost; i++) {
    event *e = lab_event(l, APC_KIND_APC_LOST, 2, i);
    CHECK_INT((e->head.flags & APC_RECORD_INFERRED) != 0, lab_on_win32());
    CHECK(i == 0 || e->head.subject > lab_event(l, APC_KIND_APC_LOST, 2, i - 1)->head.subject);
  }
  CHECK_INT(lab_status(l).pending, 0);
  CHECK_INT(lab_status(l).lost_apcs, lost);
}

TEST(facts_114_115_returning_discards_what_is_pending) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  say(b, apc, "never");
  for (int i = 0; i < 3; i++) queue_apc(b, body, SELF, apc, 0);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "");
  check_end(l, APC_END_RETURNED, 0, 3);
  lab_close(l);
}

TEST(facts_114_115_exit_thread_discards_what_is_pending) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  for (int i = 0; i < 3; i++) queue_apc(b, body, SELF, apc, 0);
  exit_thread(b, body, 7);
  say(b, body, "never");
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "");
  CHECK_INT(lab_count(l, APC_KIND_CALL_RETURNED, 2), 0);
  check_end(l, APC_END_EXIT_THREAD, 7, 3);
  lab_close(l);
}

TEST(facts_114_115_terminate_thread_discards_what_is_pending) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  for (int i = 0; i < 2; i++) queue_apc(b, body, SELF, apc, 0);
  sleep_ms(b, body, 30000);
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_BLOCKED);
  queue_apc(b, control, THREAD(0), apc, 0);
  terminate(b, control, THREAD(0), 99);
  say_value(b, control, "returned ", RESULT);
  await(b, control, THREAD(0), APC_STATE_ENDED);
  terminate(b, control, THREAD(0), 1);
  say_value(b, control, "again ", RESULT);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "returned 1 again 1");
  check_end(l, APC_END_TERMINATED, 99, 3);
  lab_close(l);
}

TEST(fact_116_exit_thread_inside_an_apc_ends_the_thread_there) {
  builder *b = builder_new();
  uint32_t leave = routine(b, "leave"), apc = routine(b, "apc"), body = routine(b, "body");
  say(b, leave, "leave");
  exit_thread(b, leave, 3);
  say(b, apc, "never");
  queue_apc(b, body, SELF, leave, 0);
  queue_apc(b, body, SELF, apc, 0);
  sleep_ex(b, body, 1000, true);
  say(b, body, "never");
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "leave");
  CHECK_INT(lab_count(l, APC_KIND_APC_ENDED, 2), 0);
  check_end(l, APC_END_EXIT_THREAD, 3, 1);
  lab_close(l);
}

TEST(fact_116_terminating_oneself_inside_an_apc_ends_the_thread_there) {
  builder *b = builder_new();
  uint32_t leave = routine(b, "leave"), apc = routine(b, "apc"), body = routine(b, "body");
  terminate(b, leave, SELF, 4);
  say(b, leave, "never");
  queue_apc(b, body, SELF, leave, 0);
  queue_apc(b, body, SELF, apc, 0);
  sleep_ex(b, body, 1000, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "");
  check_end(l, APC_END_TERMINATED, 4, 1);
  lab_close(l);
}

TEST(fact_117_terminate_stops_a_thread_in_the_middle_of_an_apc) {
  builder *b = builder_new();
  uint32_t spin = routine(b, "spin"), apc = routine(b, "apc"), body = routine(b, "body"),
           control = routine(b, "control");
  say(b, spin, "spin");
  step(b, spin, APC_CALL_COMPUTE, 0, number(b, 30000000), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  queue_apc(b, body, SELF, spin, 0);
  queue_apc(b, body, SELF, apc, 0);
  sleep_ex(b, body, 0, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  sleep_ms(b, control, 100);
  terminate(b, control, THREAD(0), 5);
  await(b, control, THREAD(0), APC_STATE_ENDED);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "spin");
  check_end(l, APC_END_TERMINATED, 5, 1);
  lab_close(l);
}

/* More than the dying thread's ring holds: main tells the rest, a ring full at a time, and none is missing. */
TEST(four_thousand_lost_apcs_are_all_told) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), fill = routine(b, "fill");
  uint32_t again = repeat_begin(b, fill, 0);
  queue_apc(b, fill, SELF, apc, 0);
  repeat_end(b, fill, 0, again, 4000);
  thread(b, "T1", fill, APC_THREAD_STARTS);
  apc_options options = {.size = sizeof options, .ring_records = 256};
  lab *l = lab_load(b, &options);
  CHECK_INT(apc_start(l->session), APC_OK);
  lab_until_over(l, 20000);
  CHECK_INT(lab_count(l, APC_KIND_APC_LOST, 2), 4000);
  CHECK_INT(lab_count(l, APC_KIND_THREAD_ENDED, 2), 1);
  CHECK_INT(lab_status(l).lost_apcs, 4000);
  lab_close(l);
}

TEST(await_state_ends_when_the_thread_ended_before) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body"), control = routine(b, "control");
  sleep_ms(b, body, 50);
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_ALERTABLE);
  say_value(b, control, "not reached ", RESULT);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "not reached 1");
  lab_close(l);
}
