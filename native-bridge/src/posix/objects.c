/* objects.c: what each object is, when it is signaled, and what a satisfied wait takes of it (fact 60). */
#include <stdlib.h>

#include "dispatcher.h"

/* ---- life ---- */

bool backend_objects_begin(session *s) {
  os_session *os = calloc(1, sizeof *os);
  if (os == NULL) return false;
  pthread_mutex_init(&os->lock, NULL);
  condition_init(&os->timers_changed);
  s->os = os;
  return true;
}

void backend_objects_end(session *s) {
  os_session *os = s->os;
  if (os == NULL) return;
  if (os->expirer != NULL) {
    pthread_mutex_lock(&os->lock);
    os->closing = true;
    pthread_cond_signal(&os->timers_changed);
    pthread_mutex_unlock(&os->lock);
    backend_helper_join(os->expirer);
  }
  pthread_cond_destroy(&os->timers_changed);
  pthread_mutex_destroy(&os->lock);
  free(os);
  s->os = NULL;
}

static uint32_t text_bytes(const session *s, uint64_t text) {
  return text == UINT32_MAX ? 0 : s->program.texts[text].bytes;
}

static void init_as(os_object *o, const lab_object *self) {
  const uint64_t *p = self->parameter;
  switch (self->type) {
    case APC_OBJECT_EVENT:
      o->manual_reset = p[0] != 0;
      o->signaled = p[1] != 0;
      break;
    case APC_OBJECT_SEMAPHORE:
      o->count = (uint32_t)p[0];
      o->maximum = (uint32_t)p[1];
      break;
    case APC_OBJECT_TIMER: o->manual_reset = p[0] != 0; break;
    case APC_OBJECT_FILE:
      o->bytes = text_bytes(self->session, p[0]);
      o->signaled = true;
      break;
    case APC_OBJECT_PIPE_READ:
    case APC_OBJECT_PIPE_WRITE: o->signaled = true; break;
    case APC_OBJECT_PORT: o->exists = p[0] == 0; break;
    case APC_OBJECT_IO: o->signaled = true; break;
    default: break;
  }
}

bool backend_object_init(lab_object *self) {
  session *s = self->session;
  os_object *o = calloc(1, sizeof *o);
  if (o == NULL) return false;
  o->self = self;
  o->waiters.object = o;
  o->told = UINT64_MAX;
  o->handles = 1;
  self->os = o;
  init_as(o, self);
  if (self->type == APC_OBJECT_PIPE_WRITE) { /* the reading end came before */
    o->other = s->objects[self->parameter[0]]->os;
    o->other->other = o;
  }
  return self->type != APC_OBJECT_TIMER || timers_begin(s);
}

void backend_object_free(lab_object *self) {
  free(self->os);
  self->os = NULL;
}

/* ---- state ---- */

static uint64_t owned_state(const os_object *o) {
  uint64_t owner = o->owner != NULL ? o->owner->index : APC_OWNER_NONE;
  return owner | (uint64_t)(o->recursion & 0xFFFF) << 16 | (uint64_t)o->abandoned << 32;
}

static uint64_t pipe_state(const os_object *o) {
  const os_object *reading = o->self->type == APC_OBJECT_PIPE_READ ? o : o->other;
  return (reading != NULL && reading->other != NULL ? pipe_readable(reading) : 0) | (uint64_t)o->closed << 32;
}

/* apc.h, "Objects" */
static uint64_t state_of(const os_object *o) {
  uint64_t closed = o->closed ? APC_OBJECT_CLOSED : 0;
  switch (o->self->type) {
    case APC_OBJECT_EVENT: return closed | o->signaled;
    case APC_OBJECT_SEMAPHORE: return closed | o->count;
    case APC_OBJECT_MUTEX:
    case APC_OBJECT_CRITICAL_SECTION: return closed | owned_state(o);
    case APC_OBJECT_TIMER: return closed | o->signaled | (uint64_t)o->set << 1;
    case APC_OBJECT_FILE: return closed | o->bytes;
    case APC_OBJECT_PIPE_READ:
    case APC_OBJECT_PIPE_WRITE: return closed | pipe_state(o);
    case APC_OBJECT_PORT: return closed | o->count | (uint64_t)o->exists << 32;
    case APC_OBJECT_RESERVE: return closed | atomic_load(&o->in_use);
    case APC_OBJECT_HANDLE: return o->open;
    case APC_OBJECT_IO: break;
  }
  return 0;
}

