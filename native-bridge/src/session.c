#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "error.h"
#include "hand.h"
#include "publish.h"
#include "thread_end.h"

#define MAX_SESSIONS 64
#define DEFAULT_THREADS 4096u
#define DEFAULT_NESTING 256u
#define MAX_NESTING 4096u

/* Numbers are slots + 1. Slots are claimed by compare and exchange: several threads may each be the main of their own
 * sessions. */
static _Atomic(session *) sessions[MAX_SESSIONS];

session *session_find(int32_t number) {
  session *s = number >= 1 && number <= MAX_SESSIONS ? atomic_load(&sessions[number - 1]) : NULL;
  if (s == NULL) error_set(APC_E_BAD_SESSION, "there is no session %d", number);
  return s;
}

lab_thread *session_thread(session *s, uint32_t index) {
  lab_thread *t = index >= APC_THREAD_CONTROLLER && index < s->thread_count ? s->threads[index] : NULL;
  if (t == NULL) error_set(APC_E_BAD_THREAD, "there is no thread %u in this session", index);
  return t;
}

/* Records that a definition may take: what tells a gap before it, its head, its `more`. */
#define DEFINE_RECORDS (2 + 1 + 1)

/* With at most three values. */
static bool define_with(session *s, apc_class class_, uint32_t id, uint32_t type, const void *text, uint32_t bytes,
    const uint64_t *values, uint32_t count) {
  lab_thread *main = session_main(s);
  if (!text_table_reserve(&s->texts, bytes) || !ring_grow(&main->ring, DEFINE_RECORDS)) return false;
  uint32_t offset = text_table_append(&s->texts, text, bytes);
  uint64_t value = class_ | type << 8 | bytes << 16 | (uint64_t)offset << 32;
  publish_with(main, APC_KIND_DEFINED, 0, id, value, values, count);
  return true;
}

bool session_define(session *s, apc_class class_, uint32_t id, uint32_t type, const void *text, uint32_t bytes) {
  return define_with(s, class_, id, type, text, bytes, NULL, 0);
}

bool session_begin_texts(session *s) {
  static const char *const texts[ENGINE_TEXTS] = {
      [TEXT_NESTING_LIMIT] = "The nesting limit of {limit} APCs inside APCs is reached: the thread is ended."};
  if (!program_make_text_room(&s->program)) return false;
  for (uint32_t i = 0; i < ENGINE_TEXTS; i++) {
    uint32_t bytes = (uint32_t)strlen(texts[i]);
    int32_t index = program_add_text(&s->program, texts[i], bytes);
    if (index < 0 || !session_define(s, APC_CLASS_TEXT, (uint32_t)index, 0, texts[i], bytes)) return false;
  }
  return true;
}

static void free_thread(lab_thread *t) {
  if (t == NULL) return;
  if (t->os != NULL) backend_thread_free(t);
  if (t->mailbox != NULL) backend_release(t->mailbox, sizeof *t->mailbox);
  ring_free(&t->ring);
  backend_release(t, sizeof *t);
}

static lab_thread *make_thread(session *s, uint32_t index, uint32_t routine) {
  lab_thread *t = backend_reserve(sizeof *t);
  if (t == NULL) return NULL;
  t->session = s;
  t->index = (uint16_t)index;
  t->declared_routine = t->routine = (uint16_t)routine;
  return t;
}

lab_thread *session_add_thread(session *s, uint32_t index, const char *name, uint32_t name_bytes, uint32_t routine) {
  lab_thread *t = make_thread(s, index, routine);
  if (t == NULL) return NULL;
  bool hand_driven = routine == APC_ROUTINE_NONE;
  if (hand_driven) t->mailbox = backend_reserve(sizeof *t->mailbox);
  if ((hand_driven && t->mailbox == NULL) || !backend_thread_init(t) ||
      !session_define(s, APC_CLASS_THREAD, index, 0, name, name_bytes)) {
    free_thread(t);
    return NULL;
  }
  s->threads[index] = t;
  if (index >= s->thread_count) s->thread_count = index + 1;
  return t;
}

bool session_add_system(session *s) {
  lab_thread *system = make_thread(s, APC_THREAD_SYSTEM, APC_ROUTINE_NONE);
  if (system == NULL) return false;
  if (!ring_init(&system->ring, s->ring_records) ||
      !session_define(s, APC_CLASS_THREAD, APC_THREAD_SYSTEM, 0, "system", 6)) {
    free_thread(system);
    return false;
  }
  atomic_store(&system->created, CREATION_DONE);
  s->system = system;
  return true;
}

static void free_object(lab_object *o) {
  if (o == NULL) return;
  if (o->os != NULL) backend_object_free(o);
  free(o);
}

/* How many parameters a type has (apc.h, "Objects"). */
static uint32_t parameters_of(apc_object_type type) {
  switch (type) {
    case APC_OBJECT_EVENT:
    case APC_OBJECT_SEMAPHORE: return 2;
    case APC_OBJECT_TIMER:
    case APC_OBJECT_FILE:
    case APC_OBJECT_PIPE_READ:
    case APC_OBJECT_PIPE_WRITE:
    case APC_OBJECT_PORT: return 1;
    default: return 0;
  }
}

