/* Threads suspended, resumed and ended at random instants: the drain never stalls, no record breaks, the account
 * balances. */
#include "backend.h"
#include "lab.h"
#include "random.h"

#define WORKERS 8

/* Always busy: queues to two threads that may be gone, to itself, waits, computes, logs. */
static builder *workers(void) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), nest = routine(b, "nest"), work = routine(b, "work");
  say_value(b, apc, "A", ARG1);
  queue_apc(b, nest, SELF, apc, 1);
  sleep_ex(b, nest, 0, true);
  queue_apc(b, work, THREAD(0), apc, 2);
  queue_apc(b, work, THREAD(1), nest, 3);
  queue_apc(b, work, SELF, nest, 4);
  step(b, work, APC_CALL_COMPUTE, 0, number(b, 20), APC_OPERAND_ABSENT, APC_OPERAND_ABSENT);
  sleep_ex(b, work, 1, true);
  sleep_ms(b, work, 0);
  jump(b, work, 0);
  thread(b, "P1", work, APC_THREAD_STARTS);
  thread(b, "P2", work, APC_THREAD_STARTS);
  return b;
}

/* What main may do to one thread; a full ring of `suspended` is avoided by resuming twice as often. */
static void act(lab *l, uint32_t thread, uint32_t dice) {
  switch (dice % 16) {
    case 0:
    case 1: CHECK(apc_suspend_thread(l->session, thread) >= APC_E_ENDED); break;
    case 2:
    case 3:
    case 4: CHECK(apc_resume_thread(l->session, thread) >= APC_E_ENDED); break;
    case 5: CHECK_INT(apc_end_thread(l->session, thread, 5), 1); break;
    default: CHECK(apc_queue_user_apc(l->session, thread, dice % 2, dice) >= 0);
  }
}

static void run(uint64_t seed, uint32_t milliseconds) {
  fprintf(stderr, "seed %" PRIu64 "\n", seed);
  lab *l = lab_start(workers());
  uint32_t worker[WORKERS] = {2, 3};
  for (uint32_t i = 2; i < WORKERS; i++)
    CHECK((worker[i] = (uint32_t)apc_create_thread(l->session, "W", 2, i % 2)) > 1);
  uint64_t state = seed, until = backend_now_ns() + (uint64_t)milliseconds * 1000000u;
  while (backend_now_ns() < until) {
    uint32_t dice = next_random(&state), which = next_random(&state) % WORKERS;
    act(l, worker[which], dice);
    if (dice % 16 == 5 && which >= 2)
      CHECK((worker[which] = (uint32_t)apc_create_thread(l->session, "W", 2, dice % 3 == 0)) > 1);
    if (dice % 4 == 0) lab_drain(l);
  }
  lab_stop(l, 2000);
  apc_status s = lab_status(l);
  CHECK_INT(s.pending, 0);
  CHECK_INT(lab_count(l, APC_KIND_THREAD_ENDED, ANY_THREAD), s.threads_created);
  printf("%u events, %u threads, %" PRIu64 " delivered, %" PRIu64 " lost APCs\n", l->count, s.threads_created,
      s.delivered, s.lost_apcs);
  lab_close(l);
}

TEST(random_suspend_resume_end) {
  for (uint64_t seed = 1; seed <= 5; seed++) run(seed, 400);
}
