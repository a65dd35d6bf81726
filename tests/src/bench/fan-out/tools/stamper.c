/*
 * stamper FILE BITS_PER_SECOND FRAMES_PER_SECOND
 *
 * A live source: plays a transport stream file in a loop on stdout, in so many bursts a second, until nobody reads it. Each
 * burst begins with one TS packet on PID 0x1F0 that carries CLOCK_MONOTONIC and a count. Any server that passes transport
 * streams through carries the stamps to its listeners; listeners.c finds them there and so knows the delay of every burst
 * and whether one is missing. The stamps are part of the bit rate.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signal.h>
#include <time.h>
#include <unistd.h>
#include "stamp.h"

enum { packet_bytes = 188, file_bytes_max = 64 << 20, burst_packets_max = 1024 };

static void write_stamp(unsigned char *packet, uint64_t count) {
  uint64_t nanos = now_nanos();
  memset(packet, 0xff, packet_bytes);
  packet[0] = 0x47;
  packet[1] = 0x01;
  packet[2] = 0xf0;
  packet[3] = 0x10 | (count & 15);
  memcpy(packet + 4, magic, sizeof magic);
  memcpy(packet + 20, &nanos, 8);
  memcpy(packet + 28, &count, 8);
}

static int write_all(const unsigned char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return -1;
    bytes += written;
    count -= (size_t)written;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: stamper FILE BITS_PER_SECOND FRAMES_PER_SECOND\n");
    return 2;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* never outlives the bench */
  FILE *file = fopen(argv[1], "rb");
  unsigned char *media = malloc(file_bytes_max);
  size_t packets = file == NULL || media == NULL ? 0 : fread(media, 1, file_bytes_max, file) / packet_bytes;
  double packets_per_burst = atof(argv[2]) / 8 / packet_bytes / atof(argv[3]);
  if (packets == 0 || !(packets_per_burst >= 1) || packets_per_burst > burst_packets_max) {
    fprintf(stderr, "stamper: no packets in %s, or less than one packet a burst\n", argv[1]);
    return 2;
  }
  static unsigned char burst[(burst_packets_max + 1) * packet_bytes];
  uint64_t started = now_nanos(), sent = 0;
  size_t place = 0;
  for (uint64_t count = 0;; count++) {
    sleep_until(started + (uint64_t)((double)count * 1e9 / atof(argv[3])));
    uint64_t due = (uint64_t)((double)(count + 1) * packets_per_burst);
    size_t bytes = packet_bytes;
    for (sent++; sent < due; sent++, bytes += packet_bytes) {
      memcpy(burst + bytes, media + place * packet_bytes, packet_bytes);
      place = (place + 1) % packets;
    }
    write_stamp(burst, count);
    if (write_all(burst, bytes) != 0) return 0;
  }
}
