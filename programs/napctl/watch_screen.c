/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The whole state in a terminal, redrawn when it changes.
 *
 * It is drawn in a screen buffer of its own, so that it is not mixed with what the terminal showed
 * before. A terminal of the host works the same: Wine draws the buffer there.
 */
#include "programs/napctl/watch.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define BAR_CELLS 30
#define TICKS 10000000 /* a second, of a FILETIME */

struct screen
{
    HANDLE first;  /* the buffer that was active before */
    HANDLE buffer; /* ours; `first` if there is none */
    SHORT width, height;
    COORD origin;
    unsigned int rows; /* drawn, including those that do not fit */
    WCHAR *cells;      /* height times width */
    uint64_t now;
    bool clock; /* there is a countdown */
};

struct screen *screen_open(void)
{
    HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
    CONSOLE_CURSOR_INFO cursor = {1, FALSE};
    struct screen *screen;
    DWORD mode;

    if (!GetConsoleMode(output, &mode) || !(screen = calloc(1, sizeof(*screen))))
        return NULL;
    screen->first = output;
    screen->buffer = CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE,
            FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, CONSOLE_TEXTMODE_BUFFER, NULL);
    if (screen->buffer == INVALID_HANDLE_VALUE)
        screen->buffer = screen->first;
    else
        SetConsoleActiveScreenBuffer(screen->buffer);
    SetConsoleCursorInfo(screen->buffer, &cursor);
    return screen;
}

/* Begins a drawing of the window's present size. False: the window is empty, or no memory. */
static bool begin(struct screen *screen)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    FILETIME now;
    size_t cells;
    WCHAR *drawing;

    if (!GetConsoleScreenBufferInfo(screen->buffer, &info))
        return false;
    screen->width = info.srWindow.Right - info.srWindow.Left + 1;
    screen->height = info.srWindow.Bottom - info.srWindow.Top + 1;
    screen->origin.X = info.srWindow.Left;
    screen->origin.Y = info.srWindow.Top;
    if (screen->width <= 0 || screen->height <= 0)
        return false;
    cells = (size_t)screen->width * (size_t)screen->height;
    if (!(drawing = realloc(screen->cells, cells * sizeof(*drawing))))
        return false;
    screen->cells = drawing;
    wmemset(drawing, ' ', cells);
    screen->rows = 0;
    screen->clock = false;
    GetSystemTimeAsFileTime(&now);
    screen->now = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
    return true;
}

