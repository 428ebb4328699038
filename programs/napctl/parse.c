/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parses arguments by their command's table, and prints the table as usage.
 */

#include "programs/napctl/options.h"

#include <string.h>
#include <wchar.h>

#include "libs/text/format.h"

#define USAGE_WIDTH 100
#define USAGE_INDENT 6 /* of continuation lines */
#define HELP_COLUMN 40

static bool is_option(const WCHAR *name)
{
    return name[0] == '-' && name[1] == '-';
}

/* An option by its index in the tables of the command; NULL: there are no more. */
static const struct option *option_at(const struct command *command, unsigned int index)
{
    unsigned int i, j;

    for (i = 0; i < ARRAYSIZE(command->tables) && command->tables[i]; i++)
        for (j = 0; command->tables[i][j].name; j++)
            if (!index--)
                return &command->tables[i][j];
    return NULL;
}

/* ---- parsing ---- */

struct parse
{
    const struct command *command;
    struct options *options;
    uint64_t given; /* a bit for each option, by its index */
    char *why;
};

/* True if the option or another of its group was given. */
static bool was_given(const struct parse *parse, unsigned int index)
{
    const struct option *option = option_at(parse->command, index), *other;
    unsigned int i;

    for (i = 0; (other = option_at(parse->command, i)); i++)
        if ((parse->given >> i & 1)
                && (i == index || (option->group && option->group == other->group)))
            return true;
    return false;
}

/* Finds the option of that name, or the next positional argument of the table, or the last one if
 * all were given. False: there is none. */
static bool find_option(const struct parse *parse, const WCHAR *argument, unsigned int *index)
{
    const struct option *option;
    bool found = false;
    unsigned int i;

    for (i = 0; (option = option_at(parse->command, i)); i++)
        if (is_option(argument) ? !wcscmp(argument, option->name) : !is_option(option->name))
        {
            *index = i;
            found = true;
            if (is_option(argument) || !(parse->given >> i & 1))
                break;
        }
    return found;
}

/* True if the option may be given after those that were given before. */
static bool may_be_given(const struct parse *parse, unsigned int index, const WCHAR *argument)
{
    const struct option *option = option_at(parse->command, index);

    if (!was_given(parse, index)
            || ((option->flags & OPTION_REPEATED) && (parse->given >> index & 1)))
        return true;
    if (option->group)
        snprintf(parse->why, WHY_SIZE, "more than one way to say %s", option->group);
    else if (!is_option(option->name))
        format_text(parse->why, WHY_SIZE, "\"%.*ls\" is one argument too many", QUOTED, argument);
    else
        return true; /* the last one counts */
    return false;
}

static void say_unknown_option(const struct parse *parse, const WCHAR *argument)
{
    const struct option *option, *meant = NULL;
    unsigned int i, least = NOT_NEAR;

    for (i = 0; (option = option_at(parse->command, i)); i++)
        if (is_option(option->name) && nearness(argument, option->name) < least)
        {
            least = nearness(argument, option->name);
            meant = option;
        }
    if (meant)
        format_text(parse->why, WHY_SIZE, "there is no option \"%.*ls\"; did you mean %ls?", QUOTED,
                argument, meant->name);
    else
        format_text(parse->why, WHY_SIZE, "there is no option \"%.*ls\"", QUOTED, argument);
}

/* Takes one argument, with its value. */
static enum parsed take(struct parse *parse, const WCHAR *argument, const WCHAR *value)
{
    const struct option *option;
    unsigned int index;

    if (!find_option(parse, argument, &index))
    {
        if (is_option(argument))
            say_unknown_option(parse, argument);
        else
            format_text(
                    parse->why, WHY_SIZE, "\"%.*ls\" is one argument too many", QUOTED, argument);
        return PARSED_WRONG;
    }
    option = option_at(parse->command, index);
    if (!may_be_given(parse, index, argument))
        return PARSED_WRONG;
    if (!value)
    {
        format_text(parse->why, WHY_SIZE, "%ls lacks its value", option->name);
        return PARSED_WRONG;
    }
    if (option->most && wcslen(value) > option->most)
    {
        format_text(parse->why, WHY_SIZE,
                "%ls has %u characters; at most %u are allowed: shorten it", option->name,
                (unsigned int)wcslen(value), (unsigned int)option->most);
        return PARSED_TOO_LONG;
    }
    if (!option->read(value, (char *)parse->options + option->offset))
    {
        format_text(parse->why, WHY_SIZE, "\"%.*ls\" is not a value for %ls", QUOTED, value,
                option->name);
        return PARSED_WRONG;
    }
    parse->given |= (uint64_t)1 << index;
    parse->options->rras.fields |= option->field;
    if (option->selector)
        parse->options->rras.selector.kind = option->selector;
    return PARSED;
}

