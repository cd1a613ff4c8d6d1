/* The user APC queue of a thread: what may enter it, and when. */
#include "../life.h"
#include "posix.h"

void apc_list_push(apc_list *list, apc_node *node) {
  node->next = NULL;
  if (list->last != NULL) list->last->next = node;
  else list->first = node;
  list->last = node;
  list->count++;
}

apc_node *apc_list_pop(apc_list *list) {
  apc_node *node = list->first;
  if (node == NULL) return NULL;
  list->first = node->next;
  if (list->first == NULL) list->last = NULL;
  list->count--;
  return node;
}

/* A thread that is parked in an alertable wait, or has published that it is about to (under this lock), is woken: no
 * wake-up is lost between "queue checked" and "blocked" (fact 35). A suspended one is left alone; it looks at its queue
 * when it is resumed (facts 106, 107). */
uint32_t backend_queue_user_apc(lab_thread *by, lab_thread *target, apc_node *node) {
  os_thread *os = target->os;
  os_lock(os);
  bool refused = os->refusing;
  if (!refused) {
    apc_list_push(&os->queue, node);
    if (os->parked && os->parked_as == APC_STATE_ALERTABLE && os->suspend_count == 0) os_wake(os);
  }
  os_unlock(os);
  if (refused) by->last_error = WIN32_ERROR_GEN_FAILURE; /* on success it stays as it was (fact 2) */
  return refused ? 0 : 1;
}

apc_node *backend_take_undelivered(lab_thread *t) { return apc_list_pop(&t->os->undelivered); }

/* Whether it queues or refuses is settled under the lock: whatever was queued is in the list. */
bool backend_is_still_queued_to(lab_thread *t) {
  (void)t;
  return false;
}

backend_snapshot backend_hold_queue(lab_thread *owner, uint64_t *ids, uint32_t capacity) {
  os_thread *os = owner->os;
  if (os == NULL) return (backend_snapshot){.complete = true};
  /* While it holds another thread's lock it must not wait for its own. */
  if (os->publishing_under) return (backend_snapshot){.queued = os->queue.count, .complete = false};
  os_lock(os);
  backend_snapshot snapshot = {.queued = os->queue.count, .complete = os->queue.count <= capacity, .held = true};
  uint32_t at = 0;
  for (apc_node *node = os->queue.first; snapshot.complete && node != NULL; node = node->next) ids[at++] = node->id;
  return snapshot;
}

void backend_release_queue(lab_thread *owner, backend_snapshot snapshot) {
  if (snapshot.held) os_unlock(owner->os);
}
