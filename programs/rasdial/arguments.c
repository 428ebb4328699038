/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command line.
 */

#include "programs/rasdial/rasdial.h"

#include <wchar.h>

/* The rest of an option NAME:VALUE, in any case; NULL if it is another. */
static const WCHAR *value_of(const WCHAR *argument, const WCHAR *name)
{
    size_t length = wcslen(name);

    return !_wcsnicmp(argument, name, length) && argument[length] == ':' ? argument + length + 1
                                                                         : NULL;
}

static bool take(WCHAR *to, size_t capacity, const WCHAR *value)
{
    if (wcslen(value) >= capacity)
        return false;
    wcscpy(to, value);
    return true;
}

#define TAKE(member, value)                                                                        \
    take(arguments->params.member, ARRAYSIZE(arguments->params.member), value)

static bool parse_option(const WCHAR *option, struct arguments *arguments)
{
    const WCHAR *value;

    if ((value = value_of(option, L"domain")))
        return TAKE(szDomain, value);
    if ((value = value_of(option, L"phone")))
        return TAKE(szPhoneNumber, value);
    if ((value = value_of(option, L"callback")))
        return TAKE(szCallbackNumber, value);
    if ((value = value_of(option, L"phonebook")))
        arguments->phonebook = value;
    else if (!_wcsicmp(option, L"prefixsuffix"))
        arguments->prefix_suffix = true;
    else if (!_wcsicmp(option, L"disconnect"))
        arguments->disconnect = true;
    else
        return false;
    return true;
}

/* An argument that is no option: the entry, the user and the password. */
static bool parse_word(int place, const WCHAR *word, struct arguments *arguments)
{
    switch (place)
    {
    case 0:
        arguments->entry = word;
        return *word && TAKE(szEntryName, word);
    case 1:
        return TAKE(szUserName, word);
    case 2:
        if ((arguments->ask_password = !wcscmp(word, L"*")))
            return true;
        return TAKE(szPassword, word);
    default:
        return false;
    }
}

bool parse_arguments(int argc, WCHAR **argv, struct arguments *arguments)
{
    int i, words = 0, options = 0;

    arguments->params.dwSize = sizeof(arguments->params);
    for (i = 1; i < argc; i++)
    {
        /* A password may begin with a slash, as long as it is no option. */
        if (*argv[i] == '/' && parse_option(argv[i] + 1, arguments))
            options++;
        else if ((*argv[i] == '/' && words != 2) || !parse_word(words++, argv[i], arguments))
            return false;
    }
    if (arguments->disconnect)
        return words <= 1 && options == 1;
    return words || !options;
}
