#include "publish.h"

#include "backend.h"

/* Ids of queued APCs that a resync may list; beyond that it gives their number only. */
#define RESYNC_MAX_IDS (255u * 3u)

/* APC_NO_TRACE is for the bench that asks what tracing costs: everything runs, and nothing is published but the ends of
 * threads. There calls take no time (elapsedNs is 0). */
#if defined(APC_NO_TRACE)
#  define TRACES false
#else
#  define TRACES true
#endif

uint64_t session_now_ns(const session *s) { return backend_now_ns() - s->opened_ns; }

/* What a head says but for time, ticket, subject and value, in one word: kind, flags << 16, thread << 32, call << 48.
 * It goes in registers all the way into the ring: a record built in memory and copied from there would wait for its own
 * stores. */
static inline uint64_t what_of(const lab_thread *about, uint32_t flags, apc_kind kind, uint32_t call) {
  return (uint64_t)kind | (uint64_t)(flags & 0xFFFF) << 16 | (uint64_t)about->index << 32 |
         (uint64_t)(call & 0xFFFF) << 48;
}

static uint32_t put_more(ring *r, uint32_t tail, const uint64_t *values, uint32_t count) {
  for (uint32_t done = 0; done < count; done += 3) {
    apc_more *record = (apc_more *)(void *)ring_at(r, tail++);
    uint32_t here = count - done < 3 ? count - done : 3;
    record->kind = APC_KIND_MORE;
    record->what = APC_WHAT_ARGUMENTS;
    record->count = here;
    for (uint32_t i = 0; i < 3; i++) record->u[i] = i < here ? values[done + i] : 0;
  }
  return tail;
}

/* Writes head and `more` at the tail and makes them visible. The caller has made sure of the room. */
static inline uint64_t put(
    lab_thread *owner, uint64_t what, uint32_t subject, uint64_t value, const uint64_t *values, uint32_t count) {
  session *s = owner->session;
  ring *r = &owner->ring;
  if (count > 0) what |= (uint64_t)(APC_RECORD_MORE | (count + 2) / 3 << 8) << 16;

  uint64_t now = session_now_ns(s);
  if (now < r->last_time_ns) now = r->last_time_ns;
  r->last_time_ns = now;
  /* acq_rel: whoever takes a later ticket after having seen what this thread did before also sees this order. */
  uint32_t ticket = atomic_fetch_add_explicit(&s->ticket, 1, memory_order_acq_rel);

  uint32_t tail = r->tail;
  apc_record *record = ring_at(r, tail++);
  record->time_ns = now;
  record->ticket = ticket;
  record->kind = (uint16_t)what;
  record->flags = (uint16_t)(what >> 16);
  record->thread = (uint16_t)(what >> 32);
  record->call = (uint16_t)(what >> 48);
  record->subject = subject;
  record->value = value;
  if (count > 0) tail = put_more(r, tail, values, count);

  /* seq_cst, and so is the doorbell's look at `state` behind it: either this thread sees that the bell is armed, or the
   * thread that arms it sees this record (doorbell.h). */
  atomic_store_explicit(&r->published, (uint64_t)ticket << 32 | tail, memory_order_seq_cst);
  r->tail = tail;
  atomic_store_explicit(&r->heads, atomic_load_explicit(&r->heads, memory_order_relaxed) + 1, memory_order_relaxed);
  doorbell_touch(&s->doorbell);
  return now;
}

static void put_lost(lab_thread *owner) {
  uint64_t lost = owner->ring.unreported;
  owner->ring.unreported = 0;
  put(owner, what_of(owner, 0, APC_KIND_LOST, 0), APC_SUBJECT_NONE, lost, NULL, 0);
}

/* Tells of a gap, if behind it `records` more fit. The queue's snapshot and the ticket are taken while the engine holds
 * the queue still: an APC that is not in the list has its apcQueued behind this resync. */
