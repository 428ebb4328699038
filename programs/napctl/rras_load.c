/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rras load: commands from a file or standard input, one per line, each run when
 * it is read. A line has what follows "napctl rras": add, update or remove with
 * options. A line that begins with an option is an add. Blanks separate words;
 * "double quotes" keep blanks, and a backslash keeps the character after it.
 */
#include "programs/napctl/rras.h"

#include <errno.h>
#include <string.h>
#include <wchar.h>

#include "libs/text/format.h"
#include "programs/napctl/file.h"

#define LINE_MAX_BYTES 16384
#define WORDS_MAX 64
/* 65,536 connections of 1 KiB; standard input has no limit. */
#define LOAD_FILE_MAX (64 * 1024 * 1024)

/* Splits the line in place. Returns the number of words, WORDS_MAX + 1 if there are more, or -1 if
 * a quote is left open. */
static int part(WCHAR *line, WCHAR **words)
{
    WCHAR *from = line, *to = line;
    int count = 0;

    for (;;)
    {
        bool quoted = false;

        while (*from == ' ' || *from == '\t')
            from++;
        if (!*from)
            return count;
        if (count == WORDS_MAX)
            return count + 1;
        words[count++] = to;
        for (; *from && (quoted || (*from != ' ' && *from != '\t')); from++)
        {
            if (*from == '"')
            {
                quoted = !quoted;
                continue;
            }
            if (*from == '\\' && from[1])
                from++;
            *to++ = *from;
        }
        if (quoted)
            return -1;
        if (*from)
            from++;
        *to++ = 0;
    }
}

/* Runs one line. False: `why` is the error message. */
static bool do_line(const char *utf8, HRESULT *hr, char why[WHY_SIZE])
{
    static WCHAR line[LINE_MAX_BYTES];
    static struct options options;
    WCHAR *words[WORDS_MAX], **arguments = words + 1;
    const WCHAR *word;
    int count, length;

    *hr = S_OK;
    length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8, -1, line, ARRAYSIZE(line));
    if (!length)
    {
        snprintf(why, WHY_SIZE, "it is not UTF-8");
        return false;
    }
    if ((count = part(line, words)) < 0)
    {
        snprintf(why, WHY_SIZE, "a quote is left open");
        return false;
    }
    if (count > WORDS_MAX)
    {
        snprintf(why, WHY_SIZE,
                "it has more than %d words, the most that a line may have: is a "
                "quote missing?",
                WORDS_MAX);
        return false;
    }
    if (!count || words[0][0] == '#')
        return true;
    word = words[0];
    if (word[0] == '-')
    {
        word = L"add";
        arguments = words;
    }
    else if (wcscmp(word, L"add") && wcscmp(word, L"update") && wcscmp(word, L"remove"))
    {
        format_text(why, WHY_SIZE, "\"%.*ls\" is neither add, update nor remove", QUOTED, word);
        return false;
    }
    return parse_options(find_command(L"rras", word), count - (int)(arguments - words), arguments,
                   &options, why)
                   == PARSED
           && rras_do(NULL, word, &options.rras, hr, why);
}

/* Reads a line without its end. False: there is none, or *why is the error message. */
static bool read_line(FILE *file, char *line, const char **why)
{
    size_t length = 0;
    int c = getc(file);

    *why = NULL;
    if (c == EOF)
        return false;
    for (; c != EOF && c != '\n'; c = getc(file))
    {
        if (!c)
            *why = "it has a NUL byte, so this is not a text file";
        else if (length == LINE_MAX_BYTES - 1)
            *why = "it has more than 16383 bytes, the most that a line may have";
        if (*why)
            return false;
        line[length++] = (char)c;
    }
    while (length && line[length - 1] == '\r')
        length--;
    line[length] = 0;
    return true;
}

/* Runs every line. Returns the exit code. `name` is the file's. */
static int do_lines(FILE *file, const WCHAR *name)
{
    static char line[LINE_MAX_BYTES];
    unsigned int number = 0, first_left_out = 0, left_out = 0;
    int code = EXIT_DONE;
    char why[WHY_SIZE];
    const char *wrong;
    HRESULT hr;

    for (; read_line(file, line, &wrong); fflush(stdout)) /* the writer may wait for ids */
    {
        number++;
        if (do_line(line, &hr, why))
            continue;
        code = EXIT_FAILED;
        if (hr != RRAS_E_FULL || !left_out++)
            complain("%ls, line %u: %s", name, number, why);
        if (hr == RRAS_E_FULL && !first_left_out)
            first_left_out = number;
        if (hr == RPC_E_DISCONNECTED || hr == E_ACCESSDENIED)
            return report_failure(hr, "continue");
    }
    if (left_out)
        complain("%ls: %u connections, from line %u on, are not added: there may be %u", name,
                left_out, first_left_out, NAPIPC_RRAS_MAX_CONNECTIONS);
    if (wrong)
    {
        complain("%ls, line %u: %s; what follows is not read", name, number + 1, wrong);
        code = EXIT_FAILED;
    }
    else if (ferror(file))
    {
        complain("%ls: cannot read more after line %u: %s", name, number, strerror(errno));
        code = EXIT_FAILED;
    }
    return code;
}

int rras_load(const struct options *options)
{
    struct napipc_message request = {.type = NAPIPC_RRAS_GET_SERVER};
    bool asked;
    FILE *file;
    HRESULT hr;
    int code;

    if (!(file = file_open(options->name, "a list of connections", LOAD_FILE_MAX)))
        return EXIT_FAILED;
    /* Starts the agent. A line does not start it: an agent that is stopped meanwhile stays stopped,
     * and the load ends. */
    hr = agent_process_call(agent_start_always, &request, NULL, &asked);
    if (asked)
        code = do_lines(file, file == stdin ? L"standard input" : options->name);
    else
        code = report_failure(hr, "load connections");
    if (file != stdin)
        fclose(file);
    return code;
}
