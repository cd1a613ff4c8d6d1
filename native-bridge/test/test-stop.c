/* apc_stop ends every thread within two seconds, whatever it does, and the trace is complete. */
#include "lab.h"

#include "backend.h"

#define STOP_MS 2000

/* One thread of each kind of trouble. */
static builder *everything(void) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc");
  uint32_t chain = routine(b, "chain");
  queue_apc(b, chain, SELF, chain, 0);
  uint32_t nest = routine(b, "nest");
  sleep_ex(b, nest, APC_INFINITE, true);
  uint32_t deaf_nest = routine(b, "deafNest");
  sleep_ms(b, deaf_nest, APC_INFINITE);
  uint32_t self_suspend = routine(b, "selfSuspend");
  on_thread(b, self_suspend, APC_CALL_SUSPEND_THREAD, SELF);

  uint32_t plain = routine(b, "plain");
  sleep_ms(b, plain, 3600000);
  uint32_t endless = routine(b, "endless");
  sleep_ms(b, endless, APC_INFINITE);
  uint32_t alertable = routine(b, "alertable");
  sleep_ex(b, alertable, APC_INFINITE, true);
  uint32_t spin = routine(b, "spin");
  step(b, spin, APC_CALL_COMPUTE, 0, number(b, 3600000000u), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  uint32_t loop = routine(b, "loop");
  jump(b, loop, 0);
  uint32_t flood = routine(b, "flood");
  say(b, flood, "x");
  jump(b, flood, 0);
  uint32_t chained = routine(b, "chained");
  queue_apc(b, chained, SELF, chain, 0);
  sleep_ex(b, chained, 0, true);
  uint32_t nested = routine(b, "nested");
  for (int i = 0; i < 10; i++) queue_apc(b, nested, SELF, nest, 0);
  sleep_ex(b, nested, 0, true);
  uint32_t deaf_nested = routine(b, "deafNested");
  queue_apc(b, deaf_nested, SELF, deaf_nest, 0);
  queue_apc(b, deaf_nested, SELF, apc, 0);
  sleep_ex(b, deaf_nested, 0, true);
  uint32_t suspended = routine(b, "suspended");
  on_thread(b, suspended, APC_CALL_SUSPEND_THREAD, SELF);
  uint32_t apc_suspended = routine(b, "apcSuspended");
  queue_apc(b, apc_suspended, SELF, self_suspend, 0);
  sleep_ex(b, apc_suspended, 0, true);
  uint32_t waits = routine(b, "waits");
  await(b, waits, THREAD(0), APC_STATE_ENDED);

  const uint32_t running[] = {
      plain, endless, alertable, spin, loop, flood, chained, nested, deaf_nested, suspended, apc_suspended, waits};
  for (uint32_t i = 0; i < sizeof running / sizeof running[0]; i++) thread(b, "T", running[i], APC_THREAD_STARTS);
  thread(b, "notStarted", plain, APC_THREAD_STARTS | APC_THREAD_SUSPENDED);
  thread(b, "hand", UINT32_MAX, APC_THREAD_STARTS);
  thread(b, "notCreated", plain, 0);
  uint32_t control = routine(b, "control");
  await(b, control, THREAD(1), APC_STATE_ENDED);
  controller(b, control);
  return b;
}

#define THREADS 14 /* of the above that are created */

TEST(stop_ends_every_kind_of_thread_within_two_seconds) {
  lab *l = lab_start(everything());
  backend_event *pause = backend_event_create();
  for (int i = 0; i < 30; i++) {
    backend_event_wait(pause, 10);
    lab_drain(l);
  }
  backend_event_free(pause);
  CHECK_INT(lab_status(l).threads_alive, THREADS);
  lab_stop(l, STOP_MS);
  CHECK_INT(lab_count(l, APC_KIND_THREAD_ENDED, ANY_THREAD), THREADS + 1);
  for (uint32_t i = 0; i < THREADS + 1; i++) {
    event *ended = lab_event(l, APC_KIND_THREAD_ENDED, ANY_THREAD, i);
    CHECK_INT(ended->head.value >> 32, APC_END_STOPPED);
  }
  CHECK_INT(lab_status(l).pending, 0);
  CHECK_INT(lab_count(l, APC_KIND_THREAD_STARTED, 14), 0); /* the one that was never resumed */
  lab_close(l);
}

TEST(stop_right_after_start) {
  for (int i = 0; i < 20; i++) {
    lab *l = lab_start(everything());
    lab_stop(l, STOP_MS);
    lab_close(l);
  }
}

TEST(stop_publishes_no_return_for_the_call_it_interrupts) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body"), control = routine(b, "control");
  sleep_ex(b, body, APC_INFINITE, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  await(b, control, THREAD(0), APC_STATE_ALERTABLE);
  controller(b, control);
  lab *l = lab_start(b);
  backend_event *pause = backend_event_create();
  while (lab_status(l).controller_alive) backend_event_wait(pause, 1);
  backend_event_free(pause);
  lab_stop(l, STOP_MS);
  CHECK_INT(lab_count(l, APC_KIND_CALL_BEGAN, 2), 1);
  CHECK_INT(lab_count(l, APC_KIND_CALL_RETURNED, 2), 0);
  CHECK_INT(lab_end_reason(l, 2), APC_END_STOPPED);
  CHECK_INT(lab_exit_code(l, 2), 0xC0000120);
  lab_close(l);
}

TEST(a_session_with_living_threads_does_not_close) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body");
  sleep_ms(b, body, APC_INFINITE);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_start(b);
  CHECK_INT(apc_close(l->session), APC_E_BUSY);
  CHECK_INT(apc_create_thread(l->session, "late", 0, 0), 3);
  lab_stop(l, STOP_MS);
  CHECK_INT(apc_create_thread(l->session, "too late", 0, 0), APC_E_STATE);
  lab_close(l);
}
