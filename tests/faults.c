/* Before the C library, by LD_PRELOAD: the n-th system call that changes the disk below a folder fails, or ends the
   process before or after it. `fault_arm` sets it; `fault_count` says how many calls there were. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { FAIL, SHORT, DIE_BEFORE, DIE_AFTER };

static char folder[PATH_MAX];
static long count, at = -1;
static int how, number;

void fault_arm(const char *below, long n, int kind, int error) {
    snprintf(folder, sizeof folder, "%s", below);
    count = 0, at = n, how = kind, number = error;
}

long fault_count(void) { return count; }

static int below_path(const char *path) {
    return at >= 0 && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int below(int fd) {
    char link[64], path[PATH_MAX];
    if (at < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return below_path(path);
}

/* Whether this is the call that is to fail; where the process is to end before it, it ends here. */
static int hit(void) {
    if (++count != at) return 0;
    if (how == DIE_BEFORE) _exit(99);
    return 1;
}

static void after(int was_hit) {
    if (was_hit && how == DIE_AFTER) _exit(99);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define GUARD(condition, call) \
    int was_hit = (condition) && hit(); \
    if (was_hit && (how == FAIL || how == SHORT)) { errno = number; return -1; } \
    long result = (call); \
    after(was_hit); \
    return result

/* A write may be cut in the middle: half of it reaches the disk. */
#define GUARD_WRITE(condition, half, whole) \
    int was_hit = (condition) && hit(); \
    if (was_hit && how == FAIL) { errno = number; return -1; } \
    if (was_hit && how == SHORT) { (void)!(half); _exit(99); } \
    ssize_t result = (whole); \
    after(was_hit); \
    return result

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, write, int, const void *, size_t);
    GUARD_WRITE(below(fd), real(fd, data, size / 2), real(fd, data, size));
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off_t);
    GUARD_WRITE(below(fd), real(fd, data, size / 2, offset), real(fd, data, size, offset));
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return pwrite64(fd, data, size, offset); }

int fsync(int fd) {
    REAL(int, fsync, int);
    GUARD(below(fd), real(fd));
}

int fdatasync(int fd) {
    REAL(int, fdatasync, int);
    GUARD(below(fd), real(fd));
}

int ftruncate64(int fd, off_t size) {
    REAL(int, ftruncate64, int, off_t);
    GUARD(below(fd), real(fd, size));
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    GUARD(below_path(to), real(from, to));
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    GUARD(below_path(path), real(path));
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    GUARD(below_path(path), real(path, mode));
}

int open64(const char *path, int flags, ...) {
    REAL(int, open64, const char *, int, ...);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    GUARD((flags & (O_CREAT | O_TRUNC)) && below_path(path), real(path, flags, mode));
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    return open64(path, flags, mode);
}
