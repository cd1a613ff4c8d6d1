/*
 * life.h: the calls that main and lab threads make alike: queue, create, suspend, resume, terminate. Each publishes its
 * events in `by`'s ring and sets by->last_error as the Win32 function would.
 */
#ifndef APC_SRC_LIFE_H
#define APC_SRC_LIFE_H

#include "backend.h"
#include "session.h"

#define WIN32_ERROR_ACCESS_DENIED 5u
#define WIN32_ERROR_INVALID_HANDLE 6u
#define WIN32_ERROR_NOT_ENOUGH_MEMORY 8u
#define WIN32_ERROR_GEN_FAILURE 31u
#define WIN32_ERROR_HANDLE_EOF 38u
#define WIN32_ERROR_NOT_SUPPORTED 50u
#define WIN32_ERROR_INVALID_PARAMETER 87u
#define WIN32_ERROR_BROKEN_PIPE 109u
#define WIN32_ERROR_PROC_NOT_FOUND 127u
#define WIN32_ERROR_SIGNAL_REFUSED 156u
#define WIN32_ERROR_ALREADY_EXISTS 183u
#define WIN32_ERROR_NO_DATA 232u
#define WIN32_WAIT_TIMEOUT 258u
#define WIN32_ERROR_NOT_OWNER 288u
#define WIN32_ERROR_TOO_MANY_POSTS 298u
#define WIN32_ERROR_OPERATION_ABORTED 995u
#define WIN32_ERROR_IO_INCOMPLETE 996u
#define WIN32_ERROR_IO_PENDING 997u
#define WIN32_ERROR_NOT_FOUND 1168u
#define WIN32_ERROR_INVALID_THREAD_ID 1444u
#define WIN32_ERROR_TIMEOUT 1460u
#define WIN32_WAIT_ABANDONED 0x80u
#define WIN32_WAIT_IO_COMPLETION 0xC0u
#define NT_STATUS_UNSUCCESSFUL 0xC0000001u
#define NT_STATUS_INVALID_HANDLE 0xC0000008u
#define NT_STATUS_NO_MEMORY 0xC0000017u
#define NT_STATUS_ACCESS_DENIED 0xC0000022u
#define NT_STATUS_OBJECT_TYPE_MISMATCH 0xC0000024u
#define NT_STATUS_PROCEDURE_NOT_FOUND 0xC000007Au
#define NT_STATUS_INVALID_PARAMETER_2 0xC00000F0u
#define WIN32_FAILED 0xFFFFFFFFu
#define WIN32_MAX_SUSPEND_COUNT 127u

static inline uint32_t subject_of(const lab_thread *t) { return APC_SUBJECT_THREAD | t->index; }

static inline uint32_t subject_of_handle(handle_ref h) {
  if (h.thread != NULL) return subject_of(h.thread);
  return h.object != NULL ? h.object->index : APC_SUBJECT_HANDLE | (uint32_t)h.pseudo;
}

static inline handle_ref handle_of_thread(lab_thread *t) { return (handle_ref){.thread = t}; }

/* objectChanged. For the engines. */
void life_tell_object(lab_thread *by, const lab_object *o, uint64_t state);

/* Bits of callBegan's and apcQueueing's value. */
static inline uint64_t site_bits(uint32_t site) { return (uint64_t)(site & APC_SITE_NONE) << 40; }

/* QueueUserAPC and its kin: apcQueueing, then apcQueued or apcQueueFailed. A thread that was never created has no
 * handle: error 6. */
typedef struct queue_request {
  queue_call call;
  uint32_t routine; /* or APC_ROUTINE_NONE */
  uint64_t arguments[3];
  uint32_t site;
} queue_request;
typedef struct queue_outcome {
  uint32_t result; /* the function's own */
  uint64_t elapsed_ns;
  bool goes_on; /* false: the caller is ending */
} queue_outcome;
queue_outcome life_queue(lab_thread *by, const queue_request *request);

/* Does this result of this call mean that the APC is queued? */
bool life_queue_succeeded(apc_call call, uint32_t result);

/* ---- APCs of timers and I/O ---- */

/* Takes a node for `owner`'s APC and publishes apcArmed in `teller`'s ring, with APC_RECORD_INFERRED or 0. NULL without
 * memory. */
apc_node *life_arm(
    lab_thread *teller, lab_thread *owner, apc_call origin, uint32_t routine, uint32_t site, uint32_t flags);
/* It is in the queue now, its arguments are set: counted and, where the engine sees that (posix), told by apcQueued.
 * Before anybody can deliver it. */
void life_fire(lab_thread *teller, apc_node *node, bool tell);
/* It will not run: apcCancelled, with APC_RECORD_INFERRED or 0, and the node is freed. `was_queued`: life_fire came
 * before. */
void life_cancel(lab_thread *teller, apc_node *node, bool was_queued, uint32_t flags);

/* CreateThread. Returns the thread's index in place of a handle, or 0 with the last error; 183 when it was created
 * before. */
uint32_t life_create_thread(lab_thread *by, lab_thread *t, uint32_t routine, bool suspended);
/* The same, but it stands before its first instruction until backend_thread_release. */
uint32_t life_make_thread(lab_thread *by, lab_thread *t, uint32_t routine, bool suspended);

/* SuspendThread, ResumeThread, TerminateThread. suspend and terminate return false when the caller is ending. */
bool life_suspend(lab_thread *by, handle_ref target, uint32_t *result);
uint32_t life_resume(lab_thread *by, handle_ref target);
bool life_terminate(lab_thread *by, handle_ref target, uint32_t code, uint32_t *result);

/* For the engines: `suspended` or `resumed` with the count now and before. */
void life_publish_count(
    lab_thread *by, lab_thread *target, apc_kind kind, uint32_t now, uint32_t before, uint32_t flags);

#endif
