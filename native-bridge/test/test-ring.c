/* Rings and the drain: the consistent cut under load, small batches, overflow. */
#include "lab.h"

/* Four threads hand out APCs in a circle as fast as they can, while this thread drains in batches of `batch` records.
 * Every drain must be a consistent cut: lab_check_trace sees an apcBegan whose apcQueueing was not handed out before.
 */
static void check_cut(uint32_t batch, uint32_t rounds) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), work[4];
  for (uint32_t i = 0; i < 4; i++) work[i] = routine(b, "work");
  for (uint32_t i = 0; i < 4; i++) {
    thread(b, "T", work[i], APC_THREAD_STARTS);
    uint32_t again = repeat_begin(b, work[i], 0);
    queue_apc(b, work[i], THREAD((i + 1) % 4), apc, i);
    queue_apc(b, work[i], SELF, apc, i);
    sleep_ex(b, work[i], 0, true);
    repeat_end(b, work[i], 0, again, rounds);
  }
  apc_options options = {.size = sizeof options, .ring_records = 1u << 18};
  lab *l = lab_load(b, &options);
  l->batch = batch;
  CHECK_INT(apc_start(l->session), APC_OK);
  lab_until_over(l, 50000);
  apc_status s = lab_status(l);
  CHECK_INT(s.lost, 0);
  CHECK_INT(lab_count(l, APC_KIND_CALL_RETURNED, ANY_THREAD), 4 * rounds + 4); /* and four createThread by main */
  CHECK_INT(s.queued, s.delivered + s.lost_apcs);
  CHECK_INT(s.pending, 0);
  lab_close(l);
}

TEST(ring_every_drain_is_a_consistent_cut) { check_cut(0, 5000); }
TEST(ring_small_batches_continue_where_the_last_one_stopped) { check_cut(7, 1000); }

TEST(ring_a_batch_too_small_for_the_next_group_takes_nothing) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body");
  queue_apc(b, body, SELF, apc, 1);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_load(b, NULL);
  CHECK_INT(apc_start(l->session), APC_OK);
  while (lab_status(l).program_threads_alive > 0) continue;
  apc_record record;
  apc_drain_info info;
  uint32_t heads = 0;
  do {
    CHECK_INT(apc_drain(l->session, &record, 1, &info), APC_OK);
    heads += info.heads;
  } while (info.records > 0);
  /* what is left first is apcQueueing with its argument: two records */
  CHECK_INT(info.left, 1);
  CHECK_INT(info.heads, 0);
  CHECK_INT(apc_drain(l->session, &record, 0, &info), APC_OK);
  CHECK_INT(info.left, 1);
  lab_drain(l);
  CHECK_INT(l->events[0].head.kind, APC_KIND_APC_QUEUEING);
  CHECK_INT(heads + l->count, lab_status(l).published);
  lab_close(l);
}

/* Nobody drains while the thread logs 1000 lines into a ring of 64; one APC stands in its queue. */
TEST(ring_overflow_is_counted_told_and_resynced) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), body = routine(b, "body"), second = routine(b, "second");
  queue_apc(b, body, SELF, apc, 1);
  uint32_t again = repeat_begin(b, body, 0);
  say(b, body, "line");
  repeat_end(b, body, 0, again, 1000);
  await(b, body, THREAD(1), APC_STATE_BLOCKED);
  on_thread(b, body, APC_CALL_RESUME_THREAD, THREAD(2));
  await(b, body, THREAD(2), APC_STATE_ENDED);
  say(b, body, "last");
  sleep_ms(b, second, APC_INFINITE);
  uint32_t third = routine(b, "third");
  thread(b, "T1", body, APC_THREAD_STARTS);
  thread(b, "T2", second, 0);
  thread(b, "T3", third, APC_THREAD_STARTS | APC_THREAD_SUSPENDED);
  apc_options options = {.size = sizeof options, .ring_records = 64};
  lab *l = lab_load(b, &options);
  CHECK_INT(apc_start(l->session), APC_OK);
  while (lab_status(l).lost < 900) continue;
  lab_drain(l);
  CHECK_INT(lab_count(l, APC_KIND_LOST, 2), 0); /* nothing fitted since: the gap is not told yet */
  CHECK_INT(apc_stop(l->session), APC_OK);
  lab_stop(l, 2000);
  apc_status s = lab_status(l);
  uint64_t told = 0;
  for (uint32_t i = 0; i < lab_count(l, APC_KIND_LOST, 2); i++) told += lab_event(l, APC_KIND_LOST, 2, i)->head.value;
  CHECK_INT(told, s.lost);
  CHECK_INT(lab_count(l, APC_KIND_THREAD_ENDED, 2), 1);
  CHECK_INT(s.published, l->count);
  lab_close(l);
}

/* An APC makes 500 lines of noise into a ring of 128 that nobody drains, and suspends its thread; this thread drains,
 * then resumes. */
