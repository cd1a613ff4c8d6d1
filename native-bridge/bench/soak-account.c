#include "check.h"
#include "soak.h"

/* What has been told of an APC. */
#define QUEUEING 0x01u
#define ARMED 0x02u
#define QUEUED 0x04u
#define REFUSED 0x08u
#define BEGAN 0x10u
#define CANCELLED 0x20u
#define LOST 0x40u
#define WITHOUT_ROUTINE 0x80u
#define OVER (REFUSED | BEGAN | CANCELLED | LOST)

static uint8_t *life_of(account *a, uint32_t id) {
  if (id >= a->capacity) {
    uint32_t capacity = a->capacity != 0 ? a->capacity : 1u << 16;
    while (capacity <= id) capacity *= 2;
    a->lives = realloc(a->lives, capacity);
    CHECK(a->lives != NULL);
    memset(a->lives + a->capacity, 0, capacity - a->capacity);
    a->capacity = capacity;
  }
  return &a->lives[id];
}

/* Of a loss the session knows at once, its trace only with the next event of the same thread. */
static void impossible(account *a, uint8_t life, const apc_record *r) {
  apc_status status;
  CHECK_INT(apc_status_of(a->session, &status), APC_OK);
  a->gap = status.lost > 0;
  if (a->gap) return;
  fprintf(stderr, "APC %u, of which 0x%02x was told, can't have event %u now (thread %u)\n", r->subject, life, r->kind,
      r->thread);
  check_failed();
}

/* `needs`: one of these was told before; `none`: none of these. */
static uint8_t told(account *a, const apc_record *r, uint8_t what, uint8_t needs, uint8_t none) {
  uint8_t *life = life_of(a, r->subject);
  if ((needs != 0 && (*life & needs) == 0) || (*life & none) != 0) impossible(a, *life, r);
  return *life |= what;
}

static void add(account *a, const apc_record *r) {
  if (r->kind == APC_KIND_LOST) a->gap = true;
  if (a->gap) return;
  switch (r->kind) {
    case APC_KIND_APC_QUEUEING: {
      bool vanishes = (r->value >> 16 & 0xFFFF) == APC_ROUTINE_NONE;
      told(a, r, QUEUEING | (vanishes ? WITHOUT_ROUTINE : 0), 0, 0xFF);
      break;
    }
    case APC_KIND_APC_ARMED:
      told(a, r, ARMED, 0, 0xFF);
      a->armed++;
      break;
    case APC_KIND_APC_QUEUED: /* the target may have run or lost it before the call returned */
      if (told(a, r, QUEUED, QUEUEING | ARMED, QUEUED | REFUSED) & WITHOUT_ROUTINE) a->vanished++;
      break;
    case APC_KIND_APC_QUEUE_FAILED:
      told(a, r, REFUSED, QUEUEING, OVER | QUEUED);
      a->refused++;
      break;
    case APC_KIND_APC_BEGAN:
      told(a, r, BEGAN, QUEUEING | ARMED, OVER | WITHOUT_ROUTINE);
      a->delivered++;
      break;
    case APC_KIND_APC_CANCELLED:
      if (told(a, r, CANCELLED, ARMED, OVER) & QUEUED) a->cancelled++;
      break;
    case APC_KIND_APC_LOST:
      told(a, r, LOST, QUEUEING | ARMED, OVER | WITHOUT_ROUTINE);
      a->lost++;
      break;
  }
}

void account_add(account *a, const apc_record *records, uint32_t count) {
  for (uint32_t i = 0; i < count; i += 1 + APC_RECORD_MORE_COUNT(records[i].flags)) {
    add(a, &records[i]);
    a->events++;
  }
}

void account_check(const account *a, const apc_status *status) {
  CHECK_INT(status->pending, 0);
  CHECK_INT(status->queued, status->delivered + status->cancelled + status->vanished + status->lost_apcs);
  CHECK_INT(a->gap, status->lost > 0);
  if (a->gap) {
    printf("%" PRIu64 " events did not fit: from there on the trace was not checked, the session's counts are\n",
        status->lost);
    return;
  }
  CHECK_INT(a->events, status->published);
  CHECK_INT(a->delivered, status->delivered);
  CHECK_INT(a->cancelled, status->cancelled);
  CHECK_INT(a->vanished, status->vanished);
  CHECK_INT(a->lost, status->lost_apcs);
  uint32_t left_armed = 0;
  for (uint32_t id = 0; id < a->capacity; id++) {
    uint8_t life = a->lives[id];
    bool vanished = (life & WITHOUT_ROUTINE) != 0 && (life & QUEUED) != 0;
    if (life == 0 || (life & OVER) != 0 || vanished) continue;
    if (life == ARMED) { /* told, but not among those that the session counts: it was never queued */
      left_armed++;
      continue;
    }
    fprintf(stderr, "APC %u, of which 0x%02x was told, has come to no end\n", id, life);
    check_failed();
  }
  if (left_armed > 0) printf("%u APCs were armed and never queued or cancelled\n", left_armed);
}

void account_free(account *a) { free(a->lives); }