void object_tell(lab_thread *by, os_object *o) {
  uint64_t state = state_of(o);
  if (state == o->told || o->self->type == APC_OBJECT_IO) return;
  o->told = state;
  life_tell_object(by, o->self, state);
}

void backend_object_tell(lab_thread *by, lab_object *self) {
  dispatcher_lock(by);
  self->os->told = UINT64_MAX;
  object_tell(by, self->os);
  dispatcher_unlock(by);
}

/* ---- signaled, and consumed ---- */

bool object_is_signaled(const waitable *of, const os_thread *for_thread) {
  const os_object *o = of->object;
  if (o == NULL) return of->thread != NULL && of->thread->has_ended;
  switch (o->self->type) {
    case APC_OBJECT_SEMAPHORE: return o->count > 0;
    case APC_OBJECT_MUTEX:
    case APC_OBJECT_CRITICAL_SECTION: return o->owner == NULL || o->owner == for_thread->self; /* fact 64 */
    case APC_OBJECT_PORT: return o->count > 0 || (o->abandoned && for_thread->wait->takes_packet);
    default: return o->signaled;
  }
}

static uint32_t acquire(os_object *o, os_thread *thread) {
  bool was_abandoned = o->abandoned;
  o->abandoned = false;
  o->recursion++;
  if (o->owner != NULL) return 0;
  o->owner = thread->self;
  if (o->self->type == APC_OBJECT_MUTEX) {
    o->next_owned = thread->owned;
    thread->owned = o;
  }
  return was_abandoned ? WIN32_WAIT_ABANDONED : 0;
}

uint32_t object_consume(waitable *of, os_thread *for_thread) {
  os_object *o = of->object;
  if (o == NULL) return 0;
  switch (o->self->type) {
    case APC_OBJECT_EVENT:
    case APC_OBJECT_TIMER:
      if (!o->manual_reset) o->signaled = false;
      return 0;
    case APC_OBJECT_SEMAPHORE: o->count--; return 0;
    case APC_OBJECT_PORT:
      if (!for_thread->wait->takes_packet) return 0;
      if (o->abandoned) return WIN32_WAIT_ABANDONED;
      o->count--;
      for_thread->port = o;
      return 0;
    case APC_OBJECT_MUTEX:
    case APC_OBJECT_CRITICAL_SECTION: return acquire(o, for_thread);
    default: return 0;
  }
}

/* ---- calls ---- */

static uint32_t fail(lab_thread *t, uint32_t error) {
  t->last_error = error;
  return 0;
}

/* A pulse releases those that wait at this instant; no state remains (fact 138). */
static uint32_t change_event(lab_thread *t, apc_call call, handle_ref handle) {
  os_object *o;
  handle_fault fault = handle_object(handle, ACCESS_MODIFY_STATE, APC_OBJECT_EVENT, APC_OBJECT_EVENT, &o);
  if (fault != HANDLE_GOOD) return fail(t, handle_error(fault));
  o->signaled = call != APC_CALL_RESET_EVENT;
  if (o->signaled) dispatcher_signal(t, &o->waiters);
  if (call == APC_CALL_PULSE_EVENT) o->signaled = false;
  object_tell(t, o);
  return 1;
}

static uint32_t release_semaphore(lab_thread *t, os_object *o, uint32_t count) {
  if (count > o->maximum - o->count) return WIN32_ERROR_TOO_MANY_POSTS;
  o->count += count;
  dispatcher_signal(t, &o->waiters);
  return 0;
}

static void disown(os_object *o) {
  os_object **link = &o->owner->os->owned;
  while (*link != NULL && *link != o) link = &(*link)->next_owned;
  if (*link == o) *link = o->next_owned;
  o->owner = NULL;
  o->recursion = 0;
}

