// MPI as Swift can see it: the same types and functions with every implementation.
//
// Handles are pointers in Open MPI and integers in MPICH, and most constants are macros that Swift
// cannot import. Here each handle is a struct of one field, and each call a static inline function
// that returns MPI's own code; nothing is decided or dropped here.
#ifndef CMPI_SHIM_H
#define CMPI_SHIM_H

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>

// A handle is unsafe in Swift's sense whatever it is made of: it may outlive its object.
#define CMPI_HANDLE __attribute__((swift_attr("unsafe")))

struct CMPI_HANDLE cmpi_comm { MPI_Comm handle; };
struct CMPI_HANDLE cmpi_request { MPI_Request handle; };
struct CMPI_HANDLE cmpi_message { MPI_Message handle; };
struct CMPI_HANDLE cmpi_status { MPI_Status status; };
typedef struct cmpi_comm cmpi_comm;
typedef struct cmpi_request cmpi_request;
typedef struct cmpi_message cmpi_message;
typedef struct cmpi_status cmpi_status;

// Arrays of wrapped handles are passed to MPI as arrays of handles.
_Static_assert(sizeof(cmpi_request) == sizeof(MPI_Request), "a handle is wrapped without padding");
_Static_assert(sizeof(cmpi_status) == sizeof(MPI_Status), "a status is wrapped without padding");

// Constants.

static const int cmpi_success = MPI_SUCCESS;
static const int cmpi_err_in_status = MPI_ERR_IN_STATUS;
static const int cmpi_err_pending = MPI_ERR_PENDING;
static const int cmpi_err_count = MPI_ERR_COUNT;
static const int cmpi_err_rank = MPI_ERR_RANK;
static const int cmpi_err_tag = MPI_ERR_TAG;
static const int cmpi_err_truncate = MPI_ERR_TRUNCATE;
static const int cmpi_err_other = MPI_ERR_OTHER;
static const int cmpi_any_source = MPI_ANY_SOURCE;
static const int cmpi_any_tag = MPI_ANY_TAG;
static const int cmpi_undefined = MPI_UNDEFINED;
static const int cmpi_thread_funneled = MPI_THREAD_FUNNELED;
static const int cmpi_error_string_max = MPI_MAX_ERROR_STRING;
static const int cmpi_library_version_string_max = MPI_MAX_LIBRARY_VERSION_STRING;
static const int cmpi_processor_name_max = MPI_MAX_PROCESSOR_NAME;

static inline cmpi_comm cmpi_comm_world(void) { return (cmpi_comm){MPI_COMM_WORLD}; }
static inline cmpi_comm cmpi_comm_self(void) { return (cmpi_comm){MPI_COMM_SELF}; }
static inline cmpi_comm cmpi_comm_null(void) { return (cmpi_comm){MPI_COMM_NULL}; }
static inline bool cmpi_comm_is_null(cmpi_comm comm) { return comm.handle == MPI_COMM_NULL; }
static inline cmpi_request cmpi_request_null(void) { return (cmpi_request){MPI_REQUEST_NULL}; }
static inline bool cmpi_request_is_null(cmpi_request request) {
  return request.handle == MPI_REQUEST_NULL;
}
static inline cmpi_message cmpi_message_null(void) { return (cmpi_message){MPI_MESSAGE_NULL}; }

// Environment (MPI-4.0 chapters 9 and 11).

static inline int cmpi_initialized(int *flag) { return MPI_Initialized(flag); }
static inline int cmpi_init_thread(int required, int *provided) {
  return MPI_Init_thread(NULL, NULL, required, provided);
}
static inline int cmpi_finalize(void) { return MPI_Finalize(); }
static inline int cmpi_abort(int code) { return MPI_Abort(MPI_COMM_WORLD, code); }
static inline double cmpi_wtime(void) { return MPI_Wtime(); }
static inline int cmpi_get_version(int *major, int *minor) {
  return MPI_Get_version(major, minor);
}
static inline int cmpi_get_library_version(char *text, int *length) {
  return MPI_Get_library_version(text, length);
}
static inline int cmpi_get_processor_name(char *text, int *length) {
  return MPI_Get_processor_name(text, length);
}
static inline int cmpi_error_class(int code, int *error_class) {
  return MPI_Error_class(code, error_class);
}
static inline int cmpi_error_string(int code, char *text, int *length) {
  return MPI_Error_string(code, text, length);
}

// Communicators (chapter 7).

static inline int cmpi_comm_return_errors(cmpi_comm comm) {
  return MPI_Comm_set_errhandler(comm.handle, MPI_ERRORS_RETURN);
}
static inline int cmpi_comm_fail_on_errors(cmpi_comm comm) {
  return MPI_Comm_set_errhandler(comm.handle, MPI_ERRORS_ARE_FATAL);
}
static inline int cmpi_comm_fortran(cmpi_comm comm) { return (int)MPI_Comm_c2f(comm.handle); }
static inline int cmpi_comm_rank(cmpi_comm comm, int *rank) {
  return MPI_Comm_rank(comm.handle, rank);
}
static inline int cmpi_comm_size(cmpi_comm comm, int *size) {
  return MPI_Comm_size(comm.handle, size);
}
static inline int cmpi_comm_dup(cmpi_comm comm, cmpi_comm *result) {
  return MPI_Comm_dup(comm.handle, &result->handle);
}
static inline int cmpi_comm_split(cmpi_comm comm, int color, int key, cmpi_comm *result) {
  return MPI_Comm_split(comm.handle, color, key, &result->handle);
}
static inline int cmpi_comm_split_shared(cmpi_comm comm, int key, cmpi_comm *result) {
  return MPI_Comm_split_type(
      comm.handle, MPI_COMM_TYPE_SHARED, key, MPI_INFO_NULL, &result->handle);
}
static inline int cmpi_comm_free(cmpi_comm *comm) { return MPI_Comm_free(&comm->handle); }

