/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finds the command, and runs it.
 */
#include "programs/napctl/options.h"

#include <wchar.h>

#include "libs/log/log.h"
#include "version.h"

/* Prints the usage of every command, or of those that begin with `word`. False: there is none. */
static bool list_commands(FILE *to, const WCHAR *word)
{
    bool any = false;
    unsigned int i;

    for (i = 0; i < command_count; i++)
        if (!word || !wcscmp(word, commands[i].words[0]))
        {
            print_usage(to, "  napctl", &commands[i]);
            any = true;
        }
    return any;
}

/* How near the words are to those of a command. */
static unsigned int nearness_to(
        const struct command *command, const WCHAR *first, const WCHAR *second)
{
    WCHAR wrong[2 * QUOTED + 2], right[2 * QUOTED + 2];

    if (!command->words[1])
        return nearness(first, command->words[0]);
    if (!second)
        return NOT_NEAR;
    swprintf(wrong, ARRAYSIZE(wrong), L"%.*ls %.*ls", QUOTED, first, QUOTED, second);
    swprintf(right, ARRAYSIZE(right), L"%ls %ls", command->words[0], command->words[1]);
    return nearness(wrong, right);
}

/* The words name no command. `second` may be NULL. */
static int complain_unknown(const WCHAR *first, const WCHAR *second)
{
    const struct command *meant = NULL;
    unsigned int i, least = NOT_NEAR;
    bool group = false;

    for (i = 0; i < command_count; i++)
    {
        unsigned int away = nearness_to(&commands[i], first, second);

        group = group || !wcscmp(first, commands[i].words[0]);
        if (away < least)
        {
            least = away;
            meant = &commands[i];
        }
    }
    if (group && !second)
    {
        complain("%ls what?", first);
        list_commands(stderr, first);
        return EXIT_USAGE;
    }
    if (!group)
        second = NULL; /* the first word is wrong already */
    if (second)
        complain("unknown command \"%.*ls %.*ls\"", QUOTED, first, QUOTED, second);
    else
        complain("unknown command \"%.*ls\"", QUOTED, first);
    if (meant)
        complain("did you mean napctl %ls%s%ls?", meant->words[0], meant->words[1] ? " " : "",
                meant->words[1] ? meant->words[1] : L"");
    else
        complain("napctl %ls%s--help lists the commands", group ? first : L"", group ? " " : "");
    return EXIT_USAGE;
}

static int usage(FILE *to, int code)
{
    fputs("napctl: the command line of the NAP agent\n", to);
    list_commands(to, NULL);
    fputs("  napctl --version\n"
          "  napctl --help, napctl COMMAND --help\n"
          "Exit codes: 0 done, 1 failed, 2 wrong usage.\n",
            to);
    return code;
}

static bool asks_for_help(const WCHAR *word)
{
    return !wcscmp(word, L"--help") || !wcscmp(word, L"-h") || !wcscmp(word, L"/?");
}

/* Runs the command with the arguments that follow its words. */
static int run(const struct command *command, int argc, WCHAR **argv)
{
    static struct options options;
    char why[WHY_SIZE];
    enum parsed parsed;

    if (argc == 1 && asks_for_help(argv[0]))
    {
        print_usage(stdout, "usage: napctl", command);
        return EXIT_DONE;
    }
    parsed = parse_options(command, argc, argv, &options, why);
    if (parsed == PARSED)
        return finish_output(command->run(&options));
    return parsed == PARSED_TOO_LONG ? report_usage(why) : complain_usage(command, why);
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    const struct command *command;

    log_open_from_environment("napctl", LOG_NONE);
    open_output();
    if (argc == 2 && !wcscmp(argv[1], L"--version"))
    {
        printf("napctl %s, protocol %d\n", WINE_NAP_VERSION, NAPIPC_VERSION);
        return EXIT_DONE;
    }
    if (argc == 2 && (asks_for_help(argv[1]) || !wcscmp(argv[1], L"help")))
        return usage(stdout, EXIT_DONE);
    if (argc >= 2 && (command = find_command(argv[1], argc > 2 ? argv[2] : NULL)))
    {
        int words = command->words[1] ? 3 : 2;

        return run(command, argc - words, argv + words);
    }
    if (argc == 3 && asks_for_help(argv[2]) && list_commands(stdout, argv[1]))
        return EXIT_DONE;
    return argc >= 2 ? complain_unknown(argv[1], argc > 2 ? argv[2] : NULL)
                     : usage(stderr, EXIT_USAGE);
}
