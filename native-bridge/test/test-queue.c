/* Queueing and delivery: semantics.md, sections A and C. Thread 2 is the program's first thread. */
#include "lab.h"

TEST(fact_1_2_queue_returns_1_and_leaves_the_last_error) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  step(b, body, APC_CALL_SET_LAST_ERROR, 0, number(b, 4711), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  queue_apc(b, body, SELF, apc, 0);
  say_value(b, body, "result ", RESULT);
  say_value(b, body, "error ", LOCAL(APC_LOCAL_LAST_ERROR));
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "result 1 error 4711");
  CHECK_INT(result_of(lab_event(l, APC_KIND_APC_QUEUED, 2, 0)), 1);
  lab_close(l);
}

TEST(fact_6_queueing_to_an_ended_thread_fails_with_31) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_ENDED);
  queue_apc(b, control, THREAD(0), apc, 0);
  say_value(b, control, "result ", RESULT);
  say_value(b, control, "error ", LOCAL(APC_LOCAL_LAST_ERROR));
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "result 0 error 31");
  CHECK_INT(last_error_of(lab_event(l, APC_KIND_APC_QUEUE_FAILED, 1, 0)), 31);
  CHECK_INT(lab_status(l).queued, 0);
  lab_close(l);
}

TEST(fact_3_a_thread_that_was_never_created_has_no_handle) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  thread(b, "T1", body, 0);
  queue_apc(b, control, THREAD(0), apc, 0);
  say_value(b, control, "error ", LOCAL(APC_LOCAL_LAST_ERROR));
  on_thread(b, control, APC_CALL_SUSPEND_THREAD, THREAD(0));
  say_value(b, control, "result ", RESULT);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "error 6 result 4294967295");
  lab_close(l);
}

TEST(fact_7_a_thread_terminated_before_it_ran_takes_nothing_more) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  say(b, apc, "never");
  say(b, body, "never");
  thread(b, "T1", body, APC_THREAD_STARTS | APC_THREAD_SUSPENDED);
  queue_apc(b, control, THREAD(0), apc, 0);
  terminate(b, control, THREAD(0), 9);
  queue_apc(b, control, THREAD(0), apc, 0);
  say_value(b, control, "error ", LOCAL(APC_LOCAL_LAST_ERROR));
  await(b, control, THREAD(0), APC_STATE_ENDED);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "error 31");
  CHECK_INT(lab_count(l, APC_KIND_THREAD_STARTED, 2), 0);
  CHECK_INT(lab_count(l, APC_KIND_APC_LOST, 2), 1);
  CHECK_INT(lab_exit_code(l, 2), 9);
  CHECK_INT(lab_end_reason(l, 2), APC_END_TERMINATED);
  lab_close(l);
}

TEST(fact_9_an_apc_to_oneself_waits_for_the_next_alertable_call) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  say(b, apc, "apc");
  queue_apc(b, body, SELF, apc, 0);
  say(b, body, "queued");
  sleep_ex(b, body, 0, true);
  say(b, body, "after");
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "queued apc after");
  lab_close(l);
}

TEST(facts_13_29_30_45_one_call_drains_all_in_order_and_returns_once) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  say_value(b, apc, "A", ARG1);
  for (uint64_t i = 1; i <= 3; i++) queue_apc(b, body, SELF, apc, i);
  queue_apc(b, body, SELF, apc, 3); /* the same again runs again */
  sleep_ex(b, body, 1000, true);
  say_value(b, body, "returned ", RESULT);
  sleep_ex(b, body, 0, true);
  say_value(b, body, "then ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "A1 A2 A3 A3 returned 192 then 0");
  lab_close(l);
}

TEST(fact_31_what_an_apc_queues_to_its_own_thread_runs_in_the_same_drain) {
  builder *b = builder_new();
  uint32_t more = routine(b, "more"), apc = routine(b, "apc"), last = routine(b, "last"), body = routine(b, "body");
  say(b, more, "more");
  say(b, apc, "apc");
  queue_apc(b, apc, SELF, more, 0);
  say(b, last, "last");
  queue_apc(b, body, SELF, apc, 0);
  queue_apc(b, body, SELF, last, 0);
  sleep_ex(b, body, 0, true);
  say_value(b, body, "returned ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "apc last more returned 192");
  lab_close(l);
}

/* The APC itself waits until the controller has queued the second one. */
TEST(fact_32_what_another_thread_queues_during_an_apc_runs_in_the_same_drain) {
  builder *b = builder_new();
  uint32_t second = routine(b, "second"), first = routine(b, "first"), body = routine(b, "body"),
           control = routine(b, "control");
  say(b, second, "second");
  sleep_ms(b, first, 200);
  say(b, first, "first");
  sleep_ex(b, body, APC_INFINITE, true);
  say_value(b, body, "returned ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_ALERTABLE);
  queue_apc(b, control, THREAD(0), first, 0);
  await(b, control, THREAD(0), APC_STATE_BLOCKED);
  queue_apc(b, control, THREAD(0), second, 0);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "first second returned 192");
  CHECK_INT(lab_count(l, APC_KIND_CALL_RETURNED, 2), 2); /* one sleep in the APC, one SleepEx */
  lab_close(l);
}

TEST(fact_33_a_chain_of_1000_runs_in_one_call) {
  builder *b = builder_new();
  uint32_t hop = routine(b, "hop"), body = routine(b, "body");
  variables(b, 1);
  step(b, hop, APC_CALL_ADD, 0, VARIABLE(0), number(b, 1), APC_OPERAND_ABSENT);
  uint32_t again = begin_if(b, hop, VARIABLE(0), APC_COMPARE_LT, number(b, 1000));
  queue_apc(b, hop, SELF, hop, 0);
  end_if(b, hop, again);
  queue_apc(b, body, SELF, hop, 0);
  sleep_ex(b, body, 0, true);
  say_value(b, body, "hops ", VARIABLE(0));
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 20000);
  CHECK_TEXT(lab_log(l), "hops 1000");
  CHECK_INT(lab_count(l, APC_KIND_CALL_RETURNED, 2), 1);
  lab_close(l);
}

