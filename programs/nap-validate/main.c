/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command line.
 */
#include "programs/nap-validate/nap_validate.h"

#include <stdio.h>
#include <string.h>

#include "version.h"

static const char usage[] =
        "usage: nap-validate --policy FILE [--request FILE] [--response FILE]\n"
        "       nap-validate --policy FILE --radius VALUES\n"
        "       nap-validate --policy FILE --listen ADDRESS:PORT --secret FILE\n"
        "\n"
        "Judges statements of health by a policy.\n"
        "\n"
        "  --request FILE    the statement (SSoH); - or none: standard input\n"
        "  --response FILE   gets the response (SSoHR); - or none: standard output\n"
        "  --radius VALUES   the values of the MS-Quarantine-SOH attributes of an Access-Request;\n"
        "                    prints the attributes of the answer\n"
        "  --listen ADDRESS:PORT\n"
        "                    answers Access-Requests that a RADIUS server proxies to this UDP port;\n"
        "                    SIGHUP reads the policy again\n"
        "  --secret FILE     has the secret that both share, in one line\n"
        "\n"
        "Exit codes: 0 compliant, 1 not compliant, 2 wrong usage, 3 bad input.\n";

struct options
{
    const char *policy, *request, *response, *radius, *listen, *secret;
};

/* Returns the member that an option sets, or NULL. */
static const char **member_of(struct options *options, const char *name)
{
    const struct
    {
        const char *name, **member;
    } table[] = {
            {"--policy", &options->policy},
            {"--request", &options->request},
            {"--response", &options->response},
            {"--radius", &options->radius},
            {"--listen", &options->listen},
            {"--secret", &options->secret},
    };
    size_t i;

    for (i = 0; i < sizeof table / sizeof *table; ++i)
        if (!strcmp(name, table[i].name))
            return table[i].member;
    return NULL;
}

static int wrong_usage(const char *why, const char *what)
{
    complain("%s%s; nap-validate --help shows the usage", why, what);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    static struct policy policy;
    struct secret secret;
    struct options options = {0};
    const char **member;
    int i;

    for (i = 1; i < argc; i += 2)
    {
        if (!strcmp(argv[i], "--help"))
            return fputs(usage, stdout) == EOF || fflush(stdout) ? EXIT_BAD_INPUT : EXIT_COMPLIANT;
        if (!strcmp(argv[i], "--version"))
            return puts("nap-validate " WINE_NAP_VERSION) == EOF || fflush(stdout) ? EXIT_BAD_INPUT
                                                                                   : EXIT_COMPLIANT;
        if (!(member = member_of(&options, argv[i])))
            return wrong_usage("there is no option ", argv[i]);
        if (*member)
            return wrong_usage("once is enough for ", argv[i]);
        if (i + 1 == argc)
            return wrong_usage("a value must follow ", argv[i]);
        *member = argv[i + 1];
    }
    if (!options.policy)
        return wrong_usage("a policy is missing: give ", "--policy FILE");
    if ((options.radius != NULL) + (options.listen != NULL)
                    + (options.request != NULL || options.response != NULL)
            > 1)
        return wrong_usage("give only one of ", "--request and --response, --radius, --listen");
    if (!options.listen != !options.secret)
        return wrong_usage("give both or none of ", "--listen, --secret");
    if (!read_policy(options.policy, &policy)
            || (options.secret && !read_secret(options.secret, &secret)))
        return EXIT_BAD_INPUT;
    if (options.radius)
        return validate_values(&policy, options.radius);
    if (options.listen)
        return serve(options.listen, &secret, options.policy, &policy);
    return validate_file(&policy, options.request ? options.request : "-",
            options.response ? options.response : "-");
}
