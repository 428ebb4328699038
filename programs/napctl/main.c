/*
 * The table of commands.
 */
#include "programs/napctl/napctl.h"

#include <wchar.h>

#include "libs/log/log.h"
#include "version.h"

static const struct command
{
    const WCHAR *words[2];
    int (*run)(int argc, WCHAR **argv);
    const char *usage;
} commands[] = {
    {{L"show", L"state"}, show_state,
        "show state [--json]            the client's isolation state and its components"},
    {{L"show", L"connections"}, show_connections,
        "show connections [--json]      every connection and the last decision about it"},
    {{L"enforcement", L"enable"}, enforcement_enable,
        "enforcement enable ID          let an enforcement client take part"},
    {{L"enforcement", L"disable"}, enforcement_disable,
        "enforcement disable ID         keep it from taking part"},
    {{L"decode", NULL}, decode,
        "decode FILE                    show a statement of health, - for standard input"},
    {{L"validate", NULL}, validate,
        "validate --policy FILE [--request FILE|-] [--response FILE|-]\n"
        "                                        judge a request by a policy, write the response"},
};

static int usage(FILE *to, int code)
{
    unsigned int i;

    fputs("napctl: the command line of the NAP agent\n", to);
    for (i = 0; i < ARRAYSIZE(commands); i++)
        fprintf(to, "  napctl %s\n", commands[i].usage);
    fputs("  napctl --version\n", to);
    return code;
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    unsigned int i;

    log_open_from_environment("napctl", LOG_NONE);
    if (argc == 2 && !wcscmp(argv[1], L"--version"))
    {
        printf("napctl %s, protocol %d\n", WINE_NAP_VERSION, NAPIPC_VERSION);
        return EXIT_DONE;
    }
    if (argc == 2 && !wcscmp(argv[1], L"--help"))
        return usage(stdout, EXIT_DONE);
    for (i = 0; i < ARRAYSIZE(commands); i++)
    {
        int words = commands[i].words[1] ? 2 : 1;

        if (argc > words && !wcscmp(argv[1], commands[i].words[0])
                && (words == 1 || !wcscmp(argv[2], commands[i].words[1])))
            return commands[i].run(argc - 1 - words, argv + 1 + words);
    }
    return usage(stderr, EXIT_USAGE);
}
