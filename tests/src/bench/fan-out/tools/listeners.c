/*
 * listeners -p PORT -u PATH -n LISTENERS -w WARM_UP -s WINDOW [-q STALLED] [-j JOINS] [-e EVERY] [-c PID]... [-k CORE]
 *
 * Many HTTP/1.1 listeners on one epoll, so that the clients cost little beside the server that is measured. They are let in
 * as fast as the server answers; after a warm-up of WARM_UP seconds a window of WINDOW seconds is measured, then one JSON
 * object is printed and all of them leave.
 *
 * In the window: the delay of each stamp that stamper.c put into the stream (a histogram in steps of 10 us), gaps in their
 * count, bytes, and for how long nothing came between two reads of a listener. STALLED more send their request and never read.
 * JOINS more come one after the other, spread over the window, and leave at their first byte of media: how long that took from
 * connect() on is measured. With EVERY, stamps are looked for by each so manieth listener alone, and what comes to the others is
 * counted and thrown away by the kernel, so that the client's core carries more of them; 0 is for streams without stamps.
 * Of the server's processes (-c) it tells the CPU seconds spent in the window, user and system, from /proc/PID/stat, and the
 * resident memory before the first connection and at the end of the window; of the server's core (-k) how many seconds it
 * was busy with anything, and how many the hypervisor took, from /proc/stat.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  stamp_bytes = 32,          /* magic, clock, count */
  opening_max = 64,          /* requests without an answer at any time: below every server's backlog */
  opening_seconds_max = 30,
  listeners_per_address = 15000, /* of one source address: fewer than it has ports */
  chunk_line_bytes_max = 16, /* a body with more bytes than this holds media, chunked or not */
  step_nanos = 10000,
  steps = 2000000,           /* 20 seconds; the last stands for all beyond */
  pids_max = 16,
  events_max = 1024,
  read_bytes = 256 * 1024,
};

enum role { LISTENER, STALLED, JOINER };
enum state { CONNECTING, ASKED, STREAMING, GONE };

struct connection {
  int socket;
  enum role role;
  enum state state;
  int answered;       /* its first bytes have come */
  int head_end;       /* bytes of the empty line after the head seen so far; 4: the body has begun */
  uint64_t begun;     /* when it began to connect */
  uint64_t last;      /* when the last bytes came */
  uint64_t body;      /* bytes */
  uint64_t count;     /* of the newest stamp */
  int sampled;        /* its stamps are looked for */
  int stamps;         /* any seen */
  int carried;        /* bytes in `carry`: the end of what was read, in which a stamp may begin */
  unsigned char carry[stamp_bytes - 1];
};

struct histogram {
  uint32_t *steps;
  uint64_t count, max;
};

static const char magic[16] = "STAMP\x01\x02\x03STAMP\x04\x05\x06";
static int port, wanted, stalled, joins, every = 1, core = -1, pids[pids_max], pid_count;
static const char *path = "/";
static double warm_up_seconds = 2, window_seconds = 5;

static struct connection *connections;
static int opened, opening, streaming, refused, closed, joined, poll_set, in_window;
static uint64_t window_bytes, window_gaps, window_started;
static struct histogram delays, join_delays, pauses;
static char request[1024];
static int request_bytes;

