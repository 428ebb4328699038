/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The values below Services\napwsha\Parameters.
 */
#include "programs/napwsha/napwsha.h"

#include <string.h>

#include "libs/log/log.h"

static DWORD read_number(const WCHAR *name, DWORD otherwise, DWORD least, DWORD most)
{
    DWORD value, size = sizeof(value);

    if (RegGetValueW(HKEY_LOCAL_MACHINE, HEALTH_PARAMETERS_KEY, name, RRF_RT_REG_DWORD, NULL,
                &value, &size))
        return otherwise;
    if (value >= least && value <= most)
        return value;
    log_event(LOG_WARN, WSH_ID, "settings", "Parameters\\%ls is %lu, not %lu to %lu ms; using %lu",
            name, value, least, most, otherwise);
    return otherwise;
}

static void read_program(char *program, int capacity)
{
    WCHAR path[MAX_PATH];
    DWORD size = sizeof(path);
    LSTATUS error = RegGetValueW(HKEY_LOCAL_MACHINE, HEALTH_PARAMETERS_KEY, L"HostHealth",
            RRF_RT_REG_SZ, NULL, path, &size);

    strcpy(program, "host-health");
    if (error == ERROR_FILE_NOT_FOUND || (!error && !*path))
        return;
    if (!error && path[0] == '/'
            && WideCharToMultiByte(CP_UTF8, 0, path, -1, program, capacity, NULL, NULL))
        return;
    /* Not the installed one instead: the administrator does not want that. */
    strcpy(program, "/nonexistent");
    log_event(LOG_ERROR, WSH_ID, "settings",
            "Parameters\\HostHealth must be the path of a host program, beginning with /, of at "
            "most 259 characters");
}

void settings_read(struct settings *settings)
{
    settings->look_interval = read_number(L"LookInterval", 10000, 100, 3600000);
    settings->look_timeout = read_number(L"LookTimeout", 60000, 100, 600000);
    settings->answer_timeout = read_number(L"AnswerTimeout", 15000, 100, 3600000);
    settings->renewal = read_number(L"RenewalInterval", 3600000, 100, 86400000);
    read_program(settings->program, sizeof(settings->program));
}
