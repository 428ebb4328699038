/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Holds the name of the agent's pipe until it is ended, like a foreign process.
 */
#include <stdio.h>

#include "libs/napclient/napclient.h"

int main(void)
{
    HANDLE pipe = CreateNamedPipeW(AGENT_PIPE_NAME, PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE,
            PIPE_UNLIMITED_INSTANCES, 4096, 4096, 0, NULL);

    if (pipe == INVALID_HANDLE_VALUE)
    {
        printf("error %lu\n", GetLastError());
        return 1;
    }
    puts("holding");
    fflush(stdout);
    for (;;)
    {
        ConnectNamedPipe(pipe, NULL);
        DisconnectNamedPipe(pipe);
    }
}
