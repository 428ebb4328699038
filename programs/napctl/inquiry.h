/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inquiries: what components say about themselves, by the classes that their registrations name.
 * That is foreign code, which is never loaded here: each class is asked in a naphost of its word
 * size, eight at a time, and one that hangs or crashes costs nothing but its own answer.
 *
 *   inquiry.c       the processes
 *   information.c   what is asked, and what the answers say
 *   components.c    show components
 */
#ifndef WINE_NAP_NAPCTL_INQUIRY_H
#define WINE_NAP_NAPCTL_INQUIRY_H

#include "libs/hostprocess/hostprocess.h"
#include "programs/napctl/napctl.h"

/* A kind of component, beside enum napipc_kind. */
#define KIND_VALIDATOR 3

/* One class of a component. */
struct inquiry
{
    struct inquiry *next;
    uint32_t kind, id; /* of the component */
    CLSID clsid;
    uint16_t type;                 /* NAPIPC_COMPONENT_INFO or NAPIPC_COMPONENT_CONFIG */
    struct napipc_message message; /* the question */
    struct napipc_message reply;   /* if it was answered; its strings point into `frame` */
    bool answered;
    char failure[128];           /* why there is no answer, or what is missing in it; or empty */
    char ended[64];              /* why its process was ended; empty: there was none */
    struct host_process process; /* ended */
    BYTE *frame;
    HANDLE thread;
};

struct inquiries
{
    struct inquiry *first;
};

/* ---- inquiry.c ---- */

/* Adds a question, which the caller fills; NULL on allocation failure, or if `clsid` is null. */
struct inquiry *inquiry_add(struct inquiries *all, uint32_t kind, uint32_t id, uint16_t type,
        const struct napipc_guid *clsid);
/* Asks all of them. Each has some seconds. */
void inquiries_ask(struct inquiries *all);
/* NULL: there is none. */
const struct inquiry *inquiry_find(
        const struct inquiries *all, uint32_t kind, uint32_t id, uint16_t type);
void inquiries_free(struct inquiries *all);

/* ---- information.c ---- */

/* Adds the questions about a component: its texts, those of the numbers in `health`, which may be
 * NULL; and how it is configured. */
void want_information(struct inquiries *all, uint32_t kind,
        const struct napipc_component *component, const struct napipc_health *health);
void want_configuration(
        struct inquiries *all, uint32_t kind, const struct napipc_component *component);
/* Says what failed, one line each, on stderr. */
void complain_inquiries(const struct inquiries *all);

/* Copies the component, with what it says about itself instead of what its registration says, if
 * it does. `information` may be NULL here and below. */
void component_shown(const struct inquiry *information, const struct napipc_component *component,
        struct napipc_component *shown);
/* The component's own text of a message or, unless `is_message`, of a result code; NULL: there is
 * none. */
const struct napipc_string *own_text(
        const struct inquiry *information, bool is_message, uint32_t number);

/* An object "information" or "configuration"; null if the inquiry is NULL. */
void put_information(struct json *json, const struct inquiry *information,
        const struct napipc_component *component);
void put_configuration(struct json *json, const struct inquiry *configuration);
/* RemoteConfigurationType in words; NULL: there is no remote configuration. */
const char *remote_configuration(const struct napipc_component_config_reply *reply);

#endif
