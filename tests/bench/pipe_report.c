/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Figures: medians of runs, and their ratios.
 */
#include "pipe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void die(const char *format, ...)
{
    va_list arguments;

    fflush(stdout);
    fprintf(stderr, "bench: ");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
    ExitProcess(1);
}

UINT64 now_ns(void)
{
    LARGE_INTEGER frequency, count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return (UINT64)((double)count.QuadPart * 1e9 / (double)frequency.QuadPart);
}

static int compare(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;

    return difference < 0 ? -1 : difference > 0;
}

static double median(const double *values, unsigned int count)
{
    double sorted[4096];

    memcpy(sorted, values, count * sizeof(*values));
    qsort(sorted, count, sizeof(*sorted), compare);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

void figure_add(struct figure *figure, UINT64 own, UINT64 raw)
{
    if (figure->count == ARRAYSIZE(figure->own))
        die("no room for more measurements");
    figure->own[figure->count] = (double)own;
    figure->raw[figure->count++] = (double)raw;
    if (!figure->minimum || own < figure->minimum)
        figure->minimum = (double)own;
    if (!figure->raw_minimum || raw < figure->raw_minimum)
        figure->raw_minimum = (double)raw;
}

void figure_end_run(struct figure *figure)
{
    if (figure->runs == ARRAYSIZE(figure->own_medians))
        die("no room for more runs");
    figure->own_medians[figure->runs] = median(figure->own, figure->count);
    figure->raw_medians[figure->runs++] = median(figure->raw, figure->count);
    figure->count = 0;
}

static double own_median(const struct figure *figure)
{
    return median(figure->own_medians, figure->runs);
}

/* The median of the runs' ratios: a slow run slowed both of its sides. */
static double ratio(const struct figure *figure)
{
    double ratios[ARRAYSIZE(figure->own_medians)];
    unsigned int i;

    for (i = 0; i < figure->runs; i++)
        ratios[i] = figure->own_medians[i] / figure->raw_medians[i];
    return median(ratios, figure->runs);
}

void figures_heading(void)
{
    printf("%-38s %8s %8s %8s %6s  %s\n", "", "min us", "median", "raw", "ratio", "at most");
}

static bool met(const struct figure *figure)
{
    return !figure->most || ratio(figure) <= figure->most;
}

bool figure_print(const struct figure *figure)
{
    char most[16] = "   -";

    if (figure->most)
        snprintf(most, sizeof(most), "%.1fx", figure->most);
    printf("%-38s %8.0f %8.0f %8.0f %6.2f  %s %s%s\n", figure->what, figure->minimum / 1000,
            own_median(figure) / 1000, median(figure->raw_medians, figure->runs) / 1000,
            ratio(figure), most, figure->against, met(figure) ? "" : "  MISSED");
    fflush(stdout);
    return met(figure);
}

void figures_write(const char *file, const struct figure *figures, unsigned int count)
{
    FILE *to = file ? fopen(file, "w") : NULL;
    unsigned int i;

    if (!file)
        return;
    if (!to)
        die("%s cannot be written", file);
    fprintf(to, "[\n");
    for (i = 0; i < count; i++)
        if (figures[i].runs)
            fprintf(to,
                    "  {\"what\": \"%s\", \"against\": \"%s\", \"runs\": %u, \"minUs\": %.1f, "
                    "\"medianUs\": %.1f, \"rawMinUs\": %.1f, \"rawMedianUs\": %.1f, \"ratio\": %.3f, "
                    "\"most\": %.1f, \"met\": %s}%s\n",
                    figures[i].what, figures[i].against, figures[i].runs, figures[i].minimum / 1000,
                    own_median(&figures[i]) / 1000, figures[i].raw_minimum / 1000,
                    median(figures[i].raw_medians, figures[i].runs) / 1000, ratio(&figures[i]),
                    figures[i].most, met(&figures[i]) ? "true" : "false", i + 1 < count ? "," : "");
    fprintf(to, "]\n");
    if (fclose(to))
        die("%s cannot be written", file);
}
