/*
 * dispatcher.h: objects, and the waits for them.
 *
 * One lock for each session, the dispatcher's, guards the state of every object, every list of waiters and every
 * operation that is under way. As in the NT kernel, whoever signals an object also satisfies the waits that this ends:
 * the waiter finds its result when it wakes, and an APC that is queued afterwards stays queued (facts 40, 69). A thread
 * that is suspended or runs an APC is in no wait; it looks again by itself when it goes on (facts 110, 138).
 */
#ifndef APC_SRC_POSIX_DISPATCHER_H
#define APC_SRC_POSIX_DISPATCHER_H

#include "../life.h"
#include "posix.h"

#define WAIT_MAX_OBJECTS 64u

/* A read, a write or a watch that is under way. */
typedef struct io_operation {
  struct io_operation *next;
  lab_thread *owner; /* its routine is queued to it; NULL for writePipe's, which has none */
  apc_node *node;    /* armed; NULL for writePipe's */
  struct os_object *file, *io;
  uint32_t bytes; /* wanted, or not read yet */
  uint32_t whole; /* that a write began with */
} io_operation;

typedef struct io_list {
  io_operation *first, *last;
} io_list;

typedef struct os_object {
  lab_object *self;
  waitable waiters;
  bool closed;      /* the program's handle to it */
  uint32_t handles; /* open to it, duplicates too */
  uint64_t told;    /* the state that the trace knows */

  bool manual_reset, signaled; /* event, timer; io, file and pipe end: nothing is under way */
  uint32_t count, maximum;     /* semaphore; port: packets in it */

  /* Mutex and critical section. */
  lab_thread *owner;
  uint32_t recursion;
  bool abandoned; /* port: closed while threads may wait for its packets */
  struct os_object *next_owned;

  /* Timer. `armed` is the APC that will be queued at the next expiry, `queued` the one that stands in its setter's
   * queue: at most one (fact 94); that pointer is guarded by the setter's lock. */
  bool set;
  uint64_t due_ns, period_ns;
  lab_thread *setter;
  uint32_t routine, site;
  uint64_t data;
  apc_node *armed, *queued;
  struct os_object *next_timer;

  /* File, pipe end. A pipe's bytes and reads are with its reading end, its waiting writes with the writing one. */
  uint32_t bytes;
  struct os_object *other;
  io_list pending;
  bool bound; /* to a port */

  /* Port: does it exist? Reserve: does it back an APC? */
  bool exists;
  _Atomic bool in_use;

  /* Place: what its handle is of. */
  bool open;
  lab_thread *of_thread;
  struct os_object *of_object;
  bool of_process; /* the current process's, duplicated */
  uint32_t access;

  /* Io: its last operation. */
  uint32_t error, transferred;
  io_operation *operation; /* while it is under way */
} os_object;

typedef struct os_session {
  pthread_mutex_t lock;
  waitable process;  /* never signaled while anybody could look */
  os_object *timers; /* those that are set, the next due first */
  pthread_cond_t timers_changed;
  bool closing;
  backend_helper *expirer;
  io_list watchers;                  /* of the folder */
  bool folder_watched;               /* by a call, at some time */
  bool folder_changed;               /* since, and no call was told */
  struct object_wait *address_waits; /* by next */
  _Atomic uint32_t address_wait_count;
} os_session;

/* `by` may publish while it holds it. */
void dispatcher_lock(lab_thread *by);
void dispatcher_unlock(lab_thread *by);

/* ---- waits (dispatcher.c) ---- */

typedef struct wait_block {
  struct object_wait *wait;
  waitable *on;
  struct wait_block *next, *previous;
} wait_block;

