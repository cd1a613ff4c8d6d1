/* Programs of random calls with random operands, on random objects: nothing crashes, the session stops in time, the
 * trace is whole and the account balances. */
#include "backend.h"
#include "lab.h"
#include "random.h"

#define ROUTINES 6
#define STEPS 24
#define WORKERS 5
#define NONE APC_OPERAND_ABSENT

typedef struct chaos {
  builder *b;
  uint64_t state;
  uint32_t objects[24];
  uint32_t object_count;
  uint32_t ios[3], places[2], ports[2], sections[2], pipe_ends[2];
} chaos;

static uint32_t dice(chaos *c, uint32_t sides) { return next_random(&c->state) % sides; }

static uint32_t add(chaos *c, const char *name, apc_object_type type, uint64_t p0, uint64_t p1) {
  return c->objects[c->object_count++] = object(c->b, name, type, p0, p1);
}

static void add_objects(chaos *c) {
  c->pipe_ends[0] = add(c, "p.read", APC_OBJECT_PIPE_READ, 1, 0); /* the first two, which name each other */
  c->pipe_ends[1] = add(c, "p.write", APC_OBJECT_PIPE_WRITE, 0, 0);
  add(c, "auto", APC_OBJECT_EVENT, 0, 0);
  add(c, "manual", APC_OBJECT_EVENT, 1, 1);
  add(c, "semaphore", APC_OBJECT_SEMAPHORE, 1, 3);
  add(c, "mutex", APC_OBJECT_MUTEX, 0, 0);
  add(c, "mutex2", APC_OBJECT_MUTEX, 0, 0);
  add(c, "timer", APC_OBJECT_TIMER, 0, 0);
  add(c, "timer2", APC_OBJECT_TIMER, 1, 0);
  add(c, "file", APC_OBJECT_FILE, UINT32_MAX, 0);
  c->ports[0] = add(c, "port", APC_OBJECT_PORT, 0, 0);
  c->ports[1] = add(c, "port2", APC_OBJECT_PORT, 1, 0);
  add(c, "reserve", APC_OBJECT_RESERVE, 0, 0);
  c->sections[0] = add(c, "section", APC_OBJECT_CRITICAL_SECTION, 0, 0);
  c->sections[1] = add(c, "section2", APC_OBJECT_CRITICAL_SECTION, 0, 0);
  for (uint32_t i = 0; i < 2; i++) c->places[i] = add(c, "place", APC_OBJECT_HANDLE, 0, 0);
  for (uint32_t i = 0; i < 3; i++) c->ios[i] = add(c, "io", APC_OBJECT_IO, 0, 0);
}

static uint32_t some_thread(chaos *c) { return dice(c, 3) == 0 ? SELF : THREAD(dice(c, WORKERS)); }

static uint32_t some_handle(chaos *c) {
  switch (dice(c, 8)) {
    case 0: return APC_OPERAND(APC_OPERAND_HANDLE, dice(c, 4));
    case 1:
    case 2: return some_thread(c);
    default: return c->objects[dice(c, c->object_count)];
  }
}

static uint32_t some_handles(chaos *c) {
  uint32_t handles[70], count = dice(c, 20) == 0 ? 65 : dice(c, 5);
  for (uint32_t i = 0; i < count; i++) handles[i] = some_handle(c);
  return list(c->b, handles, count);
}

static uint32_t some_number(chaos *c) {
  static const uint64_t numbers[] = {0, 0, 1, 1, 2, 3, 5, 16, 100, APC_INFINITE, UINT64_MAX, 1u << 20};
  return dice(c, 6) == 0 ? RESULT : number(c->b, numbers[dice(c, sizeof numbers / sizeof numbers[0])]);
}

/* Mostly short, so that much happens. */
static uint32_t some_time(chaos *c) {
  static const uint64_t times[] = {0, 0, 0, 1, 1, 2, 5, APC_INFINITE};
  return number(c->b, times[dice(c, sizeof times / sizeof times[0])]);
}

static uint32_t some_routine(chaos *c) { return ROUTINE(dice(c, ROUTINES)); }
static uint32_t maybe(chaos *c, uint32_t operand) { return dice(c, 3) == 0 ? NONE : operand; }

