/* The C interface of a function that adaptive-mpi samples. From C, C++ or anything that speaks C:

     #include <adaptive_mpi.h>

     ADAPTIVE_MPI_FUNCTION(batch) {
       const double width = adaptive_mpi_parameter(batch, "width");
       for (int64_t i = 0; i < batch->count; i++) {
         const double x = batch->points[i];
         batch->values[i] = x + width * width / (width * width + x * x);
       }
     }

     cc -O2 -fPIC -shared -I PREFIX/include -o libpeak.so peak.c -lm

   How to write one, in C, C++ and Fortran: docs/writing-a-function.md. */
#ifndef ADAPTIVE_MPI_H
#define ADAPTIVE_MPI_H

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The version of this interface. It changes when what is written below changes its meaning; fields
   that are only added do not change it. */
#define ADAPTIVE_MPI_INTERFACE_VERSION 1

#if defined(__GNUC__)
#define ADAPTIVE_MPI_EXPORT __attribute__((visibility("default")))
#define ADAPTIVE_MPI_PRINTF(text, first) __attribute__((format(printf, text, first), unused))
#define ADAPTIVE_MPI_UNUSED __attribute__((unused))
#else
#define ADAPTIVE_MPI_EXPORT
#define ADAPTIVE_MPI_PRINTF(text, first)
#define ADAPTIVE_MPI_UNUSED
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Points of one learner, to be evaluated in one call, and room for what comes of them.

   Every field is 8 bytes wide, so the layout is the same in every language. Later versions add
   fields at the end: a function built for them looks at `struct_bytes` first. */
typedef struct adaptive_mpi_batch {
  /* Bytes of this struct as adaptive-mpi fills it. */
  int64_t struct_bytes;

  /* Points in this batch, at least 1. */
  int64_t count;

  /* Doubles in a point, and in a value. */
  int64_t dimension;
  int64_t value_count;

  /* Point i is points[i * dimension] and the dimension - 1 doubles after it. */
  const double *points;

  /* Value i goes to values[i * value_count] and the value_count - 1 doubles after it; all of them
     must be set, and to finite numbers, unless the point is marked as failed. */
  double *values;

  /* statuses[i] is 0 as given; any other number marks point i as failed. */
  int32_t *statuses;

  /* What went wrong with point i: UTF-8 that ends with a zero byte, at errors + i * error_bytes;
     empty as given. */
  char *errors;
  int64_t error_bytes;

  /* The learner's parameters, in the campaign file's order. */
  int64_t parameter_count;
  const char *const *parameter_names;
  const double *parameter_values;

  /* What set-up left in its context. */
  void *state;

  /* seeds[i] seeds the random numbers of point i: it depends on the learner's seed and the point
     alone, so that a stochastic function gives the same value on every leaf and in every attempt. */
  const uint64_t *seeds;

  /* The team of ranks that makes this call together (campaign file: `team`): this rank's number in
     it, how many they are (0 without a team), and their communicator as Fortran knows it. In C:
     adaptive_mpi_communicator. */
  int64_t team_rank;
  int64_t team_size;
  int64_t team_communicator;
} adaptive_mpi_batch;

/* What set-up and tear-down are given, once in each process. */
typedef struct adaptive_mpi_context {
  /* Bytes of this struct as adaptive-mpi fills it. */
  int64_t struct_bytes;

  /* This process among those of the world. */
  int64_t rank;
  int64_t rank_count;

  /* The function's own: NULL until set-up stores something, then part of every batch. */
  void *state;

  /* What went wrong, as in a batch. */
  char *error;
  int64_t error_bytes;

  /* The team, as in a batch. */
  int64_t team_rank;
  int64_t team_size;
  int64_t team_communicator;
} adaptive_mpi_context;

/* An interval or a simplex, whose loss is wanted: how much it deserves to be divided. */
typedef struct adaptive_mpi_cell {
  /* Bytes of this struct as adaptive-mpi fills it. */
  int64_t struct_bytes;

  /* Points: the two ends of an interval, with one more on each side where the campaign asks for
     neighbors; the dimension + 1 corners of a simplex. */
  int64_t count;

  /* Doubles in a point, and in a value. */
  int64_t dimension;
  int64_t value_count;

  /* Point i is points[i * dimension] and those after it, from the left in one dimension: shares of
     the domain's width; coordinates in the unit box. Value i is values[i * value_count] and those
     after it, divided by the range of all values. A neighbour that does not exist is NaN. */
  const double *points;
  const double *values;
} adaptive_mpi_cell;

/* What a library exports. The function's name is the campaign file's `symbol`, by default
   `adaptive_mpi_function`; set-up and tear-down are optional and carry its name with `_set_up` and
   `_tear_down` behind. Never two of these calls run at once in one process. */
