/*
 * apc-run: runs a compiled program without Node, for sanitizers, fuzzers and Wine.
 *
 *   apc-run program.bin out.apcraw [--timeout-ms N] [--repeat N]
 *
 * The output, little endian: "APCRAW1\n"; u32 n and n bytes of the engine's JSON; u64 opened_unix_ns; then chunks
 * { u32 records, u32 text bytes, the records, the text bytes that are new }; last { 0xFFFFFFFF, u32 n, n bytes of JSON
 * }: every field of apc_status, and "timedOut". It is flushed after every chunk. With --repeat the file holds the last
 * run.
 *
 * Exit status: 0 the program ran to its end, 2 bad arguments or program, 4 the engine failed, 5 timed out.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apc.h"
#include "backend.h"

#define BATCH_RECORDS 32768u
#define DEFAULT_TIMEOUT_MS 10000u
#define STOP_LIMIT_MS 5000u /* twice over what apc_stop promises */
#define LAST_CHUNK 0xFFFFFFFFu

enum { RAN = 0, BAD_PROGRAM = 2, ENGINE_FAILED = 4, TIMED_OUT = 5 };

typedef struct run {
  int32_t session;
  FILE *out;
  uint32_t text_bytes; /* written so far */
  apc_record *batch;
} run;

static backend_event *bell_rang;

static void on_bell(int32_t session) {
  (void)session;
  backend_event_set(bell_rang);
}

static int fail(int status, const char *what) {
  char sentence[512];
  apc_error_text(sentence, sizeof sentence);
  fprintf(stderr, "apc-run: %s: %s\n", what, sentence);
  return status;
}

static bool put(run *r, const void *bytes, size_t count) { return fwrite(bytes, 1, count, r->out) == count; }
static bool put_u32(run *r, uint32_t value) { return put(r, &value, sizeof value); }

static bool put_text(run *r, uint32_t count) {
  uint8_t *text = malloc(count + 1u);
  bool written = text != NULL && apc_drain_text(r->session, r->text_bytes, text, count) == (int32_t)count &&
                 put(r, text, count);
  free(text);
  r->text_bytes += count;
  return written;
}

static bool put_head(run *r) {
  char json[8192];
  apc_status status;
  int32_t length = apc_engine(json, sizeof json);
  if (apc_status_of(r->session, &status) != APC_OK) return false;
  return put(r, "APCRAW1\n", 8) && put_u32(r, (uint32_t)length) && put(r, json, (size_t)length) &&
         put(r, &status.opened_unix_ns, sizeof status.opened_unix_ns);
}

static bool put_end(run *r, bool timed_out) {
  apc_status s;
  if (apc_status_of(r->session, &s) != APC_OK) return false;
  char json[1024];
  int length = snprintf(json, sizeof json,
      "{\"now_ns\":%" PRIu64 ",\"opened_unix_ns\":%" PRIu64 ",\"published\":%" PRIu64 ",\"lost\":%" PRIu64
      ",\"queued\":%" PRIu64 ",\"delivered\":%" PRIu64 ",\"cancelled\":%" PRIu64 ",\"vanished\":%" PRIu64
      ",\"lost_apcs\":%" PRIu64 ",\"pending\":%" PRIu64 ",\"threads_created\":%u,\"threads_alive\":%u,\"controller_"
      "alive\":%u,\"program_threads_alive\":%u,\"started\":%u,"
      "\"stopping\":%u,\"timedOut\":%s}",
      s.now_ns, s.opened_unix_ns, s.published, s.lost, s.queued, s.delivered, s.cancelled, s.vanished, s.lost_apcs,
      s.pending, s.threads_created, s.threads_alive, s.controller_alive, s.program_threads_alive, s.started, s.stopping,
      timed_out ? "true" : "false");
  return put_u32(r, LAST_CHUNK) && put_u32(r, (uint32_t)length) && put(r, json, (size_t)length) && fflush(r->out) == 0;
}

/* Drains all there is. */
static bool pump(run *r) {
  apc_drain_info info;
  do {
    if (apc_drain(r->session, r->batch, BATCH_RECORDS, &info) != APC_OK) return false;
    if (info.records == 0) continue;
    uint32_t text = info.text_bytes - r->text_bytes;
    if (!put_u32(r, info.records) || !put_u32(r, text) || !put(r, r->batch, info.records * sizeof *r->batch) ||
        !put_text(r, text))
      return false;
    if (fflush(r->out) != 0) return false;
  } while (info.left != 0);
  return true;
}

