/* A lab thread from pthread_create to pthread_join. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if defined(__linux__)
#  include <sys/syscall.h>
#endif

#include "../lab_thread.h"
#include "../life.h"
#include "../thread_end.h"
#include "dispatcher.h"

/* A stack holds max_nesting activations, each a wait inside an APC inside a wait, and what the system needs (under
 * ThreadSanitizer half a megabyte of thread-local data). Memory only where it is touched. */
#define STACK_BASE_BYTES (1024u * 1024u)
/* Measured with -fstack-usage and gdb: a wait for 64 objects takes 6.2 KiB, with AddressSanitizer's red zones twice
 * that. */
#define STACK_BYTES_PER_NESTING 16384u

bool backend_thread_init(lab_thread *t) {
  os_thread *os = aligned_alloc(alignof(os_thread), sizeof *os);
  if (os == NULL) return false;
  memset(os, 0, sizeof *os);
  os->self = t;
  os->ends.thread = os;
  os->parked = true;
  os->parked_as = APC_STATE_NOT_STARTED;
  atomic_store(&os->state, APC_STATE_NOT_STARTED);
  condition_init(&os->wake);
  pthread_mutex_init(&os->lock, NULL);
  t->os = os;
  return true;
}

void backend_thread_free(lab_thread *t) {
  pthread_cond_destroy(&t->os->wake);
  pthread_mutex_destroy(&t->os->lock);
  free(t->os);
  t->os = NULL;
}

static uint32_t own_system_id(void) {
#if defined(__linux__)
  return (uint32_t)syscall(SYS_gettid);
#elif defined(__APPLE__)
  uint64_t id = 0;
  pthread_threadid_np(NULL, &id);
  return (uint32_t)id;
#else
  return (uint32_t)(uintptr_t)pthread_self();
#endif
}

/* Stands before its first instruction until it is released (not before its creation is told) and not suspended. False
 * when it is to end without having run. */
static bool pass_gate(os_thread *os) {
  os_lock(os);
  while (!os->gate_open || (os->suspend_count > 0 && !os_is_asked_to_end(os))) {
    if (!os->parked) {
      /* Released, and suspended before it could pass: it stands again, and somebody may be waiting to see that. */
      os->parked = true;
      os_update_state(os);
      os_unlock(os);
      os_tell_watchers(os);
      os_lock(os);
      continue;
    }
    condition_wait(&os->wake, &os->lock, NO_DEADLINE);
  }
  bool runs = !os_is_asked_to_end(os);
  os->parked = false;
  os_update_state(os);
  os_unlock(os);
  return runs;
}

/* APCs queued before the start run before the entry, whatever it does (facts 19..25). */
static void run(os_thread *os) {
  lab_thread_started(os->self);
  os_lock(os);
  bool goes_on = os_drain(os) != DRAIN_THREAD_ENDS;
  os_take_turn(os);
  if (goes_on) lab_thread_entry(os->self);
}

/* In this order: what it leaves unfinished is cancelled; it refuses what is queued from now on; threadEnded; apcLost
 * for each APC it still had (fact 114); then those who await its end. What does not fit into its ring is left to the
 * sweep. */
static void finish(os_thread *os) {
  lab_thread *t = os->self;
  objects_thread_ends(os);
  os_lock(os);
  if (os->end.reason == 0) os->end = (backend_end){.reason = APC_END_RETURNED, .code = 0};
  os_refuse(os);
  while (os_has_apc(os)) {
    apc_node *node = apc_list_pop(os->special.first != NULL ? &os->special : &os->queue);
    os_object_released_by(node, t->session);
    apc_list_push(&os->undelivered, node);
  }
  thread_end_publish(t, os->end.reason, os->end.code);
  os_unlock(os);
  objects_thread_ended(os);
  while (os->undelivered.first != NULL) {
    apc_node *next = os->undelivered.first->next;
    if (!thread_end_tell_lost(t, t, os->undelivered.first)) break;
    os->undelivered.first = next;
  }
  os_lock(os);
  os->ended = true;
  os_update_state(os);
  os_unlock(os);
  os_tell_watchers(os);
  atomic_store(&os->gone, true);
}

static void *thread_main(void *argument) {
  os_thread *os = argument;
  atomic_store_explicit(&os->self->os_id, own_system_id(), memory_order_relaxed);
  if (pass_gate(os)) run(os);
  finish(os);
  return NULL;
}

static size_t stack_bytes(const lab_thread *t) {
  return STACK_BASE_BYTES + (size_t)t->session->max_nesting * STACK_BYTES_PER_NESTING;
}

uint32_t backend_thread_create(lab_thread *by, lab_thread *t, bool suspended) {
  (void)by;
  os_thread *os = t->os;
  os->suspend_count = suspended ? 1 : 0;
  os_update_state(os);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes(t));
  int error = pthread_create(&os->handle, &attributes, thread_main, os);
  pthread_attr_destroy(&attributes);
  return error == 0 ? 0 : WIN32_ERROR_NOT_ENOUGH_MEMORY;
}

void backend_thread_release(lab_thread *t) {
  os_thread *os = t->os;
  os_lock(os);
  os->gate_open = true;
  /* A suspended one looks too: the session may have begun to stop before anybody could have asked it to end. */
  if (os->suspend_count > 0) pthread_cond_signal(&os->wake);
  else os_wake(os);
  os_update_state(os);
  os_unlock(os);
  os_tell_watchers(os); /* also of one created suspended: from here on it counts as created */
}

/* Joining takes as long as the system needs to unwind a thread that has done its last act: it runs no code of ours any
 * more. */
bool backend_thread_gone(lab_thread *t, backend_end *end) {
  if (!atomic_load(&t->os->gone)) return false;
  if (!t->os->joined) pthread_join(t->os->handle, NULL);
  t->os->joined = true;
  *end = t->os->end;
  return true;
}
