/*
 * queue.c: QueueUserAPC, and what the kernel calls back.
 *
 * The argument that travels through the kernel is no pointer but a token: session, node and the node's generation. The
 * callback checks each of them, and that it runs on the thread it was queued to, before it believes it.
 */
#include "../lab_thread.h"
#include "win32.h"

_Static_assert(sizeof(ULONG_PTR) == 8, "tokens need 64 bits");

/* generation 0-31 | node 32-55 | session 56-63 */
static ULONG_PTR token_of(const session *s, uint32_t index, uint64_t generation) {
  return (ULONG_PTR)s->number << 56 | (ULONG_PTR)index << 32 | (ULONG_PTR)(uint32_t)generation;
}
static session *session_of(ULONG_PTR token) { return session_find((int32_t)(token >> 56)); }
static uint32_t index_of(ULONG_PTR token) { return (uint32_t)(token >> 32) & 0xFFFFFFu; }

static lab_thread *thread_here(session *s, uint32_t index) {
  lab_thread *t = s != NULL && index < s->thread_count ? s->threads[index] : NULL;
  return t != NULL && t->os != NULL && t->os->id == GetCurrentThreadId() ? t : NULL;
}

/* Takes the node off the kernel's hands: nobody else can any more. */
static bool claim(apc_node *node, ULONG_PTR token) {
  uint64_t life = atomic_load(&node->life);
  do {
    if ((uint32_t)APC_LIFE_GENERATION(life) != (uint32_t)token || APC_LIFE_STATE(life) == APC_NODE_FREE) return false;
  } while (!atomic_compare_exchange_weak(&node->life, &life, APC_LIFE(APC_LIFE_GENERATION(life), APC_NODE_FREE)));
  return true;
}

static void run_apc(lab_thread *t, apc_node *node, ULONG_PTR token) {
  os_thread *os = t->os;
  os_end_if_asked(t); /* before the claim: the node is then found as undelivered */
  os_started(os);
  if (lab_thread_at_nesting_limit(t)) lab_thread_end_by_nesting(t);
  if (!claim(node, token)) return;
  atomic_fetch_sub(&os->outstanding, 1);
  lab_thread_deliver(t, node);
}

/* The interrupted code's last error is what the APC finds, and what the APC leaves is what the interrupted code finds
 * (fact 43). */
static void CALLBACK on_apc(ULONG_PTR token) {
  DWORD last_error = GetLastError();
  session *s = session_of(token);
  apc_node *node = s != NULL ? apc_pool_at(&s->pool, index_of(token)) : NULL;
  lab_thread *t = node != NULL ? thread_here(s, node->target) : NULL;
  if (t == NULL) return;
  apc_thread_state wait = (apc_thread_state)atomic_load(&t->os->wait_kind);
  os_wait_ends(t->os);
  t->last_error = last_error;
  run_apc(t, node, token);
  if (wait != 0) os_wait_begins(t->os, wait);
  SetLastError(t->last_error);
}

/* Never in the trace: ends an alertable wait, and with it the thread, when the session stops. */
static void CALLBACK on_stop(ULONG_PTR token) {
  lab_thread *t = thread_here(session_of(token), index_of(token));
  if (t != NULL) os_end_if_asked(t);
}

void os_queue_stop_apc(os_thread *os) {
  QueueUserAPC(on_stop, os->handle, token_of(os->self->session, os->self->index, 0));
}

uint32_t backend_queue_user_apc(lab_thread *by, lab_thread *target, apc_node *node) {
  os_thread *os = target->os;
  uint64_t generation = APC_LIFE_GENERATION(atomic_load_explicit(&node->life, memory_order_relaxed));
  uint64_t queueing = APC_LIFE(generation, APC_NODE_QUEUEING);
  atomic_store(&node->life, queueing);
  atomic_fetch_add(&os->outstanding, 1);
  SetLastError(by->last_error);
  DWORD result = QueueUserAPC(on_apc, os->handle, token_of(by->session, node->index, generation));
  by->last_error = GetLastError();
  if (result == 0) {
    atomic_fetch_sub(&os->outstanding, 1);
    return 0;
  }
  os_wait_is_stirred(os);
  /* It may have begun, or even ended, already: then its life has moved on and is left alone. */
  atomic_compare_exchange_strong(&node->life, &queueing, APC_LIFE(generation, APC_NODE_QUEUED));
  return result;
}

/* User mode cannot read the kernel's list: a number at best. */
backend_snapshot backend_hold_queue(lab_thread *owner, uint64_t *ids, uint32_t capacity) {
  (void)ids, (void)capacity;
  if (owner->os == NULL) return (backend_snapshot){.complete = true};
  uint32_t outstanding = atomic_load(&owner->os->outstanding);
  return (backend_snapshot){.queued = outstanding, .complete = outstanding == 0};
}

void backend_release_queue(lab_thread *owner, backend_snapshot snapshot) { (void)owner, (void)snapshot; }
