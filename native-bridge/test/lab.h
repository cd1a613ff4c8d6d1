/*
 * lab.h: a session with its drained trace, and questions to it.
 *
 * Every trace that a test collects is checked for what must always hold (lab_check_trace): ticket order within a drain,
 * time within a thread, calls and APCs that pair as a stack, an APC that begins once, after it was queued and on its
 * target, and the account queued = delivered + lost + pending.
 */
#ifndef APC_TEST_LAB_H
#define APC_TEST_LAB_H

#include <stdbool.h>
#include <stdint.h>

#include "apc.h"
#include "builder.h"
#include "check.h"

typedef struct event {
  apc_record head;
  uint32_t first_argument, arguments; /* in lab.arguments */
  uint32_t drain;                     /* which drain handed it out */
} event;

typedef struct lab {
  int32_t session;
  event *events;
  uint32_t count, capacity;
  uint64_t *arguments;
  uint32_t argument_count, argument_capacity;
  uint8_t *texts;
  uint32_t text_bytes;
  uint32_t drains;
  uint32_t batch; /* records a drain; 0: the default */
} lab;

/* A session with this program loaded; the builder is freed. options may be NULL. */
lab *lab_load(builder *b, const apc_options *options);
/* The same, started. */
lab *lab_start(builder *b);
/* Started, and run until the controller and all threads of the program have ended, within `limit_ms`; then checked. */
lab *lab_run(builder *b, uint32_t limit_ms);

/* Drains what is there. */
void lab_drain(lab *l);
/* Drains until `holds(l, subject)`; fails after limit_ms. */
void lab_until(lab *l, bool (*holds)(lab *, uint32_t), uint32_t subject, uint32_t limit_ms);
void lab_until_over(lab *l, uint32_t limit_ms);
/* Stops; fails where a thread is left after `limit_ms`; checks. */
void lab_stop(lab *l, uint32_t limit_ms);
/* Closes (waiting for the doorbell) and frees. */
void lab_close(lab *l);
void lab_check_trace(lab *l);

apc_status lab_status(lab *l);
bool lab_on_win32(void);
bool lab_on_wine(void);

/* Questions. `thread` is a session index; ANY_THREAD matches all. */
#define ANY_THREAD 0xFFFFFFFFu
uint32_t lab_count(lab *l, apc_kind kind, uint32_t thread);
/* The nth (from 0) event of this kind on the thread; fails where there is none. */
event *lab_event(lab *l, apc_kind kind, uint32_t thread, uint32_t nth);
/* Its place in the drained order. */
uint32_t lab_index(lab *l, const event *e);
/* The nth return of this call on the thread. */
event *lab_return(lab *l, apc_call call, uint32_t thread, uint32_t nth);
uint32_t result_of(const event *e);
uint32_t last_error_of(const event *e);
/* Milliseconds between a return and the callBegan that it closes. */
double lab_duration_ms(lab *l, const event *returned);
/* All log lines in order, separated by blanks: the text, then its values. Static memory. */
const char *lab_log(lab *l);
/* threadEnded of this thread: its exit code, its reason. */
uint32_t lab_exit_code(lab *l, uint32_t thread);
uint32_t lab_end_reason(lab *l, uint32_t thread);

#endif
