/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of numbers as in [MS-WSH], and what they mean in words.
 */

#include <stdio.h>

#include "libs/wsh/wire.h"

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

struct code
{
    uint32_t value;
    const char *name, *text;
};

#define CODE(name, text)                                                                           \
    {                                                                                              \
        name, #name, text                                                                          \
    }

/* 2.2.9.1, 2.2.9.2, 2.2.13, 2.2.14.1 */
static const struct code codes[] = {
        {0, "S_OK", "compliant"},
        CODE(S_MSSHA_NO_MISSING_UPDATES, "none are missing"),
        CODE(S_MSSHA_MISSING_UPDATES, "some are missing"),
        CODE(E_MSSHAV_PRODUCT_NOT_INSTALLED, "not installed"),
        CODE(E_MSSHAV_WSC_SERVICE_DOWN, "unknown: the security center does not run"),
        CODE(E_MSSHAV_WSC_SERVICE_NOT_STARTED_SINCE_BOOT,
                "unknown: the security center has not started yet"),
        CODE(E_MSSHAV_NO_WUS_SERVER, "unknown: the update server is not configured"),
        CODE(E_MSSHAV_NO_CLIENT_ID, "unknown: the update server does not know this client"),
        CODE(E_MSSHAV_WUA_SERVICE_DISABLED, "unknown: the update agent is disabled"),
        CODE(E_MSSHAV_WUA_COMM_FAILURE, "unknown: the update agent does not answer"),
        CODE(E_MSSHAV_UPDATES_INSTALLED_REQUIRE_REBOOT, "installed, but a restart is due"),
        CODE(E_MSSHAV_WUA_SERVICE_NOT_STARTED_SINCE_BOOT,
                "unknown: the update agent has not started yet"),
        CODE(E_MSSHV_PRODUCT_NOT_ENABLED, "off"),
        CODE(E_MSSHV_PRODUCT_NOT_UPTODATE, "out of date"),
        CODE(E_MSSHV_SYNC_AND_INSTALL_UPDATES, "required updates are missing, or not looked for"),
        CODE(E_MSSHV_WUS_SHC_FAILURE, "the validator could not read the statement"),
        CODE(E_MSSHV_THIRD_PARTY_PRODUCT_NOT_ENABLED, "off, and not Microsoft's"),
        CODE(E_MSSHV_THIRD_PARTY_PRODUCT_NOT_UPTODATE, "out of date, and not Microsoft's"),
        CODE(E_MSSHAV_BAD_UPDATE_SOURCE_MU, "must come from Microsoft Update"),
        CODE(E_MSSHAV_BAD_UPDATE_SOURCE_WUMU, "must come from Windows Update or Microsoft Update"),
        CODE(E_MSSHAV_BAD_UPDATE_SOURCE_MUWSUS, "must come from Microsoft Update or WSUS"),
        CODE(E_MSSHAV_NO_UPDATE_SOURCE, "no source is configured"),
};

static const struct code *code_of(uint32_t value)
{
    size_t i;

    for (i = 0; i < COUNT_OF(codes); ++i)
        if (codes[i].value == value)
            return &codes[i];
    return NULL;
}

const char *wsh_code_name(uint32_t code)
{
    const struct code *known = code_of(code);

    return known ? known->name : NULL;
}

const char *wsh_code_text(uint32_t code)
{
    const struct code *known = code_of(code);

    return known ? known->text : NULL;
}

/* 2.2.7 */
const char *wsh_class_name(uint8_t health_class)
{
    static const char *const names[WSH_CLASSES] = {
            "firewall", "antivirus", "antispyware", "automatic updates", "security updates"};

    return health_class < WSH_CLASSES ? names[health_class] : NULL;
}

/* 2.2.12 */
const char *wsh_severity_name(uint32_t updates)
{
    static const struct
    {
        uint32_t bit;
        const char *name;
    } severities[] = {
            {WSH_SEVERITY_CRITICAL, "critical"},
            {WSH_SEVERITY_IMPORTANT, "important"},
            {WSH_SEVERITY_MODERATE, "moderate"},
            {WSH_SEVERITY_LOW, "low"},
            {WSH_SEVERITY_UNSPECIFIED, "unspecified"},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(severities); ++i)
        if (updates & severities[i].bit)
            return severities[i].name;
    return NULL;
}

/* Appendix A <2> */
const char *wsh_version_name(uint32_t version)
{
    switch (version)
    {
    case WSH_VERSION_XP:
        return "Windows XP";
    case WSH_VERSION_VISTA:
        return "Windows Vista";
    case WSH_VERSION_VISTA_SP1:
        return "Windows Vista SP1";
    }
    return NULL;
}

static const char *automatic_text(uint32_t status)
{
    switch (status & WSH_AU_BITS)
    {
    case WSH_AU_DISABLED:
        return "off";
    case WSH_AU_CHECKS:
        return "on, only looks for updates";
    case WSH_AU_DOWNLOADS:
        return "on, downloads updates";
    case WSH_AU_INSTALLS:
        return "on, downloads and installs updates";
    case WSH_AU_NEVER_CONFIGURED:
        return "never configured";
    }
    return "unknown";
}

void wsh_status_text(enum wsh_class health_class, uint32_t status, char *text, size_t size)
{
    const char *known = wsh_code_text(status);

    if (known && status)
        snprintf(text, size, "%s", known);
    else if (health_class == WSH_SECURITY_UPDATES || wsh_is_error(status))
        snprintf(text, size, "unknown");
    else if (health_class == WSH_AUTOMATIC_UPDATES)
        snprintf(text, size, "%s%s", automatic_text(status),
                status & WSH_AU_BY_POLICY ? ", set by policy" : "");
    else
        snprintf(text, size, "%s%s%s%s", status & WSH_ENABLED ? "on" : "off",
                status & WSH_SNOOZED ? ", snoozed" : "",
                health_class == WSH_FIREWALL ? ""
                : status & WSH_UP_TO_DATE    ? ", up to date"
                                             : ", out of date",
                status & WSH_MICROSOFT ? ", Microsoft's" : "");
}