/* The engine's part is made first: what is in the trace exists. */
lab_object *session_add_object(
    session *s, uint32_t index, const apc_object_entry *entry, const char *name, uint32_t name_bytes) {
  lab_object *o = calloc(1, sizeof *o);
  if (o == NULL) return NULL;
  *o = (lab_object){.session = s, .index = index, .type = (apc_object_type)entry->type};
  for (uint32_t i = 0; i < 3; i++) o->parameter[i] = entry->parameter[i];
  if (!backend_object_init(o) ||
      !define_with(s, APC_CLASS_OBJECT, index, entry->type, name, name_bytes, o->parameter, parameters_of(o->type))) {
    free_object(o);
    return NULL;
  }
  s->objects[index] = o;
  if (index >= s->object_count) s->object_count = index + 1;
  if (o->type != APC_OBJECT_IO) backend_object_tell(session_main(s), o);
  return o;
}

static bool begin_objects(session *s) {
  s->objects = backend_reserve(SESSION_MAX_OBJECTS * sizeof(lab_object *));
  return s->objects != NULL && backend_objects_begin(s);
}

static size_t table_bytes(const session *s) {
  return ((size_t)s->max_threads + APC_THREAD_FIRST) * sizeof(lab_thread *);
}

static void free_session(session *s) {
  if (s->objects != NULL) backend_objects_end(s);
  for (uint32_t i = 0; i < s->object_count; i++) free_object(s->objects[i]);
  if (s->objects != NULL) backend_release(s->objects, SESSION_MAX_OBJECTS * sizeof(lab_object *));
  free_thread(s->system);
  for (uint32_t i = 0; s->threads != NULL && i < s->thread_count; i++) free_thread(s->threads[i]);
  if (s->threads != NULL) backend_release(s->threads, table_bytes(s));
  apc_pool_free(&s->pool);
  program_free(&s->program);
  free(s->variables);
  text_table_free(&s->texts);
  drain_heap_free(&s->heap);
  backend_release(s, sizeof *s);
}

/* Main's own thread: a ring to tell what main does, and no engine behind it. */
static bool make_main(session *s) {
  lab_thread *main = make_thread(s, APC_THREAD_MAIN, APC_ROUTINE_NONE);
  if (main == NULL) return false;
  s->threads[APC_THREAD_MAIN] = main;
  s->thread_count = APC_THREAD_FIRST;
  if (!ring_init(&main->ring, s->ring_records)) return false;
  atomic_store(&main->created, CREATION_DONE);
  return session_define(s, APC_CLASS_THREAD, APC_THREAD_MAIN, 0, "main", 4);
}

static int32_t read_options(session *s, const apc_options *options) {
  static const apc_options defaults = {.size = sizeof(apc_options)};
  const apc_options *o = options != NULL ? options : &defaults;
  if (o->size != sizeof *o)
    return error_set(APC_E_BAD_ARGUMENT, "apc_options has %u bytes here, not %u", (unsigned)sizeof *o, o->size);
  s->ring_records = o->ring_records != 0 ? o->ring_records : RING_DEFAULT_RECORDS;
  s->max_threads = o->max_threads != 0 ? o->max_threads : DEFAULT_THREADS;
  s->max_nesting = o->max_nesting != 0 ? o->max_nesting : DEFAULT_NESTING;
  if (s->ring_records < RING_MIN_RECORDS || s->ring_records > RING_MAX_RECORDS ||
      (s->ring_records & (s->ring_records - 1)) != 0) {
    return error_set(APC_E_BAD_ARGUMENT, "ring_records is a power of two from %u to %u, not %u", RING_MIN_RECORDS,
        RING_MAX_RECORDS, s->ring_records);
  }
  if (s->max_threads > APC_THREAD_NONE - APC_THREAD_FIRST)
    return error_set(
        APC_E_BAD_ARGUMENT, "max_threads is at most %u, not %u", APC_THREAD_NONE - APC_THREAD_FIRST, s->max_threads);
  if (s->max_nesting > MAX_NESTING)
    return error_set(APC_E_BAD_ARGUMENT, "max_nesting is at most %u, not %u", MAX_NESTING, s->max_nesting);
  return APC_OK;
}

static int32_t claim_slot(session *s) {
  for (int32_t i = 0; i < MAX_SESSIONS; i++) {
    session *none = NULL;
    if (atomic_compare_exchange_strong(&sessions[i], &none, s)) return i + 1;
  }
  return error_set(APC_E_LIMIT, "%d sessions are open: close one first", MAX_SESSIONS);
}

int32_t apc_open(const apc_options *options) {
  session *s = backend_reserve(sizeof *s);
  if (s == NULL) return error_plain(APC_E_NO_MEMORY);
  s->program.controller = PROGRAM_NO_CONTROLLER;
  s->opened_ns = backend_now_ns();
  s->opened_unix_ns = backend_unix_ns();
  int32_t outcome = read_options(s, options);
  if (outcome == APC_OK) {
    s->threads = backend_reserve(table_bytes(s));
    outcome = s->threads != NULL && make_main(s) && begin_objects(s) ? claim_slot(s) : error_plain(APC_E_NO_MEMORY);
  }
  if (outcome < 0) free_session(s);
  else s->number = outcome;
  return outcome;
}

int32_t apc_close(int32_t number) {
  session *s = session_find(number);
  if (s == NULL) return APC_E_BAD_SESSION;
  thread_end_sweep(s);
  for (uint32_t i = APC_THREAD_CONTROLLER; i < s->thread_count; i++) {
    lab_thread *t = s->threads[i];
    if (t != NULL && !t->swept && lab_thread_is_created(t))
      return error_set(APC_E_BUSY, "thread %u is still alive: stop the session first", i);
  }
  if (doorbell_stop(&s->doorbell) != APC_OK)
    return error_set(APC_E_BUSY, "the doorbell is being answered: let the event loop turn and close again");
  atomic_store(&sessions[number - 1], NULL);
  free_session(s);
  return APC_OK;
}
