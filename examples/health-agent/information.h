/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the health agent and its information DLL have in common: the class, and the numbers of its
 * messages.
 */
#ifndef SAMPLE_INFORMATION_H
#define SAMPLE_INFORMATION_H

/* {5C1D8B20-7A4F-4E6B-9A30-51D2C6E4F7B1}: ours */
#define SAMPLE_INFORMATION                                                                         \
    {                                                                                              \
        0x5c1d8b20, 0x7a4f, 0x4e6b,                                                                \
        {                                                                                          \
            0x9a, 0x30, 0x51, 0xd2, 0xc6, 0xe4, 0xf7, 0xb1                                         \
        }                                                                                          \
    }

#define MESSAGE_FIXUP_IN_PROGRESS 1
#define MESSAGE_FIXUP_DONE 2
#define MESSAGE_NAME 100
#define MESSAGE_DESCRIPTION 101
#define MESSAGE_VENDOR 102
#define MESSAGE_VERSION 103
#define MESSAGE_NOT_COMPLIANT 104

#endif
