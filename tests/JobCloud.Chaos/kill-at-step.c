// Kills a node in the middle of what it writes: at the Nth change of a file under a path. Loaded by
// LD_PRELOAD; CHAOS_STEPS names a file with N and the path, which is deleted before the kill.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *control;
static char below[4096];
static atomic_long left;
static atomic_int armed;

__attribute__((constructor)) static void begin(void) {
    char words[4096];
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? 0 : read(file, words, sizeof words - 1);
    if (file >= 0)
        close(file);
    words[size < 0 ? 0 : size] = 0;
    // The program, or that of dotnet.
    const char *second = words + strlen(words) + 1;
    int isDotnet = second < words + size && strstr(second, "jobcloud-node.dll");
    if (strstr(words, "jobcloud-node") || isDotnet)
        control = getenv("CHAOS_STEPS");
}

static int is_armed(void) {
    if (armed == 2)
        return 1;
    int none = 0;
    if (access(control, R_OK) != 0 || !atomic_compare_exchange_strong(&armed, &none, 1))
        return 0;
    FILE *file = fopen(control, "re");
    long steps = 0;
    int isRead = file && fscanf(file, "%ld %4095s", &steps, below) == 2;
    if (file)
        fclose(file);
    left = steps;
    armed = isRead ? 2 : 0;
    return isRead;
}

static void step(const char *path) {
    if (!control || !is_armed() || !strstr(path, below))
        return;
    if (atomic_fetch_sub(&left, 1) != 1)
        return;
    unlink(control);
    kill(getpid(), SIGKILL);
}

static void step_of(int file) {
    char link[64], path[4096];
    if (!control)
        return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size <= 0)
        return;
    path[size] = 0;
    step(path);
}

#define NEXT(name) \
    static __typeof__(&name) next; \
    if (!next) \
        next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int file, const void *data, size_t size) {
    NEXT(write);
    step_of(file);
    return next(file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    NEXT(pwrite);
    step_of(file);
    return next(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    NEXT(pwrite64);
    step_of(file);
    return next(file, data, size, at);
}

int ftruncate(int file, off_t size) {
    NEXT(ftruncate);
    step_of(file);
    return next(file, size);
}

int ftruncate64(int file, off64_t size) {
    NEXT(ftruncate64);
    step_of(file);
    return next(file, size);
}

int fsync(int file) {
    NEXT(fsync);
    step_of(file);
    return next(file);
}

int fdatasync(int file) {
    NEXT(fdatasync);
    step_of(file);
    return next(file);
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    step(to);
    return next(from, to);
}

int unlink(const char *path) {
    NEXT(unlink);
    if (control && strcmp(path, control))
        step(path);
    return next(path);
}

int mkdir(const char *path, mode_t mode) {
    NEXT(mkdir);
    step(path);
    return next(path, mode);
}

int rmdir(const char *path) {
    NEXT(rmdir);
    step(path);
    return next(path);
}
