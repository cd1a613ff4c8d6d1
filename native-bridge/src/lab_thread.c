#include "lab_thread.h"

#include "backend.h"
#include "hand.h"
#include "interpreter.h"
#include "publish.h"

void lab_thread_started(lab_thread *t) {
  publish(t, APC_KIND_THREAD_STARTED, 0, APC_SUBJECT_NONE, atomic_load_explicit(&t->os_id, memory_order_relaxed));
}

#define PATIENCE_MS 250u

/* Of the threads that start with the session none does anything before all have begun: what one queues to another never
 * comes before its routine, and the controller finds them there. One that can't begin is waited for only for a while.
 */
static void let_others_begin(const session *s) {
  const program *p = &s->program;
  uint32_t waited = 0;
  for (uint32_t i = 0; i < p->header.threads; i++) {
    const lab_thread *t = s->threads[program_session_thread(p, i)];
    bool starts = (p->threads[i].flags & (APC_THREAD_STARTS | APC_THREAD_SUSPENDED)) == APC_THREAD_STARTS;
    if (!starts) continue;
    for (; !atomic_load(&t->has_begun) && !atomic_load(&s->stopping) && waited < PATIENCE_MS; waited++) backend_pause();
  }
}

bool lab_thread_entry(lab_thread *t) {
  atomic_store(&t->has_begun, true);
  let_others_begin(t->session);
  if (t->routine == APC_ROUTINE_NONE) return hand_run(t);
  static const uint64_t no_arguments[3];
  return interpret(t, t->routine, no_arguments);
}

bool lab_thread_at_nesting_limit(const lab_thread *t) { return t->depth >= t->session->max_nesting; }

void lab_thread_end_by_nesting(lab_thread *t) {
  uint64_t limit = t->session->max_nesting;
  publish_with(t, APC_KIND_LOG, APC_CALL_LOG, t->session->text_count + TEXT_NESTING_LIMIT,
      (uint64_t)APC_SITE_NONE << 40, &limit, 1);
  backend_exit(t, APC_END_ERROR, EXIT_CODE_NESTING);
}

bool lab_thread_deliver(lab_thread *t, apc_node *node) {
  uint32_t id = node->id;
  uint32_t routine = node->routine;
  const uint64_t arguments[3] = {node->arguments[0], node->arguments[1], node->arguments[2]};
  uint64_t value = routine | (uint64_t)((t->depth + 1) & 0xFFFF) << 16;
  publish_with(t, APC_KIND_APC_BEGAN, 0, id, value, arguments, node->armed ? 3 : 0);
  t->depth++;
  atomic_store_explicit(
      &t->delivered, atomic_load_explicit(&t->delivered, memory_order_relaxed) + 1, memory_order_release);
  apc_pool_give(&t->session->pool, &t->cache, node);
  if (!interpret(t, routine, arguments)) return false; /* still open: threadEnded closes it */
  publish(t, APC_KIND_APC_ENDED, 0, id, value);
  t->depth--;
  return true;
}
