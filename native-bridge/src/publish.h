/*
 * publish.h: how a thread writes what happens into its ring.
 *
 * Each function publishes one head with its `more` records by one store and returns the head's time. Only the owner of
 * the ring may call it (main for what it does itself and for threads that are gone). It takes no lock, allocates
 * nothing and makes no system call, but for the doorbell's. A thread may hold its engine's lock while it publishes.
 *
 * A full ring loses the head and counts it. Before the next head that fits, `lost` says how many, and `resync` says
 * what the thread is doing now, so that a reader need not guess what the lost ones said.
 */
#ifndef APC_SRC_PUBLISH_H
#define APC_SRC_PUBLISH_H

#include "session.h"

/* Nanoseconds since the session was opened. */
uint64_t session_now_ns(const session *s);

uint64_t publish(lab_thread *owner, apc_kind kind, uint32_t call, uint32_t subject, uint64_t value);

/* With `count` (at most 255 * 3) values in `more` records. */
uint64_t publish_with(lab_thread *owner, apc_kind kind, uint32_t call, uint32_t subject, uint64_t value,
    const uint64_t *values, uint32_t count);

/* With flags (APC_RECORD_INFERRED or 0), about another thread than the owner where `about` differs from it. */
uint64_t publish_about(
    lab_thread *owner, lab_thread *about, uint32_t flags, apc_kind kind, uint32_t subject, uint64_t value);

/* A return with flags. */
uint64_t publish_flagged(
    lab_thread *owner, uint32_t flags, apc_kind kind, uint32_t call, uint32_t subject, uint64_t value);

/* Would a head without `more` records fit now, with the losses that have to be told before it? */
bool publish_has_room(lab_thread *owner);

/* For who is about to block, or to compute for long: would its next head fit, with as many values as any call has?
 * Tells of a gap at once where that is so. Owner only. */
bool publish_caught_up(lab_thread *owner);

/* The thread's last head, which may use the reserve and so is never lost (thread_end.h). Owner only. */
void publish_end_record(lab_thread *owner, uint64_t value);

#endif