static uint64_t now_nanos(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void record(struct histogram *histogram, uint64_t nanos) {
  uint64_t step = nanos / step_nanos;
  histogram->steps[step < steps ? step : steps - 1]++;
  histogram->count++;
  if (nanos > histogram->max) histogram->max = nanos;
}

static double percentile(const struct histogram *histogram, double share) {
  uint64_t rank = (uint64_t)((double)histogram->count * share), seen = 0;
  for (int step = 0; step < steps; step++) {
    seen += histogram->steps[step];
    if (seen > rank) return (step + 0.5) * step_nanos / 1e6;
  }
  return 0;
}

/* --- what the system tells of the server ------------------------------------------------------------------------------ */

static double server_cpu_seconds(void) {
  double ticks = 0;
  for (int i = 0; i < pid_count; i++) {
    char name[64], line[1024];
    snprintf(name, sizeof name, "/proc/%d/stat", pids[i]);
    FILE *file = fopen(name, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) continue;
    fclose(file);
    unsigned long user = 0, system = 0;
    /* proc(5): the name in parentheses may hold anything; utime and stime are the 12th and 13th fields behind it. */
    sscanf(strrchr(line, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    ticks += (double)(user + system);
  }
  return ticks / (double)sysconf(_SC_CLK_TCK);
}

static double server_resident_bytes(void) {
  double pages = 0;
  for (int i = 0; i < pid_count; i++) {
    char name[64];
    unsigned long resident = 0;
    snprintf(name, sizeof name, "/proc/%d/statm", pids[i]);
    FILE *file = fopen(name, "r");
    if (file == NULL) continue;
    if (fscanf(file, "%*u %lu", &resident) == 1) pages += (double)resident;
    fclose(file);
  }
  return pages * (double)sysconf(_SC_PAGESIZE);
}

/* Seconds that the core was busy since the system started, and those that the hypervisor gave to others. */
static void core_seconds(double *busy, double *stolen) {
  char line[512], name[32];
  int name_bytes = snprintf(name, sizeof name, "cpu%d ", core);
  FILE *file = fopen("/proc/stat", "r");
  *busy = *stolen = 0;
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    unsigned long user, nice, system, idle, wait, irq, softirq, steal;
    if (strncmp(line, name, (size_t)name_bytes) != 0) continue;
    if (sscanf(line + name_bytes, "%lu %lu %lu %lu %lu %lu %lu %lu", &user, &nice, &system, &idle, &wait, &irq, &softirq, &steal) != 8) break;
    *busy = (double)(user + nice + system + irq + softirq) / (double)sysconf(_SC_CLK_TCK);
    *stolen = (double)steal / (double)sysconf(_SC_CLK_TCK);
  }
  if (file != NULL) fclose(file);
}

static double own_cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* --- connections ------------------------------------------------------------------------------------------------------ */

static void leave(struct connection *connection) {
  if (connection->state == CONNECTING || connection->state == ASKED) opening--;
  if (connection->state == STREAMING) streaming--;
  connection->state = GONE;
  close(connection->socket);
}

static void open_one(enum role role) {
  struct connection *connection = &connections[opened];
  *connection = (struct connection){.role = role, .state = CONNECTING, .sampled = role == LISTENER && every > 0 && opened % every == 0, .begun = now_nanos()};
  connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  /* Does not grow until the window is used, so that one who does not read is full within a second. */
  int few = 4096, on = 1;
  if (role == STALLED) setsockopt(connection->socket, SOL_SOCKET, SO_RCVBUF, &few, sizeof few);
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(opened / listeners_per_address))};
  setsockopt(connection->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  bind(connection->socket, (struct sockaddr *)&from, sizeof from);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event event = {.events = EPOLLOUT, .data.u32 = (uint32_t)opened};
  opened++;
  opening++;
  if (connect(connection->socket, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
    if (refused++ == 0) perror("listeners: connect");
    leave(connection);
    return;
  }
  epoll_ctl(poll_set, EPOLL_CTL_ADD, connection->socket, &event);
}

static void ask(struct connection *connection, uint32_t place) {
  struct epoll_event event = {.events = connection->role == STALLED ? 0 : EPOLLIN, .data.u32 = place};
  epoll_ctl(poll_set, EPOLL_CTL_MOD, connection->socket, &event);
  if (write(connection->socket, request, (size_t)request_bytes) != request_bytes) {
    refused++;
    leave(connection);
    return;
  }
  connection->state = ASKED;
  if (connection->role == STALLED) {
    connection->state = STREAMING;
    opening--;
    streaming++;
  }
}

/* Skips the head; returns how many of the bytes belong to it. */
static ssize_t skip_head(struct connection *connection, const unsigned char *bytes, ssize_t count) {
  ssize_t at = 0;
  for (; at < count && connection->head_end < 4; at++) {
    if (bytes[at] == "\r\n\r\n"[connection->head_end]) connection->head_end++;
    else connection->head_end = bytes[at] == '\r';
  }
  return at;
}

static void find_stamps(struct connection *connection, const unsigned char *bytes, size_t count, uint64_t now) {
  const unsigned char *at = bytes, *end = bytes + count;
  while ((at = memmem(at, (size_t)(end - at), magic, sizeof magic)) != NULL && end - at >= stamp_bytes) {
    uint64_t sent, number;
    memcpy(&sent, at + 16, 8);
    memcpy(&number, at + 24, 8);
    if (in_window) {
      if (connection->stamps && number != connection->count + 1) window_gaps++;
      record(&delays, now - sent);
    }
    connection->count = number;
    connection->stamps = 1;
    at += stamp_bytes;
  }
  /* A stamp that begins here goes on in the next read; one that has been counted must not be seen again. */
  const unsigned char *rest = at != NULL ? at : end - (count < sizeof magic - 1 ? count : sizeof magic - 1);
  connection->carried = (int)(end - rest);
  memcpy(connection->carry, rest, (size_t)connection->carried);
}

static void media(struct connection *connection, uint64_t now) {
  if (connection->state == ASKED) {
    connection->state = STREAMING;
    opening--;
    streaming++;
  }
  if (connection->role == JOINER && connection->body > chunk_line_bytes_max) {
    record(&join_delays, now - connection->begun);
    joined++;
    leave(connection);
  }
}

static void receive(struct connection *connection) {
  static unsigned char buffer[stamp_bytes + read_bytes];
  unsigned char *fresh = buffer + connection->carried;
  int unread = connection->role == LISTENER && !connection->sampled && connection->body > 0;
  ssize_t count = recv(connection->socket, unread ? NULL : fresh, read_bytes, unread ? MSG_TRUNC : 0);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) {
    if (connection->state == STREAMING) closed++;
    else refused++;
    leave(connection);
    return;
  }
  uint64_t now = now_nanos();
  if (in_window) window_bytes += (uint64_t)count;
  if (in_window && connection->last > 0 && connection->role == LISTENER) record(&pauses, now - connection->last);
  connection->last = now;
  if (connection->head_end < 4) {
    if (!connection->answered && (count < 12 || memcmp(fresh + 8, " 200", 4) != 0)) {
      refused++;
      leave(connection);
      return;
    }
    connection->answered = 1;
    ssize_t skipped = skip_head(connection, fresh, count);
    fresh += skipped;
    count -= skipped;
    if (count == 0) return;
  }
  connection->body += (uint64_t)count;
  if (connection->sampled) {
    memcpy(fresh - connection->carried, connection->carry, (size_t)connection->carried);
    find_stamps(connection, fresh - connection->carried, (size_t)(count + connection->carried), now);
  }
  media(connection, now);
}

/* Serves the connections until the time has come, or, with `enough`, so many are streaming. Lets joiners in as they are due. */
static void run_until(uint64_t end, int enough, uint64_t joins_from) {
  struct epoll_event events[events_max];
  int joins_opened = 0;
  for (;;) {
    uint64_t now = now_nanos();
    if (now >= end || (enough > 0 && streaming + refused + closed >= enough)) return;
    while (enough > 0 && opened < enough && opening < opening_max) open_one(opened < wanted ? LISTENER : STALLED);
    uint64_t wake = end;
    if (joins_from > 0 && joins_opened < joins) {
      uint64_t due = joins_from + (uint64_t)(window_seconds * 1e9 * (joins_opened + 0.5) / joins);
      if (now >= due) {
        open_one(JOINER);
        joins_opened++;
        continue;
      }
      wake = due;
    }
    int ready = epoll_wait(poll_set, events, events_max, (int)((wake - now) / 1000000) + 1);
    for (int i = 0; i < ready; i++) {
      struct connection *connection = &connections[events[i].data.u32];
      if (connection->state == CONNECTING) ask(connection, events[i].data.u32);
      else if (connection->state != GONE && connection->role == STALLED) leave(connection); /* hung up on */
      else if (connection->state != GONE) receive(connection);
    }
  }
}

static void print_report(double seconds, double cpu, double core_busy, double core_stolen, double own, double before, double after) {
  int served = 0;
  for (int i = 0; i < wanted && i < opened; i++) {
    const struct connection *each = &connections[i];
    served += each->state == STREAMING && each->last >= window_started && (each->stamps || !each->sampled);
  }
  printf("{\"listeners\":%d,\"served\":%d,\"refused\":%d,\"closed\":%d,", wanted, served, refused, closed);
  printf("\"seconds\":%.3f,\"bytes\":%llu,\"stamps\":%llu,\"gaps\":%llu,", seconds, (unsigned long long)window_bytes, (unsigned long long)delays.count, (unsigned long long)window_gaps);
  printf("\"delayMillis\":{\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f,\"max\":%.2f},", percentile(&delays, .5), percentile(&delays, .9), percentile(&delays, .99), (double)delays.max / 1e6);
  printf("\"pauseMillis\":{\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f,\"max\":%.2f},", percentile(&pauses, .5), percentile(&pauses, .9), percentile(&pauses, .99), (double)pauses.max / 1e6);
  printf("\"joined\":%d,\"joinMillis\":{\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f,\"max\":%.2f},", joined, percentile(&join_delays, .5), percentile(&join_delays, .9), percentile(&join_delays, .99), (double)join_delays.max / 1e6);
  printf("\"serverSeconds\":%.2f,\"coreBusySeconds\":%.2f,\"coreStolenSeconds\":%.2f,\"clientSeconds\":%.2f,", cpu, core_busy, core_stolen, own);
  printf("\"residentBytesBefore\":%.0f,\"residentBytesAfter\":%.0f}\n", before, after);
}

static int read_options(int argc, char **argv) {
  for (int option; (option = getopt(argc, argv, "p:u:n:w:s:q:j:e:c:k:")) != -1;) {
    switch (option) {
      case 'p': port = atoi(optarg); break;
      case 'u': path = optarg; break;
      case 'n': wanted = atoi(optarg); break;
      case 'w': warm_up_seconds = atof(optarg); break;
      case 's': window_seconds = atof(optarg); break;
      case 'q': stalled = atoi(optarg); break;
      case 'j': joins = atoi(optarg); break;
      case 'e': every = atoi(optarg); break;
      case 'k': core = atoi(optarg); break;
      case 'c': if (pid_count < pids_max) pids[pid_count++] = atoi(optarg); break;
      default: return -1;
    }
  }
  return port > 0 && wanted > 0 && optind == argc ? 0 : -1;
}

int main(int argc, char **argv) {
  if (read_options(argc, argv) != 0) {
    fprintf(stderr, "usage: listeners -p PORT -u PATH -n LISTENERS -w WARM_UP -s WINDOW [-q STALLED] [-j JOINS] [-e EVERY] [-c PID]... [-k CORE]\n");
    return 2;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* never outlives the bench */
  signal(SIGPIPE, SIG_IGN);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  connections = calloc((size_t)(wanted + stalled + joins), sizeof *connections);
  delays.steps = calloc(steps, sizeof *delays.steps);
  join_delays.steps = calloc(steps, sizeof *join_delays.steps);
  pauses.steps = calloc(steps, sizeof *pauses.steps);
  poll_set = epoll_create1(0);
  request_bytes = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: listeners\r\n\r\n", path, port);

  double before = server_resident_bytes();
  run_until(now_nanos() + opening_seconds_max * 1000000000ull, wanted + stalled, 0);
  run_until(now_nanos() + (uint64_t)(warm_up_seconds * 1e9), 0, 0);

  double busy, stolen, busy_end, stolen_end, cpu = server_cpu_seconds(), own = own_cpu_seconds();
  core_seconds(&busy, &stolen);
  uint64_t started = window_started = now_nanos();
  in_window = 1;
  run_until(started + (uint64_t)(window_seconds * 1e9), 0, started);
  in_window = 0;
  double seconds = (double)(now_nanos() - started) / 1e9;
  cpu = server_cpu_seconds() - cpu;
  core_seconds(&busy_end, &stolen_end);
  print_report(seconds, cpu, busy_end - busy, stolen_end - stolen, own_cpu_seconds() - own, before, server_resident_bytes());
  return 0;
}
