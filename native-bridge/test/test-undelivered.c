/*
 * What a thread leaves behind at its end, in its queue and in its timers (facts 99, 114), where main is slow to tell of
 * it: late, or with hardly any room in its ring.
 */
#include "backend.h"
#include "lab.h"
#include "publish.h"

#define TIMERS 40u
#define QUEUED 5u

/* Of the thread itself, with a routine. */
static void set_timer(builder *b, uint32_t body, uint32_t timer, uint32_t apc, uint64_t due_ms) {
  const uint32_t operands[6] = {
      timer, number(b, due_ms), number(b, 0), ROUTINE(apc), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT};
  step_of(b, body, APC_CALL_SET_WAITABLE_TIMER, 0, operands);
}

static void main_sleeps(uint32_t milliseconds) {
  backend_event *never = backend_event_create();
  backend_event_wait(never, milliseconds);
  backend_event_free(never);
}

/* What `thread` left, each told once: armed and then cancelled, or queued and then lost. */
static void check_left(lab *l, uint32_t thread, uint32_t cancelled, uint32_t lost) {
  CHECK_INT(lab_count(l, APC_KIND_APC_CANCELLED, ANY_THREAD), cancelled);
  CHECK_INT(lab_count(l, APC_KIND_APC_LOST, thread), lost);
  apc_status s = lab_status(l);
  CHECK_INT(s.queued, lost);
  CHECK_INT(s.lost_apcs, lost);
  CHECK_INT(s.pending, 0);
  CHECK_INT(s.lost, 0);
}

TEST(fact_99_a_timer_that_was_not_due_at_the_end_was_cancelled_however_late_that_is_seen) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  set_timer(b, body, object(b, "soon", APC_OBJECT_TIMER, 0, 0), apc, 400);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_load(b, NULL);
  CHECK_INT(apc_start(l->session), APC_OK);
  main_sleeps(800);
  lab_until_over(l, 5000);
  check_left(l, 2, 1, 0);
  lab_close(l);
}

TEST(fact_99_a_timer_that_had_expired_before_the_end_had_queued_its_apc) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  set_timer(b, body, object(b, "soon", APC_OBJECT_TIMER, 0, 0), apc, 20);
  sleep_ms(b, body, 200);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  check_left(l, 2, 0, 1);
  lab_close(l);
}

/* Main's ring is full when the thread ends, and then a single record is drained at a time: whatever main has to tell of
 * it, it can tell only one thing between two drains. */
TEST(what_a_thread_leaves_is_told_through_a_full_ring) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  uint32_t mutex = object(b, "mutex", APC_OBJECT_MUTEX, 0, 0);
  for (uint32_t i = 0; i < TIMERS; i++) set_timer(b, body, object(b, "timer", APC_OBJECT_TIMER, 0, 0), apc, 3600000);
  for (uint32_t i = 0; i < QUEUED; i++) queue_apc(b, body, SELF, apc, i);
  step(b, body, APC_CALL_WAIT_FOR_SINGLE_OBJECT, 0, mutex, number(b, 0), APC_OPERAND_ABSENT);
  thread(b, "T1", body, APC_THREAD_STARTS | APC_THREAD_SUSPENDED);
  apc_options options = {.size = sizeof options, .ring_records = 1024};
  lab *l = lab_load(b, &options);
  CHECK_INT(apc_start(l->session), APC_OK);
  lab_drain(l);
  CHECK_INT(apc_resume_thread(l->session, 2), 1);
  lab_thread *main = session_main(session_find(l->session));
  while (publish_has_room(main)) publish(main, APC_KIND_MARKER, 0, APC_SUBJECT_NONE, 0);
  main_sleeps(300);
  l->batch = 1;
  lab_drain(l);
  l->batch = 0;
  lab_until_over(l, 5000);
  check_left(l, 2, TIMERS, QUEUED);
  lab_close(l);
}
