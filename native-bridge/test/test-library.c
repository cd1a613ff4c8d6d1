/* The library as a whole: layout, description, limits, many threads, several sessions. */
#include "lab.h"

#include <stddef.h>

TEST(layout_is_what_the_twin_reads) {
  CHECK_INT(sizeof(apc_record), 32);
  CHECK_INT(sizeof(apc_more), 32);
  CHECK_INT(offsetof(apc_record, kind), 12);
  CHECK_INT(offsetof(apc_record, subject), 20);
  CHECK_INT(offsetof(apc_record, value), 24);
  CHECK_INT(offsetof(apc_more, u), 8);
  CHECK_INT(sizeof(apc_instruction), 32);
  CHECK_INT(sizeof(apc_program_header), 48);
  CHECK_INT(apc_record_size(), 32);
  CHECK_INT(apc_abi_version(), APC_ABI_VERSION);
}

TEST(describe_prints_every_number_once) {
  char text[20000], small[8];
  int32_t length = apc_describe(text, sizeof text);
  CHECK_INT(length, strlen(text));
  CHECK_INT(apc_describe(small, sizeof small), length);
  CHECK_TEXT(small, "abi=3\ne");
  CHECK(strstr(text, "\nkind.apcQueueFailed=11\n") != NULL);
  CHECK(strstr(text, "\ncall.getLastError=54\n") != NULL);
  CHECK(strstr(text, "\napc_record.bytes=32\n") != NULL);
  CHECK(strstr(text, "\napc_drain_info.left=12\n") != NULL);
  char all[20002];
  snprintf(all, sizeof all, "\n%s", text);
  for (char *line = all; line[1] != 0; line = strchr(line + 1, '\n')) {
    char name[64] = {0};
    size_t end = strcspn(line, "=");
    CHECK(end < sizeof name - 1);
    memcpy(name, line, end + 1);
    CHECK(strstr(line + 1, name) == NULL);
  }
}

TEST(engine_says_what_it_is) {
  char json[8192];
  CHECK(apc_engine(json, sizeof json) > 0);
  printf("%s\n", json);
  CHECK(strstr(json, "{\"name\":\"queueUserApc\",\"present\":true}") != NULL);
  /* No engine that runs here can hand a CONTEXT over. */
  CHECK(strstr(json, "{\"name\":\"queueUserApc2.callbackDataContext\",\"present\":") != NULL);
  static const char *const names[] = {
      "sleepEx", "queueUserApc2.special", "ntQueueApcThread", "ntQueueApcThreadEx", "ntTestAlert", "awaitState.exact"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) CHECK(strstr(json, names[i]) != NULL);
}

TEST(options_and_limits_are_checked) {
  apc_options options = {.size = sizeof options - 4};
  CHECK_INT(apc_open(&options), APC_E_BAD_ARGUMENT);
  options = (apc_options){.size = sizeof options, .ring_records = 100};
  CHECK_INT(apc_open(&options), APC_E_BAD_ARGUMENT);
  options = (apc_options){.size = sizeof options, .ring_records = 32};
  CHECK_INT(apc_open(&options), APC_E_BAD_ARGUMENT);
  options = (apc_options){.size = sizeof options, .max_threads = 70000};
  CHECK_INT(apc_open(&options), APC_E_BAD_ARGUMENT);
  CHECK_INT(apc_drain(0, NULL, 0, NULL), APC_E_BAD_SESSION);
  char sentence[256];
  CHECK(apc_error_text(sentence, sizeof sentence) > 0);
  CHECK_TEXT(sentence, "there is no session 0");
  int32_t sessions[64];
  options = (apc_options){.size = sizeof options, .ring_records = 64};
  for (int i = 0; i < 64; i++) CHECK_INT(sessions[i] = apc_open(&options), i + 1);
  CHECK_INT(apc_open(&options), APC_E_LIMIT);
  for (int i = 0; i < 64; i++) CHECK_INT(apc_close(sessions[i]), APC_OK);
  options = (apc_options){.size = sizeof options, .max_threads = 1};
  int32_t session = apc_open(&options);
  CHECK_INT(apc_create_thread(session, "early", APC_ROUTINE_NONE, 0), APC_E_STATE);
  CHECK_INT(apc_start(session), APC_OK);
  CHECK_INT(apc_create_thread(session, "", APC_ROUTINE_NONE, 0), APC_E_BAD_ARGUMENT);
  CHECK_INT(apc_create_thread(session, "\xFF", APC_ROUTINE_NONE, 0), APC_E_BAD_ARGUMENT);
  CHECK_INT(apc_create_thread(session, "one", APC_ROUTINE_NONE, 0), 2);
  CHECK_INT(apc_create_thread(session, "two", APC_ROUTINE_NONE, 0), APC_E_LIMIT);
  apc_stop(session);
  while (apc_close(session) == APC_E_BUSY) apc_stop(session);
}

/* Each queues to the next, waits for its own, and ends. */
TEST(two_hundred_threads) {
  builder *b = builder_new();
  uint32_t apc = routine(b, "apc"), control = routine(b, "control"), work = routine(b, "work");
  sleep_ex(b, work, APC_INFINITE, true);
  for (uint32_t i = 0; i < 200; i++) thread(b, "T", work, APC_THREAD_STARTS);
  for (uint32_t i = 0; i < 100; i++) {
    await(b, control, THREAD(2 * i), APC_STATE_ALERTABLE);
    queue_apc(b, control, THREAD(2 * i), apc, i);
  }
  controller(b, control);
  lab *l = lab_start(b);
  while (lab_status(l).program_threads_alive > 100) lab_drain(l);
  lab_stop(l, 2000);
  CHECK_INT(lab_count(l, APC_KIND_THREAD_ENDED, ANY_THREAD), 201);
  CHECK_INT(lab_count(l, APC_KIND_APC_ENDED, ANY_THREAD), 100);
  lab_close(l);
}

/* Memory and threads are given back: 300 sessions in a row, each with a run. */
TEST(three_hundred_sessions_in_a_row) {
  for (int i = 0; i < 300; i++) {
    builder *b = builder_new();
    uint32_t apc = routine(b, "apc"), body = routine(b, "body");
    queue_apc(b, body, SELF, apc, 0);
    queue_apc(b, body, SELF, apc, 0);
    sleep_ex(b, body, 0, true);
    queue_apc(b, body, SELF, apc, 0);
    for (int k = 0; k < 3; k++) thread(b, "T", body, APC_THREAD_STARTS);
    lab *l = lab_run(b, 5000);
    CHECK_INT(lab_status(l).delivered + lab_status(l).lost_apcs, 9);
    lab_close(l);
  }
}
