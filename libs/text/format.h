/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * printf's formats with UTF-16 that works. The C library converts "%ls" to the code page of the
 * locale, "C" for our programs, and cuts a text at the first character that this does not have.
 */
#ifndef WINE_NAP_TEXT_FORMAT_H
#define WINE_NAP_TEXT_FORMAT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __MINGW_PRINTF_FORMAT
#define TEXT_PRINTF __MINGW_PRINTF_FORMAT
#elif defined(_WIN32) && !defined(__clang__)
#define TEXT_PRINTF gnu_printf
#else
#define TEXT_PRINTF printf
#endif

/*
 * As vsnprintf(), but a "%ls" becomes UTF-8, and an unpaired surrogate in it U+FFFD. Its width is
 * ignored; its precision counts units. Conversions are d, i, u, x, X, c, s, ls, p and %, the
 * modifiers l, ll and z. What does not fit into `size` bytes (at least one) is cut, in a "%ls"
 * between characters. Returns the length of the result, without its NUL.
 */
size_t format_list(char *text, size_t size, const char *format, va_list arguments)
        __attribute__((format(TEXT_PRINTF, 3, 0)));
size_t format_text(char *text, size_t size, const char *format, ...)
        __attribute__((format(TEXT_PRINTF, 3, 4)));

#endif
