/*
 * mp3-stamper
 *
 * A live source: MP3 of 44.1 kHz and 128 kbit/s on stdout, frame by frame as each is due, until nobody reads it. The sound is
 * silence; where a frame of sound has its Huffman codes, each has CLOCK_MONOTONIC and a count, as stamper.c writes them.
 * Decoders skip those bytes as ancillary data (ISO/IEC 11172-3 §2.4.1.8), and whoever passes frames on as they are carries them along.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signal.h>
#include <time.h>
#include <unistd.h>
#include "stamp.h"

enum { samples_per_frame = 1152, samples_per_second = 44100, bits_per_second = 128000, header_bytes = 4, side_bytes = 32, frame_bytes_max = 418 };

/* Bytes of all frames before this one: each is as long as keeps the bit rate, to the byte. */
static uint64_t position(uint64_t count) { return count * samples_per_frame * (bits_per_second / 8) / samples_per_second; }

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* never outlives the bench */
  static unsigned char frame[frame_bytes_max];
  uint64_t started = now_nanos();
  for (uint64_t count = 0;; count++) {
    sleep_until(started + count * samples_per_frame * 1000000000u / samples_per_second);
    size_t bytes = (size_t)(position(count + 1) - position(count));
    int padded = bytes == frame_bytes_max;
    uint64_t nanos = now_nanos();
    /* MPEG-1 layer III without CRC; 128 kbit/s, 44.1 kHz, padding; stereo. A side information of zeros: no bits of sound. */
    memcpy(frame, (const unsigned char[header_bytes]){0xff, 0xfb, (unsigned char)(0x90 | padded << 1), 0x00}, header_bytes);
    memcpy(frame + header_bytes + side_bytes, magic, sizeof magic);
    memcpy(frame + header_bytes + side_bytes + 16, &nanos, 8);
    memcpy(frame + header_bytes + side_bytes + 24, &count, 8);
    for (size_t at = 0; at < bytes;) {
      ssize_t written = write(STDOUT_FILENO, frame + at, bytes - at);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return 0;
      at += (size_t)written;
    }
  }
}
