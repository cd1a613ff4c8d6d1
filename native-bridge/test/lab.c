#include "lab.h"

#include "backend.h"

static backend_event *bell_rang;
static lab *open_lab; /* whose trace check_failed prints */

static void on_bell(int32_t session) {
  (void)session;
  backend_event_set(bell_rang);
}

lab *lab_load(builder *b, const apc_options *options) {
  lab *l = calloc(1, sizeof *l);
  CHECK(l != NULL);
  if (bell_rang == NULL) bell_rang = backend_event_create();
  l->session = apc_open(options);
  CHECK(l->session > 0);
  open_lab = l;
  if (b != NULL) {
    uint32_t bytes;
    uint8_t *blob = builder_blob(b, &bytes);
    int32_t error = apc_load(l->session, blob, bytes);
    if (error != APC_OK) {
      char sentence[256];
      apc_error_text(sentence, sizeof sentence);
      fprintf(stderr, "apc_load: %s\n", sentence);
    }
    CHECK_INT(error, APC_OK);
    free(blob);
    builder_free(b);
  }
  CHECK_INT(apc_set_doorbell(l->session, on_bell), APC_OK);
  return l;
}

lab *lab_start(builder *b) {
  /* Small enough that a drain catches up with a thread that publishes without a pause. */
  apc_options options = {.size = sizeof options, .ring_records = 16384};
  lab *l = lab_load(b, &options);
  CHECK_INT(apc_start(l->session), APC_OK);
  return l;
}

lab *lab_run(builder *b, uint32_t limit_ms) {
  lab *l = lab_start(b);
  lab_until_over(l, limit_ms);
  return l;
}

static void *grown(void *memory, uint32_t *capacity, uint32_t needed, size_t size) {
  if (needed <= *capacity) return memory;
  while (*capacity < needed) *capacity = *capacity != 0 ? *capacity * 2 : 1024;
  memory = realloc(memory, *capacity * size);
  CHECK(memory != NULL);
  return memory;
}

static void append(lab *l, const apc_record *records, uint32_t count) {
  for (uint32_t i = 0; i < count;) {
    event e = {.head = records[i], .first_argument = l->argument_count, .drain = l->drains};
    uint32_t more = APC_RECORD_MORE_COUNT(e.head.flags);
    CHECK(i + 1 + more <= count); /* a head is never split from its `more` */
    CHECK((more > 0) == ((e.head.flags & APC_RECORD_MORE) != 0));
    for (uint32_t k = 0; k < more; k++) {
      apc_more m;
      memcpy(&m, &records[i + 1 + k], sizeof m);
      CHECK(m.kind == APC_KIND_MORE && m.what == APC_WHAT_ARGUMENTS && m.count >= 1 && m.count <= 3);
      l->arguments = grown(l->arguments, &l->argument_capacity, l->argument_count + 3, sizeof *l->arguments);
      memcpy(l->arguments + l->argument_count, m.u, m.count * sizeof *m.u);
      l->argument_count += m.count;
      e.arguments += m.count;
    }
    l->events = grown(l->events, &l->capacity, l->count + 1, sizeof *l->events);
    l->events[l->count++] = e;
    i += 1 + more;
  }
}

void lab_drain(lab *l) {
  static apc_record batch[65536];
  uint32_t capacity = l->batch != 0 ? l->batch : 65536;
  apc_drain_info info;
  do {
    uint32_t before = l->count;
    CHECK_INT(apc_drain(l->session, batch, capacity, &info), APC_OK);
    append(l, batch, info.records);
    l->drains++;
    CHECK_INT(l->count - before, info.heads);
    if (info.text_bytes > l->text_bytes) {
      l->texts = realloc(l->texts, info.text_bytes);
      CHECK(l->texts != NULL);
      CHECK_INT(apc_drain_text(l->session, l->text_bytes, l->texts + l->text_bytes, info.text_bytes - l->text_bytes),
          info.text_bytes - l->text_bytes);
      l->text_bytes = info.text_bytes;
    }
  } while (info.left != 0 && info.records != 0);
}

void lab_until(lab *l, bool (*holds)(lab *, uint32_t), uint32_t subject, uint32_t limit_ms) {
  uint64_t until = backend_now_ns() + (uint64_t)limit_ms * 1000000u;
  for (;;) {
    lab_drain(l);
    if (holds(l, subject)) return;
    if (backend_now_ns() > until) {
      fprintf(stderr, "not reached within %u ms\n", limit_ms);
      check_failed();
    }
    backend_event_wait(bell_rang, apc_arm_doorbell(l->session) == 0 ? 20 : 1);
  }
}

apc_status lab_status(lab *l) {
  apc_status status;
  CHECK_INT(apc_status_of(l->session, &status), APC_OK);
  return status;
}

static bool program_is_over(lab *l, uint32_t unused) {
  (void)unused;
  apc_status s = lab_status(l);
  return s.program_threads_alive == 0 && s.controller_alive == 0;
}

static bool all_is_over(lab *l, uint32_t unused) {
  (void)unused;
  apc_status s = lab_status(l);
  return s.threads_alive == 0 && s.controller_alive == 0;
}

void lab_until_over(lab *l, uint32_t limit_ms) {
  lab_until(l, program_is_over, 0, limit_ms);
  lab_drain(l);
  lab_check_trace(l);
}

void lab_stop(lab *l, uint32_t limit_ms) {
  CHECK_INT(apc_stop(l->session), APC_OK);
  lab_until(l, all_is_over, 0, limit_ms);
  lab_drain(l);
  lab_check_trace(l);
}

