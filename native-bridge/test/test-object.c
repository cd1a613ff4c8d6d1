/* Calls on objects that no scenario can tell apart: where an engine differs there is no fact to name. */
#include "lab.h"

/* Both parameters are wrong: which error comes says which was looked at first. Wine 8.0 looks at the handle. */
TEST(release_semaphore_looks_at_its_count_before_its_handle) {
  builder *b = builder_new();
  uint32_t body = routine(b, "body");
  uint32_t null = APC_OPERAND(APC_OPERAND_HANDLE, APC_HANDLE_NULL);
  step(b, body, APC_CALL_RELEASE_SEMAPHORE, 0, null, number(b, 0), APC_OPERAND_ABSENT);
  step(b, body, APC_CALL_RELEASE_SEMAPHORE, 0, null, number(b, UINT32_MAX), APC_OPERAND_ABSENT);
  step(b, body, APC_CALL_RELEASE_SEMAPHORE, 0, null, number(b, 1), APC_OPERAND_ABSENT);
  thread(b, "T1", body, APC_THREAD_STARTS);
  lab *l = lab_run(b, 5000);
  const uint32_t wrong_count = lab_on_wine() ? 6 : 87, errors[] = {wrong_count, wrong_count, 6};
  for (uint32_t i = 0; i < 3; i++) {
    event *returned = lab_return(l, APC_CALL_RELEASE_SEMAPHORE, 2, i);
    CHECK_INT(result_of(returned), 0);
    CHECK_INT(last_error_of(returned), errors[i]);
  }
  lab_close(l);
}
