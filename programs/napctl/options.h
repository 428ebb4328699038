/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command line: every command with its arguments and options, in one table. Arguments are
 * parsed by the table, and usage is printed from it.
 *
 *   nearest.c   which word was probably meant by a wrong one
 *   options.c   the tables
 *   parse.c     parses arguments by a table, and prints a table as usage
 *   values.c    reads values
 */
#ifndef WINE_NAP_NAPCTL_OPTIONS_H
#define WINE_NAP_NAPCTL_OPTIONS_H

#include <limits.h>

#include "programs/napctl/napctl.h"

/* The value of `ras patterns`: lines. */
struct patterns
{
    WCHAR text[NAPIPC_MAX_STRING + 1];
    size_t length; /* more than NAPIPC_MAX_STRING: they do not fit */
};

/* A connection in the options of `rras`. */
struct rras_options
{
    struct napipc_rras_selector selector; /* kind 0: none given */
    struct napipc_rras_record record;
    bool keep;
    uint32_t fields; /* NAPIPC_RRAS_HAS_* of the record */
};

/* The values of a command's arguments; strings point into the arguments. */
struct options
{
    bool json;
    bool replace;
    bool keep;
    bool clear;
    bool validators;
    bool verbose;
    const WCHAR *name; /* of a file or an entry */
    const WCHAR *policy;
    const WCHAR *check; /* a policy that is only read */
    const WCHAR *request;
    const WCHAR *response;
    struct napipc_component component;
    struct napipc_ras_connection connection;
    struct patterns patterns;
    struct rras_options rras;
    struct napipc_failure_mapping mapping;
};

enum
{
    OPTION_REQUIRED = 1,
    OPTION_REPEATED = 2,
    OPTION_UNLISTED = 4 /* another name of the option before it, which usage omits */
};

/* An argument or an option of a command. A table of them ends with a name that is NULL. */
struct option
{
    const WCHAR *name; /* "--user"; of a positional argument, its word in usage */
    const char *value; /* the value's word in usage; NULL: there is no value */
    bool (*read)(const WCHAR *text, void *member); /* false: the value is invalid */
    size_t offset;      /* of the member of struct options that it sets */
    size_t most;        /* characters of the value; 0: no limit */
    unsigned int flags; /* OPTION_* */
    const char *group;  /* only one of adjacent options of a group may be given; "which ..." */
    uint32_t field;     /* NAPIPC_RRAS_HAS_*, or 0 */
    uint8_t selector;   /* NAPIPC_RRAS_BY_*, or 0 */
};

struct command
{
    const WCHAR *words[2];
    int (*run)(const struct options *options); /* the result is the exit code */
    const char *help;
    const struct option *tables[2]; /* NULL: no table, or no more */
    bool is_long;                   /* its usage has too many lines to follow each error message */
};

extern const struct command commands[];
extern const unsigned int command_count;

/* NULL: there is no such command. `second` may be NULL. */
const struct command *find_command(const WCHAR *first, const WCHAR *second);

/* ---- nearest.c ---- */

#define NOT_NEAR UINT_MAX

/* How many characters of the wrong word must change to make it the right one; NOT_NEAR: too many
 * for the right one to have been meant. */
unsigned int nearness(const WCHAR *wrong, const WCHAR *right);

/* ---- parse.c ---- */

#define WHY_SIZE 512 /* bytes of an error message */
#define QUOTED 100   /* characters of an argument that the message quotes */

enum parsed
{
    PARSED,
    PARSED_WRONG,   /* wrong usage */
    PARSED_TOO_LONG /* a text is too long */
};

/* Parses what follows the words of the command. `why` is the error message unless PARSED. */
enum parsed parse_options(const struct command *command, int argc, WCHAR **argv,
        struct options *options, char why[WHY_SIZE]);
/* Prints what is wrong, and after it the usage of the command, or how to get that; returns
 * EXIT_USAGE. */
int complain_usage(const struct command *command, const char *why);
/* Prints usage and help of the command after `before`, in lines of a terminal's width. */
void print_usage(FILE *to, const char *before, const struct command *command);

/* ---- values.c: readers of struct option ---- */

bool read_flag(const WCHAR *text, void *member);
/* A struct napipc_string, a const WCHAR *, an uint32_t. */
bool read_text(const WCHAR *text, void *member);
bool read_name(const WCHAR *text, void *member);
bool read_number(const WCHAR *text, void *member); /* decimal or 0x, at most 32 bits */
/* With braces or without. */
bool read_guid(const WCHAR *text, void *member);
/* Adds to a struct patterns. */
bool read_pattern(const WCHAR *text, void *member);
/* 2026-11-21T06:07:08Z, or seconds since 1970 as `date +%s` prints them; 0: no time. */
bool read_time(const WCHAR *text, void *member);
bool read_ipv4(const WCHAR *text, void *member);
/* ADDRESS or ADDRESS/BITS, into ipv6 of a struct napipc_rras_record; sets its ipv6_prefix too. */
bool read_ipv6(const WCHAR *text, void *member);
bool read_ipv6_local(const WCHAR *text, void *member);
bool read_quarantine(const WCHAR *text, void *member);
bool read_tunnel(const WCHAR *text, void *member);
bool read_direction(const WCHAR *text, void *member);

#endif
