/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Does what the command line says. The exit code is the error of Remote Access, 0 for none.
 */

#include "programs/rasdial/rasdial.h"

static int print_usage(void)
{
    print_text(L"USAGE:\n"
               L"    rasdial entryname [username [password | *]] [/DOMAIN:domain]\n"
               L"            [/PHONE:phonenumber] [/CALLBACK:callbacknumber]\n"
               L"            [/PHONEBOOK:phonebookfile] [/PREFIXSUFFIX]\n"
               L"    rasdial [entryname] /DISCONNECT\n"
               L"    rasdial\n");
    return EXIT_USAGE;
}

int wmain(int argc, WCHAR **argv);

int wmain(int argc, WCHAR **argv)
{
    static struct arguments arguments;
    DWORD error;

    if (!parse_arguments(argc, argv, &arguments))
        return print_usage();
    if (arguments.disconnect)
        error = disconnect(arguments.entry);
    else
        error = arguments.entry ? connect_entry(&arguments) : list_connections();
    SecureZeroMemory(&arguments, sizeof(arguments));
    if (!error)
        print_text(L"Command completed successfully.\n");
    return (int)error;
}