typedef struct object_wait {
  os_thread *waiter;
  bool alertable;
  uint64_t deadline_ns;
  bool all;
  bool for_messages, any_message; /* also ends by a message: a new one, or any */
  bool takes_packet;              /* of a port; one that only waits for it takes nothing */
  bool apc_first;                 /* looks for APCs before the objects (fact 77) */
  _Atomic int64_t *address;       /* also ends when this is not `compare` */
  int64_t compare;
  waitable *on[WAIT_MAX_OBJECTS];
  uint32_t count;

  wait_block blocks[WAIT_MAX_OBJECTS];
  bool enlisted;
  bool done;                /* waiter's lock: satisfied, by itself or by whoever signaled */
  uint32_t result;          /* index, plus WAIT_ABANDONED_0 */
  struct object_wait *next; /* of address_waits */
} object_wait;

/* Locked by dispatcher_lock before and after; released while it blocks or runs APCs. */
wait_end dispatcher_wait(object_wait *wait);

/* It has become signaled: satisfies whom it can. Locked. */
void dispatcher_signal(lab_thread *by, waitable *of);
/* A message came for this thread; an address was written. Locked. */
void dispatcher_look(lab_thread *by, object_wait *wait);

/* ---- objects (objects.c) ---- */

bool object_is_signaled(const waitable *of, const os_thread *for_thread);
/* Takes what a satisfied wait takes. Returns 0, or WAIT_ABANDONED_0. */
uint32_t object_consume(waitable *of, os_thread *for_thread);
/* objectChanged, when its state is another than the trace knows. Locked. */
void object_tell(lab_thread *by, os_object *o);
/* Does the first half of SignalObjectAndWait. Returns a Win32 error. Locked. */
uint32_t object_signal(lab_thread *t, handle_ref handle);
/* A thread is about to end: its timers and its I/O are cancelled, its mutexes abandoned. Then, once it has: it is
 * signaled. On the thread, not locked. */
void objects_thread_ends(os_thread *os);
void objects_thread_ended(os_thread *os);
/* The APC leaves its queue, to run or to be lost: what it occupied is free. Owner's lock. */
void os_object_released_by(const apc_node *node, session *s);

/* ---- handles (handle.c) ---- */

typedef enum handle_fault { HANDLE_GOOD, HANDLE_INVALID, HANDLE_OF_ANOTHER_TYPE, HANDLE_NO_ACCESS } handle_fault;
uint32_t handle_error(handle_fault fault);  /* Win32 */
uint32_t handle_status(handle_fault fault); /* NTSTATUS */

#define ACCESS_THREAD_TERMINATE 0x1u
#define ACCESS_THREAD_SUSPEND_RESUME 0x2u
#define ACCESS_THREAD_SET_CONTEXT 0x10u
#define ACCESS_MODIFY_STATE 0x2u /* of events, semaphores, timers and ports */
#define FILE_READ_DATA 0x1u
#define FILE_WRITE_DATA 0x2u
#define FILE_APPEND_DATA 0x4u
#define ACCESS_SYNCHRONIZE 0x100000u
#define ACCESS_ALL 0x1FFFFFu

/* Each fills its last parameter when the handle is good. Not for pointers of main: `by` is the caller, for `current
 * thread`. */
handle_fault handle_thread(lab_thread *by, handle_ref handle, uint32_t access, lab_thread **thread);
handle_fault handle_object(
    handle_ref handle, uint32_t access, apc_object_type one, apc_object_type other, os_object **object);
/* A file or pipe end, by a handle that carries at least one of these rights. */
handle_fault handle_file(handle_ref handle, uint32_t one_of, os_object **file);
handle_fault handle_waitable(lab_thread *by, handle_ref handle, waitable **on);
bool handle_close(lab_thread *by, handle_ref handle);

/* ---- timers, I/O ---- */

/* What expires timers, and its ring: with the first timer. Main. */
bool timers_begin(session *s);
/* Locked. */
void timer_cancel(lab_thread *by, os_object *timer);
void timers_thread_ended(lab_thread *t);
void io_thread_ended(lab_thread *t);
void port_close(lab_thread *by, os_object *port);
/* Ends what is under way on a file or pipe end that closes. */
void io_close(lab_thread *by, os_object *file);
/* Locked. */
uint64_t pipe_readable(const os_object *reading);

#endif