static bool tell_gap(lab_thread *owner, uint32_t records) {
  ring *r = &owner->ring;
  uint32_t room = ring_room_refreshed(r);
  uint32_t least = 2 + records + RING_RESERVE;
  if (room < least) return false;
  put_lost(owner);

  uint32_t most_ids = (room - least) * 3;
  if (most_ids > RESYNC_MAX_IDS) most_ids = RESYNC_MAX_IDS;
  uint64_t ids[RESYNC_MAX_IDS];
  backend_snapshot snapshot = backend_hold_queue(owner, ids, most_ids);
  uint64_t value = APC_STATE_RUNNING | (uint64_t)(owner->open_calls & 0xFF) << 8 |
                   (uint64_t)(owner->depth & 0xFF) << 16 | (uint64_t)snapshot.queued << 32;
  put(owner, what_of(owner, 0, APC_KIND_RESYNC, 0), APC_SUBJECT_NONE, value, ids,
      snapshot.complete ? snapshot.queued : 0);
  backend_release_queue(owner, snapshot);
  return true;
}

static bool make_room(lab_thread *owner, uint32_t records) {
  ring *r = &owner->ring;
  if (r->unreported == 0) {
    if (ring_room_refreshed(r) >= records + RING_RESERVE) return true;
  } else if (tell_gap(owner, records)) {
    return true;
  }
  r->unreported++;
  atomic_store_explicit(&r->lost, atomic_load_explicit(&r->lost, memory_order_relaxed) + 1, memory_order_relaxed);
  return false;
}

/* Room for one head with its `more`, or the head is counted as lost. */
static inline bool has_room(lab_thread *owner, uint32_t records) {
  ring *r = &owner->ring;
  return (r->unreported == 0 && ring_room(r) >= records + RING_RESERVE) || make_room(owner, records);
}

static inline uint64_t publish_head(
    lab_thread *owner, uint64_t what, uint32_t subject, uint64_t value, const uint64_t *values, uint32_t count) {
  if (!TRACES) return 0;
  if (!has_room(owner, 1 + (count + 2) / 3)) return session_now_ns(owner->session);
  return put(owner, what, subject, value, values, count);
}

uint64_t publish(lab_thread *owner, apc_kind kind, uint32_t call, uint32_t subject, uint64_t value) {
  return publish_head(owner, what_of(owner, 0, kind, call), subject, value, NULL, 0);
}

uint64_t publish_with(lab_thread *owner, apc_kind kind, uint32_t call, uint32_t subject, uint64_t value,
    const uint64_t *values, uint32_t count) {
  return publish_head(owner, what_of(owner, 0, kind, call), subject, value, values, count);
}

uint64_t publish_about(
    lab_thread *owner, lab_thread *about, uint32_t flags, apc_kind kind, uint32_t subject, uint64_t value) {
  return publish_head(owner, what_of(about, flags, kind, 0), subject, value, NULL, 0);
}

uint64_t publish_flagged(
    lab_thread *owner, uint32_t flags, apc_kind kind, uint32_t call, uint32_t subject, uint64_t value) {
  return publish_head(owner, what_of(owner, flags, kind, call), subject, value, NULL, 0);
}

/* callBegan of a wait for 65 handles: no call has more values. */
#define MOST_RECORDS_OF_CALL (1u + (65u + 2) / 3)

bool publish_caught_up(lab_thread *owner) {
  ring *r = &owner->ring;
  uint32_t records = MOST_RECORDS_OF_CALL + RING_RESERVE;
  if (!TRACES) return true;
  if (r->unreported != 0) return tell_gap(owner, MOST_RECORDS_OF_CALL);
  return ring_room(r) >= records || ring_room_refreshed(r) >= records;
}

bool publish_has_room(lab_thread *owner) {
  uint32_t records = 1 + RING_RESERVE + (owner->ring.unreported != 0 ? 2 : 0);
  return ring_room(&owner->ring) >= records || ring_room_refreshed(&owner->ring) >= records;
}

void publish_end_record(lab_thread *owner, uint64_t value) {
  ring *r = &owner->ring;
  if (r->unreported != 0) put_lost(owner);
  /* Noted before the store that publishes it: a reader who finds the tail behind this position knows that it is there.
   */
  atomic_store_explicit(&owner->ended_at, (uint64_t)1 << 32 | (r->tail + 1), memory_order_relaxed);
  put(owner, what_of(owner, 0, APC_KIND_THREAD_ENDED, 0), APC_SUBJECT_NONE, value, NULL, 0);
}
