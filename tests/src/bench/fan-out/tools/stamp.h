/*
 * What the programs that write stamps share: the 16 bytes that a stamp begins with, and the clock that it tells.
 */
#include <errno.h>
#include <stdint.h>
#include <time.h>

static const char magic[16] = "STAMP\x01\x02\x03STAMP\x04\x05\x06";

static uint64_t now_nanos(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void sleep_until(uint64_t nanos) {
  struct timespec time = {(time_t)(nanos / 1000000000u), (long)(nanos % 1000000000u)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) continue;
}