void lab_close(lab *l) {
  apc_status s = lab_status(l);
  if (s.threads_alive != 0 || s.controller_alive != 0) lab_stop(l, 5000);
  while (apc_close(l->session) == APC_E_BUSY) backend_event_wait(bell_rang, 1);
  CHECK_INT(apc_close(l->session), APC_E_BAD_SESSION);
  free(l->events);
  free(l->arguments);
  free(l->texts);
  free(l);
  open_lab = NULL;
}

static bool engine_says(const char *words) {
  char json[8192];
  apc_engine(json, sizeof json);
  return strstr(json, words) != NULL;
}

bool lab_on_win32(void) { return engine_says("\"engine\":\"win32\""); }
bool lab_on_wine(void) { return engine_says("Wine"); }

/* ---- questions ---- */

static bool is_of(const event *e, apc_kind kind, uint32_t thread) {
  return e->head.kind == kind && (thread == ANY_THREAD || e->head.thread == thread);
}

uint32_t lab_count(lab *l, apc_kind kind, uint32_t thread) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < l->count; i++) count += is_of(&l->events[i], kind, thread);
  return count;
}

event *lab_event(lab *l, apc_kind kind, uint32_t thread, uint32_t nth) {
  for (uint32_t i = 0; i < l->count; i++) {
    if (is_of(&l->events[i], kind, thread) && nth-- == 0) return &l->events[i];
  }
  fprintf(stderr, "no such event: kind %d on thread %u\n", kind, thread);
  check_failed();
}

uint32_t lab_index(lab *l, const event *e) { return (uint32_t)(e - l->events); }

event *lab_return(lab *l, apc_call call, uint32_t thread, uint32_t nth) {
  for (uint32_t i = 0; i < l->count; i++) {
    event *e = &l->events[i];
    if (is_of(e, APC_KIND_CALL_RETURNED, thread) && e->head.call == call && nth-- == 0) return e;
  }
  fprintf(stderr, "no such return: call %d on thread %u\n", call, thread);
  check_failed();
}

uint32_t result_of(const event *e) { return (uint32_t)e->head.value; }
uint32_t last_error_of(const event *e) { return (uint32_t)(e->head.value >> 32); }

double lab_duration_ms(lab *l, const event *returned) {
  uint32_t open = 0;
  for (uint32_t i = lab_index(l, returned); i-- > 0;) {
    const event *e = &l->events[i];
    if (is_of(e, APC_KIND_CALL_RETURNED, returned->head.thread)) open++;
    if (is_of(e, APC_KIND_CALL_BEGAN, returned->head.thread) && open-- == 0)
      return (double)(returned->head.time_ns - e->head.time_ns) / 1e6;
  }
  check_failed();
}

static const char *text_of(lab *l, uint32_t id) {
  static char words[256];
  for (uint32_t i = 0; i < l->count; i++) {
    const apc_record *r = &l->events[i].head;
    if (r->kind != APC_KIND_DEFINED || (r->value & 0xFF) != APC_CLASS_TEXT || r->subject != id) continue;
    uint32_t bytes = (uint32_t)(r->value >> 16 & 0xFFFF), offset = (uint32_t)(r->value >> 32);
    CHECK(bytes < sizeof words && offset + bytes <= l->text_bytes);
    memcpy(words, l->texts + offset, bytes);
    words[bytes] = 0;
    return words;
  }
  return "?";
}

const char *lab_log(lab *l) {
  static char line[65536];
  size_t used = 0;
  line[0] = 0;
  for (uint32_t i = 0; i < l->count; i++) {
    event *e = &l->events[i];
    if (e->head.kind != APC_KIND_LOG) continue;
    used += (size_t)snprintf(line + used, sizeof line - used, "%s%s", used > 0 ? " " : "", text_of(l, e->head.subject));
    for (uint32_t k = 0; k < e->arguments; k++)
      used += (size_t)snprintf(
          line + used, sizeof line - used, "%" PRId64, (int64_t)l->arguments[e->first_argument + k]);
  }
  return line;
}

uint32_t lab_exit_code(lab *l, uint32_t thread) {
  return (uint32_t)lab_event(l, APC_KIND_THREAD_ENDED, thread, 0)->head.value;
}
uint32_t lab_end_reason(lab *l, uint32_t thread) {
  return (uint32_t)(lab_event(l, APC_KIND_THREAD_ENDED, thread, 0)->head.value >> 32 & 0xFF);
}

/* ---- failure ---- */

static const char *kind_name(uint32_t kind) {
  switch (kind) {
#define X(number, name, json)                                                                                          \
  case number: return #json;
    APC_KINDS(X)
#undef X
    default: return "?";
  }
}

#define SHOWN_FIRST 60u
#define SHOWN_LAST 140u

/* APC_TEST_ALL=1 in the environment shows the whole trace. */
void check_failed(void) {
  bool all = getenv("APC_TEST_ALL") != NULL;
  for (uint32_t i = 0; open_lab != NULL && i < open_lab->count; i++) {
    if (!all && i == SHOWN_FIRST && open_lab->count > SHOWN_FIRST + SHOWN_LAST) i = open_lab->count - SHOWN_LAST;
    const apc_record *r = &open_lab->events[i].head;
    if (r->kind == APC_KIND_DEFINED) continue;
    fprintf(stderr, "%5u %10.3f ms  thread %-3u %-14s call %-3u subject %08x value %016" PRIx64 " flags %x\n", i,
        (double)r->time_ns / 1e6, r->thread, kind_name(r->kind), r->call, r->subject, r->value, r->flags & 0xFFu);
  }
  exit(1);
}

void skip(const char *why) {
  printf("skipped: %s\n", why);
  exit(SKIP_STATUS);
}