/* Fills the operands as the call's form wants them; false for calls that no chaos should make. */
static bool fill(chaos *c, apc_call call, uint32_t *flags, uint32_t a[6]) {
  *flags = 0;
  switch (call) {
    case APC_CALL_SLEEP: a[0] = some_time(c); return true;
    case APC_CALL_SLEEP_EX:
    case APC_CALL_NT_DELAY_EXECUTION: a[0] = some_time(c), *flags = dice(c, 2); return true;
    case APC_CALL_WAIT_FOR_SINGLE_OBJECT: a[0] = some_handle(c), a[1] = some_time(c); return true;
    case APC_CALL_GET_QUEUED_COMPLETION_STATUS_EX:
    case APC_CALL_WAIT_FOR_SINGLE_OBJECT_EX:
      a[0] = some_handle(c), a[1] = some_time(c), *flags = dice(c, 2);
      return true;
    case APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS:
      a[0] = some_handles(c), a[1] = some_time(c), *flags = dice(c, 2) * 2;
      return true;
    case APC_CALL_WAIT_FOR_MULTIPLE_OBJECTS_EX:
      a[0] = some_handles(c), a[1] = some_time(c), *flags = dice(c, 4);
      return true;
    case APC_CALL_MSG_WAIT_FOR_MULTIPLE_OBJECTS_EX:
      a[0] = some_handles(c), a[1] = some_time(c), *flags = dice(c, 4) | (dice(c, 2) ? APC_STEP_INPUT_AVAILABLE : 0);
      return true;
    case APC_CALL_SIGNAL_OBJECT_AND_WAIT:
      a[0] = some_handle(c), a[1] = some_handle(c), a[2] = some_time(c), *flags = dice(c, 2);
      return true;
    case APC_CALL_GET_QUEUED_COMPLETION_STATUS: a[0] = some_handle(c), a[1] = some_time(c); return true;
    case APC_CALL_GET_OVERLAPPED_RESULT_EX:
      a[0] = c->ios[dice(c, 3)], a[1] = some_time(c), *flags = dice(c, 2);
      return true;
    case APC_CALL_WAIT_ON_ADDRESS: a[0] = VARIABLE(dice(c, 2)), a[1] = some_number(c), a[2] = some_time(c); return true;
    case APC_CALL_ENTER_CRITICAL_SECTION: a[0] = c->sections[dice(c, 2)]; return dice(c, 4) == 0;
    /* By another than its owner it would damage the section on Windows. */
    case APC_CALL_LEAVE_CRITICAL_SECTION: a[0] = c->sections[dice(c, 2)]; return !lab_on_win32();
    case APC_CALL_NT_TEST_ALERT:
    case APC_CALL_SWITCH_TO_THREAD:
    case APC_CALL_GET_LAST_ERROR: return true;
    case APC_CALL_PEEK_MESSAGE: *flags = dice(c, 2) ? APC_STEP_KEEP : 0; return true;
    case APC_CALL_QUEUE_USER_APC2: *flags = dice(c, 2) ? APC_STEP_SPECIAL : 0; /* fallthrough */
    case APC_CALL_QUEUE_USER_APC: a[0] = some_handle(c), a[1] = some_routine(c), a[2] = some_number(c); return true;
    case APC_CALL_NT_QUEUE_APC_THREAD:
      a[0] = some_handle(c), a[1] = maybe(c, some_routine(c)), a[2] = maybe(c, some_number(c));
      return true;
    case APC_CALL_NT_QUEUE_APC_THREAD_EX:
      a[0] = some_handle(c), a[1] = maybe(c, some_handle(c)), a[2] = maybe(c, some_routine(c));
      *flags = dice(c, 3) == 0 ? APC_STEP_SPECIAL : 0;
      return true;
    case APC_CALL_SET_WAITABLE_TIMER:
      a[0] = some_handle(c), a[1] = some_number(c), a[2] = number(c->b, dice(c, 3)), a[3] = maybe(c, some_routine(c));
      *flags = dice(c, 2) ? APC_STEP_ABSOLUTE : 0;
      return true;
    case APC_CALL_READ_FILE_EX:
    case APC_CALL_WRITE_FILE_EX:
      a[0] = some_handle(c), a[1] = c->ios[dice(c, 3)], a[2] = some_routine(c), a[3] = some_number(c);
      return true;
    case APC_CALL_CANCEL_IO_EX: a[0] = c->ios[dice(c, 3)]; return true;
    case APC_CALL_READ_DIRECTORY_CHANGES: a[0] = c->ios[dice(c, 3)], a[1] = some_routine(c); return true;
    case APC_CALL_CANCEL_WAITABLE_TIMER:
    case APC_CALL_SET_EVENT:
    case APC_CALL_RESET_EVENT:
    case APC_CALL_PULSE_EVENT:
    case APC_CALL_RELEASE_MUTEX: a[0] = some_handle(c); return true;
    case APC_CALL_RELEASE_SEMAPHORE: a[0] = some_handle(c), a[1] = some_number(c); return true;
    case APC_CALL_POST_MESSAGE: a[0] = some_thread(c); return true;
    case APC_CALL_CREATE_COMPLETION_PORT: a[0] = c->ports[dice(c, 2)]; return true;
    case APC_CALL_POST_QUEUED_COMPLETION_STATUS: a[0] = some_handle(c), a[1] = maybe(c, some_number(c)); return true;
    case APC_CALL_BIND_TO_PORT: a[0] = some_handle(c), a[1] = some_handle(c); return dice(c, 8) == 0;
    case APC_CALL_WRITE_PIPE: a[0] = some_handle(c), a[1] = some_number(c); return true;
    case APC_CALL_CLOSE_PIPE_END: a[0] = c->pipe_ends[dice(c, 2)]; return dice(c, 16) == 0;
    case APC_CALL_OPEN_HANDLE:
      a[0] = c->places[dice(c, 2)], a[1] = some_thread(c), a[2] = number(c->b, dice(c, 2) ? 0x1FFFFF : 0x10);
      return true;
    case APC_CALL_DUPLICATE_HANDLE:
      a[0] = c->places[dice(c, 2)], a[1] = some_handle(c), a[2] = maybe(c, number(c->b, 0x100000));
      return true;
    case APC_CALL_CLOSE_HANDLE: a[0] = some_handle(c); return dice(c, 16) == 0;
    case APC_CALL_CREATE_THREAD:
      a[0] = THREAD(dice(c, WORKERS)), *flags = dice(c, 2) ? APC_STEP_SUSPENDED : 0;
      return true;
    case APC_CALL_SUSPEND_THREAD: a[0] = some_handle(c); return dice(c, 4) == 0;
    case APC_CALL_RESUME_THREAD: a[0] = some_handle(c); return true;
    case APC_CALL_TERMINATE_THREAD: a[0] = some_handle(c), a[1] = some_number(c); return dice(c, 24) == 0;
    case APC_CALL_EXIT_THREAD: a[0] = some_number(c); return dice(c, 24) == 0;
    case APC_CALL_SET:
    case APC_CALL_ADD: a[0] = VARIABLE(dice(c, 2)), a[1] = some_number(c); return true;
    case APC_CALL_SET_LAST_ERROR: a[0] = some_number(c); return true;
    default: return false; /* log, compute, awaitState: others test them */
  }
}

