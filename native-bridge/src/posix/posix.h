/*
 * posix.h: the emulation's own part of a thread.
 *
 * Everything here is guarded by `lock` unless it says otherwise. Nobody runs a step, waits or makes a system call that
 * can block while holding it. Lock order: the dispatcher's (dispatcher.h), the watch lock of state.c, a thread's; never
 * two threads' locks at once. A thread may publish while it holds one (publish.h); `publishing_under` keeps its resync
 * from taking its own lock then.
 *
 *            create                 gate open, count 0
 *   declared ------> at the gate ---------------------> running <-----> parked in a wait
 *                        |                                 |    \_____> parked by suspension
 *                        |                                 v
 *                        +------- asked to end ---------> ended: refusing, queue dropped
 */
#ifndef APC_SRC_POSIX_POSIX_H
#define APC_SRC_POSIX_POSIX_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "../backend.h"
#include "condition.h"
#include "inbox.h"

struct os_thread;
struct os_object;
struct wait_block;

/* Something that a thread can wait for: an object, a thread's end. Dispatcher lock. */
typedef struct waitable {
  struct os_object *object; /* one of the two */
  struct os_thread *thread;
  struct wait_block *first, *last; /* who waits for it, in order */
} waitable;

/* First in, first out. */
typedef struct apc_list {
  apc_node *first;
  apc_node *last;
  uint32_t count;
} apc_list;

typedef struct os_thread {
  lab_thread *self;
  pthread_t handle; /* main joins it once `gone` */
  pthread_mutex_t lock;
  pthread_cond_t wake; /* only the thread itself waits on it */
  uint32_t wakes;      /* raised with every signal */

  apc_list queue;   /* regular user APCs (facts 17, 29), before those of the inbox */
  apc_list special; /* special ones, which need no alertable wait (facts 125..128) */
  /* An APC ended its wait before anything else did: what would satisfy it now comes too late (fact 68). */
  bool unwaited;
  apc_list undelivered; /* what the queue held at the end */

  uint32_t suspend_count;
  /* It was resumed and has not gone on since: another lab thread's SuspendThread waits for that before it counts. Else
   * one who suspends and resumes in a loop would keep it from ever getting a turn. Written locked, any may read. */
  _Atomic bool turn_owed;
  bool gate_open;  /* backend_thread_release was called */
  bool refusing;   /* asked to end, or ended: queues nothing more (fact 6) */
  backend_end end; /* reason 0 while nobody asked */

  bool parked;       /* in a wait of the engine, or not past the gate */
  bool in_step_wait; /* that of a hand-driven thread */
  bool ended;        /* its end is told */
  apc_thread_state parked_as;
  _Atomic uint32_t state;     /* apc_thread_state; written locked, any may read */
  _Atomic uint32_t suspended; /* a copy of suspend_count; likewise */

  struct watch *watches; /* those who await a state of this thread; watch lock */
  _Atomic uint32_t watch_count;

  _Atomic bool gone;     /* the thread touches none of this any more */
  bool publishing_under; /* owner only: it holds somebody's lock */

  /* Guarded by the dispatcher's lock. */
  waitable ends; /* signaled when it has ended */
  bool has_ended;
  struct object_wait *wait; /* that it is in, or NULL */
  struct os_object *owned;  /* mutexes, by next_owned */
  struct os_object *port;   /* whose packets it takes (fact 77) */
  uint32_t messages;        /* in its message queue */
  bool new_messages;        /* some came since it last looked */
  bool has_message_queue;
  bool joined; /* main */

  /* What others look at when they queue to it: a line that the thread itself seldom touches. */
  alignas(64) inbox inbox;    /* regular user APCs that were queued since */
  _Atomic bool handle_closed; /* the program's handle to it */
} os_thread;

void apc_list_push(apc_list *list, apc_node *node);
/* False when it is not in it. */
bool apc_list_remove(apc_list *list, const apc_node *node);
apc_node *apc_list_pop(apc_list *list);

static inline void os_lock(os_thread *os) { pthread_mutex_lock(&os->lock); }
static inline void os_unlock(os_thread *os) { pthread_mutex_unlock(&os->lock); }

/* Makes the thread look again at everything it waits for, unless it is suspended. Locked. */
void os_wake(os_thread *os);

/* ---- wait.c ---- */

typedef enum wait_end { WAIT_ENDED_BY_CONDITION, WAIT_ENDED_BY_APC, WAIT_ENDED_BY_TIMEOUT, WAIT_THREAD_ENDS } wait_end;

/* A wait of the engine: every place where a lab thread blocks goes through os_wait with one of these. */
typedef struct wait_request {
  apc_thread_state state;              /* BLOCKED or ALERTABLE; ALERTABLE delivers APCs */
  uint64_t deadline_ns;                /* of backend_now_ns, or NO_DEADLINE */
  bool (*is_satisfied)(void *subject); /* looked at under the own lock, before the APC queue (fact 58); or NULL */
  void *subject;
} wait_request;

wait_end os_wait(os_thread *os, const wait_request *request);

/* Stands still as such a wait does, until something wakes it or the deadline is over. Locked before and after. */
void os_park(os_thread *os, apc_thread_state state, uint64_t deadline_ns);

/* Would an alertable wait end because of what is queued? Locked. */
bool os_has_apc(os_thread *os);

/* At the end of a call that blocked, and at safe points: runs special APCs (fact 126). Not locked. False when the
 * thread is ending. */
bool os_run_specials(os_thread *os);

uint64_t os_deadline_of(uint32_t milliseconds);

/* Puts an APC that is counted already into the thread's queue, and wakes it where it waits alertably. Locked. False
 * when it queues nothing any more. */
bool os_enqueue(os_thread *os, apc_node *node);

/* From here on whoever queues to the thread takes its lock; what was in the inbox is in the queue. Until os_open_inbox,
 * which leaves it closed where the thread refuses. Locked. */
void os_close_inbox(os_thread *os);
void os_open_inbox(os_thread *os);

/* It queues nothing more. Locked. */
void os_refuse(os_thread *os);

/* Runs what is queued, one APC at a time with the lock released (facts 31, 32, 101). Locked before and after. */
typedef enum drain_end { DRAINED_NOTHING, DRAINED, DRAIN_THREAD_ENDS } drain_end;
drain_end os_drain(os_thread *os);

/* Locked. */
bool os_is_asked_to_end(os_thread *os);

/* Stands still while suspended. Locked. False when the thread is asked to end. */
bool os_stand_while_suspended(os_thread *os);

/* The thread goes on. Locked before, not after: whoever waits to suspend it again is told. */
void os_take_turn(os_thread *os);

/* ---- state.c ---- */

/* Recomputes `state`. Locked. When it returns true somebody may await it: unlock, then os_tell_watchers. */
bool os_update_state(os_thread *os);
void os_tell_watchers(os_thread *os);

/* What a watcher awaits of `target`: any of the states in the mask, or this. */
typedef enum watch_also { ALSO_NOTHING, ALSO_RESUMED, ALSO_TURN_TAKEN } watch_also;
typedef struct watch {
  os_thread *target;
  os_thread *watcher;
  uint32_t states; /* 1 << apc_thread_state, or'ed */
  watch_also also;
  bool reached; /* watcher's lock: it was so at some instant since the watch began */
  struct watch *next;
} watch;

/* Waits until it is so. `end` of the wait is WAIT_ENDED_BY_CONDITION or WAIT_THREAD_ENDS. */
wait_end os_watch(os_thread *watcher, os_thread *target, uint32_t states, watch_also also);

#endif
