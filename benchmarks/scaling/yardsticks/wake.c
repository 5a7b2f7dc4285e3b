// What waking costs: LEAVES processes sleep SECONDS each time, then wake a parent, which sleeps too,
// and sleep until it wakes them. Nothing is sent, nothing is done: by futexes in shared memory, this
// is the least that a leaf waits whose next point is with its parent.
//
//     wake LEAVES SECONDS_A_POINT DURATION
//
// Prints the median and the 99th percentile of the wait, in microseconds, as JSON.

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { waits_max = 1 << 16 };

struct bell {
  _Alignas(64) _Atomic int rung;
};

struct leaf {
  struct bell bell;
  _Alignas(64) _Atomic int waits;
  _Atomic int done;
  int count;
  float microseconds[waits_max];
};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

static void ring(struct bell *bell) {
  atomic_store(&bell->rung, 1);
  syscall(SYS_futex, &bell->rung, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void wait_for(struct bell *bell) {
  while (!atomic_exchange(&bell->rung, 0))
    syscall(SYS_futex, &bell->rung, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void be_leaf(struct leaf *leaf, struct bell *parent, double seconds, double end) {
  struct timespec point = {seconds, (seconds - (long)seconds) * 1e9};
  while (now() < end && leaf->count < waits_max) {
    nanosleep(&point, NULL);
    double start = now();
    atomic_store(&leaf->waits, 1);
    ring(parent);
    wait_for(&leaf->bell);
    leaf->microseconds[leaf->count++] = 1e6 * (now() - start);
  }
}

static int ascending(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 4) return 64;
  int leaves = atoi(argv[1]);
  double seconds = atof(argv[2]), duration = atof(argv[3]);
  struct leaf *leaf = mmap(NULL, leaves * sizeof *leaf, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  struct bell *parent = mmap(NULL, sizeof *parent, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (leaf == MAP_FAILED || parent == MAP_FAILED) return 71;
  double end = now() + duration;
  for (int i = 0; i < leaves; i++)
    if (fork() == 0) {
      be_leaf(&leaf[i], parent, seconds, end);
      atomic_store(&leaf[i].done, 1);
      ring(parent);
      _exit(0);
    }
  for (int done = 0; done < leaves;) {
    wait_for(parent);
    done = 0;
    for (int i = 0; i < leaves; i++) {
      if (atomic_exchange(&leaf[i].waits, 0)) ring(&leaf[i].bell);
      done += leaf[i].done;
    }
  }
  float *all = malloc((size_t)leaves * waits_max * sizeof *all);
  int count = 0;
  for (int i = 0; i < leaves; i++)
    for (int j = 0; j < leaf[i].count; j++) all[count++] = leaf[i].microseconds[j];
  qsort(all, count, sizeof *all, ascending);
  printf("{\"count\":%d,\"gap_us_p50\":%.1f,\"gap_us_p99\":%.1f}\n", count, all[count / 2],
         all[count * 99 / 100]);
  return 0;
}
