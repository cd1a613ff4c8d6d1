/* Waits without and with the alertable flag: semantics.md, facts 37, 39, 43, 46..54. */
#include "lab.h"

TEST(facts_37_39_a_wait_that_is_not_alertable_leaves_the_apc) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  say(b, apc, "apc");
  queue_apc(b, body, SELF, apc, 0);
  sleep_ms(b, body, 30);
  say_value(b, body, "sleep ", RESULT);
  sleep_ex(b, body, 30, false);
  say_value(b, body, "sleepEx ", RESULT);
  sleep_ms(b, body, 0);
  sleep_ex(b, body, 30, true);
  say_value(b, body, "alertable ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "sleep 0 sleepEx 0 apc alertable 192");
  CHECK(lab_duration_ms(l, lab_return(l, APC_CALL_SLEEP, 2, 0)) >= 29.9);
  CHECK(lab_duration_ms(l, lab_return(l, APC_CALL_SLEEP_EX, 2, 0)) >= 29.9);
  lab_close(l);
}

TEST(fact_37_an_apc_that_arrives_during_a_plain_sleep_does_not_end_it) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  say(b, apc, "apc");
  sleep_ms(b, body, 150);
  say(b, body, "slept");
  sleep_ex(b, body, 0, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_BLOCKED);
  queue_apc(b, control, THREAD(0), apc, 0);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "slept apc");
  CHECK(lab_duration_ms(l, lab_return(l, APC_CALL_SLEEP, 2, 0)) >= 149.9);
  lab_close(l);
}

TEST(facts_46_47_sleep_ex_without_an_apc_returns_0_when_the_time_is_over) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body");
  sleep_ex(b, body, 0, true);
  say_value(b, body, "poll ", RESULT);
  sleep_ex(b, body, 60, true);
  say_value(b, body, "timed ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "poll 0 timed 0");
  CHECK(lab_duration_ms(l, lab_return(l, APC_CALL_SLEEP_EX, 2, 1)) >= 59.9);
  lab_close(l);
}

TEST(fact_51_a_second_wait_gets_its_full_time) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  queue_apc(b, body, SELF, apc, 0);
  sleep_ex(b, body, 60, true);
  sleep_ex(b, body, 60, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_INT(result_of(lab_return(l, APC_CALL_SLEEP_EX, 2, 0)), 0xC0);
  CHECK(lab_duration_ms(l, lab_return(l, APC_CALL_SLEEP_EX, 2, 1)) >= 59.9);
  lab_close(l);
}

TEST(fact_52_the_timeout_does_not_bound_an_apc) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  sleep_ms(b, apc, 120);
  queue_apc(b, body, SELF, apc, 0);
  sleep_ex(b, body, 20, true);
  say_value(b, body, "returned ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "returned 192");
  CHECK(lab_duration_ms(l, lab_return(l, APC_CALL_SLEEP_EX, 2, 0)) >= 119.9);
  lab_close(l);
}

TEST(facts_43_54_the_last_error_is_the_apcs_own_doing) {
  builder *b = builder_new();
  uint32_t quiet = routine(b, "quiet"), loud = routine(b, "loud"), body = routine(b, "body");
  step(b, loud, APC_CALL_SET_LAST_ERROR, 0, number(b, 77), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  step(b, body, APC_CALL_SET_LAST_ERROR, 0, number(b, 5), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  queue_apc(b, body, SELF, quiet, 0);
  sleep_ex(b, body, 0, true);
  say_value(b, body, "quiet ", LOCAL(APC_LOCAL_LAST_ERROR));
  queue_apc(b, body, SELF, loud, 0);
  sleep_ex(b, body, 0, true);
  say_value(b, body, "loud ", LOCAL(APC_LOCAL_LAST_ERROR));
  step(b, body, APC_CALL_GET_LAST_ERROR, 0, APC_OPERAND_ABSENT, APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  say_value(b, body, "got ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "quiet 5 loud 77 got 77");
  lab_close(l);
}

TEST(compute_takes_its_time_and_elapsed_says_so) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body");
  step(b, body, APC_CALL_COMPUTE, 0, number(b, 20000), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  uint32_t slow = begin_if(b, body, LOCAL(APC_LOCAL_ELAPSED_NS), APC_COMPARE_GE, number(b, 20000000));
  say(b, body, "slow");
  end_if(b, body, slow);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "slow");
  CHECK(lab_duration_ms(l, lab_return(l, APC_CALL_COMPUTE, 2, 0)) >= 20);
  lab_close(l);
}

TEST(compute_of_a_negative_number_takes_no_time) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body");
  step(b, body, APC_CALL_COMPUTE, 0, number(b, (uint64_t)-5), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  step(b, body, APC_CALL_COMPUTE, 0, number(b, (uint64_t)INT64_MIN), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  say(b, body, "computed");
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "computed");
  lab_close(l);
}
