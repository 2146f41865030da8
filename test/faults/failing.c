/*
 * Preloaded with LD_PRELOAD: makes calls of the C library fail that a healthy machine never lets fail.
 *
 *   FAIL_CALL   which: write, fsync, open, rename, close, mkdir, read, opendir, thread
 *   FAIL_AT     the first call of them that fails, counted from 1 over all threads; 0: none, they are counted only
 *   FAIL_MANY   how many fail from then on
 *   FAIL_ERRNO  with what
 *   FAIL_SIGNAL they do not fail: before them the process gets this signal; 0: none
 *   FAIL_UNDER  calls count that are about a path below this directory; threads always do
 *   FAIL_COUNT  a file of eight bytes: the number of calls, then the number of those that failed
 *
 * A child process that inherits the environment goes on counting in the same file.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *call_name, *under;
static uint32_t first, many;
static int error_number, signal_number;
static uint32_t *counts;

/* The C library's own, found once: dlsym may allocate. */
#define REAL(name) static __typeof__(name) *real_##name
REAL(open); REAL(open64); REAL(openat); REAL(openat64);
REAL(write); REAL(pwrite); REAL(pwrite64); REAL(writev); REAL(pwritev); REAL(pwritev64);
REAL(read); REAL(pread); REAL(pread64); REAL(readv); REAL(preadv); REAL(preadv64);
REAL(fsync); REAL(fdatasync); REAL(rename); REAL(link); REAL(symlink); REAL(mkdir); REAL(opendir);
REAL(scandir64); REAL(close); REAL(syscall); REAL(pthread_create);

__attribute__((constructor)) static void begin(void)
{
#define FIND(name) real_##name = (__typeof__(real_##name))dlsym(RTLD_NEXT, #name)
	FIND(open); FIND(open64); FIND(openat); FIND(openat64);
	FIND(write); FIND(pwrite); FIND(pwrite64); FIND(writev); FIND(pwritev); FIND(pwritev64);
	FIND(read); FIND(pread); FIND(pread64); FIND(readv); FIND(preadv); FIND(preadv64);
	FIND(fsync); FIND(fdatasync); FIND(rename); FIND(link); FIND(symlink); FIND(mkdir); FIND(opendir);
	FIND(scandir64); FIND(close); FIND(syscall); FIND(pthread_create);
	const char *file = getenv("FAIL_COUNT");
	call_name = getenv("FAIL_CALL");
	under = getenv("FAIL_UNDER");
	if (!file || !call_name || !under)
		return;
	first = (uint32_t)atoi(getenv("FAIL_AT"));
	many = (uint32_t)atoi(getenv("FAIL_MANY"));
	error_number = atoi(getenv("FAIL_ERRNO"));
	signal_number = atoi(getenv("FAIL_SIGNAL"));
	int fd = real_open(file, O_RDWR | O_CLOEXEC);
	void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mapped != MAP_FAILED)
		counts = mapped;
	if (fd >= 0)
		real_close(fd);
}

/* Whether this very call is to fail; errno is set then. */
static int fails(void)
{
	uint32_t number = __atomic_add_fetch(&counts[0], 1, __ATOMIC_SEQ_CST);
	if (first == 0 || number < first || number - first >= many)
		return 0;
	__atomic_add_fetch(&counts[1], 1, __ATOMIC_SEQ_CST);
	if (signal_number) {
		kill(getpid(), signal_number);
		return 0;
	}
	errno = error_number;
	return 1;
}

static int is_meant(const char *name)
{
	return counts && strcmp(call_name, name) == 0;
}