/* Adds a row, cut to the window's width. */
static void row(struct screen *screen, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
static void row(struct screen *screen, const char *format, ...)
{
    WCHAR wide[sizeof(((struct text *)NULL)->bytes)];
    char bytes[sizeof(((struct text *)NULL)->bytes)];
    va_list arguments;
    WCHAR *cells;
    SHORT i;

    if (screen->rows++ >= (unsigned int)screen->height)
        return;
    va_start(arguments, format);
    vsnprintf(bytes, sizeof(bytes), format, arguments);
    va_end(arguments);
    if (!MultiByteToWideChar(CP_UTF8, 0, bytes, -1, wide, ARRAYSIZE(wide)))
        return;
    cells = screen->cells + (size_t)(screen->rows - 1) * (size_t)screen->width;
    for (i = 0; i < screen->width && wide[i]; i++)
        cells[i] = wide[i];
}

static void show_cells(struct screen *screen, const WCHAR *cells, unsigned int step)
{
    COORD position = screen->origin;
    DWORD ignored;
    SHORT i;

    for (i = 0; i < screen->height; i++, position.Y++, cells += step)
        WriteConsoleOutputCharacterW(
                screen->buffer, cells, (DWORD)screen->width, position, &ignored);
}

static void end(struct screen *screen)
{
    if (screen->rows > (unsigned int)screen->height)
    {
        unsigned int hidden = screen->rows - (unsigned int)screen->height + 1;

        screen->rows = (unsigned int)screen->height - 1;
        wmemset(screen->cells + (size_t)screen->rows * (size_t)screen->width, ' ',
                (size_t)screen->width);
        row(screen, "... %u more lines; a taller window shows them", hidden);
    }
    show_cells(screen, screen->cells, (unsigned int)screen->width);
}

/* Clears the buffer: Wine's terminals keep the content of a buffer that is closed. */
static void wipe(struct screen *screen)
{
    WCHAR *blank = malloc((size_t)screen->width * sizeof(*blank));

    if (blank)
        show_cells(screen, wmemset(blank, ' ', (size_t)screen->width), 0);
    free(blank);
}

/* ---- the rows ---- */

static void draw_probation(struct screen *screen, uint64_t probation_end, const char *indent)
{
    uint64_t left = probation_end > screen->now ? (probation_end - screen->now) / TICKS : 0;
    struct text text = {0};

    if (!probation_end)
        return;
    text_time(&text, probation_end);
    if (!left)
    {
        row(screen, "%sProbation ended at %s", indent, text.bytes);
        return;
    }
    screen->clock = true;
    row(screen, "%sProbation ends in %llu:%02llu:%02llu, at %s", indent, left / 3600,
            left / 60 % 60, left % 60, text.bytes);
}

static void draw_isolation(struct screen *screen, const char *title,
        const struct napipc_isolation *isolation, const char *after, const char *indent)
{
    row(screen, "%s%s%s%s%s", title, isolation_state_name(isolation->state),
            isolation->extended_state ? ", " : "",
            isolation->extended_state ? extended_state_name(isolation->extended_state) : "", after);
    draw_probation(screen, isolation->probation_end, indent);
    if (isolation->failure_url.length)
    {
        struct text text = {0};

        text_units(&text, &isolation->failure_url);
        row(screen, "%sTroubleshooting URL: %s", indent, text.bytes);
    }
}

static void draw_remediation(struct screen *screen, const struct napipc_fixup *fixup)
{
    char bar[BAR_CELLS + 1] = {0};
    struct text text = {0};

    text_remediation(&text, fixup);
    if (fixup->percentage < PERCENTAGE_NOT_SUPPORTED)
    {
        memset(bar, '-', BAR_CELLS);
        memset(bar, '#', fixup->percentage * BAR_CELLS / 100u);
        row(screen, "    [%s] %3u %%", bar, fixup->percentage);
    }
    row(screen, "    %s", text.bytes);
}

static void draw_component(struct screen *screen, const struct item *item, bool policy,
        const struct napipc_listed_component *listed)
{
    struct text name = {0}, bound = {0}, verdict = {0};

    text_units(&name, &listed->component.friendly_name);
    text_bound(&bound, policy && item->kind == ITEM_ENFORCEMENT_CLIENT, listed);
    row(screen, "  %-8u %s (%s)", (unsigned int)item->number, name.bytes, bound.bytes);
    if (listed->health.fixup_known)
        draw_remediation(screen, &listed->health.fixup);
    if (listed->health.judged)
    {
        text_verdict(&verdict, &listed->health);
        row(screen, "    %s", verdict.bytes);
    }
}

static void draw_connection(struct screen *screen, const struct napipc_listed_connection *listed)
{
    struct text text = {0};

    text_guid(&text, &listed->connection_id);
    row(screen, "  %s of %u, process %u", text.bytes, (unsigned int)listed->enforcement_client,
            (unsigned int)listed->process_id);
    draw_isolation(screen, "    ", &listed->isolation,
            listed->pending ? "; an answer is pending" : "", "    ");
}

static void draw_item(struct screen *screen, const struct item *item, bool policy)
{
    struct napipc_message message;
    const struct napipc_get_state_reply *state = &message.get_state_reply;
    struct text text = {0};

    item_read(item, &message);
    switch (item->kind)
    {
    case ITEM_AGENT:
        text_time(&text, state->started);
        row(screen, "Agent: running, process %u, since %s", (unsigned int)state->process_id,
                text.bytes);
        break;
    case ITEM_CLIENT:
        draw_isolation(screen, "Restriction state: ", &state->isolation,
                state->unknown_connections ? "; that of some connections is unknown" : "", "  ");
        break;
    case ITEM_ENFORCEMENT_CLIENT:
    case ITEM_HEALTH_AGENT:
        draw_component(screen, item, policy, &message.list_components_reply.components[0]);
        break;
    case ITEM_CONNECTION:
        draw_connection(screen, &message.list_connections_reply.connections[0]);
    }
}

bool screen_draw(struct screen *screen, const struct items *items)
{
    static const char *const titles[] = {
            NULL, NULL, "Enforcement clients:", "System health agents:", "Connections:"};
    enum item_kind title = ITEM_CLIENT;
    size_t i;

    if (!begin(screen))
        return false;
    row(screen, "napctl watch                                           Ctrl-C ends it");
    if (!items)
        row(screen, "Agent: not running; waiting for it");
    for (i = 0; items && i < items->count; i++)
    {
        if (items->items[i].kind > title)
            row(screen, "%s", titles[title = items->items[i].kind]);
        draw_item(screen, &items->items[i], items->group_policy);
    }
    end(screen);
    return screen->clock;
}

void screen_close(struct screen *screen)
{
    CONSOLE_CURSOR_INFO cursor = {25, TRUE};
    DWORD ignored;
    unsigned int i;

    if (!screen)
        return;
    SetConsoleCursorInfo(screen->buffer, &cursor);
    wipe(screen);
    if (screen->buffer != screen->first)
    {
        SetConsoleActiveScreenBuffer(screen->first);
        CloseHandle(screen->buffer);
    }
    for (i = 1; i < screen->rows; i++) /* without the title */
    {
        const WCHAR *cells = screen->cells + (size_t)i * (size_t)screen->width;
        DWORD length = (DWORD)screen->width;

        while (length && cells[length - 1] == ' ')
            length--;
        WriteConsoleW(screen->first, cells, length, &ignored, NULL);
        if (length < (DWORD)screen->width)
            WriteConsoleW(screen->first, L"\r\n", 2, &ignored, NULL);
    }
    free(screen->cells);
    free(screen);
}
