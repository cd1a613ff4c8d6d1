/* Before the thread starts: semantics.md, section B. T1 is created suspended; the controller queues, then resumes. */
#include "lab.h"

static uint32_t suspended_thread(builder *b, uint32_t body) {
  return thread(b, "T1", body, APC_THREAD_STARTS | APC_THREAD_SUSPENDED);
}

TEST(facts_19_21_22_apcs_queued_before_the_start_run_before_the_entry) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  say_value(b, apc, "A", ARG1);
  say(b, body, "entry");
  sleep_ex(b, body, 0, true);
  say_value(b, body, "poll ", RESULT);
  suspended_thread(b, body);
  for (uint64_t i = 1; i <= 3; i++) queue_apc(b, control, THREAD(0), apc, i);
  on_thread(b, control, APC_CALL_RESUME_THREAD, THREAD(0));
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "A1 A2 A3 entry poll 0");
  /* threadStarted is the first thing of all */
  CHECK(
      lab_index(l, lab_event(l, APC_KIND_THREAD_STARTED, 2, 0)) < lab_index(l, lab_event(l, APC_KIND_APC_BEGAN, 2, 0)));
  lab_close(l);
}

TEST(fact_23_what_such_an_apc_queues_runs_before_the_entry_too) {
  builder *b = builder_new();
  uint32_t more = routine(b, "more"), apc = routine(b, "apc"), body = routine(b, "body"),
           control = routine(b, "control");
  say(b, more, "more");
  say(b, apc, "apc");
  queue_apc(b, apc, SELF, more, 0);
  say(b, body, "entry");
  suspended_thread(b, body);
  queue_apc(b, control, THREAD(0), apc, 0);
  on_thread(b, control, APC_CALL_RESUME_THREAD, THREAD(0));
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "apc more entry");
  lab_close(l);
}

TEST(fact_24_such_an_apc_may_wait_alertably) {
  builder *b = builder_new();
  uint32_t inner = routine(b, "inner"), apc = routine(b, "apc"), body = routine(b, "body"),
           control = routine(b, "control");
  say(b, inner, "inner");
  sleep_ex(b, apc, 0, true);
  say_value(b, apc, "apc ", RESULT);
  say(b, body, "entry");
  suspended_thread(b, body);
  queue_apc(b, control, THREAD(0), apc, 0);
  queue_apc(b, control, THREAD(0), inner, 0);
  on_thread(b, control, APC_CALL_RESUME_THREAD, THREAD(0));
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "inner apc 192 entry");
  lab_close(l);
}

TEST(fact_25_exit_thread_in_such_an_apc_keeps_the_entry_from_running) {
  builder *b = builder_new();
  uint32_t leave = routine(b, "leave"), apc = routine(b, "apc"), body = routine(b, "body"),
           control = routine(b, "control");
  say(b, leave, "leave");
  exit_thread(b, leave, 42);
  say(b, apc, "never");
  say(b, body, "never");
  suspended_thread(b, body);
  queue_apc(b, control, THREAD(0), leave, 0);
  queue_apc(b, control, THREAD(0), apc, 0);
  on_thread(b, control, APC_CALL_RESUME_THREAD, THREAD(0));
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "leave");
  CHECK_INT(lab_exit_code(l, 2), 42);
  CHECK_INT(lab_end_reason(l, 2), APC_END_EXIT_THREAD);
  CHECK_INT(lab_count(l, APC_KIND_APC_LOST, 2), 1);
  lab_close(l);
}

TEST(fact_26_with_suspend_count_2_nothing_runs_until_the_second_resume) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  say(b, apc, "apc");
  say(b, body, "entry");
  suspended_thread(b, body);
  queue_apc(b, control, THREAD(0), apc, 0);
  on_thread(b, control, APC_CALL_SUSPEND_THREAD, THREAD(0));
  say_value(b, control, "before ", RESULT);
  on_thread(b, control, APC_CALL_RESUME_THREAD, THREAD(0));
  say_value(b, control, "before ", RESULT);
  sleep_ms(b, control, 50);
  say(b, control, "still");
  on_thread(b, control, APC_CALL_RESUME_THREAD, THREAD(0));
  await(b, control, THREAD(0), APC_STATE_ENDED);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "before 1 before 2 still apc entry");
  lab_close(l);
}

TEST(a_thread_is_created_once_and_may_be_given_another_routine) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body"), other = routine(b, "other"), control = routine(b, "control");
  say(b, body, "never");
  say(b, other, "other");
  thread(b, "T1", body, 0);
  step(b, control, APC_CALL_CREATE_THREAD, 0, THREAD(0), ROUTINE(other), APC_OPERAND_ABSENT);
  say_value(b, control, "created ", RESULT);
  await(b, control, THREAD(0), APC_STATE_ENDED);
  on_thread(b, control, APC_CALL_CREATE_THREAD, THREAD(0));
  say_value(b, control, "error ", LOCAL(APC_LOCAL_LAST_ERROR));
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK(strstr(lab_log(l), "created 2") != NULL && strstr(lab_log(l), "other") != NULL &&
        strstr(lab_log(l), "error 183") != NULL);
  CHECK(strstr(lab_log(l), "never") == NULL);
  lab_close(l);
}