// Collectives (chapter 6). Reductions are in place.

enum cmpi_datatype {
  cmpi_datatype_int64,
  cmpi_datatype_double,
  cmpi_datatype_int_pair
};
enum cmpi_op {
  cmpi_op_min,
  cmpi_op_max,
  cmpi_op_sum,
  cmpi_op_minloc,
  cmpi_op_maxloc
};

static inline MPI_Datatype cmpi_datatype_handle(enum cmpi_datatype datatype) {
  switch (datatype) {
    case cmpi_datatype_int64: return MPI_INT64_T;
    case cmpi_datatype_double: return MPI_DOUBLE;
    case cmpi_datatype_int_pair: return MPI_2INT;
  }
  return MPI_DATATYPE_NULL;
}
static inline MPI_Op cmpi_op_handle(enum cmpi_op op) {
  switch (op) {
    case cmpi_op_min: return MPI_MIN;
    case cmpi_op_max: return MPI_MAX;
    case cmpi_op_sum: return MPI_SUM;
    case cmpi_op_minloc: return MPI_MINLOC;
    case cmpi_op_maxloc: return MPI_MAXLOC;
  }
  return MPI_OP_NULL;
}
static inline int cmpi_allreduce(
    void *values, int count, enum cmpi_datatype datatype, enum cmpi_op op, cmpi_comm comm) {
  return MPI_Allreduce(MPI_IN_PLACE, values, count, cmpi_datatype_handle(datatype),
                       cmpi_op_handle(op), comm.handle);
}
static inline int cmpi_barrier(cmpi_comm comm) { return MPI_Barrier(comm.handle); }
static inline int cmpi_ibarrier(cmpi_comm comm, cmpi_request *request) {
  return MPI_Ibarrier(comm.handle, &request->handle);
}
static inline int cmpi_bcast(void *bytes, int count, int root, cmpi_comm comm) {
  return MPI_Bcast(bytes, count, MPI_BYTE, root, comm.handle);
}
static inline int cmpi_gather(
    const void *bytes, int count, void *gathered, int root, cmpi_comm comm) {
  return MPI_Gather(bytes, count, MPI_BYTE, gathered, count, MPI_BYTE, root, comm.handle);
}
static inline int cmpi_allgather(const void *bytes, int count, void *gathered, cmpi_comm comm) {
  return MPI_Allgather(bytes, count, MPI_BYTE, gathered, count, MPI_BYTE, comm.handle);
}

// Point to point (chapter 3).

static inline int cmpi_isend(
    const void *bytes, int count, int destination, int tag, cmpi_comm comm,
    cmpi_request *request) {
  return MPI_Isend(bytes, count, MPI_BYTE, destination, tag, comm.handle, &request->handle);
}
static inline int cmpi_irecv(
    void *bytes, int count, int source, int tag, cmpi_comm comm, cmpi_request *request) {
  return MPI_Irecv(bytes, count, MPI_BYTE, source, tag, comm.handle, &request->handle);
}
static inline int cmpi_iprobe(
    int source, int tag, cmpi_comm comm, int *flag, cmpi_status *status) {
  return MPI_Iprobe(source, tag, comm.handle, flag, &status->status);
}
static inline int cmpi_improbe(
    int source, int tag, cmpi_comm comm, int *flag, cmpi_message *message, cmpi_status *status) {
  return MPI_Improbe(source, tag, comm.handle, flag, &message->handle, &status->status);
}
static inline int cmpi_mrecv(
    void *bytes, int count, cmpi_message *message, cmpi_status *status) {
  return MPI_Mrecv(bytes, count, MPI_BYTE, &message->handle, &status->status);
}
static inline int cmpi_test(cmpi_request *request, int *flag, cmpi_status *status) {
  return MPI_Test(&request->handle, flag, &status->status);
}
static inline int cmpi_wait(cmpi_request *request, cmpi_status *status) {
  return MPI_Wait(&request->handle, &status->status);
}
static inline int cmpi_testsome(
    int count, cmpi_request *requests, int *completed_count, int *indices,
    cmpi_status *statuses) {
  return MPI_Testsome(count, &requests->handle, completed_count, indices, &statuses->status);
}
static inline int cmpi_cancel(cmpi_request *request) { return MPI_Cancel(&request->handle); }
static inline int cmpi_test_cancelled(const cmpi_status *status, int *flag) {
  return MPI_Test_cancelled(&status->status, flag);
}
static inline int cmpi_get_count(const cmpi_status *status, int *count) {
  return MPI_Get_count(&status->status, MPI_BYTE, count);
}
static inline int cmpi_status_source(const cmpi_status *status) {
  return status->status.MPI_SOURCE;
}
static inline int cmpi_status_tag(const cmpi_status *status) { return status->status.MPI_TAG; }
static inline int cmpi_status_error(const cmpi_status *status) {
  return status->status.MPI_ERROR;
}

#endif