static void add_steps(chaos *c, uint32_t routine) {
  for (uint32_t made = 0; made < STEPS;) {
    uint32_t flags, a[6] = {NONE, NONE, NONE, NONE, NONE, NONE};
    apc_call call = (apc_call)(1 + dice(c, APC_CALL_GET_LAST_ERROR));
    if (!fill(c, call, &flags, a)) continue;
    step_of(c->b, routine, call, flags, a);
    made++;
  }
}

static builder *make(uint64_t seed) {
  chaos c = {.b = builder_new(), .state = seed};
  variables(c.b, 2);
  add_objects(&c);
  char names[ROUTINES][4];
  static const char *const routine_names[ROUTINES] = {"a", "b", "c", "d", "e", "f"};
  (void)names;
  for (uint32_t i = 0; i < ROUTINES; i++) routine(c.b, routine_names[i]);
  for (uint32_t i = 0; i < ROUTINES; i++) add_steps(&c, i);
  for (uint32_t i = 0; i < 2; i++) jump(c.b, i, 0); /* two never return */
  for (uint32_t i = 0; i < WORKERS; i++) thread(c.b, "W", dice(&c, ROUTINES), dice(&c, 4) ? APC_THREAD_STARTS : 0);
  return c.b;
}

TEST(chaos_of_every_call) {
  uint64_t calls = 0;
  uint64_t until = backend_now_ns() + 4000000000u;
  const char *first = getenv("APC_TEST_SEED"); /* begins there */
  uint64_t seed = first != NULL ? strtoull(first, NULL, 10) : 1;
  for (; seed <= 400 && backend_now_ns() < until; seed++) {
    fprintf(stderr, "seed %" PRIu64 "\n", seed);
    const apc_options options = {.size = sizeof options, .ring_records = 65536, .max_nesting = 24};
    lab *l = lab_load(make(seed), &options);
    CHECK_INT(apc_start(l->session), APC_OK);
    uint64_t end = backend_now_ns() + 15000000u;
    while (backend_now_ns() < end) lab_drain(l);
    lab_stop(l, 2000);
    CHECK_INT(apc_query_objects(l->session), APC_OK);
    apc_status s = lab_status(l);
    CHECK_INT(s.pending, 0);
    calls += lab_count(l, APC_KIND_CALL_RETURNED, ANY_THREAD);
    lab_close(l);
  }
  printf("%" PRIu64 " programs, %" PRIu64 " calls\n", seed - 1, calls);
  CHECK(calls > 1000);
}
