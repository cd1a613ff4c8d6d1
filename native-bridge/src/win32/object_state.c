/*
 * object_state.c: what an object's state is, as the system's own query functions tell it (apc.h, "Objects"). It may
 * have passed by the time that it is told.
 */
#include "../life.h"
#include "symbols.h"

/* As the NtQuery functions give them, information class 0. */
typedef struct event_information {
  LONG type, state;
} event_information;
typedef struct semaphore_information {
  LONG count, maximum;
} semaphore_information;
typedef struct mutant_information {
  LONG count; /* 1: free; below: 1 - how often its owner has it */
  BOOLEAN owned_by_caller, abandoned;
} mutant_information;
typedef struct timer_information {
  LARGE_INTEGER remaining; /* below 0: since when it has expired */
  BOOLEAN signaled;
} timer_information;
typedef struct pipe_information {
  ULONG type, configuration, maximum_instances, instances, inbound_quota, readable, outbound_quota, writable, state,
      end;
} pipe_information;
#define FILE_PIPE_LOCAL_INFORMATION_CLASS 24u

/* Each returns false, and leaves *state alone, where it is not known. */

static bool ask(nt_query_fn query, HANDLE handle, void *answer, ULONG bytes) {
  return query != NULL && !os_is_bad_handle(handle) && query(handle, 0, answer, bytes, NULL) >= 0;
}

static bool event_state(HANDLE handle, uint64_t *state) {
  event_information known;
  if (!ask(os_symbols()->nt_query_event, handle, &known, sizeof known)) return false;
  *state = known.state != 0;
  return true;
}

static bool semaphore_state(HANDLE handle, uint64_t *state) {
  semaphore_information known;
  if (!ask(os_symbols()->nt_query_semaphore, handle, &known, sizeof known)) return false;
  *state = (uint32_t)known.count;
  return true;
}

static uint64_t owned_state(uint32_t owner, uint32_t recursion, bool abandoned) {
  return owner | (uint64_t)(recursion & 0xFFFF) << 16 | (uint64_t)abandoned << 32;
}

/* The system says whether it is the caller's; whose else, we remember of those who got it by a wait of ours. */
static bool mutex_state(const lab_thread *by, const os_object *o, HANDLE handle, uint64_t *state) {
  mutant_information known;
  if (!ask(os_symbols()->nt_query_mutant, handle, &known, sizeof known)) return false;
  uint32_t owner = APC_OWNER_NONE;
  uint32_t recursion = 0;
  if (known.count <= 0) {
    uint32_t remembered = atomic_load(&o->owner);
    recursion = (uint32_t)(1 - known.count);
    if (known.owned_by_caller) owner = by->index;
    else owner = remembered == APC_OWNER_NONE || remembered == by->index ? APC_OWNER_UNKNOWN : remembered;
  }
  *state = owned_state(owner, recursion, known.abandoned);
  return true;
}

static bool timer_state(const os_object *o, HANDLE handle, uint64_t *state) {
  timer_information known;
  if (!ask(os_symbols()->nt_query_timer, handle, &known, sizeof known)) return false;
  bool will_expire = atomic_load(&o->is_set) && (atomic_load(&o->period_ms) != 0 || known.remaining.QuadPart > 0);
  *state = (known.signaled ? 1 : 0) | (will_expire ? 2 : 0);
  return true;
}

static bool file_state(HANDLE handle, uint64_t *state) {
  LARGE_INTEGER bytes;
  if (os_is_bad_handle(handle) || !GetFileSizeEx(handle, &bytes)) return false;
  *state = (uint32_t)bytes.QuadPart;
  return true;
}

/* Not by PeekNamedPipe: that signals the handle as the end of an I/O does, and getOverlappedResultEx may be waiting for
 * it. */
static uint32_t readable(HANDLE reading_end) {
  pipe_information known;
  ULONG_PTR status[2];
  nt_query_file_fn query = os_symbols()->nt_query_information_file;
  if (query == NULL || os_is_bad_handle(reading_end)) return 0;
  LONG outcome = query(reading_end, status, &known, sizeof known, FILE_PIPE_LOCAL_INFORMATION_CLASS);
  return outcome >= 0 ? known.readable : 0;
}

static bool pipe_state(const lab_object *o, bool closed, uint64_t *state) {
  lab_object *other = o->session->objects[o->parameter[0]];
  const lab_object *reading = o->type == APC_OBJECT_PIPE_READ ? o : other;
  HANDLE handle = reading != NULL ? atomic_load(&reading->os->handle) : NULL;
  *state = readable(handle) | (uint64_t)closed << 32;
  return true;
}

static bool port_state(HANDLE handle, uint64_t *state) {
  LONG depth = 0;
  if (!ask(os_symbols()->nt_query_io_completion, handle, &depth, sizeof depth)) return false;
  *state = (uint64_t)1 << 32 | (uint32_t)depth;
  return true;
}

static bool section_state(const os_object *o, uint64_t *state) {
  *state = owned_state(atomic_load(&o->owner), atomic_load(&o->recursion), false);
  return true;
}

/* Leaves *state alone where it is not known. */
static bool find_state(const lab_thread *by, const lab_object *o, HANDLE handle, bool closed, uint64_t *state) {
  switch (o->type) {
    case APC_OBJECT_EVENT: return event_state(handle, state);
    case APC_OBJECT_SEMAPHORE: return semaphore_state(handle, state);
    case APC_OBJECT_MUTEX: return mutex_state(by, o->os, handle, state);
    case APC_OBJECT_TIMER: return timer_state(o->os, handle, state);
    case APC_OBJECT_FILE: return file_state(handle, state);
    case APC_OBJECT_PIPE_READ:
    case APC_OBJECT_PIPE_WRITE: return pipe_state(o, closed, state);
    case APC_OBJECT_PORT: return port_state(handle, state);
    case APC_OBJECT_RESERVE: *state = atomic_load(&o->os->in_use) > 0; return true;
    case APC_OBJECT_CRITICAL_SECTION: return section_state(o->os, state);
    case APC_OBJECT_HANDLE: *state = !closed && handle != NULL; return true;
    default: return false;
  }
}

/* Created, and closed since. */
static bool is_closed(const lab_object *o) {
  HANDLE own = atomic_load(&o->os->handle);
  return own != NULL && os_is_bad_handle(own);
}

void os_tell(lab_thread *by, lab_object *o) {
  os_object *os = o->os;
  bool closed = is_closed(o);
  uint64_t told = atomic_load(&os->told);
  uint64_t state = told == UINT64_MAX ? 0 : told & ~APC_OBJECT_CLOSED; /* the last that was known */
  find_state(by, o, os->query != NULL ? os->query : atomic_load(&os->handle), closed, &state);
  if (closed && o->type != APC_OBJECT_HANDLE) state |= APC_OBJECT_CLOSED;
  if (atomic_exchange(&os->told, state) != state || by->os == NULL) life_tell_object(by, o, state);
}

void os_tell_abandoned(lab_thread *main, const lab_thread *t) {
  session *s = t->session;
  for (uint32_t i = 0; i < s->object_count; i++) {
    lab_object *o = s->objects[i];
    uint32_t owner = t->index;
    if (o == NULL || o->type != APC_OBJECT_MUTEX) continue;
    if (atomic_compare_exchange_strong(&o->os->owner, &owner, APC_OWNER_NONE)) os_tell(main, o);
  }
}

void backend_object_tell(lab_thread *by, lab_object *o) {
  if (o->type != APC_OBJECT_IO) os_tell(by, o);
}
