/* The user APC queue of a thread: what may enter it, and when. */
#include "dispatcher.h"

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

bool apc_list_remove(apc_list *list, const apc_node *node) {
  apc_node *previous = NULL;
  for (apc_node *one = list->first; one != NULL; previous = one, one = one->next) {
    if (one != node) continue;
    if (previous != NULL) previous->next = one->next;
    else list->first = one->next;
    if (list->last == one) list->last = previous;
    list->count--;
    return true;
  }
  return false;
}

/* Behind what is in the queue, in the order in which they were queued. */
static void append(apc_list *queue, apc_node *newest) {
  if (newest == NULL) return;
  apc_node *first = NULL;
  for (apc_node *node = newest, *older; node != NULL; node = older) {
    older = node->next;
    node->next = first;
    first = node;
    queue->count++;
  }
  if (queue->last != NULL) queue->last->next = first;
  else queue->first = first;
  queue->last = newest;
}

static void collect(os_thread *os) { append(&os->queue, inbox_take(&os->inbox)); }

void os_close_inbox(os_thread *os) { append(&os->queue, inbox_close(&os->inbox)); }

void os_open_inbox(os_thread *os) {
  if (!os->refusing) inbox_open(&os->inbox);
}

void os_refuse(os_thread *os) {
  os->refusing = true;
  os_close_inbox(os);
}

bool os_has_apc(os_thread *os) {
  if (os->queue.first == NULL) collect(os);
  return os->queue.first != NULL || os->special.first != NULL;
}

/* A thread that is parked in an alertable wait, or has published that it is about to (under this lock), is woken: no
 * wake-up is lost between "queue checked" and "blocked" (fact 35), and its wait is over (posix.h, unwaited). A
 * suspended one is left alone; it looks at its queue when it is resumed (facts 106, 107). A special APC asks a thread
 * that runs to look at its next safe point; a wait that is not alertable goes on (fact 126). */
bool os_enqueue(os_thread *os, apc_node *node) {
  if (os->refusing) return false;
  collect(os);
  apc_list_push(node->special ? &os->special : &os->queue, node);
  if (node->special) atomic_fetch_or(&os->self->control, CONTROL_SPECIAL);
  if (os->parked && os->parked_as == APC_STATE_ALERTABLE && os->suspend_count == 0) {
    os->unwaited = true;
    os_wake(os);
  }
  return true;
}

/* What NtQueueApcThread(Ex) and so QueueUserAPC(2) look at before the queue, as an NTSTATUS. */
static uint32_t status_before(lab_thread *by, const queue_call *call, lab_thread **target, os_object **reserve) {
  handle_fault fault = handle_thread(by, call->target, ACCESS_THREAD_SET_CONTEXT, target);
  if (fault != HANDLE_GOOD) return handle_status(fault);
  if (!call->with_reserve) return 0;
  fault = handle_object(call->reserve, 0, APC_OBJECT_RESERVE, APC_OBJECT_RESERVE, reserve);
  if (fault != HANDLE_GOOD && call->reserve.object == NULL && call->reserve.thread == NULL &&
      call->reserve.pseudo == APC_HANDLE_NULL)
    return 0; /* NULL: a plain APC (fact 132) */
  if (fault != HANDLE_GOOD) return handle_status(fault);
  return atomic_exchange(&(*reserve)->in_use, true) ? NT_STATUS_INVALID_PARAMETER_2 : 0; /* fact 133 */
}

/* The dead target is told before the missing routine (fact 12); the latter succeeds and runs nothing (fact 11). */
static uint32_t enqueue(lab_thread *target, apc_node *node) {
  os_thread *os = target->os;
  bool is_plain = !node->special && node->routine != APC_ROUTINE_NONE;
  if (is_plain && inbox_push(&os->inbox, node)) return 0;
  lock_briefly(&os->lock);
  bool queued = node->routine == APC_ROUTINE_NONE ? !os->refusing : os_enqueue(os, node);
  os_unlock(os);
  return queued ? 0 : NT_STATUS_UNSUCCESSFUL;
}

static uint32_t queue_status(lab_thread *by, const queue_call *call, apc_node *node, bool *goes_on) {
  lab_thread *target = NULL;
  os_object *reserve = NULL;
  bool checks_objects = call->with_reserve || call->target.object != NULL;
  if (checks_objects) dispatcher_lock(by);
  uint32_t status = status_before(by, call, &target, &reserve);
  if (checks_objects) dispatcher_unlock(by);
  if (status != 0) return status;
  /* The place's handle became another's since the trace was told whose it is: what it told is closed. */
  if (node->target != target->index) return NT_STATUS_INVALID_HANDLE;
  bool special = node->special;
  bool vanishes = node->routine == APC_ROUTINE_NONE;
  node->reserve = reserve != NULL ? reserve->self->index + 1 : 0;
  status = enqueue(target, node);
  if (reserve != NULL && (status != 0 || vanishes)) atomic_store(&reserve->in_use, false);
  if (status == 0 && special && !vanishes && target == by) *goes_on = os_run_specials(by->os);
  return status;
}

static uint32_t error_of_status(uint32_t status) {
  switch (status) {
    case NT_STATUS_ACCESS_DENIED: return WIN32_ERROR_ACCESS_DENIED;
    case NT_STATUS_UNSUCCESSFUL: return WIN32_ERROR_GEN_FAILURE;
    default: return WIN32_ERROR_INVALID_HANDLE;
  }
}

uint32_t backend_queue_apc(lab_thread *by, const queue_call *call, apc_node *node, bool *goes_on) {
  bool native = call->call == APC_CALL_NT_QUEUE_APC_THREAD || call->call == APC_CALL_NT_QUEUE_APC_THREAD_EX;
  if (call->context) { /* there is no CONTEXT to hand over: see engine.c */
    by->last_error = WIN32_ERROR_INVALID_PARAMETER;
    return 0;
  }
  uint32_t status = queue_status(by, call, node, goes_on);
  if (native) return status;
  if (status != 0) by->last_error = error_of_status(status); /* on success it stays as it was (fact 2) */
  return status == 0 ? 1 : 0;
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
  if (os->publishing_under) return (backend_snapshot){.complete = false};
  os_lock(os);
  os_close_inbox(os); /* it runs, so that its inbox is open unless it refuses */
  uint32_t queued = os->special.count + os->queue.count;
  backend_snapshot snapshot = {.queued = queued, .complete = queued <= capacity, .held = true};
  uint32_t at = 0;
  for (apc_node *node = os->special.first; snapshot.complete && node != NULL; node = node->next) ids[at++] = node->id;
  for (apc_node *node = os->queue.first; snapshot.complete && node != NULL; node = node->next) ids[at++] = node->id;
  return snapshot;
}

void backend_release_queue(lab_thread *owner, backend_snapshot snapshot) {
  if (!snapshot.held) return;
  os_open_inbox(owner->os);
  os_unlock(owner->os);
}