TEST(ring_resync_says_what_the_thread_is_doing) {
  builder *b = builder_new();
  uint32_t waiting = routine(b, "waiting"), noisy = routine(b, "noisy"), body = routine(b, "body");
  uint32_t again = repeat_begin(b, noisy, 0);
  say(b, noisy, "line");
  repeat_end(b, noisy, 0, again, 500);
  on_thread(b, noisy, APC_CALL_SUSPEND_THREAD, SELF);
  queue_apc(b, body, SELF, noisy, 0);
  queue_apc(b, body, SELF, waiting, 0);
  queue_apc(b, body, SELF, waiting, 0);
  sleep_ex(b, body, 0, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  apc_options options = {.size = sizeof options, .ring_records = 128};
  lab *l = lab_load(b, &options);
  CHECK_INT(apc_start(l->session), APC_OK);
  while (lab_status(l).lost < 300) continue;
  int32_t before;
  do {
    lab_drain(l); /* main tells of its own tries, too */
    before = apc_resume_thread(l->session, 2);
  } while (before == 0);
  CHECK_INT(before, 1);
  lab_until_over(l, 5000);
  event *lost = lab_event(l, APC_KIND_LOST, 2, 0), *resync = lab_event(l, APC_KIND_RESYNC, 2, 0);
  CHECK_INT(lab_index(l, resync) > lab_index(l, lost), 1);
  CHECK_INT(resync->head.value & 0xFF, APC_STATE_RUNNING);
  CHECK_INT(resync->head.value >> 8 & 0xFF,
      resync[1].head.kind == APC_KIND_LOG ? 1 : 2); /* SleepEx, and SuspendThread once it has begun */
  CHECK_INT(resync->head.value >> 16 & 0xFF, 1);    /* in the APC that makes the noise */
  CHECK_INT(resync->head.value >> 32, 2);
  CHECK_INT(resync->arguments, lab_on_win32() ? 0 : 2); /* only the emulation knows which they are */
  if (resync->arguments == 2) {
    CHECK_INT(l->arguments[resync->first_argument], 2);
    CHECK_INT(l->arguments[resync->first_argument + 1], 3);
  }
  lab_close(l);
}

/* A thread logs so many lines into a ring of 64 that nobody drains, and goes to sleep for ever: nothing comes after
 * that. Returns when `lost` heads have been lost. */
static lab *flooded(uint32_t lines, uint64_t lost) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body");
  uint32_t again = repeat_begin(b, body, 0);
  say(b, body, "line");
  repeat_end(b, body, 0, again, lines);
  sleep_ex(b, body, APC_INFINITE, true);
  thread(b, "T1", body, APC_THREAD_STARTS);
  apc_options options = {.size = sizeof options, .ring_records = 64};
  lab *l = lab_load(b, &options);
  CHECK_INT(apc_start(l->session), APC_OK);
  while (lab_status(l).lost < lost) continue;
  return l;
}

static bool said_last_that_it_sleeps(lab *l, uint32_t thread) {
  for (uint32_t i = l->count; i-- > 0;) {
    const apc_record *head = &l->events[i].head;
    if (head->thread == thread) return head->kind == APC_KIND_CALL_BEGAN && head->call == APC_CALL_SLEEP_EX;
  }
  return false;
}

TEST(ring_a_wait_after_a_flood_is_told) {
  lab *l = flooded(100000, 1000);
  lab_until(l, said_last_that_it_sleeps, 2, 5000);
  uint64_t told = 0;
  for (uint32_t i = 0; i < lab_count(l, APC_KIND_LOST, 2); i++) told += lab_event(l, APC_KIND_LOST, 2, i)->head.value;
  CHECK_INT(told, lab_status(l).lost);
  CHECK_INT(lab_status(l).published, l->count);
  lab_stop(l, 2000);
  lab_close(l);
}

TEST(ring_nobody_waits_long_for_a_drain_that_does_not_come) {
  /* threadStarted and 61 lines fit; then 939 lines are lost, and the begin of the sleep, which is given up in the end
   */
  lab *l = flooded(1000, 940);
  lab_drain(l);
  CHECK_INT(lab_count(l, APC_KIND_CALL_BEGAN, 2), 0);
  lab_stop(l, 2000);
  lab_close(l);
}

TEST(ring_definitions_are_never_lost) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body");
  char words[32];
  for (int i = 0; i < 1000; i++) {
    snprintf(words, sizeof words, "text %d", i);
    text(b, words);
  }
  thread(b, "T1", body, 0);
  apc_options options = {.size = sizeof options, .ring_records = 64};
  lab *l = lab_load(b, &options);
  lab_drain(l);
  CHECK(lab_count(l, APC_KIND_DEFINED, 0) > 1000);
  CHECK_INT(lab_status(l).lost, 0);
  lab_close(l);
}
