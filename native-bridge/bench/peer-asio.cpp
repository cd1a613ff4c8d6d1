// peer-asio: boost::asio::post to an io_context that another thread runs. Untraced; Asio allocates its operations
// itself.
#include <boost/asio.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "load.h"

namespace {

boost::asio::io_context context;
std::mutex lock;
std::condition_variable all_ran;
bool done = false; // under the lock
uint32_t left = 0; // of this burst: the context's thread's, but before a burst
uint64_t last_ns = 0;
volatile uint64_t ran = 0;

void call() {
  ran = ran + 1;
  if (--left > 0) return;
  last_ns = load_now_ns();
  std::lock_guard<std::mutex> hold(lock);
  done = true;
  all_ran.notify_one();
}

uint64_t run(void *, uint32_t calls) {
  left = calls;
  done = false;
  uint64_t began_ns = load_now_ns();
  for (uint32_t i = 0; i < calls; i++) boost::asio::post(context, call);
  std::unique_lock<std::mutex> hold(lock);
  all_ran.wait(hold, [] { return done; });
  return last_ns - began_ns;
}

} // namespace

int main(int argc, char **argv) {
  load_options options{};
  options.seconds = 1;
  options.burst = 262144;
  options = load_read_options(argc, argv, options);
  auto work = boost::asio::make_work_guard(context);
  std::thread server([&options] {
    load_pin(&options, 0, LOAD_RUNS);
    context.run();
  });
  load_pin(&options, 0, LOAD_POSTS);
  load_print(load_measure(&options, run, nullptr));
  work.reset();
  server.join();
}
