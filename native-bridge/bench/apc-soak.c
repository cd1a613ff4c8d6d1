/*
 * apc-soak: queues --apcs over --threads lab threads, --rate a second, while main suspends, resumes, ends and replaces
 * them at random (--seed), and drains all the time. At the end queued = delivered + cancelled + vanished + lost and
 * nothing is pending; each APC has come to exactly one end in the trace; no thread, file descriptor or memory is left.
 * The drain must never stand still. Progress goes to stdout. Exit status 0 when all that holds.
 */
#include <dirent.h>

#include "backend.h"
#include "check.h"
#include "random.h"
#include "soak.h"

#define RING_RECORDS 32768u /* a thread that was suspended for seconds runs what has gathered without a pause */
#define BATCH_RECORDS 32768u
#define SPARE_THREADS 40000u
#define ACTS_A_TURN 64u
#define TURN_MS 2u
#define STANDSTILL_NS 10000000000u
#define REPORT_NS 5000000000u
#define END_LIMIT_NS 60000000000u

typedef struct options {
  uint64_t apcs, seed;
  uint32_t threads, rate;
  bool quiet;
} options;

/* A place in the crowd: the thread that has it now. */
typedef struct place {
  uint32_t thread, suspended; /* how often */
} place;

typedef struct soak {
  int32_t session;
  options o;
  uint64_t random;
  place *places;
  uint32_t place_of[65536]; /* by thread */
  bool ending;              /* threads are not replaced any more */
  account account;
  uint64_t last_event_ns, longest_drain_ns, began_ns, reported_ns;
  uint32_t ended, suspensions, acts_between_ends;
} soak;

_Noreturn void check_failed(void) { exit(1); }

static apc_status status_of(const soak *s) {
  apc_status status;
  CHECK_INT(apc_status_of(s->session, &status), APC_OK);
  return status;
}

static void fill(soak *s, uint32_t at, uint32_t thread) {
  s->places[at] = (place){.thread = thread};
  s->place_of[thread] = at;
}

static void replace(soak *s, uint32_t at) {
  uint32_t dice = next_random(&s->random);
  bool suspended = dice % 4 == 0;
  int32_t thread = apc_create_thread(s->session, "next", SOAK_FIRST_WORKER + dice / 4 % SOAK_WORKERS, suspended);
  if (thread == APC_E_LIMIT) return; /* the session has had all it takes: the place stays with a dead one */
  CHECK(thread > 0);
  fill(s, at, (uint32_t)thread);
  s->places[at].suspended = suspended;
}

static void look(soak *s, const apc_record *records, uint32_t count) {
  for (uint32_t i = 0; i < count; i += 1 + APC_RECORD_MORE_COUNT(records[i].flags)) {
    if (records[i].kind != APC_KIND_THREAD_ENDED) continue;
    s->ended++;
    if (!s->ending) replace(s, s->place_of[records[i].thread]);
  }
}

/* What is published by now, and no more: threads may publish faster than this drains. */
static void drain(soak *s) {
  static apc_record batch[BATCH_RECORDS];
  apc_drain_info info;
  uint64_t published = status_of(s).published;
  do {
    uint64_t began_ns = backend_now_ns();
    CHECK_INT(apc_drain(s->session, batch, BATCH_RECORDS, &info), APC_OK);
    uint64_t now_ns = backend_now_ns();
    if (now_ns - began_ns > s->longest_drain_ns) s->longest_drain_ns = now_ns - began_ns;
    if (info.heads > 0) s->last_event_ns = now_ns;
    account_add(&s->account, batch, info.records);
    look(s, batch, info.records);
  } while (info.left != 0 && s->account.events < published);
}

static void report(soak *s, const char *what) {
  if (s->o.quiet) return;
  apc_status t = status_of(s);
  printf("%6.1f s  %-8s %" PRIu64 " queued, %" PRIu64 " delivered, %" PRIu64 " cancelled, %" PRIu64
         " vanished, %" PRIu64 " lost, %" PRIu64 " pending; %u threads, %u ended, %u suspensions; %" PRIu64
         " events (%" PRIu64 " did not fit), longest drain %.1f ms\n",
      (double)(backend_now_ns() - s->began_ns) / 1e9, what, t.queued, t.delivered, t.cancelled, t.vanished, t.lost_apcs,
      t.pending, t.threads_alive, s->ended, s->suspensions, t.published, t.lost, (double)s->longest_drain_ns / 1e6);
  fflush(stdout);
  s->reported_ns = backend_now_ns();
}

