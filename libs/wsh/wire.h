/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Little-endian numbers: four attributes of an SoH have them, vendor included ([MS-WSH] 2.2.2). All
 * other numbers are in network order. Internal to libs/wsh.
 */

#ifndef WINE_NAP_WSH_WIRE_H
#define WINE_NAP_WSH_WIRE_H

#include "libs/wsh/wsh.h"

#define VENDOR_SIZE 4
#define PAIR_SIZE 8 /* vendor and number */
#define FAILURE_CLIENT_COMPONENT 2

static inline uint32_t get_big(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t get_little(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline void put_big(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 24);
    p[1] = (uint8_t)(value >> 16);
    p[2] = (uint8_t)(value >> 8);
    p[3] = (uint8_t)value;
}

static inline void put_little(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
    p[2] = (uint8_t)(value >> 16);
    p[3] = (uint8_t)(value >> 24);
}

/* May a class have this instead of products? 2.2.9.2, and 2.2.8 for the last. */
static inline bool is_class_error(uint32_t status)
{
    return status == E_MSSHAV_PRODUCT_NOT_INSTALLED || status == E_MSSHAV_WSC_SERVICE_DOWN
           || status == E_MSSHAV_WSC_SERVICE_NOT_STARTED_SINCE_BOOT
           || status == E_MSSHAV_WUA_SERVICE_NOT_STARTED_SINCE_BOOT;
}

static inline bool has_updates(uint32_t security_updates)
{
    return security_updates == S_MSSHA_NO_MISSING_UPDATES
           || security_updates == S_MSSHA_MISSING_UPDATES;
}

#endif
