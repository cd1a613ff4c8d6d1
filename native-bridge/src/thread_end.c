#include "thread_end.h"

#include "backend.h"
#include "publish.h"

static uint64_t end_value(apc_end_reason reason, uint32_t code) { return code | (uint64_t)reason << 32; }

void thread_end_publish(lab_thread *t, apc_end_reason reason, uint32_t code) {
  atomic_store(&t->end_due, true); /* first: whoever is woken by the record then sees that a sweep is due */
  publish_end_record(t, end_value(reason, code));
}

bool thread_end_is_published(const lab_thread *t) {
  uint64_t ended_at = atomic_load_explicit(&t->ended_at, memory_order_acquire);
  if (ended_at == 0) return false;
  uint32_t tail = published_tail(atomic_load_explicit(&t->ring.published, memory_order_acquire));
  return (int32_t)(tail - (uint32_t)ended_at) >= 0;
}

static void count_lost(lab_thread *t) {
  atomic_store_explicit(
      &t->lost_apcs, atomic_load_explicit(&t->lost_apcs, memory_order_relaxed) + 1, memory_order_release);
}

bool thread_end_tell_lost(lab_thread *teller, lab_thread *t, apc_node *node) {
  if (!publish_has_room(teller)) return false;
  publish_about(teller, t, backend_loses_exactly ? 0 : APC_RECORD_INFERRED, APC_KIND_APC_LOST, node->id, node->routine);
  count_lost(t);
  apc_pool_give(&t->session->pool, &teller->cache, node);
  return true;
}

void thread_end_tell(lab_thread *teller, lab_thread *t, apc_end_reason reason, uint32_t code) {
  bool told = atomic_exchange(&t->end_told, true);
  if (told || thread_end_is_published(t)) return;
  publish_about(teller, t, 0, APC_KIND_THREAD_ENDED, APC_SUBJECT_NONE, end_value(reason, code));
}

/* Heads that the thread lost after its last record. */
static void tell_unreported(lab_thread *main, lab_thread *t) {
  if (t->ring.unreported == 0) return;
  publish_about(main, t, 0, APC_KIND_LOST, APC_SUBJECT_NONE, t->ring.unreported);
  t->ring.unreported = 0;
}

/* True when nothing of the thread is left to tell. */
static bool sweep_thread(session *s, lab_thread *t) {
  lab_thread *main = session_main(s);
  backend_end end;
  if (!backend_thread_gone(t, &end)) return false;
  if (!publish_has_room(main)) return false;
  thread_end_tell(main, t, end.reason, end.code);
  tell_unreported(main, t);
  for (;;) {
    if (!publish_has_room(main)) return false;
    apc_node *node = backend_take_undelivered(t);
    if (node == NULL) break;
    thread_end_tell_lost(main, t, node);
  }
  if (backend_is_still_queued_to(t)) return false;
  apc_pool_flush(&s->pool, &t->cache);
  return true;
}

static void count_gone(session *s, const lab_thread *t) {
  if (t->index == APC_THREAD_CONTROLLER) {
    s->controller_gone++;
    return;
  }
  s->threads_gone++;
  if (t->of_program) s->program_threads_gone++;
}

static bool awaits_sweep(lab_thread *t) {
  return t != NULL && !t->swept && lab_thread_is_created(t) && atomic_load(&t->end_due);
}

bool thread_end_awaits_sweep(const session *s) {
  for (uint32_t i = APC_THREAD_CONTROLLER; i < s->thread_count; i++) {
    if (awaits_sweep(s->threads[i])) return true;
  }
  return false;
}

void thread_end_sweep(session *s) {
  if (atomic_load(&s->stopping)) backend_press_stop(s);
  for (uint32_t i = APC_THREAD_CONTROLLER; i < s->thread_count; i++) {
    lab_thread *t = s->threads[i];
    if (!awaits_sweep(t) || !sweep_thread(s, t)) continue;
    t->swept = true;
    count_gone(s, t);
    drain_free_spent_ring(s, t);
  }
}
