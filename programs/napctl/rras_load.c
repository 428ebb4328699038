/*
 * rras load: commands from a file or standard input, one a line, done as they
 * come. A line is what follows "napctl rras": add, update or remove with
 * options. A line that begins with an option adds. Words are parted by blanks;
 * "double quotes" keep blanks, and a backslash keeps the character after it.
 */
#include "programs/napctl/rras.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <string.h>
#include <wchar.h>

#include "programs/napctl/file.h"

#define LINE_MAX_BYTES 16384
#define WORDS_MAX 64

/* Parts the line in place. The number of words, or -1: a quote is left open, or too many. */
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
            return -1;
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

/* Does one line. False: `why` says what was wrong with it. */
static bool do_line(struct agent_session *session, const char *utf8, HRESULT *hr, char *why,
    size_t room)
{
    static WCHAR line[LINE_MAX_BYTES];
    WCHAR *words[1 + WORDS_MAX];
    int count, length;

    *hr = S_OK;
    length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8, -1, line, ARRAYSIZE(line));
    if (!length)
    {
        snprintf(why, room, "it is not UTF-8");
        return false;
    }
    if ((count = part(line, words + 1)) < 0)
    {
        snprintf(why, room, "a quote is left open, or there are more than %d words", WORDS_MAX);
        return false;
    }
    if (!count || words[1][0] == '#')
        return true;
    if (words[1][0] == '-')
    {
        words[0] = (WCHAR *)L"add";
        return rras_do(session, count + 1, words, hr, why, room);
    }
    if (wcscmp(words[1], L"add") && wcscmp(words[1], L"update") && wcscmp(words[1], L"remove"))
    {
        snprintf(why, room, "\"%ls\" is neither add, update nor remove", words[1]);
        return false;
    }
    return rras_do(session, count, words + 1, hr, why, room);
}

/* Every line until the end; the exit code. */
static int do_lines(struct agent_session *session, FILE *file)
{
    static char line[LINE_MAX_BYTES];
    unsigned int number = 0;
    int code = EXIT_DONE;
    char why[RRAS_WHY];
    HRESULT hr;

    while (fgets(line, sizeof(line), file))
    {
        size_t length = strlen(line);

        number++;
        if (length == sizeof(line) - 1 && line[length - 1] != '\n')
        {
            fprintf(stderr, "napctl: line %u is too long\n", number);
            return EXIT_FAILED;
        }
        while (length && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            line[--length] = 0;
        if (!do_line(session, line, &hr, why, sizeof(why)))
        {
            fprintf(stderr, "napctl: line %u: %s\n", number, why);
            code = EXIT_FAILED;
        }
        fflush(stdout); /* who feeds us waits for the ids */
        if (hr == RPC_E_DISCONNECTED || hr == E_ACCESSDENIED)
            return report_failure(hr, "go on");
    }
    if (ferror(file))
    {
        fprintf(stderr, "napctl: cannot read on: %s\n", strerror(errno));
        code = EXIT_FAILED;
    }
    return code;
}

int rras_load(int argc, WCHAR **argv)
{
    struct agent_session session;
    FILE *file = stdin;
    HRESULT hr;
    int code;

    if (argc != 1 || !wcsncmp(argv[0], L"--", 2))
        return report_usage("usage: napctl rras load FILE|-");
    if (!wcscmp(argv[0], L"-"))
        _setmode(_fileno(stdin), _O_BINARY);
    else if (!(file = _wfopen(argv[0], L"rb")))
    {
        file_complain("open", argv[0]);
        return EXIT_FAILED;
    }
    if (FAILED(hr = agent_session_open(&session, true)))
        code = report_failure(hr, "load connections");
    else
    {
        code = do_lines(&session, file);
        agent_session_close(&session);
    }
    if (file != stdin)
        fclose(file);
    return code;
}
