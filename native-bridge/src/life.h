/*
 * life.h: the calls that main and lab threads make alike: queue, create, suspend, resume, terminate. Each publishes its
 * events in `by`'s ring and sets by->last_error as the Win32 function would.
 */
#ifndef APC_SRC_LIFE_H
#define APC_SRC_LIFE_H

#include "session.h"

#define WIN32_ERROR_ACCESS_DENIED 5u
#define WIN32_ERROR_INVALID_HANDLE 6u
#define WIN32_ERROR_NOT_ENOUGH_MEMORY 8u
#define WIN32_ERROR_GEN_FAILURE 31u
#define WIN32_ERROR_SIGNAL_REFUSED 156u
#define WIN32_ERROR_ALREADY_EXISTS 183u
#define WIN32_FAILED 0xFFFFFFFFu
#define WIN32_MAX_SUSPEND_COUNT 127u

static inline uint32_t subject_of(const lab_thread *t) { return APC_SUBJECT_THREAD | t->index; }

/* Bits of callBegan's and apcQueueing's value. */
static inline uint64_t site_bits(uint32_t site) { return (uint64_t)(site & APC_SITE_NONE) << 40; }

/* QueueUserAPC: apcQueueing, then apcQueued or apcQueueFailed. A thread that was never created has no handle: error 6.
 */
typedef struct queue_outcome {
  uint32_t result; /* 1 or 0 */
  uint64_t elapsed_ns;
} queue_outcome;
queue_outcome life_queue_user_apc(lab_thread *by, lab_thread *target, uint32_t routine, uint64_t data, uint32_t site);

/* CreateThread. Returns the thread's index in place of a handle, or 0 with the last error; 183 when it was created
 * before. */
uint32_t life_create_thread(lab_thread *by, lab_thread *t, uint32_t routine, bool suspended);

/* SuspendThread, ResumeThread, TerminateThread. suspend and terminate return false when the caller is ending. */
bool life_suspend(lab_thread *by, lab_thread *target, uint32_t *result);
uint32_t life_resume(lab_thread *by, lab_thread *target);
bool life_terminate(lab_thread *by, lab_thread *target, uint32_t code, uint32_t *result);

/* For the engines: `suspended` or `resumed` with the count now and before. */
void life_publish_count(
    lab_thread *by, lab_thread *target, apc_kind kind, uint32_t now, uint32_t before, uint32_t flags);

#endif
