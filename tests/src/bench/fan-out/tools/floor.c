/*
 * floor PORT
 *
 * What the kernel alone charges for a fan-out: reads stdin and write()s each piece to every connected socket, nothing else.
 * A request is read and answered without a look at it; that a listener has left shows when it is written to; what a full
 * socket does not take is lost to it. No server can do the same writes for less, so the CPU time of a server is told as a
 * ratio to this one's.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { listeners_max = 65536, read_bytes = 64 * 1024, events_max = 256 };

static const char head[] = "HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n";
static int listeners[listeners_max], listener_count;
static int poll_set;

static void watch(int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  epoll_ctl(poll_set, EPOLL_CTL_ADD, descriptor, &event);
}

static void take(int server) {
  int socket = accept4(server, NULL, NULL, SOCK_NONBLOCK), on = 1;
  if (socket < 0) return;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch(socket);
}

/* A socket that is still watched would cost a wake-up with each write. */
static void answer(int socket) {
  char request[4096];
  epoll_ctl(poll_set, EPOLL_CTL_DEL, socket, NULL);
  if (read(socket, request, sizeof request) > 0 && write(socket, head, sizeof head - 1) > 0 && listener_count < listeners_max) listeners[listener_count++] = socket;
  else close(socket);
}

static void fan_out(const char *bytes, size_t count) {
  for (int i = listener_count - 1; i >= 0; i--) {
    if (write(listeners[i], bytes, count) >= 0 || errno == EAGAIN) continue;
    close(listeners[i]);
    listeners[i] = listeners[--listener_count];
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: floor PORT\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 4096) != 0) {
    perror("floor: listen");
    return 1;
  }
  poll_set = epoll_create1(0);
  watch(server);
  watch(STDIN_FILENO);
  static char bytes[read_bytes];
  struct epoll_event events[events_max];
  for (;;) {
    int ready = epoll_wait(poll_set, events, events_max, -1);
    for (int i = 0; i < ready; i++) {
      int descriptor = events[i].data.fd;
      if (descriptor == server) take(server);
      else if (descriptor != STDIN_FILENO) answer(descriptor);
      else {
        ssize_t count = read(STDIN_FILENO, bytes, sizeof bytes);
        if (count <= 0) return 0;
        fan_out(bytes, (size_t)count);
      }
    }
  }
}
