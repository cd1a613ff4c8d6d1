/*
 * undelivered.c: what a thread that is gone never ran. The kernel dropped it without a word (fact 114), so it is found
 * among the nodes: those that were queued to the thread and never begun. So are those that its timers and I/O would
 * have queued: the system has cancelled these (facts 89, 99).
 */
#include "../life.h"
#include "../publish.h"
#include "../thread_end.h"
#include "deliver.h"

static bool is_gone(session *s, uint32_t index) {
  lab_thread *t = s->threads[index];
  return index != APC_THREAD_MAIN && t != NULL && (t->swept || os_is_dead(t->os));
}

/* QUEUED: lost. QUEUEING: its call has not returned; lost as well when whoever made it is gone, else not settled yet.
 */
static bool is_lost(session *s, lab_thread *t, const apc_node *node, bool *unsettled) {
  apc_node_state state = APC_LIFE_STATE(atomic_load(&node->life));
  if (state == APC_NODE_FREE || node->target != t->index) return false;
  if (state == APC_NODE_QUEUED || node->by == APC_THREAD_MAIN || is_gone(s, node->by)) return true;
  *unsettled = true;
  return false;
}

static apc_node *merged(apc_node *a, apc_node *b) {
  apc_node *first = NULL;
  apc_node **end = &first;
  while (a != NULL && b != NULL) {
    apc_node **lower = (int32_t)(a->id - b->id) < 0 ? &a : &b;
    *end = *lower;
    end = &(*lower)->next;
    *lower = (*lower)->next;
  }
  *end = a != NULL ? a : b;
  return first;
}

/* By id: the order in which they were queued, as far as anyone can know. */
static apc_node *sorted(apc_node *list) {
  if (list == NULL || list->next == NULL) return list;
  apc_node *middle = list;
  for (apc_node *end = list->next; end != NULL && end->next != NULL; end = end->next->next) middle = middle->next;
  apc_node *second = middle->next;
  middle->next = NULL;
  return merged(sorted(list), sorted(second));
}

static uint64_t in_100_ns(FILETIME t) { return (uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime; }

/* When it ended, by the clock of backend_now_ns: main may come much later. Only once it is gone. */
static uint64_t end_ns_of(const os_thread *os) {
  FILETIME began, ended, kernel, user, time;
  uint64_t now = backend_now_ns();
  GetSystemTimeAsFileTime(&time);
  if (!GetThreadTimes(os->handle, &began, &ended, &kernel, &user) || in_100_ns(ended) > in_100_ns(time)) return now;
  return now - (in_100_ns(time) - in_100_ns(ended)) * 100u;
}

static void collect(lab_thread *t) {
  session *s = t->session;
  os_thread *os = t->os;
  apc_node *found = NULL;
  os->being_queued = false;
  os->collected = true;
  os->ended_ns = end_ns_of(os);
  os_tell_abandoned(session_main(s), t);
  if (atomic_load(&os->outstanding) == 0 && atomic_load(&os->armed) == 0) return;
  uint32_t count = atomic_load(&s->pool.carved);
  for (uint32_t i = 0; i < count; i++) {
    apc_node *node = apc_pool_at(&s->pool, i);
    if (node == NULL || !is_lost(s, t, node, &os->being_queued)) continue;
    /* Another thread may be cancelling it: whoever claims it tells. */
    if (!os_claim(node, (uint32_t)APC_LIFE_GENERATION(atomic_load(&node->life)))) continue;
    node->next = found;
    found = node;
  }
  os->undelivered = sorted(found);
}

/* A timer that had not expired was cancelled with its thread (fact 99): its routine was never queued. */
static bool was_cancelled(const os_thread *os, const apc_node *node) {
  return node->armed && node->origin == APC_CALL_SET_WAITABLE_TIMER && node->due_ns > os->ended_ns;
}

/* None where main's ring has no room to tell of it: then what is left waits for the next sweep
 * (backend_is_still_queued_to). */
apc_node *backend_take_undelivered(lab_thread *t) {
  os_thread *os = t->os;
  lab_thread *main = session_main(t->session);
  if (!os->collected) collect(t);
  for (apc_node *node; (node = os->undelivered) != NULL && publish_has_room(main);) {
    os->undelivered = node->next;
    if (!was_cancelled(os, node)) {
      if (node->armed) life_fire(main, node, false); /* it counts as queued, and then as lost */
      return node;
    }
    life_cancel(main, node, false, APC_RECORD_INFERRED);
  }
  return NULL;
}

/* The next sweep goes on with what is left; and where there may be more, it looks again. */
bool backend_is_still_queued_to(lab_thread *t) {
  os_thread *os = t->os;
  if (os->undelivered != NULL) return true;
  if (os->being_queued) os->collected = false;
  return os->being_queued;
}
