/* Suspension: semantics.md, section J. */
#include "lab.h"

#define STEP(call) on_thread(b, control, APC_CALL_##call, THREAD(0))

TEST(facts_106_107_a_suspended_thread_runs_its_apc_when_resumed) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  say(b, apc, "apc");
  sleep_ex(b, body, 20000, true);
  say_value(b, body, "returned ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_ALERTABLE);
  STEP(SUSPEND_THREAD);
  await(b, control, THREAD(0), APC_STATE_SUSPENDED);
  queue_apc(b, control, THREAD(0), apc, 0);
  say_value(b, control, "queued ", RESULT);
  sleep_ms(b, control, 60);
  say(b, control, "resume");
  STEP(RESUME_THREAD);
  await(b, control, THREAD(0), APC_STATE_ENDED);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "queued 1 resume apc returned 192");
  lab_close(l);
}

TEST(fact_108_suspend_and_resume_return_the_count_before) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body"), control = routine(b, "control");
  sleep_ms(b, body, 300);
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_BLOCKED);
  static const apc_call calls[] = {APC_CALL_SUSPEND_THREAD, APC_CALL_SUSPEND_THREAD, APC_CALL_RESUME_THREAD,
      APC_CALL_RESUME_THREAD, APC_CALL_RESUME_THREAD};
  for (int i = 0; i < 5; i++) {
    on_thread(b, control, calls[i], THREAD(0));
    say_value(b, control, "", RESULT);
  }
  await(b, control, THREAD(0), APC_STATE_ENDED);
  STEP(SUSPEND_THREAD);
  say_value(b, control, "ended ", RESULT);
  say_value(b, control, "error ", LOCAL(APC_LOCAL_LAST_ERROR));
  STEP(RESUME_THREAD);
  say_value(b, control, "", RESULT);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "0 1 2 1 0 ended 4294967295 error 5 0");
  CHECK_INT(lab_count(l, APC_KIND_SUSPENDED, 1), 2);
  CHECK_INT(lab_count(l, APC_KIND_RESUMED, 1), 2);
  CHECK_INT(lab_event(l, APC_KIND_SUSPENDED, 1, 1)->head.value, 2 | (uint64_t)1 << 32);
  CHECK_INT(lab_event(l, APC_KIND_RESUMED, 1, 1)->head.value, (uint64_t)1 << 32);
  lab_close(l);
}

TEST(fact_109_suspending_a_running_thread_delivers_nothing) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  say(b, apc, "apc");
  step(b, body, APC_CALL_COMPUTE, 0, number(b, 150000), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  say(b, body, "computed");
  sleep_ex(b, body, 0, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  sleep_ms(b, control, 40);
  queue_apc(b, control, THREAD(0), apc, 0);
  STEP(SUSPEND_THREAD);
  STEP(RESUME_THREAD);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "computed apc");
  lab_close(l);
}

TEST(fact_111_the_time_runs_on_and_an_apc_beats_it) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), control = routine(b, "control");
  sleep_ex(b, body, 400, true);
  sleep_ex(b, body, 400, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  for (int i = 0; i < 2; i++) {
    await(b, control, THREAD(0), APC_STATE_ALERTABLE);
    STEP(SUSPEND_THREAD);
    if (i == 1) queue_apc(b, control, THREAD(0), apc, 0);
    sleep_ms(b, control, 500);
    STEP(RESUME_THREAD);
  }
  await(b, control, THREAD(0), APC_STATE_ENDED);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_INT(result_of(lab_return(l, APC_CALL_SLEEP_EX, 2, 0)), 0);
  CHECK_INT(result_of(lab_return(l, APC_CALL_SLEEP_EX, 2, 1)), 0xC0);
  /* had the time stood still, nearly all of it would be left at the resume */
  uint64_t resumed = lab_event(l, APC_KIND_RESUMED, 1, 0)->head.time_ns,
           returned = lab_return(l, APC_CALL_SLEEP_EX, 2, 0)->head.time_ns;
  CHECK(returned < resumed + 250000000u);
  lab_close(l);
}

TEST(fact_112_an_apc_may_suspend_its_own_thread) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), next = routine(b, "next"), body = routine(b, "body"),
           control = routine(b, "control");
  say(b, apc, "before");
  on_thread(b, apc, APC_CALL_SUSPEND_THREAD, SELF);
  say_value(b, apc, "after ", RESULT);
  say(b, next, "next");
  queue_apc(b, body, SELF, apc, 0);
  queue_apc(b, body, SELF, next, 0);
  sleep_ex(b, body, 0, true);
  say_value(b, body, "returned ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_SUSPENDED);
  sleep_ms(b, control, 30);
  say(b, control, "resume");
  STEP(RESUME_THREAD);
  await(b, control, THREAD(0), APC_STATE_ENDED);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "before resume after 0 next returned 192");
  event *suspended = lab_event(l, APC_KIND_SUSPENDED, 2, 0);
  CHECK_INT(suspended->head.value, 1);
  CHECK_INT((suspended->head.flags & APC_RECORD_INFERRED) != 0, lab_on_win32());
  lab_close(l);
}

