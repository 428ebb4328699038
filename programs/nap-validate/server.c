/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Answers on a Unix socket. One thread, one poll(): judging takes microseconds, and no client waits
 * for another. A client sends a line and reads its answer; one that sends too much, or does not
 * read, is disconnected.
 */
#define _GNU_SOURCE /* accept4(), ppoll() */
#include "programs/nap-validate/nap_validate.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_CONNECTIONS 64 /* FreeRADIUS has one for each of its threads, 32 unless configured */

struct connection
{
    int fd;
    size_t size; /* of the unfinished line */
    char line[RADIUS_MAX_VALUES];
};

static struct connection connections[MAX_CONNECTIONS];
static size_t connection_count;
static volatile sig_atomic_t stopping, reloading;

static void on_signal(int number)
{
    if (number == SIGHUP)
        reloading = 1;
    else
        stopping = 1;
}

static int failed(const char *verb, const char *path)
{
    complain("cannot %s %s: %s", verb, path, strerror(errno));
    return EXIT_BAD_INPUT;
}

/* Does nobody serve this socket any more? Its file outlives a server that was killed. */
static bool is_left_over(const struct sockaddr_un *address)
{
    struct stat status;
    bool left_over;
    int fd;

    if (lstat(address->sun_path, &status) || !S_ISSOCK(status.st_mode)
            || (fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
        return false;
    left_over =
            connect(fd, (const struct sockaddr *)address, sizeof *address) && errno == ECONNREFUSED;
    close(fd);
    return left_over;
}

/* Returns the socket, or -1 after a message. Only the owner and the group may connect. */
static int listen_on(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    mode_t mask;
    int fd, error;

    if (strlen(path) >= sizeof address.sun_path)
    {
        complain("%s has more than %zu bytes, the most that a socket's path may have: use a "
                 "shorter one",
                path, sizeof address.sun_path - 1);
        return -1;
    }
    strcpy(address.sun_path, path);
    if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) < 0)
    {
        failed("make a socket for", path);
        return -1;
    }
    mask = umask(0117);
    error = bind(fd, (const struct sockaddr *)&address, sizeof address);
    if (error && errno == EADDRINUSE)
    {
        if (is_left_over(&address) && !unlink(path))
            error = bind(fd, (const struct sockaddr *)&address, sizeof address);
        else
            errno = EADDRINUSE;
    }
    umask(mask);
    if (!error && !listen(fd, MAX_CONNECTIONS))
        return fd;
    failed("listen on", path);
    close(fd);
    return -1;
}

/* A copy: a policy that cannot be read must not spoil the one in use. */
static void reload(const char *name, struct policy *policy)
{
    static struct policy changed;

    reloading = 0;
    if (read_policy(name, &changed))
    {
        *policy = changed;
        complain("the policy is %s as it is now", name);
    }
    else
        complain("the policy stays as it was");
}

static void take_connection(int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0)
        return;
    if (connection_count == MAX_CONNECTIONS)
    {
        complain("a client is rejected: there are %d connections already", MAX_CONNECTIONS);
        close(fd);
        return;
    }
    connections[connection_count].fd = fd;
    connections[connection_count++].size = 0;
}

/* Answers each whole line. False: the client does not read. */
static bool answer_lines(struct connection *c, const struct policy *policy)
{
    static char answer[RADIUS_MAX_ANSWER + 1];
    char *line = c->line, *end;
    size_t size;

    while ((end = memchr(line, '\n', c->size)))
    {
        radius_answer(policy, line, (size_t)(end - line), answer);
        size = strlen(answer);
        answer[size++] = '\n';
        if (send(c->fd, answer, size, MSG_NOSIGNAL) != (ssize_t)size)
        {
            complain("a client is disconnected: it does not read its answers");
            return false;
        }
        c->size -= (size_t)(end + 1 - line);
        line = end + 1;
    }
    memmove(c->line, line, c->size);
    return true;
}

/* False: the connection has ended. */
static bool read_connection(struct connection *c, const struct policy *policy)
{
    ssize_t got = recv(c->fd, c->line + c->size, sizeof c->line - c->size, 0);

    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    if (!got)
        return false;
    c->size += (size_t)got;
    if (!answer_lines(c, policy))
        return false;
    if (c->size < sizeof c->line)
        return true;
    complain("a client is disconnected: a line has more than %d bytes", RADIUS_MAX_VALUES);
    return false;
}

/* The last connection takes the place of one that has ended. */
static void end_connection(size_t index)
{
    struct connection *last = &connections[--connection_count];

    close(connections[index].fd);
    if (index == connection_count)
        return;
    connections[index].fd = last->fd;
    connections[index].size = last->size;
    memcpy(connections[index].line, last->line, last->size);
}

static void serve_once(int listener, const struct policy *policy, const sigset_t *unblocked)
{
    struct pollfd polled[MAX_CONNECTIONS + 1];
    size_t i;

    for (i = 0; i < connection_count; ++i)
        polled[i] = (struct pollfd){connections[i].fd, POLLIN, 0};
    polled[i] = (struct pollfd){listener, POLLIN, 0};
    if (ppoll(polled, i + 1, NULL, unblocked) <= 0)
        return;
    if (polled[i].revents)
        take_connection(listener);
    while (i-- > 0) /* downwards, because an end moves a later one */
        if (polled[i].revents && !read_connection(&connections[i], policy))
            end_connection(i);
}

int serve(const char *path, const char *policy_name, struct policy *policy)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t signals, unblocked;
    int listener;

    /* The signals come only while ppoll() waits. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, &unblocked);
    sigdelset(&unblocked, SIGTERM);
    sigdelset(&unblocked, SIGINT);
    sigdelset(&unblocked, SIGHUP);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    if ((listener = listen_on(path)) < 0)
        return EXIT_BAD_INPUT;
    complain("serves %s by %s", path, policy_name);
    while (!stopping)
    {
        if (reloading)
            reload(policy_name, policy);
        serve_once(listener, policy, &unblocked);
    }
    while (connection_count)
        end_connection(connection_count - 1);
    unlink(path);
    close(listener);
    return EXIT_COMPLIANT;
}