/* About half of the first threads die on the way, so that calls on the living and on the dead both go on to the end. */
static uint32_t acts_between_ends(const options *o) {
  uint64_t turns = o->apcs * 1000 / o->rate / (TURN_MS + 1);
  return (uint32_t)(turns * ACTS_A_TURN * 2 / o->threads) + 1;
}

/* One thing that main does to one of them. A failed call on a thread that has just ended is none of its faults. */
static void act(soak *s) {
  uint32_t dice = next_random(&s->random);
  place *p = &s->places[next_random(&s->random) % s->o.threads];
  if (dice % 64 < 4) {
    if (apc_suspend_thread(s->session, p->thread) < 0) return;
    p->suspended++;
    s->suspensions++;
  } else if (dice % 64 < 16) {
    if (p->suspended > 0 && apc_resume_thread(s->session, p->thread) >= 0) p->suspended--;
  } else if (next_random(&s->random) % s->acts_between_ends != 0) {
    CHECK(apc_queue_user_apc(s->session, p->thread, SOAK_NOTE, dice) >= 0);
  } else if (dice % 2 == 0) {
    apc_end_thread(s->session, p->thread, 5);
  } else {
    apc_queue_user_apc(s->session, p->thread, SOAK_LEAVE, 0);
  }
}

static void turn(soak *s) {
  drain(s);
  uint64_t now_ns = backend_now_ns();
  if (now_ns - s->last_event_ns > STANDSTILL_NS) {
    fprintf(stderr, "nothing was drained for %.0f s\n", STANDSTILL_NS / 1e9);
    check_failed();
  }
  if (now_ns - s->reported_ns > REPORT_NS) report(s, s->ending ? "ending" : "");
}

static void pause_ms(uint32_t milliseconds) {
  static backend_event *never;
  if (never == NULL) never = backend_event_create();
  backend_event_wait(never, milliseconds);
}

static void until_alive(soak *s, uint32_t threads) {
  uint64_t until_ns = backend_now_ns() + END_LIMIT_NS;
  s->last_event_ns = backend_now_ns();
  while (status_of(s).threads_alive > threads) {
    turn(s);
    if (backend_now_ns() > until_ns) report(s, "too late");
    CHECK(backend_now_ns() <= until_ns);
    pause_ms(1);
  }
}

/* Most end by themselves once they are told to; those left suspended are ended by apc_stop. */
static void end_all(soak *s) {
  drain(s);
  s->ending = true;
  uint32_t suspended = 0;
  for (uint32_t i = 0; i < s->o.threads; i++) {
    place *p = &s->places[i];
    if (p->suspended > 0 && i % 8 == 0) {
      suspended++;
      continue;
    }
    for (; p->suspended > 0; p->suspended--) apc_resume_thread(s->session, p->thread);
    apc_queue_user_apc(s->session, p->thread, SOAK_HALT, 0);
  }
  until_alive(s, suspended);
  report(s, "halted");
  CHECK_INT(apc_stop(s->session), APC_OK);
  until_alive(s, 0);
  drain(s);
}

