/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a component says about itself, by the classes of its registration: the messages to the
 * naphost in which such a class runs. Included by napipc.h, which defines the types used here.
 */
#ifndef WINE_NAP_NAPIPC_INFORMATION_H
#define WINE_NAP_NAPIPC_INFORMATION_H

/* The result codes of a fix-up and of a verdict, and the message of a fix-up. */
#define NAPIPC_MAX_TEXTS (NAPIPC_MAX_FIXUP_CODES + NAPIPC_MAX_RESULT_CODES + 1)

/* The methods of INapComponentInfo, in the order of the interface. */
enum napipc_info_method
{
    NAPIPC_INFO_NONE,
    NAPIPC_INFO_FRIENDLY_NAME,
    NAPIPC_INFO_DESCRIPTION,
    NAPIPC_INFO_VENDOR_NAME,
    NAPIPC_INFO_VERSION,
    NAPIPC_INFO_ICON,
    NAPIPC_INFO_LOCALIZED_STRING,
    NAPIPC_INFO_METHODS
};

/* A number that the component has a text for. */
struct napipc_wanted_text
{
    bool is_message; /* a MessageId; else an HRESULT */
    uint32_t number;
};

/* Asks INapComponentInfo. The reply's status is a failure if the class cannot be created. */
struct napipc_component_info
{
    uint16_t count;
    struct napipc_wanted_text texts[NAPIPC_MAX_TEXTS];
};

/* An empty string: the component has no such text. Longer ones are cut. */
struct napipc_component_info_reply
{
    struct napipc_string friendly_name;
    struct napipc_string description;
    struct napipc_string vendor_name;
    struct napipc_string version;
    struct napipc_string icon_file;
    uint32_t icon_resource;
    uint8_t failed_method; /* enum napipc_info_method: the first that failed */
    uint32_t failure;      /* its HRESULT */
    uint16_t count;        /* as that of the request, and in its order */
    struct napipc_string texts[NAPIPC_MAX_TEXTS];
};

/* What INapComponentConfig says. Each result is the HRESULT of the method whose value follows. */
struct napipc_component_config_reply
{
    uint8_t level; /* 1, 2 or 3: the highest INapComponentConfig of the class */
    uint32_t ui_result;
    bool ui_supported;
    uint32_t remote_result; /* E_NOINTERFACE at level 1 */
    bool remote_supported;
    uint8_t remote_type; /* RemoteConfigurationType */
    uint32_t config_result;
    uint16_t config_size; /* bytes */
};

#endif
