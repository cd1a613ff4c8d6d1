/*
 * deliver.h: an APC of the kernel's has come to the thread that it is for. All of them take this one path: those that
 * were queued (queue.c), a timer's (timer.c), an I/O's (io.c), special ones (special.c).
 */
#ifndef APC_SRC_WIN32_DELIVER_H
#define APC_SRC_WIN32_DELIVER_H

#include "win32.h"

/* What travels through the kernel is no pointer but a token: session, an index there, and a generation. Whoever gets it
 * back checks each of them, and that he is on the right thread, before he believes it. */
_Static_assert(sizeof(ULONG_PTR) == 8, "tokens need 64 bits");

/* generation 0-31 | index 32-55 | session 56-63 */
static inline ULONG_PTR token_of(const session *s, uint32_t index, uint64_t generation) {
  return (ULONG_PTR)s->number << 56 | (ULONG_PTR)index << 32 | (ULONG_PTR)(uint32_t)generation;
}
static inline session *token_session(ULONG_PTR token) { return session_find((int32_t)(token >> 56)); }
static inline uint32_t token_index(ULONG_PTR token) { return (uint32_t)(token >> 32) & 0xFFFFFFu; }
static inline uint32_t token_generation(ULONG_PTR token) { return (uint32_t)token; }

/* The thread of this index if the caller runs on it, else NULL. */
lab_thread *os_thread_here(session *s, uint32_t index);

typedef struct os_arrival {
  apc_node *node;
  uint32_t generation;   /* of the node when it was queued or armed */
  bool fires;            /* armed before: it counts as queued from now on, and these are its arguments */
  uint64_t arguments[3]; /* the first of a timer's stands in its node */
  void (*began)(
      lab_thread *t, lab_object *o); /* or NULL: what else is to be told right before it begins, of `object` */
  lab_object *object;
} os_arrival;

/* For the system's callbacks. `last_error` is what the interrupted code left: what the APC finds; and what the APC
 * leaves is what the interrupted code finds (fact 43). */
void os_deliver(lab_thread *t, const os_arrival *arrival, DWORD last_error);

/* The same at a safe point. */
void os_run_arrival(lab_thread *t, const os_arrival *arrival);

/* Takes the node off the kernel's hands: false where somebody else did. Any. */
bool os_claim(apc_node *node, uint32_t generation);

/* ---- armed APCs ---- */

/* A node as a word that tells whether it is still the same one: its generation, and its index + 1. */
static inline uint64_t os_armed_apc(const apc_node *node, uint64_t generation) {
  return generation << 32 | (node->index + 1);
}
/* life_arm, and the node can be found from now on. 0 without memory. */
uint64_t os_arm(lab_thread *owner, apc_call origin, uint32_t routine, uint32_t site, uint64_t data, uint32_t flags);
/* It will not run any more, if it has not begun: apcCancelled. Any lab thread. */
void os_disarm(lab_thread *by, uint64_t armed);
/* The node of such a word; NULL where it cannot be one. */
static inline apc_node *os_armed_node(session *s, uint64_t armed) {
  return (uint32_t)armed == 0 ? NULL : apc_pool_at(&s->pool, (uint32_t)armed - 1);
}

/* ---- special APCs: special.c ---- */

/* Runs it here, or keeps it for the next safe point. */
void os_deliver_specially(lab_thread *t, const os_arrival *arrival, DWORD last_error);
/* Runs what was kept. At safe points. */
void os_run_specials(lab_thread *t);

#endif
