/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * show log: the log of the service, its older files first.
 */
#include "programs/napctl/options.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "libs/log/log.h"

/* A parsed line of the log; see log.h. The parts point into the line. */
struct event
{
    const char *time;
    const char *level;
    const char *program;
    const char *pid;
    const char *component; /* "-": none */
    const char *name;
    const char *text;
};

/* Returns the part of *rest before the first `end`, and moves *rest after it. NULL: no `end`. */
static char *next_part(char **rest, char end)
{
    char *part = *rest, *found = part ? strchr(part, end) : NULL;

    if (!found)
        return NULL;
    *found = 0;
    *rest = found + 1;
    return part;
}

/* False: not a line of the log; `line` may have been cut. */
static bool parse_event(char *line, struct event *event)
{
    char *rest = line;

    return (event->time = next_part(&rest, ' ')) && (event->level = next_part(&rest, ' '))
           && (event->program = next_part(&rest, '[')) && (event->pid = next_part(&rest, ']'))
           && *rest == ' ' && (rest++, event->component = next_part(&rest, ' '))
           && (event->name = next_part(&rest, ':')) && *rest == ' ' && (event->text = rest + 1);
}

static void put_event(struct json *json, char *line)
{
    char whole[1100];
    struct event event;

    strcpy(whole, line);
    json_open(json, NULL, '{');
    if (parse_event(line, &event))
    {
        json_text(json, "time", event.time);
        json_text(json, "level", event.level);
        json_text(json, "program", event.program);
        json_number(json, "pid", strtoul(event.pid, NULL, 10));
        if (!strcmp(event.component, "-"))
            json_null(json, "component");
        else
            json_number(json, "component", strtoul(event.component, NULL, 10));
        json_text(json, "event", event.name);
        json_text(json, "text", event.text);
    }
    else
        json_text(json, "line", whole); /* not one of ours */
    json_close(json, '}');
}

/* Prints a file, as text if `json` is NULL. False: there is no such file. */
static bool show_file(const WCHAR *name, struct json *json)
{
    char line[1100];
    FILE *file = _wfopen(name, L"rb");

    if (!file)
        return false;
    while (fgets(line, sizeof(line), file))
    {
        line[strcspn(line, "\r\n")] = 0;
        if (json)
            put_event(json, line);
        else
        {
            print_visible(stdout, line);
            putchar('\n');
        }
    }
    fclose(file);
    return true;
}

int show_log(const struct options *options)
{
    struct json writer = {.to = stdout};
    WCHAR file[MAX_PATH], name[MAX_PATH];
    bool found = false;
    int number;

    agent_log_file(file);
    if (options->json)
    {
        json_open(&writer, NULL, '{');
        json_open(&writer, "events", '[');
    }
    for (number = LOG_FILES_KEPT; number >= 0; number--)
        if (log_file_name(file, (unsigned int)number, name)
                && show_file(name, options->json ? &writer : NULL))
            found = true;
    if (options->json)
    {
        json_close(&writer, ']');
        json_close(&writer, '}');
    }
    if (found)
        return EXIT_DONE;
    complain("cannot show the log: there is no %ls; the agent creates it when it "
             "starts, and Parameters\\LogFile of the service sets its path",
            file);
    return EXIT_FAILED;
}
