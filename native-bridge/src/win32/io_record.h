/*
 * io_record.h: one I/O that was begun: the OVERLAPPED that the system writes to, and whose it is.
 *
 * Each execution of a step takes a fresh one. Its memory comes in chunks straight from the operating system and stays
 * until the session ends: a thread may be terminated in the middle of an I/O, which the system then cancels later.
 * A record is used anew once its routine has run and another is its step's latest.
 */
#ifndef APC_SRC_WIN32_IO_RECORD_H
#define APC_SRC_WIN32_IO_RECORD_H

#include "win32.h"

#define IO_CHUNK_RECORDS 512u
#define IO_MAX_CHUNKS 2048u /* a million at once */

/* Why a record is not needed any more. Who sets the second gives it back. */
#define IO_COMPLETED 0x1u  /* its routine has run, or there is none */
#define IO_SUPERSEDED 0x2u /* its step has a later one, or none points to it */

typedef struct io_record {
  OVERLAPPED overlapped; /* first: the system hands its address back */
  uint32_t index;        /* of itself, for good */
  int32_t session;
  _Atomic uint32_t done; /* IO_* */
  _Atomic uint32_t next; /* index + 1 of the next free one */
  lab_thread *owner;     /* who began it; NULL: a write that is waited for */
  lab_object *io;        /* whose latest it is or was, or NULL */
  handle_ref file;       /* as the step named it */
  lab_object *changes;   /* the object whose state it changes, or NULL */
  uint64_t armed;        /* deliver.h: its APC; 0: none */
} io_record;

typedef struct io_pool {
  _Atomic uint64_t free; /* tag << 32 | index + 1 of the first free one */
  _Atomic uint32_t carved;
  _Atomic(io_record *) chunks[IO_MAX_CHUNKS];
} io_pool;

/* Main. */
bool io_pool_have(os_session *os);
void io_pool_free(os_session *os);
bool os_have_io(session *s); /* file.c: with it the scratch buffer and the folder */

/* An empty one. NULL without memory. */
io_record *io_record_take(session *s);
void io_record_is_done(session *s, io_record *record, uint32_t why);
/* Of an index + 1; NULL where there is none. */
io_record *io_record_at(session *s, uint32_t place);

#endif