/* True if every required option was given. */
static bool is_complete(const struct parse *parse)
{
    const struct option *option;
    struct text text = {0};
    unsigned int i;

    for (i = 0; (option = option_at(parse->command, i)); i++)
        if ((option->flags & OPTION_REQUIRED) && !was_given(parse, i))
            break;
    if (!option)
        return true;
    if (option->group)
    {
        const struct option *other;

        text_add(&text, "%s? Give", option->group);
        for (; (other = option_at(parse->command, i)) && other->group == option->group; i++)
            if (!(other->flags & OPTION_UNLISTED))
                text_add(&text, "%s %ls", other == option ? "" : " or", other->name);
    }
    else
        text_add(&text, "%ls is missing", option->name);
    snprintf(parse->why, WHY_SIZE, "%s", text.bytes);
    return false;
}

enum parsed parse_options(const struct command *command, int argc, WCHAR **argv,
        struct options *options, char why[WHY_SIZE])
{
    struct parse parse = {command, options, 0, why};
    enum parsed parsed = PARSED;
    int i;

    memset(options, 0, sizeof(*options));
    for (i = 0; i < argc && parsed == PARSED; i++)
    {
        const WCHAR *argument = argv[i], *value = argument;
        unsigned int index;

        if (is_option(argument) && find_option(&parse, argument, &index)
                && option_at(command, index)->value)
            value = i + 1 < argc ? argv[++i] : NULL;
        parsed = take(&parse, argument, value);
    }
    return parsed == PARSED && !is_complete(&parse) ? PARSED_WRONG : parsed;
}

/* ---- usage ---- */

/* A text in lines of at most `width` columns; 0: one line. */
struct lines
{
    struct text text;
    size_t width, column;
};

static void add_word(struct lines *lines, const char *word)
{
    size_t length = strlen(word);

    if (lines->width && lines->column + 1 + length > lines->width)
    {
        text_add(&lines->text, "\n%*s", USAGE_INDENT - 1, "");
        lines->column = USAGE_INDENT - 1;
    }
    text_add(&lines->text, lines->column ? " %s" : "%s", word);
    lines->column += length + (lines->column ? 1 : 0);
}

static bool same_group(const struct option *one, const struct option *other)
{
    return one && other && one->group && one->group == other->group;
}

/* Adds "--option VALUE", in brackets if it is not required. The options of a group are
 * alternatives. */
static void add_option(struct lines *lines, const struct option *before,
        const struct option *option, const struct option *after)
{
    bool required = option->flags & OPTION_REQUIRED;
    bool first = !same_group(before, option), last = !same_group(option, after);
    struct text text = {0};

    if (!first)
        add_word(lines, "|");
    text_add(&text, "%s%ls", first && !required ? "[" : "", option->name);
    if (option->value)
        text_add(&text, " %s", option->value);
    text_add(&text, "%s%s", option->flags & OPTION_REPEATED ? "..." : "",
            last && !required ? "]" : "");
    add_word(lines, text.bytes);
}

static void add_command(struct lines *lines, const struct command *command)
{
    const struct option *before = NULL, *option, *after;
    char word[32];
    unsigned int i, j;

    for (i = 0; i < ARRAYSIZE(command->words) && command->words[i]; i++)
    {
        snprintf(word, sizeof(word), "%ls", command->words[i]);
        add_word(lines, word);
    }
    for (i = 0; (option = option_at(command, i)); i = j, before = option)
    {
        for (j = i + 1; (after = option_at(command, j)) && (after->flags & OPTION_UNLISTED); j++)
            ;
        add_option(lines, before, option, after);
    }
}

int complain_usage(const struct command *command, const char *why)
{
    struct lines lines = {0};

    report_usage(why);
    add_word(&lines, "usage: napctl");
    if (command->is_long)
        text_add(&lines.text, " %ls %ls --help shows the options", command->words[0],
                command->words[1]);
    else
        add_command(&lines, command);
    return report_usage(lines.text.bytes);
}

void print_usage(FILE *to, const char *before, const struct command *command)
{
    struct lines lines = {.width = USAGE_WIDTH};

    add_word(&lines, before);
    add_command(&lines, command);
    fputs(lines.text.bytes, to);
    if (lines.column >= HELP_COLUMN)
    {
        fputc('\n', to);
        lines.column = 0;
    }
    fprintf(to, "%*s%s\n", (int)(HELP_COLUMN - lines.column), "", command->help);
}
