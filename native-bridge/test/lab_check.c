/* What must hold of every trace, whatever ran. */
#include "lab.h"

#define MAX_THREADS 65536
#define MAX_DEPTH 4096

typedef struct frame {
  bool is_apc;
  uint32_t id; /* the call or the APC */
} frame;

typedef struct thread_check {
  uint64_t last_ns;
  uint32_t depth;
  bool started, ended, gap;
  frame frames[MAX_DEPTH];
} thread_check;

/* Life of an APC in the trace. */
enum { UNKNOWN, QUEUEING, ARMED, FAILED, BEGAN, CANCELLED, LOST };
typedef struct apc_check {
  uint8_t life;
  bool queued;
  uint16_t target;
} apc_check;

static thread_check *threads[MAX_THREADS];
static apc_check *apcs;
static uint32_t apc_capacity;

static thread_check *thread_of_record(uint32_t index) {
  if (threads[index] == NULL) threads[index] = calloc(1, sizeof(thread_check));
  CHECK(threads[index] != NULL);
  return threads[index];
}

static apc_check *apc_of(uint32_t id) {
  while (id >= apc_capacity) {
    uint32_t larger = apc_capacity != 0 ? apc_capacity * 2 : 1024;
    apcs = realloc(apcs, larger * sizeof *apcs);
    CHECK(apcs != NULL);
    memset(apcs + apc_capacity, 0, (larger - apc_capacity) * sizeof *apcs);
    apc_capacity = larger;
  }
  return &apcs[id];
}

static void open_frame(thread_check *t, bool is_apc, uint32_t id) {
  CHECK(t->depth < MAX_DEPTH);
  t->frames[t->depth++] = (frame){.is_apc = is_apc, .id = id};
}

static void close_frame(thread_check *t, bool is_apc, uint32_t id) {
  if (t->gap) return;
  CHECK(t->depth > 0);
  frame f = t->frames[--t->depth];
  CHECK(f.is_apc == is_apc && f.id == id);
}

static bool is_native(uint32_t call) {
  return call == APC_CALL_NT_QUEUE_APC_THREAD || call == APC_CALL_NT_QUEUE_APC_THREAD_EX;
}

static bool waits(const apc_check *a) { return a->life == QUEUEING || a->life == ARMED; }

static void check_apc(const apc_record *r, thread_check *t, bool any_gap) {
  apc_check *a = apc_of(r->subject);
  switch (r->kind) {
    case APC_KIND_APC_QUEUEING:
      CHECK_INT(a->life, UNKNOWN);
      *a = (apc_check){.life = QUEUEING, .target = (uint16_t)r->value};
      break;
    case APC_KIND_APC_ARMED:
      CHECK_INT(a->life, UNKNOWN);
      *a = (apc_check){.life = ARMED, .target = (uint16_t)r->value};
      break;
    case APC_KIND_APC_CANCELLED:
      CHECK(any_gap || a->life == ARMED);
      a->life = CANCELLED;
      break;
    case APC_KIND_APC_QUEUED:
      CHECK(any_gap || (a->life != UNKNOWN && a->life != FAILED && !a->queued));
      a->queued = true;
      if (is_native(r->call)) CHECK_INT(result_of(&(event){.head = *r}), 0);
      else CHECK(result_of(&(event){.head = *r}) != 0);
      break;
    case APC_KIND_APC_QUEUE_FAILED:
      CHECK(any_gap || a->life == QUEUEING);
      a->life = FAILED;
      break;
    case APC_KIND_APC_BEGAN:
      CHECK(any_gap || (waits(a) && a->target == r->thread));
      a->life = BEGAN;
      open_frame(t, true, r->subject);
      break;
    case APC_KIND_APC_ENDED: close_frame(t, true, r->subject); break;
    case APC_KIND_APC_LOST:
      CHECK(any_gap || (waits(a) && a->target == r->thread));
      CHECK(t->ended);
      a->life = LOST;
      break;
    default: break;
  }
}

static void check_record(const apc_record *r, bool any_gap) {
  thread_check *t = thread_of_record(r->thread);
  CHECK(r->time_ns >= t->last_ns);
  t->last_ns = r->time_ns;
  /* Its end may satisfy a wait that takes other objects too. */
  bool about_the_dead = r->kind == APC_KIND_APC_LOST || r->kind == APC_KIND_LOST || r->kind == APC_KIND_OBJECT_CHANGED;
  CHECK(!t->ended || about_the_dead);
  switch (r->kind) {
    case APC_KIND_LOST: t->gap = true; break;
    case APC_KIND_RESYNC: CHECK_INT((r->value >> 8 & 0xFF) + (r->value >> 16 & 0xFF) <= MAX_DEPTH, 1); break;
    case APC_KIND_THREAD_STARTED:
      CHECK(!t->started);
      t->started = true;
      break;
    case APC_KIND_THREAD_ENDED:
      t->ended = true;
      t->depth = 0;
      break;
    case APC_KIND_CALL_BEGAN: open_frame(t, false, r->call); break;
    case APC_KIND_CALL_RETURNED: close_frame(t, false, r->call); break;
    default:
      if (r->kind >= APC_KIND_APC_QUEUEING && r->kind <= APC_KIND_APC_LOST) check_apc(r, t, any_gap);
  }
  if (t->gap) t->depth = 0;
}

/* What ran or was lost had been queued, whether an event tells that (its queuing call returned, the engine saw it) or
 * not. */
static uint32_t queued_untold(void) {
  uint32_t untold = 0;
  for (uint32_t i = 0; i < apc_capacity; i++)
    untold += (apcs[i].life == BEGAN || apcs[i].life == LOST) && !apcs[i].queued;
  return untold;
}

static void check_account(lab *l, bool any_gap) {
  apc_status s = lab_status(l);
  CHECK_INT(s.published, l->count);
  CHECK_INT(s.queued, s.delivered + s.cancelled + s.vanished + s.lost_apcs + s.pending);
  if (any_gap) return;
  CHECK_INT(s.lost, 0);
  CHECK_INT(s.queued, lab_count(l, APC_KIND_APC_QUEUED, ANY_THREAD) + queued_untold());
  CHECK_INT(s.delivered, lab_count(l, APC_KIND_APC_BEGAN, ANY_THREAD));
  CHECK_INT(s.lost_apcs, lab_count(l, APC_KIND_APC_LOST, ANY_THREAD));
}

void lab_check_trace(lab *l) {
  for (uint32_t i = 0; i < MAX_THREADS; i++) {
    free(threads[i]);
    threads[i] = NULL;
  }
  if (apcs != NULL) memset(apcs, 0, apc_capacity * sizeof *apcs);
  bool any_gap = lab_count(l, APC_KIND_LOST, ANY_THREAD) > 0;
  for (uint32_t i = 0; i < l->count; i++) {
    const apc_record *r = &l->events[i].head;
    bool same_drain = i > 0 && l->events[i].drain == l->events[i - 1].drain;
    if (same_drain) CHECK((int32_t)(r->ticket - l->events[i - 1].head.ticket) > 0);
    check_record(r, any_gap);
  }
  check_account(l, any_gap);
}
