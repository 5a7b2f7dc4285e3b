/* What the yardsticks share: points and results as they travel, time, cost, sorted gaps. */
#ifndef YARDSTICK_H
#define YARDSTICK_H

#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct point { double x; int64_t id; };
struct result { double y; int64_t id; int32_t status; int32_t unused; };

enum { POINTS = 1, RESULTS, STOP, SUMMARY };

/* Seconds on the monotonic clock. MPI_Wtime of some libraries counts cycles, which differ by core. */
static inline double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Waits until a message is there; pause > 0 sleeps that many seconds between looks. */
static inline void await_message(int source, int tag, double pause, MPI_Status *status) {
  if (pause <= 0) {
    MPI_Probe(source, tag, MPI_COMM_WORLD, status);
    return;
  }
  int found = 0;
  for (;;) {
    MPI_Iprobe(source, tag, MPI_COMM_WORLD, &found, status);
    if (found) return;
    struct timespec span = {0, (long)(pause * 1e9)};
    nanosleep(&span, NULL);
  }
}

/* The function: x*x, after computing (> 0) or sleeping (< 0) for so many seconds. */
static inline double evaluate(double x, double seconds) {
  if (seconds > 0) {
    double end = now() + seconds;
    while (now() < end) {}
  } else if (seconds < 0) {
    struct timespec span = {(time_t)-seconds, (long)((-seconds - (double)(long)-seconds) * 1e9)};
    nanosleep(&span, NULL);
  }
  return x * x;
}

static inline int order(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* What a leaf did: share of time in the function, median and 99th percentile of its gaps. */
struct leaf_log { double *gaps; long count, max; double busy, first, last; };

static inline void leaf_log_begin(struct leaf_log *log, double time) {
  if (log->first == 0) log->first = time;
  else if (log->count < log->max) log->gaps[log->count++] = time - log->last;
}

static inline void leaf_log_end(struct leaf_log *log, double started, double time) {
  log->busy += time - started;
  log->last = time;
}

static inline void leaf_log_send(struct leaf_log *log) {
  double summary[3] = {0, 0, 0};
  qsort(log->gaps, (size_t)log->count, sizeof(double), order);
  if (log->count > 0) {
    summary[0] = log->gaps[log->count / 2];
    summary[1] = log->gaps[(long)((double)log->count * 0.99)];
    summary[2] = log->busy / (log->last - log->first);
  }
  MPI_Send(summary, 3, MPI_DOUBLE, 0, SUMMARY, MPI_COMM_WORLD);
}

/* On rank 0: one line of JSON, with the columns that TreeBenchmark prints. */
static inline void report(int ranks, int leaves, double cost, long points, double seconds, double sum) {
  double mean[3] = {0, 0, 0};
  for (int i = 0; i < leaves; i++) {
    double summary[3];
    MPI_Recv(summary, 3, MPI_DOUBLE, MPI_ANY_SOURCE, SUMMARY, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    for (int k = 0; k < 3; k++) mean[k] += summary[k] / leaves;
  }
  printf("{\"ranks\":%d,\"leaves\":%d,\"seconds_per_point\":%g,\"points\":%ld,\"seconds\":%.6f,"
         "\"points_per_second\":%.0f,\"busy_share\":%.5f,\"gap_us_p50\":%.3f,\"gap_us_p99\":%.3f,"
         "\"sum\":%g}\n",
         ranks, leaves, cost < 0 ? -cost : cost, points, seconds, (double)points / seconds, mean[2],
         mean[0] * 1e6, mean[1] * 1e6, sum);
}

#endif