static bool is_over(run *r) {
  apc_status s;
  apc_status_of(r->session, &s);
  return s.program_threads_alive == 0 && s.controller_alive == 0;
}

/* Pumps until the run is over or the time is; then true or false. */
static bool pump_until_over(run *r, uint32_t limit_ms, bool *failed) {
  uint64_t until = backend_now_ns() + (uint64_t)limit_ms * 1000000u;
  for (;;) {
    *failed = !pump(r);
    if (*failed || is_over(r)) return true; /* is_over sweeps: the caller pumps once more */
    if (backend_now_ns() >= until) return false;
    if (apc_arm_doorbell(r->session) == 0) backend_event_wait(bell_rang, 20);
    else backend_event_wait(bell_rang, 1); /* a thread's end is being told, or records are there already */
  }
}

static int play(run *r, const void *program, uint32_t bytes, uint32_t timeout_ms) {
  if (apc_load(r->session, program, bytes) != APC_OK) return fail(BAD_PROGRAM, "bad program");
  if (!put_head(r)) return fail(ENGINE_FAILED, "cannot write the output");
  if (apc_set_doorbell(r->session, on_bell) != APC_OK || apc_start(r->session) != APC_OK)
    return fail(ENGINE_FAILED, "cannot start");
  bool failed;
  bool timed_out = !pump_until_over(r, timeout_ms, &failed);
  bool ended = true;
  if (timed_out) {
    apc_stop(r->session);
    ended = pump_until_over(r, STOP_LIMIT_MS, &failed);
  }
  if (!failed) failed = apc_query_objects(r->session) != APC_OK || !pump(r); /* and what the last sweep told */
  if (failed || !put_end(r, timed_out)) return fail(ENGINE_FAILED, "cannot drain or write");
  if (!ended) return fail(ENGINE_FAILED, "the session does not stop");
  return timed_out ? TIMED_OUT : RAN;
}

static int cannot_write(const char *path) {
  fprintf(stderr, "apc-run: cannot write %s\n", path);
  return ENGINE_FAILED;
}

static int run_once(const char *path, const void *program, uint32_t bytes, uint32_t timeout_ms) {
  run r = {.session = apc_open(NULL), .out = fopen(path, "wb"), .batch = malloc(BATCH_RECORDS * sizeof(apc_record))};
  int status;
  if (r.session < 0) status = fail(ENGINE_FAILED, "cannot open a session");
  else if (r.out == NULL || r.batch == NULL) status = cannot_write(path);
  else status = play(&r, program, bytes, timeout_ms);
  if (r.out != NULL && fclose(r.out) != 0) status = ENGINE_FAILED;
  free(r.batch);
  while (r.session > 0 && apc_close(r.session) == APC_E_BUSY && status != ENGINE_FAILED)
    backend_event_wait(bell_rang, 1);
  return status;
}

static void *read_file(const char *path, uint32_t *bytes) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  void *content = malloc(size > 0 ? (size_t)size : 1);
  if (content != NULL && fread(content, 1, (size_t)size, file) == (size_t)size) {
    *bytes = (uint32_t)size;
  } else {
    free(content);
    content = NULL;
  }
  fclose(file);
  return content;
}

static int usage(void) {
  fprintf(stderr, "usage: apc-run program.bin out.apcraw [--timeout-ms N] [--repeat N]\n");
  return BAD_PROGRAM;
}

int main(int argc, char **argv) {
  uint32_t timeout_ms = DEFAULT_TIMEOUT_MS, repeat = 1, bytes = 0;
  if (argc < 3 || argc % 2 == 0) return usage();
  for (int i = 3; i < argc; i += 2) {
    uint32_t number = (uint32_t)strtoul(argv[i + 1], NULL, 10);
    if (strcmp(argv[i], "--timeout-ms") == 0) timeout_ms = number;
    else if (strcmp(argv[i], "--repeat") == 0) repeat = number;
    else return usage();
  }
  void *program = read_file(argv[1], &bytes);
  if (program == NULL) {
    fprintf(stderr, "apc-run: cannot read %s\n", argv[1]);
    return BAD_PROGRAM;
  }
  bell_rang = backend_event_create();
  int status = bell_rang != NULL ? RAN : ENGINE_FAILED;
  for (uint32_t i = 0; i < repeat && status == RAN; i++) status = run_once(argv[2], program, bytes, timeout_ms);
  if (bell_rang != NULL) backend_event_free(bell_rang);
  free(program);
  return status;
}
