/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * health: what the service napwsha found out about the host, how, and what it reports. Reading the
 * record of its last look rejects all but printable ASCII.
 */
#include "programs/napctl/health.h"

#include <stdlib.h>
#include <string.h>

#include "programs/napctl/options.h"

/* False: the record is malformed, which is printed. */
static bool read_record(struct health_record *record)
{
    static char text[HEALTH_RECORD_MAX];
    const char *broken;
    WCHAR path[MAX_PATH];
    unsigned int line = 0;
    DWORD size = 0;
    HANDLE file;

    memset(record, 0, sizeof(*record));
    host_statement_unknown(HOST_NOT_LOOKED, &record->statement);
    ExpandEnvironmentStringsW(HEALTH_RECORD_FILE, path, MAX_PATH);
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return true; /* no look yet */
    if (!ReadFile(file, text, sizeof(text), &size, NULL) || size == sizeof(text))
        broken = "it cannot be read, or is too long";
    else
        broken = host_health_read(text, size, &record->health, &line);
    CloseHandle(file);
    if (!broken && record->health.look_time)
        record->time = strtoull(record->health.look_time, NULL, 10);
    if (!broken && !record->time)
        broken = "it does not say when the look was";
    if (broken)
    {
        complain("%ls is not napwsha's record: line %u: %s; the next look replaces it (0x%08lX)",
                path, line, broken, (unsigned long)HRESULT_FROM_WIN32(ERROR_INVALID_DATA));
        return false;
    }
    record->exists = true;
    if (record->health.look_fault)
        host_statement_unknown(HOST_LOOK_FAILED, &record->statement);
    else
        host_statement_make(&record->health, &record->statement);
    return true;
}

static const char *describe(const struct health_state *state)
{
    if (!state->installed)
        return "not installed; to do: tools/setup.sh install";
    if (state->theirs)
        return "another program has registered it; napctl show state --verbose shows it";
    if (!state->automatic && state->registered)
        return "registered, but not enabled, so that statements have an error for it; to enable it: "
               "napctl health enable, to unregister it: napctl health disable";
    if (!state->automatic)
        return "not enabled; to enable it: napctl health enable";
    if (SUCCEEDED(state->agent) && !state->registered)
        return "not registered; to register it again: napctl health enable";
    if (SUCCEEDED(state->agent) && !state->enabled)
        return "disabled by napctl agent disable; to enable it: napctl health enable";
    if (!state->runs)
        return "enabled, but the service napwsha does not run; to start it: napctl health enable";
    if (FAILED(state->agent))
        return "enabled; the NAP agent does not run";
    return state->bound ? "enabled, reports to the NAP agent"
                        : "enabled, but not bound yet; the log has more";
}

static void print_since(const char *seconds)
{
    uint32_t number;

    if (!host_number(seconds, &number))
        printf("unknown");
    else if (number < 7200)
        printf("%u minutes", (unsigned int)number / 60);
    else if (number < 172800)
        printf("%u hours", (unsigned int)number / 3600);
    else
        printf("%u days", (unsigned int)number / 86400);
}

static void print_product(const struct host_product *product)
{
    printf("    %s: %s", product->name ? product->name : "(no name)",
            product->state ? product->state : "unknown");
    if (product->up_to_date && !strcmp(product->up_to_date, "yes"))
        printf(", up to date");
    else if (product->up_to_date && !strcmp(product->up_to_date, "no"))
        printf(", out of date");
    else if (product->up_to_date)
        printf(", age of the signatures unknown");
    if (product->found)
        printf(" (%s)", product->found);
    putchar('\n');
}

static void print_updates(const struct host_health *health)
{
    size_t i;

    for (i = 0; i < HOST_HEALTH_SEVERITIES; i++)
        if (health->missing[i] && strcmp(health->missing[i], "0"))
            printf("    missing, %s: %s\n", host_severity_key(i), health->missing[i]);
    if (health->since_scan)
    {
        printf("    last look for updates: ");
        print_since(health->since_scan);
        printf(strspn(health->since_scan, "0123456789") ? " before\n" : "\n");
    }
}

/* What is reported of a class: an error, or a status. */
uint32_t health_reported(const struct wsh_soh *soh, enum wsh_class health_class)
{
    if (health_class == WSH_AUTOMATIC_UPDATES)
        return soh->automatic_updates;
    return health_class == WSH_SECURITY_UPDATES ? soh->security_updates
                                                : soh->classes[health_class].error;
}

static void print_class(const struct health_record *record, enum wsh_class health_class)
{
    const struct host_class *class = &record->health.classes[health_class];
    uint32_t reported = health_reported(&record->statement.soh, health_class);
    size_t i;

    printf("  %s: %s", wsh_class_name((uint8_t)health_class),
            class->state ? class->state : "unknown");
    if (class->name)
        printf(", %s", class->name);
    if (class->found)
        printf(" (%s)", class->found);
    putchar('\n');
    for (i = 0; i < class->count; i++)
        print_product(&class->products[i]);
    if (health_class == WSH_SECURITY_UPDATES)
        print_updates(&record->health);
    if (reported && wsh_code_name(reported))
        printf("    reported as %s (0x%08x)\n", wsh_code_name(reported), (unsigned int)reported);
}

int health(const struct options *options)
{
    static struct health_record record;
    struct health_state state;
    int i;

    if (!read_record(&record))
        return EXIT_FAILED;
    health_state_read(&state);
    if (options->json)
    {
        health_json(&state, &record);
        return EXIT_DONE;
    }
    printf("Health agent 79744: %s\n", describe(&state));
    if (!record.exists)
    {
        puts("The host was not looked at yet.");
        return EXIT_DONE;
    }
    printf("The host at ");
    print_time(stdout, record.time);
    if (record.health.look_fault)
        printf(": unknown, because %s\n", record.health.look_fault);
    else
        puts(":");
    for (i = 0; i < WSH_CLASSES && !record.health.look_fault; i++)
        print_class(&record, (enum wsh_class)i);
    return EXIT_DONE;
}