#define ROUNDS 200u

/* Whoever has seen that a thread stands suspended by its own hand finds it so: no resume comes too early and is lost.
 */
TEST(fact_108_a_thread_that_suspended_itself_counts_from_when_it_is_seen) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body"), control = routine(b, "control");
  uint32_t again = repeat_begin(b, body, 0);
  on_thread(b, body, APC_CALL_SUSPEND_THREAD, SELF);
  repeat_end(b, body, 0, again, ROUNDS);
  thread(b, "T1", body, APC_THREAD_STARTS);
  again = repeat_begin(b, control, 0);
  await(b, control, THREAD(0), APC_STATE_SUSPENDED);
  STEP(SUSPEND_THREAD);
  STEP(RESUME_THREAD);
  STEP(RESUME_THREAD);
  repeat_end(b, control, 0, again, ROUNDS);
  controller(b, control);
  lab *l = lab_run(b, 20000);
  for (uint32_t i = 0; i < ROUNDS; i++) {
    CHECK_INT(result_of(lab_return(l, APC_CALL_SUSPEND_THREAD, 2, i)), 0);
    CHECK_INT(result_of(lab_return(l, APC_CALL_SUSPEND_THREAD, 1, i)), 1);
    CHECK_INT(result_of(lab_return(l, APC_CALL_RESUME_THREAD, 1, 2 * i)), 2);
    CHECK_INT(result_of(lab_return(l, APC_CALL_RESUME_THREAD, 1, 2 * i + 1)), 1);
  }
  lab_close(l);
}

/* Nobody awaits anything: one suspends itself, one suspends and resumes it, one only resumes it, until it is through.
 * Every suspension that was told was undone once, and it always goes on. */
TEST(fact_108_suspensions_and_resumptions_add_up) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body"), hammer = routine(b, "hammer"), control = routine(b, "control");
  uint32_t again = repeat_begin(b, body, 0);
  on_thread(b, body, APC_CALL_SUSPEND_THREAD, SELF);
  repeat_end(b, body, 0, again, ROUNDS);
  step(b, body, APC_CALL_SET, 0, VARIABLE(0), number(b, 1), APC_OPERAND_ABSENT);
  await(b, body, THREAD(1), APC_STATE_ENDED); /* who lets go what he holds before */
  uint32_t resumers[2] = {hammer, control};
  for (uint32_t i = 0; i < 2; i++) {
    uint32_t begin = repeat_begin(b, resumers[i], 0);
    if (i == 0) on_thread(b, hammer, APC_CALL_SUSPEND_THREAD, THREAD(0));
    on_thread(b, resumers[i], APC_CALL_RESUME_THREAD, THREAD(0));
    step(b, resumers[i], APC_OP_JUMP_UNLESS, APC_COMPARE_EQ, VARIABLE(0), number(b, 1),
        APC_OPERAND(APC_OPERAND_TARGET, begin));
  }
  variables(b, 1);
  thread(b, "T1", body, APC_THREAD_STARTS);
  thread(b, "T2", hammer, APC_THREAD_STARTS);
  controller(b, control);
  apc_options options = {.size = sizeof options, .ring_records = 1u << 20}; /* two of them never pause */
  lab *l = lab_load(b, &options);
  CHECK_INT(apc_start(l->session), APC_OK);
  lab_until_over(l, 30000);
  CHECK_INT(lab_exit_code(l, 2), 0);
  int64_t count = 0;
  for (uint32_t i = 0; i < l->count; i++) {
    count += l->events[i].head.kind == APC_KIND_SUSPENDED;
    count -= l->events[i].head.kind == APC_KIND_RESUMED;
  }
  CHECK_INT(count, 0);
  lab_close(l);
}

/* Both stand; the controller lets them go. */
TEST(two_threads_may_suspend_each_other) {
  builder *b = builder_new();
  uint32_t first = routine(b, "first"), second = routine(b, "second"), control = routine(b, "control");
  uint32_t again = repeat_begin(b, first, 0);
  on_thread(b, first, APC_CALL_SUSPEND_THREAD, THREAD(1));
  repeat_end(b, first, 0, again, 200);
  again = repeat_begin(b, second, 0);
  on_thread(b, second, APC_CALL_SUSPEND_THREAD, THREAD(0));
  repeat_end(b, second, 0, again, 200);
  thread(b, "T1", first, APC_THREAD_STARTS);
  thread(b, "T2", second, APC_THREAD_STARTS);
  again = repeat_begin(b, control, 0);
  on_thread(b, control, APC_CALL_RESUME_THREAD, THREAD(0));
  on_thread(b, control, APC_CALL_RESUME_THREAD, THREAD(1));
  repeat_end(b, control, 0, again, 3000);
  controller(b, control);
  lab *l = lab_start(b);
  lab_stop(l, 4000); /* whoever stands by then is ended */
  lab_close(l);
}
