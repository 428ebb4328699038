/* What cmocka's own CMake build would find out about mingw-w64, either word size.
 * No clock_gettime and no thread-local storage: GCC takes both from winpthreads,
 * a DLL that Wine does not ship. So: one test thread, and no run times. */
#define HAVE_ASSERT_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_IO_H 1
#define HAVE_MALLOC_H 1
#define HAVE_SETJMP_H 1
#define HAVE_SIGNAL_H 1
#define HAVE_STDARG_H 1
#define HAVE_STDDEF_H 1
#define HAVE_STDINT_H 1
#define HAVE_STDIO_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRING_H 1
#define HAVE_TIME_H 1
#define HAVE_SNPRINTF 1
#define HAVE_VSNPRINTF 1
