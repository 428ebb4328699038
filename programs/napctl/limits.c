/*
 * Arguments that are longer than they may be: which, how long, and how long they may be.
 */
#include "programs/napctl/napctl.h"

#include <wchar.h>

#include "libs/text/format.h"

void format_too_long(char *text, size_t room, const WCHAR *what, size_t length, size_t most)
{
    format_text(text, room, "%ls has %u characters; at most %u may be: shorten it", what,
        (unsigned int)length, (unsigned int)most);
}

bool take_string(const WCHAR *what, const WCHAR *text, size_t most, struct napipc_string *string)
{
    size_t length = wcslen(text);
    char why[160];

    string->units = (const uint8_t *)text;
    string->length = (uint16_t)length;
    if (length <= most)
        return true;
    format_too_long(why, sizeof(why), what, length, most);
    report_usage(why);
    return false;
}