static uint32_t release_mutex(lab_thread *t, os_object *o) {
  if (o->owner != t) return WIN32_ERROR_NOT_OWNER;
  if (--o->recursion > 0) return 0;
  disown(o);
  dispatcher_signal(t, &o->waiters);
  return 0;
}

static uint32_t release(lab_thread *t, handle_ref handle, apc_object_type type, uint32_t access, uint32_t count) {
  if (count == 0 || count > INT32_MAX) return WIN32_ERROR_INVALID_PARAMETER; /* before the handle is looked at */
  os_object *o;
  handle_fault fault = handle_object(handle, access, type, type, &o);
  if (fault != HANDLE_GOOD) return handle_error(fault);
  uint32_t error = type == APC_OBJECT_MUTEX ? release_mutex(t, o) : release_semaphore(t, o, count);
  object_tell(t, o);
  return error;
}

/* The first half of SignalObjectAndWait. Returns a Win32 error. */
uint32_t object_signal(lab_thread *t, handle_ref handle) {
  apc_object_type type = APC_OBJECT_EVENT;
  if (handle.object != NULL) type = handle.object->type;
  if (type == APC_OBJECT_HANDLE && handle.object->os->of_object != NULL)
    type = handle.object->os->of_object->self->type;
  switch (type) {
    case APC_OBJECT_MUTEX: return release(t, handle, type, 0, 1);
    case APC_OBJECT_SEMAPHORE: return release(t, handle, type, ACCESS_MODIFY_STATE, 1);
    default: return change_event(t, APC_CALL_SET_EVENT, handle) != 0 ? 0 : t->last_error;
  }
}

static uint32_t cancel_timer(lab_thread *t, handle_ref handle) {
  os_object *o;
  handle_fault fault = handle_object(handle, ACCESS_MODIFY_STATE, APC_OBJECT_TIMER, APC_OBJECT_TIMER, &o);
  if (fault != HANDLE_GOOD) return handle_error(fault);
  timer_cancel(t, o); /* its signaled state stays (fact 96) */
  object_tell(t, o);
  return 0;
}

static uint32_t error_of(lab_thread *t, apc_call call, handle_ref handle, uint32_t count) {
  switch (call) {
    case APC_CALL_RELEASE_SEMAPHORE: return release(t, handle, APC_OBJECT_SEMAPHORE, ACCESS_MODIFY_STATE, count);
    case APC_CALL_RELEASE_MUTEX: return release(t, handle, APC_OBJECT_MUTEX, 0, 1);
    case APC_CALL_CANCEL_WAITABLE_TIMER: return cancel_timer(t, handle);
    case APC_CALL_CLOSE_HANDLE:
    case APC_CALL_CLOSE_PIPE_END: return handle_close(t, handle) ? 0 : WIN32_ERROR_INVALID_HANDLE;
    default: return change_event(t, call, handle) != 0 ? 0 : t->last_error;
  }
}

uint32_t backend_object_call(lab_thread *t, apc_call call, handle_ref handle, uint32_t count) {
  dispatcher_lock(t);
  uint32_t error = error_of(t, call, handle, count);
  dispatcher_unlock(t);
  return error == 0 ? 1 : fail(t, error);
}

/* ---- a thread ends ---- */

void objects_thread_ends(os_thread *os) {
  lab_thread *t = os->self;
  dispatcher_lock(t);
  timers_thread_ended(t);
  io_thread_ended(t);
  while (os->owned != NULL) {
    os_object *o = os->owned;
    disown(o);
    o->abandoned = true; /* fact 65 */
    dispatcher_signal(t, &o->waiters);
    object_tell(t, o);
  }
  dispatcher_unlock(t);
}

void objects_thread_ended(os_thread *os) {
  dispatcher_lock(os->self);
  os->has_ended = true;
  dispatcher_signal(os->self, &os->ends);
  dispatcher_unlock(os->self);
}

void os_object_released_by(const apc_node *node, session *s) {
  if (node == NULL || node->reserve == 0) return;
  os_object *o = s->objects[node->reserve - 1]->os;
  if (o->self->type == APC_OBJECT_TIMER) o->queued = NULL;
  else atomic_store(&o->in_use, false);
}
