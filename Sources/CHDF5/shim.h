// What Swift cannot import of hdf5.h: macros with a value behind them, and functions that are
// versioned by macro. Everything else is called by its own name.
#ifndef ADAPTIVE_MPI_CHDF5_SHIM_H
#define ADAPTIVE_MPI_CHDF5_SHIM_H

#include <hdf5.h>
#include <stdlib.h>

#if !H5_VERSION_GE(1, 10, 2)
#error "HDF5 1.10.2 or newer is needed: the first whose format bounds can be set to 1.10"
#endif

static inline hid_t chdf5_invalid(void) { return H5I_INVALID_HID; }
static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_all(void) { return H5S_ALL; }
static inline hsize_t chdf5_unlimited(void) { return H5S_UNLIMITED; }
static inline hid_t chdf5_error_stack(void) { return H5E_DEFAULT; }

// Property list classes.
static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_dataset_create(void) { return H5P_DATASET_CREATE; }

// Flags of H5Fcreate and H5Fopen. The macros would also call H5check, which ends the process when
// header and library differ; HDF5Library.open compares them and throws.
#undef H5CHECK
#define H5CHECK
static inline unsigned chdf5_exclusive(void) { return H5F_ACC_EXCL; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }

// Types in memory.
static inline hid_t chdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t chdf5_native_uint64(void) { return H5T_NATIVE_UINT64; }

// Types in files.
static inline hid_t chdf5_ieee_f64le(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_std_i32le(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_std_i64le(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_std_u8le(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_std_u64le(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_c_s1(void) { return H5T_C_S1; }
static inline size_t chdf5_variable_length(void) { return H5T_VARIABLE; }

// Filters that every build of the library carries or may carry.
static inline H5Z_filter_t chdf5_filter_deflate(void) { return H5Z_FILTER_DEFLATE; }
static inline H5Z_filter_t chdf5_filter_shuffle(void) { return H5Z_FILTER_SHUFFLE; }
static inline H5Z_filter_t chdf5_filter_fletcher32(void) { return H5Z_FILTER_FLETCHER32; }

/// The bytes of a file in memory, which outlive it.
typedef struct {
  void *bytes;
  size_t count;
} chdf5_image;

static inline void *chdf5_image_realloc_to(chdf5_image *image, void *bytes, size_t count) {
  void *moved = realloc(bytes, count);
  if (moved != NULL || count == 0) {
    image->bytes = moved;
    image->count = count;
  }
  return moved;
}

static inline void *chdf5_image_malloc(size_t count, H5FD_file_image_op_t operation, void *image) {
  (void)operation;
  return chdf5_image_realloc_to((chdf5_image *)image, NULL, count);
}

static inline void *chdf5_image_realloc(void *bytes, size_t count, H5FD_file_image_op_t operation,
                                        void *image) {
  (void)operation;
  return chdf5_image_realloc_to((chdf5_image *)image, bytes, count);
}

/// Called with the last bytes when the file is closed: they stay.
static inline herr_t chdf5_image_free(void *bytes, H5FD_file_image_op_t operation, void *image) {
  (void)bytes, (void)operation, (void)image;
  return 0;
}

static inline void *chdf5_image_copy_context(void *image) { return image; }
static inline herr_t chdf5_image_free_context(void *image) {
  (void)image;
  return 0;
}

/// Lets a file in memory leave its bytes in `image` when it is closed. (H5Fget_file_image of 1.10.8
/// leaves a superblock of version 3 with a wrong checksum.)
static inline herr_t chdf5_keep_image(hid_t file_access, chdf5_image *image) {
  H5FD_file_image_callbacks_t callbacks = {
      chdf5_image_malloc,       NULL, chdf5_image_realloc, chdf5_image_free, chdf5_image_copy_context,
      chdf5_image_free_context, image};
  return H5Pset_file_image_callbacks(file_access, &callbacks);
}

/// The kind of the link `name`, an H5L_type_t; negative if there is none.
static inline int chdf5_link_type(hid_t location, const char *name) {
  H5L_info_t information;
  if (H5Lget_info(location, name, &information, H5P_DEFAULT) < 0) return -1;
  return (int)information.type;
}

/// Leaves files unlocked: locks fail on many shared file systems (errno 11, 37, 524).
static inline herr_t chdf5_switch_locking_off(hid_t file_access) {
#if H5_VERSION_GE(1, 10, 7)
  return H5Pset_file_locking(file_access, 0, 1);
#else
  (void)file_access;
  return setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1);
#endif
}

#endif