TEST(facts_34_49_50_an_apc_wakes_an_alertable_wait_at_once) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  sleep_ex(b, body, APC_INFINITE, true);
  sleep_ex(b, body, 20000, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  for (int i = 0; i < 2; i++) {
    await(b, control, THREAD(0), APC_STATE_ALERTABLE);
    queue_apc(b, control, THREAD(0), apc, 0);
    sleep_ms(b, control, 100);
  }
  controller(b, control);
  lab *l = lab_run(b, 10000);
  CHECK_INT(result_of(lab_return(l, APC_CALL_SLEEP_EX, 2, 0)), 0xC0);
  CHECK_INT(result_of(lab_return(l, APC_CALL_SLEEP_EX, 2, 1)), 0xC0);
  uint64_t queued = lab_event(l, APC_KIND_APC_QUEUEING, 1, 1)->head.time_ns,
           began = lab_event(l, APC_KIND_APC_BEGAN, 2, 1)->head.time_ns;
  CHECK(began - queued < 1000000000u);
  lab_close(l);
}

/* Two threads hand one APC to and fro 2000 times, each queueing just as the other is about to block: a lost wake-up
 * would let both wait for ever. */
TEST(fact_35_no_wake_up_is_lost_in_2000_rounds) {
  builder *b = builder_new();
  uint32_t ball = routine(b, "ball"), ping = routine(b, "ping"), pong = routine(b, "pong");
  thread(b, "T1", ping, APC_THREAD_STARTS);
  thread(b, "T2", pong, APC_THREAD_STARTS);
  await(b, ping, THREAD(1), APC_STATE_ALERTABLE); /* queued earlier, the first would run before the entry (fact 27) */
  uint32_t again = repeat_begin(b, ping, 0);
  queue_apc(b, ping, THREAD(1), ball, 0);
  sleep_ex(b, ping, APC_INFINITE, true);
  repeat_end(b, ping, 0, again, 2000);
  again = repeat_begin(b, pong, 0);
  sleep_ex(b, pong, APC_INFINITE, true);
  queue_apc(b, pong, THREAD(0), ball, 0);
  repeat_end(b, pong, 0, again, 2000);
  lab *l = lab_run(b, 50000);
  CHECK_INT(lab_count(l, APC_KIND_APC_BEGAN, 2), 2000);
  CHECK_INT(lab_count(l, APC_KIND_APC_BEGAN, 3), 2000);
  lab_close(l);
}

/* The ids in the order in which a producer queued them, and in which the target began them. */
static uint32_t ids_of(lab *l, apc_kind kind, uint32_t thread, uint32_t *ids) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < l->count; i++) {
    if (l->events[i].head.kind == kind && l->events[i].head.thread == thread) ids[count++] = l->events[i].head.subject;
  }
  return count;
}

/* 5000 to one thread, from two producers: each keeps its own order. */
TEST(facts_36_41_many_producers_and_5000_pending) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), fill = routine(b, "fill"), body = routine(b, "body"),
           control = routine(b, "control");
  thread(b, "target", body, APC_THREAD_STARTS);
  thread(b, "P1", fill, 0);
  thread(b, "P2", fill, 0);
  uint32_t again = repeat_begin(b, fill, 0);
  queue_apc(b, fill, THREAD(0), apc, 0);
  repeat_end(b, fill, 0, again, 2500);
  await(b, body, THREAD(1), APC_STATE_ENDED);
  await(b, body, THREAD(2), APC_STATE_ENDED);
  sleep_ex(b, body, 0, true);
  await(b, control, THREAD(0), APC_STATE_BLOCKED); /* past its start, where APCs would run before the entry */
  on_thread(b, control, APC_CALL_CREATE_THREAD, THREAD(1));
  on_thread(b, control, APC_CALL_CREATE_THREAD, THREAD(2));
  controller(b, control);
  lab *l = lab_run(b, 50000);
  static uint32_t began[5000], queued[2][5000];
  CHECK_INT(ids_of(l, APC_KIND_APC_BEGAN, 2, began), 5000);
  CHECK_INT(ids_of(l, APC_KIND_APC_QUEUEING, 3, queued[0]), 2500);
  CHECK_INT(ids_of(l, APC_KIND_APC_QUEUEING, 4, queued[1]), 2500);
  uint32_t place[2] = {0, 0};
  for (uint32_t i = 0; i < 5000; i++) {
    uint32_t producer = place[0] < 2500 && queued[0][place[0]] == began[i] ? 0 : 1;
    CHECK_INT(began[i], queued[producer][place[producer]]);
    place[producer]++;
  }
  lab_close(l);
}
