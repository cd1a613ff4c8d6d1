/* Alertable waits inside APCs: semantics.md, facts 101..105. */
#include "lab.h"

static uint32_t apc_that_polls(builder *b) {
  uint32_t apc = routine(b, "apc");
  say_value(b, apc, "(", ARG1);
  sleep_ex(b, apc, 0, true);
  say_value(b, apc, "=", RESULT);
  return apc;
}

TEST(facts_101_102_an_inner_wait_drains_the_rest_and_the_outer_one_still_returns_192) {
  builder *b = builder_new();
  uint32_t first = apc_that_polls(b), plain = routine(b, "plain"), body = routine(b, "body");
  say_value(b, plain, "A", ARG1);
  queue_apc(b, body, SELF, first, 1);
  queue_apc(b, body, SELF, plain, 2);
  queue_apc(b, body, SELF, plain, 3);
  sleep_ex(b, body, 0, true);
  say_value(b, body, "outer ", RESULT);
  queue_apc(b, body, SELF, first, 4); /* nothing left for its inner wait */
  sleep_ex(b, body, 0, true);
  say_value(b, body, "outer ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "(1 A2 A3 =192 outer 192 (4 =0 outer 192");
  lab_close(l);
}

TEST(fact_103_three_that_wait_nest_three_deep) {
  builder *b = builder_new();
  uint32_t apc = apc_that_polls(b), body = routine(b, "body");
  for (uint64_t i = 1; i <= 3; i++) queue_apc(b, body, SELF, apc, i);
  sleep_ex(b, body, 0, true);
  say_value(b, body, "outer ", RESULT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "(1 (2 (3 =0 =192 =192 outer 192");
  for (uint32_t i = 0; i < 3; i++) CHECK_INT(lab_event(l, APC_KIND_APC_BEGAN, 2, i)->head.value >> 16, i + 1);
  lab_close(l);
}

TEST(fact_104_an_apc_in_an_alertable_wait_is_interrupted_and_in_a_plain_one_is_not) {
  builder *b = builder_new();
  uint32_t late = routine(b, "late"), open = routine(b, "open"), shut = routine(b, "shut"), body = routine(b, "body"),
           control = routine(b, "control");
  say(b, late, "late");
  sleep_ex(b, open, 20000, true);
  say(b, open, "open");
  sleep_ms(b, shut, 200);
  say(b, shut, "shut");
  queue_apc(b, body, SELF, open, 0);
  sleep_ex(b, body, 0, true);
  queue_apc(b, body, SELF, shut, 0);
  sleep_ex(b, body, 0, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_ALERTABLE);
  queue_apc(b, control, THREAD(0), late, 0);
  await(b, control, THREAD(0), APC_STATE_BLOCKED);
  queue_apc(b, control, THREAD(0), late, 0);
  controller(b, control);
  lab *l = lab_run(b, 5000);
  CHECK_TEXT(lab_log(l), "late open shut late");
  lab_close(l);
}

/* An APC that queues itself and waits: deeper each time. */
static builder *descent(void) {
  builder *b = builder_new();
  uint32_t deeper = routine(b, "deeper"), body = routine(b, "body");
  queue_apc(b, deeper, SELF, deeper, 0);
  sleep_ex(b, deeper, 0, true);
  queue_apc(b, body, SELF, deeper, 0);
  queue_apc(b, body, SELF, deeper, 0);
  sleep_ex(b, body, 0, true);
  say(b, body, "never");
  thread(b, "T1", body, APC_THREAD_STARTS);
  return b;
}

static void check_limit(uint32_t limit) {
  apc_options options = {.size = sizeof options, .max_nesting = limit};
  lab *l = lab_load(descent(), &options);
  CHECK_INT(apc_start(l->session), APC_OK);
  lab_until_over(l, 20000);
  CHECK_INT(lab_count(l, APC_KIND_APC_BEGAN, 2), limit);
  CHECK_INT(lab_end_reason(l, 2), APC_END_ERROR);
  CHECK_INT(lab_exit_code(l, 2), 0xC00000FD);
  CHECK(lab_count(l, APC_KIND_APC_LOST, 2) > 0);
  CHECK_INT(lab_status(l).pending, 0);
  CHECK(strncmp(lab_log(l), "The nesting limit of {limit}", 28) == 0);
  lab_close(l);
}

TEST(nesting_ends_the_thread_at_its_limit) { check_limit(5); }
TEST(nesting_of_256_fits_on_the_stack) { check_limit(256); }
TEST(nesting_of_1000_fits_on_the_stack) { check_limit(1000); }