extern ADAPTIVE_MPI_EXPORT const uint32_t adaptive_mpi_interface_version;
ADAPTIVE_MPI_EXPORT void adaptive_mpi_function(adaptive_mpi_batch *batch);

/* Called before the first batch. Any result but 0 stops the start, with the context's error. */
ADAPTIVE_MPI_EXPORT int32_t adaptive_mpi_function_set_up(adaptive_mpi_context *context);

/* Called after the last batch, if set-up succeeded. */
ADAPTIVE_MPI_EXPORT void adaptive_mpi_function_tear_down(adaptive_mpi_context *context);

/* The loss of a cell, where a campaign asks for one of a library: `loss: {library: …}`, by the name
   of its `symbol`, by default this one. Only roots call it. */
ADAPTIVE_MPI_EXPORT double adaptive_mpi_loss(const adaptive_mpi_cell *cell);

/* Says which interface the library was built for. ADAPTIVE_MPI_FUNCTION says it too: a library with
   several functions, under names of their own, says it once with this line instead. */
#define ADAPTIVE_MPI_LIBRARY \
  const uint32_t adaptive_mpi_interface_version = ADAPTIVE_MPI_INTERFACE_VERSION

#define ADAPTIVE_MPI_FUNCTION(batch) \
  ADAPTIVE_MPI_LIBRARY;              \
  void adaptive_mpi_function(adaptive_mpi_batch *batch)

#define ADAPTIVE_MPI_SET_UP(context) \
  int32_t adaptive_mpi_function_set_up(adaptive_mpi_context *context)

#define ADAPTIVE_MPI_TEAR_DOWN(context) \
  void adaptive_mpi_function_tear_down(adaptive_mpi_context *context)

/* Needs ADAPTIVE_MPI_LIBRARY in a library without ADAPTIVE_MPI_FUNCTION. */
#define ADAPTIVE_MPI_LOSS(cell) double adaptive_mpi_loss(const adaptive_mpi_cell *cell)

/* Whether a batch, or a context, is a team's: not so where the campaign file has no `team`, and in
   an adaptive-mpi that is older than this header. */
#define adaptive_mpi_has_team(batch)                                                     \
  ((batch)->struct_bytes >=                                                              \
       (int64_t)((const char *)(&(batch)->team_communicator + 1) - (const char *)(batch)) && \
   (batch)->team_size > 0)

/* The MPI_Comm of the team that makes this call together, MPI_COMM_NULL where there is none; needs
   mpi.h. It is the function's own: no other messages pass over it. */
#define adaptive_mpi_communicator(batch)                                                  \
  (adaptive_mpi_has_team(batch) ? MPI_Comm_f2c((MPI_Fint)(batch)->team_communicator) \
                                : MPI_COMM_NULL)

/* Marks a point as failed, with a text as of printf. The first failure of a point stays. */
ADAPTIVE_MPI_PRINTF(3, 4)
static void adaptive_mpi_fail(adaptive_mpi_batch *batch, int64_t point, const char *format, ...) {
  va_list arguments;
  if (batch->statuses[point] != 0) return;
  batch->statuses[point] = 1;
  va_start(arguments, format);
  vsnprintf(batch->errors + point * batch->error_bytes, (size_t)batch->error_bytes, format,
            arguments);
  va_end(arguments);
}

/* Says why set-up fails, with a text as of printf; returns what set-up is to return. */
ADAPTIVE_MPI_PRINTF(2, 3)
static int32_t adaptive_mpi_refuse(adaptive_mpi_context *context, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(context->error, (size_t)context->error_bytes, format, arguments);
  va_end(arguments);
  return 1;
}

/* The value of a parameter, or `otherwise` where the campaign does not set it. */
ADAPTIVE_MPI_UNUSED
static double adaptive_mpi_parameter_or(const adaptive_mpi_batch *batch, const char *name,
                                        double otherwise) {
  int64_t i;
  for (i = 0; i < batch->parameter_count; i++) {
    if (strcmp(batch->parameter_names[i], name) == 0) return batch->parameter_values[i];
  }
  return otherwise;
}

/* The value of a parameter that the campaign must set: without it all points of the batch are
   marked as failed, and the result is not a number. */
ADAPTIVE_MPI_UNUSED
static double adaptive_mpi_parameter(adaptive_mpi_batch *batch, const char *name) {
  int64_t i;
  for (i = 0; i < batch->parameter_count; i++) {
    if (strcmp(batch->parameter_names[i], name) == 0) return batch->parameter_values[i];
  }
  for (i = 0; i < batch->count; i++) {
    adaptive_mpi_fail(batch, i, "the campaign sets no parameter '%s'", name);
  }
  return NAN;
}

#ifdef __cplusplus
}
#endif

#endif
