/*
 * soak.h: many threads queue APCs to each other for a long time while main suspends, resumes, ends and replaces them at
 * random; every event is read and every APC accounted for.
 */
#ifndef APC_BENCH_SOAK_H
#define APC_BENCH_SOAK_H

#include "builder.h"

/* ---- soak-program.c: what the threads do ---- */

/* Routines that main names. Of the last kind there are SOAK_WORKERS, each queuing to other threads. */
enum { SOAK_NOTE, SOAK_LEAVE, SOAK_HALT, SOAK_FIRST_WORKER };
#define SOAK_WORKERS 48u

/* `threads` of them start with the session; one pass of each queues SOAK_APCS_A_PASS and sleeps `pause_ms`. */
#define SOAK_APCS_A_PASS 10u
builder *soak_program(uint32_t threads, uint32_t pause_ms, uint64_t *random);

/* ---- soak-account.c: what the trace says became of each APC ---- */

typedef struct account {
  int32_t session;
  uint8_t *lives; /* by APC id */
  uint32_t capacity;
  uint64_t events, armed, refused;
  bool gap; /* events did not fit into a ring: the trace is not checked any more */
  uint64_t queued, delivered, cancelled, vanished, lost; /* as apc_status counts them */
} account;

void account_add(account *a, const apc_record *records, uint32_t count);
/* Ends the process, saying why, unless each APC that was queued has come to exactly one end and the sums are the
 * session's: those of the trace too, where it has no gap. */
void account_check(const account *a, const apc_status *status);
void account_free(account *a);

#endif
