/* How far a session is, in numbers. */
#include "error.h"
#include "publish.h"
#include "thread_end.h"

static uint64_t count_of(const _Atomic uint64_t *counter) {
  return atomic_load_explicit(counter, memory_order_acquire);
}

static void add_settled(apc_status *status, const lab_thread *t) {
  status->delivered += count_of(&t->delivered);
  status->lost_apcs += count_of(&t->lost_apcs);
  status->cancelled += count_of(&t->cancelled);
  status->vanished += count_of(&t->vanished);
  if (t->ring.records == NULL) return; /* counted when its ring was freed */
  status->published += count_of(&t->ring.heads);
  status->lost += count_of(&t->ring.lost);
}

static void add_counts(session *s, apc_status *status) {
  /* What has settled first, what was queued second: an APC counts as queued before it can settle, so that the
   * difference, those pending, is never below zero. */
  for (uint32_t i = 0; i < s->thread_count; i++) {
    if (s->threads[i] != NULL && lab_thread_is_created(s->threads[i])) add_settled(status, s->threads[i]);
  }
  if (s->system != NULL) add_settled(status, s->system);
  for (uint32_t i = 0; i < s->thread_count; i++) {
    if (s->threads[i] != NULL && lab_thread_is_created(s->threads[i]))
      status->queued += count_of(&s->threads[i]->queued);
  }
  if (s->system != NULL) status->queued += count_of(&s->system->queued);
  status->pending = status->queued - (status->delivered + status->cancelled + status->vanished + status->lost_apcs);
}

int32_t apc_status_of(int32_t number, apc_status *status) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  if (status == NULL) return error_set(APC_E_BAD_ARGUMENT, "apc_status_of needs an apc_status");
  thread_end_sweep(s);
  *status = (apc_status){.now_ns = session_now_ns(s),
      .opened_unix_ns = s->opened_unix_ns,
      .published = s->heads_of_freed,
      .lost = s->lost_of_freed,
      .started = s->started,
      .stopping = atomic_load(&s->stopping)};
  add_counts(s, status);
  status->threads_created = atomic_load(&s->threads_created);
  status->threads_alive = status->threads_created - s->threads_gone;
  status->controller_alive = atomic_load(&s->controller_created) - s->controller_gone;
  status->program_threads_alive = atomic_load(&s->program_threads_created) - s->program_threads_gone;
  return APC_OK;
}
