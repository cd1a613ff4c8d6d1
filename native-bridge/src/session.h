/*
 * session.h: what a session and its threads are made of.
 *
 * Who may touch what:
 *   main      whoever calls apc_* (one thread at a time): everything marked main, and every thread's ring as its
 * reader; the owner the lab thread itself: its ring as producer, its cache, its interpreter; any       lab threads and
 * main: the atomics, and what never changes after apc_load. The engine of the operating system keeps its own part of a
 * thread behind `os`.
 */
#ifndef APC_SRC_SESSION_H
#define APC_SRC_SESSION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apc.h"
#include "apc_pool.h"
#include "doorbell.h"
#include "drain.h"
#include "program.h"
#include "ring.h"
#include "text_table.h"

struct os_thread;  /* of the engine: src/posix or src/win32 */
struct os_object;  /* likewise */
struct os_session; /* likewise */
struct mailbox;    /* of a hand-driven thread: hand.h */

/* Why a thread should leave its straight path at the next safe point. */
#define CONTROL_SUSPEND 0x1u /* posix */
#define CONTROL_END 0x2u     /* terminate (posix) or stop (both) */
#define CONTROL_SPECIAL 0x4u /* posix: special APCs are queued */

/* How far a thread has come into being. Its ring may be read from CREATION_DONE on. */
typedef enum creation { CREATION_DECLARED = 0, CREATION_CLAIMED = 1, CREATION_DONE = 2 } creation;

/* Exit codes of threads that the library ends. */
#define EXIT_CODE_STOPPED 0xC0000120u /* STATUS_CANCELLED */
#define EXIT_CODE_NESTING 0xC00000FDu /* STATUS_STACK_OVERFLOW */

/* Texts of the library's own log records follow the program's. */
typedef enum engine_text { TEXT_NESTING_LIMIT, ENGINE_TEXTS } engine_text;

typedef struct lab_thread {
  struct session *session;
  uint16_t index;
  uint16_t declared_routine; /* what it runs unless its creator says otherwise; APC_ROUTINE_NONE: hand-driven */
  uint16_t routine;          /* what it runs; the creator's until the thread is created */
  bool of_program;

  _Atomic uint32_t control; /* CONTROL_* ; any */
  _Atomic uint32_t created; /* creation; any */
  _Atomic uint32_t os_id;   /* 0 while not known; any */

  struct os_thread *os;

  /* The owner's, on lines of their own: others read what is above whenever they queue to it. */
  alignas(64) uint32_t last_error; /* what GetLastError would say on it */
  uint32_t depth;                  /* APCs running, nested */
  uint32_t open_calls;
  apc_cache cache;
  struct mailbox *mailbox;
  _Atomic uint64_t queued, delivered, cancelled, vanished; /* by it, on it, by it, by it; written by the owner only */

  _Atomic uint64_t lost_apcs; /* written by the owner, then by main once the owner is gone */
  _Atomic uint64_t ended_at;  /* 1 << 32 | the ring position behind its threadEnded; 0 before (thread_end.h) */
  _Atomic bool has_begun;     /* its routine: what was queued before its start has run; own */
  _Atomic bool end_due;       /* it has ended or is being terminated: the sweep has to look at it; any */
  _Atomic bool end_told;      /* somebody else has published its threadEnded; any */
  bool swept;                 /* main: nothing of it is left but its records */

  ring ring;
} lab_thread;

#define SESSION_MAX_OBJECTS 4096u

typedef struct lab_object {
  struct session *session;
  uint32_t index;
  apc_object_type type;
  uint64_t parameter[3]; /* apc.h, "Objects" */
  struct os_object *os;
} lab_object;

/* What a step names as a handle: a thread, an object (also one of type handle, a place), or neither of them. */
typedef struct handle_ref {
  lab_thread *thread;
  lab_object *object;
  apc_pseudo_handle pseudo;
} handle_ref;

typedef struct session {
  int32_t number;
  uint32_t ring_records, max_threads, max_nesting;
  uint64_t opened_ns, opened_unix_ns; /* of the engine's clock; of the wall clock */

  alignas(64) _Atomic uint32_t ticket;          /* the next one */
  alignas(64) _Atomic uint32_t apc_ids;         /* the last one given */
  alignas(64) _Atomic uint32_t threads_created; /* lab threads without the controller */
  _Atomic uint32_t program_threads_created;
  _Atomic uint32_t controller_created;
  _Atomic uint32_t stopping;
  uint64_t stopping_since_ns; /* main */

  doorbell doorbell;
  apc_pool pool;

  program program;            /* all zero where none was loaded; never changes after apc_load */
  _Atomic int64_t *variables; /* of the program */

  lab_thread **threads;  /* [0] main, [1] the controller or NULL, … ; main adds, any reads entries it was told of */
  uint32_t thread_count; /* main */
  uint32_t threads_gone, program_threads_gone, controller_gone; /* main */
  lab_thread *system; /* its ring tells what the engine does by itself (posix: timers); or NULL. No routine, no lane */
  lab_object **objects;                   /* as threads */
  uint32_t object_count;                  /* main */
  struct os_session *os;                  /* of the engine, for all objects */
  uint64_t heads_of_freed, lost_of_freed; /* main: of rings that are gone */
  text_table texts;                       /* main */
  uint32_t text_count;                    /* main: of texts in the program; the engine's follow */
  bool loaded, started;                   /* main */
  drain_heap heap;                        /* main */
} session;

/* The session of a number, or NULL (and the error text is set). Main. */
session *session_find(int32_t number);

static inline lab_thread *session_main(session *s) { return s->threads[APC_THREAD_MAIN]; }

/* Has the thread been created? Any. */
static inline bool lab_thread_is_created(lab_thread *t) {
  return atomic_load_explicit(&t->created, memory_order_seq_cst) == CREATION_DONE;
}

/* A thread of this session that a call by main may name, created or only declared, or NULL (and the error text is set).
 */
lab_thread *session_thread(session *s, uint32_t index);

/* Makes thread `index` known: its memory, its name in the trace. Main. NULL without memory. */
lab_thread *session_add_thread(session *s, uint32_t index, const char *name, uint32_t name_bytes, uint32_t routine);

/* Makes object `index` known: its memory, its name in the trace, the engine's part. Main. NULL without memory. */
lab_object *session_add_object(
    session *s, uint32_t index, const apc_object_entry *entry, const char *name, uint32_t name_bytes);

/* The thread whose ring tells what the engine does by itself. For the engines; main. */
bool session_add_system(session *s);

/* Publishes a `defined` record with its text. Never lost: main's ring grows for it. Main. */
bool session_define(session *s, apc_class class_, uint32_t id, uint32_t type, const void *text, uint32_t bytes);

/* Makes room for texts that come later; the first of them are those of the library's own log records. Main, once. */
bool session_begin_texts(session *s);

#endif
