/* The seed experiment: the same APC on a thread that is never alertable, and on one that is. */
#include "lab.h"

static builder *seed(uint32_t sleep_milliseconds) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), deaf = routine(b, "deaf"), heard = routine(b, "heard"),
           control = routine(b, "control");
  say(b, apc, "triggered");
  queue_apc(b, deaf, SELF, apc, 0);
  sleep_ms(b, deaf, sleep_milliseconds);
  say(b, deaf, "slept");
  queue_apc(b, heard, SELF, apc, 0);
  sleep_ex(b, heard, 9999999, true);
  say_value(b, heard, "returned ", RESULT);
  uint32_t first = thread(b, "plain_sleeper_thread", deaf, APC_THREAD_STARTS);
  uint32_t second = thread(b, "listening_thread", heard, 0);
  await(b, control, THREAD(first), APC_STATE_ENDED);
  on_thread(b, control, APC_CALL_CREATE_THREAD, THREAD(second));
  await(b, control, THREAD(second), APC_STATE_ENDED);
  controller(b, control);
  return b;
}

TEST(seed_experiment) {
  lab *l = lab_run(seed(300), 20000);
  CHECK_TEXT(lab_log(l), "slept triggered returned 192");
  event *slept = lab_return(l, APC_CALL_SLEEP, 2, 0);
  CHECK(lab_duration_ms(l, slept) >= 300);
  CHECK_INT(result_of(lab_return(l, APC_CALL_SLEEP_EX, 3, 0)), 0xC0);
  CHECK(lab_duration_ms(l, lab_return(l, APC_CALL_SLEEP_EX, 3, 0)) < 200);
  CHECK_INT(lab_count(l, APC_KIND_APC_LOST, 2), 1);
  CHECK_INT(lab_count(l, APC_KIND_APC_BEGAN, 2), 0);
  CHECK_INT(lab_count(l, APC_KIND_APC_BEGAN, 3), 1);
  CHECK_INT(lab_exit_code(l, 2), 0);
  CHECK_INT(lab_end_reason(l, 3), APC_END_RETURNED);
  CHECK_INT(lab_status(l).pending, 0);
  lab_close(l);
}
