/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Answers RADIUS packets on a UDP port. One thread: judging takes microseconds.
 */
#define _GNU_SOURCE /* ppoll() */
#include "programs/nap-validate/nap_validate.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The socket must hold what comes while another program has the processor. The kernel cuts it to
 * net.core.rmem_max. */
#define RECEIVE_BUFFER (8 * 1024 * 1024)
#define AT_ONCE 64      /* packets between two looks at the signals */
#define SILENCE 10      /* seconds between two lines of one kind that anybody can cause */
#define MAX_ADDRESS 256 /* of --listen */

static volatile sig_atomic_t stopping, reloading;

static void on_signal(int number)
{
    if (number == SIGHUP)
        reloading = 1;
    else
        stopping = 1;
}

/* May a line be printed that strangers can cause? */
static bool is_due(time_t *last)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (*last && now.tv_sec < *last + SILENCE)
        return false;
    *last = now.tv_sec;
    return true;
}

/* ---- the socket ---- */

static void address_format(const struct sockaddr *address, socklen_t size, char *text, size_t most)
{
    char host[MAX_ADDRESS], port[16];

    if (getnameinfo(address, size, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV))
        snprintf(text, most, "an unknown address");
    else
        snprintf(text, most, address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

/* Splits ADDRESS:PORT; an IPv6 address may be in brackets. */
static bool address_parse(const char *text, struct addrinfo **address)
{
    const struct addrinfo hints = {
            .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM};
    char host[MAX_ADDRESS];
    const char *colon = strrchr(text, ':');
    size_t size = colon ? (size_t)(colon - text) : 0;

    if (size >= 2 && text[0] == '[' && text[size - 1] == ']')
    {
        ++text;
        size -= 2;
    }
    if (!size || size >= sizeof host || !colon[1])
        return false;
    memcpy(host, text, size);
    host[size] = 0;
    return !getaddrinfo(host, colon + 1, &hints, address);
}

/* Returns the socket, or -1 after a message. */
static int listen_on(const char *name)
{
    struct addrinfo *address;
    int fd, size = RECEIVE_BUFFER, on = 1;

    if (!address_parse(name, &address))
    {
        complain("%s is no address to listen on: give ADDRESS:PORT, for example 127.0.0.1:18130",
                name);
        return -1;
    }
    fd = socket(address->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
    if (fd >= 0 && bind(fd, address->ai_addr, address->ai_addrlen))
    {
        close(fd);
        fd = -1;
    }
    if (fd < 0)
        complain("cannot listen on %s: %s", name, strerror(errno));
    freeaddrinfo(address);
    return fd;
}

/* Says where it listens, with the port that the system chose for 0. */
static void report_start(int fd, const char *policy_name)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char text[MAX_ADDRESS + 32];

    getsockname(fd, (struct sockaddr *)&address, &size);
    address_format((struct sockaddr *)&address, size, text, sizeof text);
    complain("serves %s by %s", text, policy_name);
}

/* ---- packets ---- */

/* The kernel counts what came while the socket was full. */
static void report_lost(struct msghdr *message)
{
    static uint32_t reported;
    static time_t last;
    struct cmsghdr *control = CMSG_FIRSTHDR(message);
    uint32_t lost;

    if (!control || control->cmsg_level != SOL_SOCKET || control->cmsg_type != SO_RXQ_OVFL)
        return;
    memcpy(&lost, CMSG_DATA(control), sizeof lost);
    if (lost == reported || !is_due(&last))
        return;
    complain("%lu packets came faster than they could be read and are lost; raise "
             "net.core.rmem_max",
            (unsigned long)(lost - reported));
    reported = lost;
}

static void report_dropped(const struct sockaddr_storage *from, socklen_t size, const char *why)
{
    static unsigned long more;
    static time_t last;
    char text[MAX_ADDRESS + 32];

    if (!is_due(&last))
    {
        ++more;
        return;
    }
    address_format((const struct sockaddr *)from, size, text, sizeof text);
    complain("a packet from %s is dropped: %s (and %lu more since the last such line)", text, why,
            more);
    more = 0;
}

/* False: there is no packet now. */
static bool take_packet(int fd, const struct secret *secret, const struct policy *policy)
{
    static uint8_t request[RADIUS_MAX_PACKET], response[RADIUS_MAX_PACKET];
    struct sockaddr_storage from;
    struct iovec bytes = {request, sizeof request};
    union
    {
        struct cmsghdr aligned;
        uint8_t bytes[CMSG_SPACE(sizeof(uint32_t))];
    } control;
    struct msghdr message = {.msg_name = &from,
            .msg_namelen = sizeof from,
            .msg_iov = &bytes,
            .msg_iovlen = 1,
            .msg_control = &control,
            .msg_controllen = sizeof control};
    ssize_t got = recvmsg(fd, &message, 0);
    const char *why;
    size_t size;

    if (got < 0)
        return errno != EAGAIN && errno != EWOULDBLOCK;
    report_lost(&message);
    size = packet_answer(policy, secret, request, (size_t)got, response, &why);
    if (!size)
        report_dropped(&from, message.msg_namelen, why);
    else
        sendto(fd, response, size, 0, (struct sockaddr *)&from, message.msg_namelen);
    return true;
}

/* ---- the server ---- */

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

int serve(const char *address, const struct secret *secret, const char *policy_name,
        struct policy *policy)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t signals, unblocked;
    struct pollfd polled = {.events = POLLIN};
    size_t i;

    /* The signals come only while ppoll() waits. */
    sigemptyset(&signals);
    for (i = 0; i < sizeof numbers / sizeof *numbers; ++i)
        sigaddset(&signals, numbers[i]);
    sigprocmask(SIG_BLOCK, &signals, &unblocked);
    for (i = 0; i < sizeof numbers / sizeof *numbers; ++i)
    {
        sigdelset(&unblocked, numbers[i]);
        sigaction(numbers[i], &action, NULL);
    }
    if ((polled.fd = listen_on(address)) < 0)
        return EXIT_BAD_INPUT;
    report_start(polled.fd, policy_name);
    while (!stopping)
    {
        if (reloading)
            reload(policy_name, policy);
        if (ppoll(&polled, 1, NULL, &unblocked) > 0)
            for (i = 0; i < AT_ONCE && take_packet(polled.fd, secret, policy);)
                ++i;
    }
    close(polled.fd);
    return EXIT_COMPLIANT;
}