static int is_below(const char *path)
{
	size_t length = strlen(under);
	return strncmp(path, under, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static int fd_is_below(int fd)
{
	char link_name[32], path[4096];
	snprintf(link_name, sizeof link_name, "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link_name, path, sizeof path - 1);
	if (length < 0)
		return 0;
	path[length] = '\0';
	return is_below(path);
}

static int path_is_below(const char *path)
{
	char whole[8192];
	int fd;
	if (sscanf(path, "/proc/%*[0-9]/fd/%d/", &fd) == 1)
		return fd_is_below(fd);
	if (path[0] == '/')
		return is_below(path);
	if (!getcwd(whole, 4096))
		return 0;
	strcat(whole, "/");
	strncat(whole, path, 4000);
	return is_below(whole);
}

#define PATH_FAILS(name, path) (is_meant(name) && path_is_below(path) && fails())
#define FD_FAILS(name, fd) (is_meant(name) && fd_is_below(fd) && fails())

static mode_t mode_of(int flags, va_list rest)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                                   \
	int name(const char *path, int flags, ...)                   \
	{                                                            \
		va_list rest;                                        \
		va_start(rest, flags);                               \
		mode_t mode = mode_of(flags, rest);                  \
		va_end(rest);                                        \
		return PATH_FAILS("open", path) ? -1 : real_##name(path, flags, mode); \
	}
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                 \
	int name(int directory, const char *path, int flags, ...)    \
	{                                                            \
		va_list rest;                                        \
		va_start(rest, flags);                               \
		mode_t mode = mode_of(flags, rest);                  \
		va_end(rest);                                        \
		return PATH_FAILS("open", path) ? -1 : real_##name(directory, path, flags, mode); \
	}
OPENAT(openat)
OPENAT(openat64)

#define TRANSFER(name, kind, parameters, arguments)                  \
	ssize_t name parameters                                      \
	{                                                            \
		return FD_FAILS(kind, fd) ? -1 : real_##name arguments; \
	}
TRANSFER(write, "write", (int fd, const void *bytes, size_t size), (fd, bytes, size))
TRANSFER(pwrite, "write", (int fd, const void *bytes, size_t size, off_t at), (fd, bytes, size, at))
TRANSFER(pwrite64, "write", (int fd, const void *bytes, size_t size, off64_t at), (fd, bytes, size, at))
TRANSFER(writev, "write", (int fd, const struct iovec *parts, int count), (fd, parts, count))
TRANSFER(pwritev, "write", (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at))
TRANSFER(pwritev64, "write", (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at))
TRANSFER(read, "read", (int fd, void *bytes, size_t size), (fd, bytes, size))
TRANSFER(pread, "read", (int fd, void *bytes, size_t size, off_t at), (fd, bytes, size, at))
TRANSFER(pread64, "read", (int fd, void *bytes, size_t size, off64_t at), (fd, bytes, size, at))
TRANSFER(readv, "read", (int fd, const struct iovec *parts, int count), (fd, parts, count))
TRANSFER(preadv, "read", (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at))
TRANSFER(preadv64, "read", (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at))

int fsync(int fd)
{
	return FD_FAILS("fsync", fd) ? -1 : real_fsync(fd);
}

int fdatasync(int fd)
{
	return FD_FAILS("fsync", fd) ? -1 : real_fdatasync(fd);
}

/* As with a file server that is full: the descriptor is gone all the same. Only files that are written to count. */
int close(int fd)
{
	int is_failing = is_meant("close") && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY && FD_FAILS("close", fd);
	int result = real_close(fd);
	if (!is_failing)
		return result;
	errno = error_number;
	return -1;
}

/* libuv closes this way. */
long syscall(long number, ...)
{
	va_list rest;
	long arguments[6];
	va_start(rest, number);
	for (int i = 0; i < 6; i++)
		arguments[i] = va_arg(rest, long);
	va_end(rest);
	if (number == SYS_close)
		return close((int)arguments[0]);
	return real_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}

/* All that gives something a name. */
int rename(const char *from, const char *to)
{
	return PATH_FAILS("rename", to) ? -1 : real_rename(from, to);
}

int link(const char *from, const char *to)
{
	return PATH_FAILS("rename", to) ? -1 : real_link(from, to);
}

int symlink(const char *target, const char *path)
{
	return PATH_FAILS("rename", path) ? -1 : real_symlink(target, path);
}

int mkdir(const char *path, mode_t mode)
{
	return PATH_FAILS("mkdir", path) ? -1 : real_mkdir(path, mode);
}

DIR *opendir(const char *path)
{
	return PATH_FAILS("opendir", path) ? NULL : real_opendir(path);
}

int scandir64(const char *path, struct dirent64 ***found, int (*filter)(const struct dirent64 *),
	      int (*compare)(const struct dirent64 **, const struct dirent64 **))
{
	return PATH_FAILS("opendir", path) ? -1 : real_scandir64(path, found, filter, compare);
}

/* It returns its error. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
	if (is_meant("thread") && fails())
		return error_number;
	return real_pthread_create(thread, attributes, start, argument);
}
