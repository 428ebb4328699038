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
    {{L"show", L"config"}, show_config,
        "show config [--json]           what is enabled, and the settings of the service"},
    {{L"show", L"log"}, show_log,
        "show log [--json]              what the agent has logged, the oldest first"},
    {{L"watch", NULL}, watch,
        "watch [--json]                 the state and each change of it, until Ctrl-C"},
    {{L"enforcement", L"enable"}, enforcement_enable,
        "enforcement enable ID          let an enforcement client take part"},
    {{L"enforcement", L"disable"}, enforcement_disable,
        "enforcement disable ID         keep it from taking part"},
    {{L"enforcement", L"register"}, enforcement_register,
        "enforcement register ID NAME [--description TEXT] [--version TEXT] [--vendor TEXT]\n"
        "                                        make an enforcement client known"},
    {{L"enforcement", L"unregister"}, enforcement_unregister,
        "enforcement unregister ID      forget an enforcement client"},
    {{L"agent", L"enable"}, agent_enable,
        "agent enable ID                let a system health agent report"},
    {{L"agent", L"disable"}, agent_disable,
        "agent disable ID               keep it from reporting"},
    {{L"agent", L"register"}, agent_register,
        "agent register ID NAME [--description TEXT] [--version TEXT] [--vendor TEXT]\n"
        "                                        make a system health agent known"},
    {{L"agent", L"unregister"}, agent_unregister,
        "agent unregister ID            forget a system health agent"},
    {{L"selftest", NULL}, selftest,
        "selftest [--json]              what is wrong with wine-nap in this prefix, and what to do"},
    {{L"ras", L"list"}, ras_list,
        "ras list [--json]              RAS connections of this machine as client"},
    {{L"ras", L"add"}, ras_add,
        "ras add ENTRY [OPTION VALUE]...  list one that wine-nap cannot see by itself"},
    {{L"ras", L"remove"}, ras_remove,
        "ras remove ENTRY|HANDLE|{GUID} take such a one off the list"},
    {{L"ras", L"patterns"}, ras_patterns,
        "ras patterns [--json | --clear | PATTERN...]\n"
        "                                        which interfaces count, * and ?, by name"},
    {{L"rras", L"add"}, rras_add,
        "rras add OPTION...             add a connection of the remote access server; prints its id:\n"
        "                                        --user --domain --computer --interface --port\n"
        "                                        --device-name --device-type --ipv4 --ipv4-local\n"
        "                                        --ipv6 ADDRESS[/BITS] --ipv6-local --local-endpoint\n"
        "                                        --remote-endpoint --direction in|out\n"
        "                                        --tunnel ppp|ikev2 --guid --since TIME\n"
        "                                        --quarantine normal|quarantine|probation|unknown\n"
        "                                        --probation-end TIME"},
    {{L"rras", L"update"}, rras_update,
        "rras update WHICH OPTION...    change what the options say; WHICH is an id, or\n"
        "                                        --match-interface, --match-port, --match-guid or\n"
        "                                        --match-ipv4 with a value"},
    {{L"rras", L"remove"}, rras_remove, "rras remove WHICH              the connection has ended"},
    {{L"rras", L"list"}, rras_list, "rras list [--json]             every connection"},
    {{L"rras", L"load"}, rras_load,
        "rras load FILE|-               do what each line says: add, update, remove"},
    {{L"rras", L"enable"}, rras_enable, "rras enable                    turn the server side on"},
    {{L"rras", L"disable"}, rras_disable, "rras disable                   turn it off"},
    {{L"decode", NULL}, decode,
        "decode FILE                    show a statement of health, - for standard input"},
    {{L"validate", NULL}, validate,
        "validate --policy FILE [--request FILE|-] [--response FILE|-]\n"
        "                                        judge a request by a policy, write the response"},
};

/* Every command, or those that begin with `word`; false: there is none. */
static bool list_commands(FILE *to, const WCHAR *word)
{
    bool any = false;
    unsigned int i;

    for (i = 0; i < ARRAYSIZE(commands); i++)
        if (!word || !wcscmp(word, commands[i].words[0]))
        {
            fprintf(to, "  napctl %s\n", commands[i].usage);
            any = true;
        }
    return any;
}

static int usage(FILE *to, int code)
{
    fputs("napctl: the command line of the NAP agent\n", to);
    list_commands(to, NULL);
    fputs("  napctl --version\n"
          "  napctl --help, napctl COMMAND --help\n"
          "Exit codes: 0 done, 1 failed, 2 wrong usage.\n", to);
    return code;
}

/* The number of words of the command that the arguments begin with; 0: another. */
static int match(const struct command *command, int argc, WCHAR **argv)
{
    if (argc < 2 || wcscmp(argv[1], command->words[0]))
        return 0;
    if (!command->words[1])
        return 1;
    return argc > 2 && !wcscmp(argv[2], command->words[1]) ? 2 : 0;
}

static bool asks_for_help(const WCHAR *word)
{
    return !wcscmp(word, L"--help") || !wcscmp(word, L"-h") || !wcscmp(word, L"/?");
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    unsigned int i;
    int words;

    log_open_from_environment("napctl", LOG_NONE);
    if (argc == 2 && !wcscmp(argv[1], L"--version"))
    {
        printf("napctl %s, protocol %d\n", WINE_NAP_VERSION, NAPIPC_VERSION);
        return EXIT_DONE;
    }
    if (argc == 2 && (asks_for_help(argv[1]) || !wcscmp(argv[1], L"help")))
        return usage(stdout, EXIT_DONE);
    for (i = 0; i < ARRAYSIZE(commands); i++)
        if ((words = match(&commands[i], argc, argv)))
        {
            if (argc == words + 2 && asks_for_help(argv[words + 1]))
            {
                printf("usage: napctl %s\n", commands[i].usage);
                return EXIT_DONE;
            }
            return finish_output(commands[i].run(argc - 1 - words, argv + 1 + words));
        }
    if (argc == 3 && asks_for_help(argv[2]) && list_commands(stdout, argv[1]))
        return EXIT_DONE;
    if (argc >= 2 && list_commands(stderr, argv[1]))
        return EXIT_USAGE;
    return usage(stderr, EXIT_USAGE);
}
