#include "deliver.h"

#include "../lab_thread.h"
#include "../life.h"

lab_thread *os_thread_here(session *s, uint32_t index) {
  lab_thread *t = s != NULL && index < s->thread_count ? s->threads[index] : NULL;
  return t != NULL && t->os != NULL && t->os->id == GetCurrentThreadId() ? t : NULL;
}

bool os_claim(apc_node *node, uint32_t generation) {
  uint64_t life = atomic_load(&node->life);
  do {
    if ((uint32_t)APC_LIFE_GENERATION(life) != generation || APC_LIFE_STATE(life) == APC_NODE_FREE) return false;
  } while (!atomic_compare_exchange_weak(&node->life, &life, APC_LIFE(APC_LIFE_GENERATION(life), APC_NODE_FREE)));
  return true;
}

static void fire(lab_thread *t, apc_node *node, const os_arrival *arrival) {
  atomic_fetch_sub(&t->os->armed, 1);
  for (uint32_t i = 0; i < 3; i++) node->arguments[i] = arrival->arguments[i];
  life_fire(t, node, false);
}

/* From the moment of delivery another APC can have it (fact 133). */
static void free_reserve(lab_thread *t, const apc_node *node) {
  lab_object *reserve = t->session->objects[node->reserve - 1];
  atomic_fetch_sub(&reserve->os->in_use, 1);
  os_tell(t, reserve);
}

void os_run_arrival(lab_thread *t, const os_arrival *arrival) {
  os_thread *os = t->os;
  os_end_if_asked(t); /* before the claim: the node is then found as undelivered */
  os_started(os);
  if (lab_thread_at_nesting_limit(t)) lab_thread_end_by_nesting(t);
  if (!os_claim(arrival->node, arrival->generation)) return;
  if (arrival->fires) fire(t, arrival->node, arrival);
  else atomic_fetch_sub(&os->outstanding, 1);
  if (arrival->node->reserve != 0) free_reserve(t, arrival->node);
  if (arrival->began != NULL) arrival->began(t, arrival->object);
  lab_thread_deliver(t, arrival->node);
}

void os_deliver(lab_thread *t, const os_arrival *arrival, DWORD last_error) {
  os_thread *os = t->os;
  apc_thread_state wait = (apc_thread_state)atomic_load(&os->wait_kind);
  uint64_t waits_for = atomic_load(&os->waits_for);
  os_wait_ends(os);
  t->last_error = last_error;
  os_run_arrival(t, arrival);
  if (wait != 0) {
    atomic_store(&os->waits_for, waits_for);
    os_wait_begins(os, wait);
  }
  SetLastError(t->last_error);
}

uint64_t os_arm(lab_thread *owner, apc_call origin, uint32_t routine, uint32_t site, uint64_t data, uint32_t flags) {
  apc_node *node = life_arm(owner, owner, origin, routine, site, flags);
  if (node == NULL) return 0;
  node->arguments[0] = data;
  uint64_t generation = APC_LIFE_GENERATION(atomic_load_explicit(&node->life, memory_order_relaxed));
  atomic_fetch_add(&owner->os->armed, 1);
  atomic_store(&node->life, APC_LIFE(generation, APC_NODE_QUEUED));
  return os_armed_apc(node, generation);
}

void os_disarm(lab_thread *by, uint64_t armed) {
  apc_node *node = os_armed_node(by->session, armed);
  if (node == NULL) return;
  uint32_t owner = node->target; /* read before the claim; means nothing where that fails */
  if (!os_claim(node, (uint32_t)(armed >> 32))) return;
  atomic_fetch_sub(&by->session->threads[owner]->os->armed, 1);
  life_cancel(by, node, false, 0);
}
