/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The policy, and a statement of health in a file.
 */
#include "programs/nap-validate/nap_validate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define POLICY_FILE_MAX (1024 * 1024)

static void file_complain(const char *verb, const char *name)
{
    complain("cannot %s %s: %s", verb, name, strerror(errno));
}

/* Reads a whole file. bytes has a capacity of most + 1: the one byte more shows that the file is
 * too long, even if it has no end. */
static bool file_read(const char *name, const char *what, void *bytes, size_t most, size_t *size)
{
    bool standard = !strcmp(name, "-"), done = false;
    FILE *file = standard ? stdin : fopen(name, "rb");

    if (!file)
    {
        file_complain("open", name);
        return false;
    }
    *size = fread(bytes, 1, most + 1, file);
    if (ferror(file))
        file_complain("read", name);
    else if (*size > most)
        complain("%s has more than %zu bytes, the most that %s may have: is it the file you mean?",
                standard ? "standard input" : name, most, what);
    else
        done = true;
    if (!standard)
        fclose(file);
    return done;
}

static bool file_write(const char *name, const void *bytes, size_t size)
{
    bool standard = !strcmp(name, "-"), done;
    FILE *file = standard ? stdout : fopen(name, "wb");

    if (!file)
    {
        file_complain("write", name);
        return false;
    }
    done = fwrite(bytes, 1, size, file) == size;
    if ((standard ? fflush(file) : fclose(file)))
        done = false;
    if (!done)
        file_complain("write", name);
    return done;
}

bool read_policy(const char *name, struct policy *policy)
{
    static char text[POLICY_FILE_MAX + 1];
    struct policy_error error;
    char message[8192];
    size_t size;

    if (!file_read(name, "a policy", text, POLICY_FILE_MAX, &size))
        return false;
    if (policy_parse(text, size, policy, &error))
    {
        if (policy_has_validators(policy))
            complain("%s names validators, which nap-validate cannot ask: each counts as its line "
                     "unavailable says; to ask them: napctl validate",
                    name);
        return true;
    }
    policy_error_format(&error, name, message, sizeof message);
    complain("%s", message);
    return false;
}

bool read_secret(const char *name, struct secret *secret)
{
    struct stat status;
    char text[sizeof secret->bytes + 2 + 1]; /* a line end, and file_read()'s one more */
    size_t size;

    if (strcmp(name, "-") && !stat(name, &status) && S_ISREG(status.st_mode)
            && (status.st_mode & (S_IROTH | S_IWOTH)))
    {
        complain("everybody may read or write %s, which has a secret: chmod o-rw it", name);
        return false;
    }
    if (!file_read(name, "a secret", text, sizeof text - 1, &size))
        return false;
    if (size && text[size - 1] == '\n')
        --size;
    if (size && text[size - 1] == '\r')
        --size;
    if (!size || size > sizeof secret->bytes || memchr(text, '\n', size) || memchr(text, 0, size))
    {
        complain(
                "%s must have one line, the secret, of 1 to %zu bytes", name, sizeof secret->bytes);
        return false;
    }
    memcpy(secret->bytes, text, size);
    secret->size = size;
    return true;
}

int validate_file(const struct policy *policy, const char *request, const char *response)
{
    static uint8_t asked[STATEMENT_MAX + 1], answer[POLICY_MAX_ANSWER_SIZE];
    struct policy_result result;
    char text[256];
    size_t size, i;

    if (!file_read(request, "a statement of health", asked, STATEMENT_MAX, &size))
        return EXIT_BAD_INPUT;
    switch (policy_answer(policy, NULL, asked, size, filetime_now(), answer, &result))
    {
    case POLICY_OK:
        break;
    case POLICY_BAD_REQUEST:
        complain("%s is not an SoH request: %s, at byte %zu (0x80270001)",
                strcmp(request, "-") ? request : "standard input", result.error.rule,
                result.error.offset);
        return EXIT_BAD_INPUT;
    default:
        complain("the response would have %zu bytes, more than a packet may have", result.size);
        return EXIT_BAD_INPUT;
    }
    if (!file_write(response, answer, result.size))
        return EXIT_BAD_INPUT;
    for (i = 0; policy_explain(policy, &result, i, text, sizeof text); ++i)
        complain("%s", text);
    return result.compliant ? EXIT_COMPLIANT : EXIT_NOT_COMPLIANT;
}
