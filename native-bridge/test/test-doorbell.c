/* The doorbell: rings once for each arming, never misses, and never holds anybody up. */
#include "lab.h"

#include "backend.h"

static backend_event *rang, *let_go;
static _Atomic uint32_t rings;

static void count_ring(int32_t session) {
  (void)session;
  atomic_fetch_add(&rings, 1);
  backend_event_set(rang);
}

static void blocking_ring(int32_t session) {
  (void)session;
  backend_event_set(rang);
  backend_event_wait(let_go, APC_INFINITE);
}

static int32_t open_with(apc_doorbell bell) {
  rang = backend_event_create();
  let_go = backend_event_create();
  int32_t session = apc_open(NULL);
  CHECK_INT(apc_start(session), APC_OK);
  CHECK_INT(apc_set_doorbell(session, bell), APC_OK);
  return session;
}

static void drain_all(int32_t session) {
  static apc_record batch[4096];
  apc_drain_info info;
  do CHECK_INT(apc_drain(session, batch, 4096, &info), APC_OK);
  while (info.records > 0);
}

static void close_session(int32_t session) {
  apc_stop(session);
  while (apc_close(session) == APC_E_BUSY) {
    apc_stop(session);
    backend_event_wait(rang, 1);
  }
  backend_event_free(rang);
  backend_event_free(let_go);
}

static bool try_sleep(int32_t session, uint32_t milliseconds) {
  const apc_instruction sleep = {.op = APC_CALL_SLEEP,
      .a = {0, APC_OPERAND_ABSENT, APC_OPERAND_ABSENT, APC_OPERAND_ABSENT, APC_OPERAND_ABSENT, APC_OPERAND_ABSENT}};
  const uint64_t constants[6] = {milliseconds};
  int32_t outcome = apc_step(session, 2, &sleep, constants, NULL, 0);
  CHECK(outcome >= 0 || outcome == APC_E_LIMIT);
  return outcome >= 0;
}

TEST(doorbell_is_not_armed_while_records_wait) {
  int32_t session = open_with(count_ring);
  CHECK_INT(apc_arm_doorbell(session), 1); /* the definitions */
  drain_all(session);
  CHECK_INT(apc_arm_doorbell(session), 0);
  CHECK_INT(apc_arm_doorbell(session), 0);
  CHECK_INT(apc_set_doorbell(session, NULL), APC_E_STATE);
  CHECK_INT(apc_create_thread(session, "worker-1", APC_ROUTINE_NONE, 0), 2); /* publishes */
  CHECK(backend_event_wait(rang, 5000));
  CHECK_INT(rings, 1);
  CHECK(!backend_event_wait(rang, 50)); /* once, however much is published */
  close_session(session);
}

/* 3000 times: drain, arm, let the thread publish at a random instant around the arming. A lost wake-up would leave the
 * pump asleep with a record waiting. */
TEST(doorbell_loses_no_wake_up) {
  int32_t session = open_with(count_ring);
  CHECK_INT(apc_create_thread(session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  for (int i = 0; i < 3000; i++) {
    try_sleep(session, 0); /* the thread publishes three events at its own pace */
    for (;;) {
      drain_all(session);
      apc_status s;
      CHECK_INT(apc_status_of(session, &s), APC_OK);
      if (apc_arm_doorbell(session) == 1) continue;
      if (!backend_event_wait(rang, i % 100 == 0 ? 30 : 0)) break; /* mostly go on with the bell armed */
    }
    if (i % 3 == 0) { /* and then it must ring for a step that is still to be made, or for this one */
      try_sleep(session, 0);
      CHECK(backend_event_wait(rang, 10000));
    }
  }
  close_session(session);
}

TEST(doorbell_blocked_in_its_callback_keeps_close_from_waiting) {
  int32_t session = open_with(blocking_ring);
  drain_all(session);
  CHECK_INT(apc_arm_doorbell(session), 0);
  CHECK_INT(apc_create_thread(session, "worker-1", APC_ROUTINE_NONE, 0), 2);
  CHECK(backend_event_wait(rang, 5000));
  apc_status s;
  uint64_t until = backend_now_ns() + 3000000000u;
  do {
    apc_stop(session);
    apc_status_of(session, &s);
    CHECK(backend_now_ns() < until);
  } while (s.threads_alive > 0);
  CHECK_INT(apc_close(session), APC_E_BUSY);
  CHECK_INT(apc_set_doorbell(session, NULL), APC_E_BUSY);
  backend_event_set(let_go);
  close_session(session);
}