static void run(const options *o) {
  uint64_t random = o->seed;
  uint32_t between_ms = (uint32_t)((uint64_t)o->threads * SOAK_APCS_A_PASS * 1000 / o->rate);
  builder *b = soak_program(o->threads, between_ms, &random);
  apc_options session_options = {
      .size = sizeof session_options, .ring_records = RING_RECORDS, .max_threads = o->threads + SPARE_THREADS};
  soak *s = calloc(1, sizeof *s);
  CHECK(s != NULL);
  *s = (soak){.o = *o, .random = random, .began_ns = backend_now_ns(), .session = apc_open(&session_options)};
  CHECK(s->session > 0);
  s->account.session = s->session;
  s->acts_between_ends = acts_between_ends(o);
  s->places = calloc(o->threads, sizeof *s->places);
  CHECK(s->places != NULL);
  for (uint32_t i = 0; i < o->threads; i++) fill(s, i, APC_THREAD_FIRST + i);
  uint32_t bytes;
  uint8_t *blob = builder_blob(b, &bytes);
  CHECK_INT(apc_load(s->session, blob, bytes), APC_OK);
  free(blob);
  builder_free(b);
  s->last_event_ns = s->reported_ns = s->began_ns;
  CHECK_INT(apc_start(s->session), APC_OK);
  while (status_of(s).queued < o->apcs) {
    turn(s);
    for (uint32_t i = 0; i < ACTS_A_TURN; i++) act(s);
    pause_ms(TURN_MS);
  }
  end_all(s);
  report(s, "over");
  apc_status status = status_of(s);
  account_check(&s->account, &status);
  CHECK_INT(s->ended, status.threads_created);
  CHECK_INT(apc_close(s->session), APC_OK);
  account_free(&s->account);
  free(s->places);
  free(s);
}

/* ---- what the process holds: of Linux alone, 0 elsewhere ---- */

typedef struct holdings {
  long files, threads, memory_kib;
} holdings;

static long line_of_status(const char *name) {
  char line[256];
  long value = 0;
  FILE *in = fopen("/proc/self/status", "r");
  while (in != NULL && fgets(line, sizeof line, in) != NULL) {
    if (strncmp(line, name, strlen(name)) == 0) value = strtol(line + strlen(name), NULL, 10);
  }
  if (in != NULL) fclose(in);
  return value;
}

static long open_files(void) {
  long count = 0;
  DIR *folder = opendir("/proc/self/fd");
  while (folder != NULL && readdir(folder) != NULL) count++;
  if (folder != NULL) closedir(folder);
  return count;
}

static holdings what_is_held(void) {
  return (holdings){
      .files = open_files(), .threads = line_of_status("Threads:"), .memory_kib = line_of_status("VmSize:")};
}

/* The C library keeps stacks of ended threads (40 MiB of them) and arenas: a ring kept for each thread would be more.
 */
#define MEMORY_KEPT_KIB (96 * 1024)
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  define MEMORY_IS_OURS false /* a sanitizer's quarantine and shadow are in it; LeakSanitizer looks instead */
#else
#  define MEMORY_IS_OURS true
#endif

static void check_held(holdings before, holdings after) {
  printf("held before and after: %ld and %ld files, %ld and %ld threads, %.1f and %.1f MiB of address space\n",
      before.files, after.files, before.threads, after.threads, (double)before.memory_kib / 1024,
      (double)after.memory_kib / 1024);
  CHECK_INT(after.files, before.files);
  CHECK_INT(after.threads, before.threads);
  if (MEMORY_IS_OURS) CHECK(after.memory_kib <= before.memory_kib + MEMORY_KEPT_KIB);
}

static options read_options(int argc, char **argv) {
  options o = {.apcs = 10000000, .seed = 1, .threads = 1000, .rate = 250000};
  for (int i = 1; i < argc; i += 2) {
    uint64_t value = i + 1 < argc ? strtoull(argv[i + 1], NULL, 10) : 0;
    if (value > 0 && strcmp(argv[i], "--apcs") == 0) o.apcs = value;
    else if (value > 0 && value <= 4000 && strcmp(argv[i], "--threads") == 0) o.threads = (uint32_t)value;
    else if (value > 0 && value <= UINT32_MAX && strcmp(argv[i], "--rate") == 0) o.rate = (uint32_t)value;
    else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc) o.seed = value;
    else {
      fprintf(stderr, "usage: apc-soak [--apcs N] [--threads 1..4000] [--rate N] [--seed N]\n");
      exit(2);
    }
  }
  return o;
}

/* The first run leaves in the process what the system keeps for good. */
int main(int argc, char **argv) {
  options o = read_options(argc, argv), first = o;
  first.apcs = 1000;
  first.quiet = true;
  run(&first);
  holdings before = what_is_held();
  printf("seed %" PRIu64 ": %" PRIu64 " APCs over %u threads\n", o.seed, o.apcs, o.threads);
  run(&o);
  check_held(before, what_is_held());
  printf("all accounted for\n");
  return 0;
}
