/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the services of this project share: their process, their installation, and what others ask
 * the service manager (SCM) about them.
 */
#ifndef WINE_NAP_SERVICE_H
#define WINE_NAP_SERVICE_H

#include <stdbool.h>
#include <windows.h>
#include <winsvc.h>

struct service
{
    const WCHAR *name, *display_name, *description;
    const WCHAR *key;     /* its key, below HKEY_LOCAL_MACHINE */
    const char *program;  /* its program without ".exe": the name in the log and in messages */
    const char *version;  /* what --version prints after the program's name */
    const char *usage;    /* lines */
    DWORD upgraded_start; /* how it starts after an upgrade; SERVICE_NO_CHANGE: as before */
    /* --install and --uninstall; the results are exit codes. */
    int (*install)(void);
    int (*uninstall)(bool purge);
    /* The service itself. begin() is called before the SCM is told anything, and opens the log.
     * run() serves until stop(), reports SERVICE_RUNNING when it is ready, and returns 0 or the
     * service-specific exit code. stop() may be called from any thread, more than once. */
    void (*begin)(void);
    DWORD (*run)(void);
    void (*stop)(const char *reason);
};

/* ---- process.c ---- */

/* The program's main function: the SCM's process if there are no arguments, else --install,
 * --uninstall [--purge], --version, --help. Returns the exit code. */
int service_main(const struct service *service, int argc, WCHAR **argv);
/* Reports a state to the SCM. */
void service_report(DWORD state, DWORD specific_code);
/* Parameters\LogFile, or %SystemRoot%\Logs\PROGRAM.log. `file` has MAX_PATH characters. */
void service_log_file(const struct service *service, WCHAR *file);
/* Opens the log with the level of Parameters\LogLevel, whose name is written to `level`; "info" if
 * there is none, or none of that name. */
void service_open_log(const struct service *service, const WCHAR *file, WCHAR level[16]);

/* ---- install.c ---- */

/* Prints "PROGRAM: cannot WHAT: error N" to stderr; returns exit code 1. */
int service_failed(const struct service *service, const char *what, DWORD error);
/* Creates the service, or gives one that is there this program's path. Returns an exit code, with
 * the reason on stderr. */
int service_install(const struct service *service);
/* Stops and deletes the service. Its key may have other values, which stay. Returns a Win32 error;
 * 0 also if there is no such service. */
DWORD service_delete(const struct service *service);
/* The same, and deletes the key. Returns an exit code, with the reason on stderr. */
int service_uninstall(const struct service *service);

/* ---- manager.c: for everybody who may ask the SCM ---- */

/* Starts a service; 0 if it runs already. Returns a Win32 error. */
DWORD service_start(SC_HANDLE service);
/* Stops a service and waits for its process to end. Returns a Win32 error,
 * ERROR_SERVICE_REQUEST_TIMEOUT if that takes too long; 0 also if it does not run. */
DWORD service_stop(SC_HANDLE service);
/* The process of a running service, or 0. The SCM is believed only if that process lives: Wine says
 * of a killed service that it runs. */
DWORD service_process(const WCHAR *name);

#endif
