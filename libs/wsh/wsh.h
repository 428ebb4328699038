/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The statement of Windows' own health agent and the response of its validator: the entries of the
 * component 79744 (0x00013780) in SSoHs and SSoHRs, which libs/soh carries.
 *
 * Source: [MS-WSH]; the section numbers below are from there. docs/soh-format.md has the tables,
 * and says where the specification is silent or contradicts itself and what we decided.
 *
 * An SoH reports five health classes: firewall, antivirus, antispyware, automatic updates and
 * security updates. Each of the first three has products, each with a name and a status, or one
 * error. The response has one or two compliance codes for each class.
 *
 * Numbers in structs are in the machine's byte order, whatever it is on the wire; sizes are in
 * bytes, times in seconds. Spans of what was read point into the entry, and are valid as long as
 * that. Nothing here allocates or keeps state between calls, so calls on different objects may run
 * on any threads.
 */

#ifndef WINE_NAP_WSH_H
#define WINE_NAP_WSH_H

#include "libs/soh/soh.h"

#define WSH_ID 0x13780u /* NAPSystemHealthID, 2.2.4 */

/* Limits, enforced by reader and writer. */
#define WSH_MAX_PRODUCTS 14   /* of one class: more in all three exceed SOH_MAX_ATTRIBUTES */
#define WSH_MAX_NAME_SIZE 512 /* of a product's name on the wire */
#define WSH_MAX_SERVER_SIZE 1024
/* Of an entry; no limit above allows more. */
#define WSH_MAX_SOH_SIZE 0x8000
#define WSH_MAX_SOHR_SIZE 128 /* without fix-up servers */

/* Client versions, Appendix A <2>. A client of Windows XP reports no antispyware. */
#define WSH_VERSION_XP 0x00050001u
#define WSH_VERSION_VISTA 0x00060000u
#define WSH_VERSION_VISTA_SP1 0x00060001u

/* HealthClassID, 2.2.7 */
enum wsh_class
{
    WSH_FIREWALL,
    WSH_ANTIVIRUS,
    WSH_ANTISPYWARE,
    WSH_AUTOMATIC_UPDATES,
    WSH_SECURITY_UPDATES
};

#define WSH_CLASSES 5
#define WSH_PRODUCT_CLASSES 3 /* the first three have products */

/* Bits of a product's ClientStatusCode, 2.2.9.6; the others are ignored when read. */
#define WSH_ENABLED 0x1u
#define WSH_UP_TO_DATE 0x2u /* not for firewalls */
#define WSH_MICROSOFT 0x4u
#define WSH_SNOOZED 0x8u
#define WSH_PRODUCT_BITS 0xfu

/* ClientStatusCode of automatic updates, 2.2.9.5 */
#define WSH_AU_DISABLED 1u
#define WSH_AU_CHECKS 2u
#define WSH_AU_DOWNLOADS 3u
#define WSH_AU_INSTALLS 4u
#define WSH_AU_NEVER_CONFIGURED 5u
#define WSH_AU_BITS 0xfu
#define WSH_AU_BY_POLICY 0x100u /* added if a policy set it */

/* ClientStatusCode of security updates that is no error, 2.2.9.1 */
#define S_MSSHA_NO_MISSING_UPDATES 0x00ff0005u
#define S_MSSHA_MISSING_UPDATES 0x00ff0006u

/* Errors of 2.2.9.1 and 2.2.9.2; they are compliance codes as well. Section 2.2.8 has another value
 * for a security center that did not start, which is that of the update agent: both are read. */
#define E_MSSHAV_PRODUCT_NOT_INSTALLED 0xc0ff0002u
#define E_MSSHAV_WSC_SERVICE_DOWN 0xc0ff0003u
#define E_MSSHAV_WSC_SERVICE_NOT_STARTED_SINCE_BOOT 0xc0ff0018u
#define E_MSSHAV_NO_WUS_SERVER 0xc0ff000cu
#define E_MSSHAV_NO_CLIENT_ID 0xc0ff000du
#define E_MSSHAV_WUA_SERVICE_DISABLED 0xc0ff000eu
#define E_MSSHAV_WUA_COMM_FAILURE 0xc0ff000fu
#define E_MSSHAV_UPDATES_INSTALLED_REQUIRE_REBOOT 0xc0ff0010u
#define E_MSSHAV_WUA_SERVICE_NOT_STARTED_SINCE_BOOT 0x00ff0008u

/* Compliance codes of the validator, 2.2.13 and 2.2.14 */
#define E_MSSHV_PRODUCT_NOT_ENABLED 0xc0ff0001u
#define E_MSSHV_PRODUCT_NOT_UPTODATE 0xc0ff0004u
#define E_MSSHV_SYNC_AND_INSTALL_UPDATES 0xc0ff0007u
#define E_MSSHV_WUS_SHC_FAILURE 0xc0ff0012u
#define E_MSSHV_THIRD_PARTY_PRODUCT_NOT_ENABLED 0xc0ff0047u
#define E_MSSHV_THIRD_PARTY_PRODUCT_NOT_UPTODATE 0xc0ff0048u
#define E_MSSHAV_BAD_UPDATE_SOURCE_MU 0xc0ff004eu
#define E_MSSHAV_BAD_UPDATE_SOURCE_WUMU 0xc0ff004fu
#define E_MSSHAV_BAD_UPDATE_SOURCE_MUWSUS 0xc0ff0050u
#define E_MSSHAV_NO_UPDATE_SOURCE 0xc0ff0051u

/* UpdatesFlag, 2.2.12: the worst severity of the missing updates, and where updates come from.
 * ComplianceCode2 of security updates, 2.2.14.2: the severity that the server requires. */
#define WSH_SEVERITY_UNSPECIFIED 0x40u
#define WSH_SEVERITY_LOW 0x80u
#define WSH_SEVERITY_MODERATE 0x100u
#define WSH_SEVERITY_IMPORTANT 0x200u
#define WSH_SEVERITY_CRITICAL 0x400u
#define WSH_SEVERITY_BITS 0xff0u /* as 3.3.5.2 compares them */
#define WSH_SOURCE_WINDOWS_UPDATE 0x4000u
#define WSH_SOURCE_WSUS 0x10000u
#define WSH_SOURCE_MICROSOFT_UPDATE 0x20000u
#define WSH_SOURCE_BITS 0x34000u

struct wsh_product
{
    struct soh_span name; /* as on the wire, see wsh_name_text() */
    uint32_t status;      /* WSH_ENABLED and others */
};

/* One of the first three classes. */
struct wsh_products
{
    size_t count;   /* of products; 0: `error` says why there are none */
    uint32_t error; /* E_MSSHAV_PRODUCT_NOT_INSTALLED, or a WSC_SERVICE error; 0 if there are any */
    struct wsh_product products[WSH_MAX_PRODUCTS];
};

/* The SoH, 2.2.2 */
struct wsh_soh
{
    uint32_t flag;                                    /* counts the client's SoHs, from 1; 2.2.5 */
    uint32_t version;                                 /* WSH_VERSION_; 2.2.6 */
    struct wsh_products classes[WSH_PRODUCT_CLASSES]; /* of XP without the last */
    uint32_t automatic_updates;                       /* WSH_AU_, or an error */
    uint32_t security_updates;                        /* S_MSSHA_, or an error */
    /* The rest only with S_MSSHA_: */
    uint32_t since_scan;    /* seconds since the last scan for updates; 2.2.10 */
    struct soh_span server; /* the WSUS server's name, without a NUL; size 0: none; 2.2.11 */
    uint32_t updates;       /* WSH_SEVERITY_ and WSH_SOURCE_; 2.2.12 */
};

/* The verdict on one class. */
struct wsh_verdict
{
    uint32_t codes[2];     /* ComplianceCode1, 2.2.13; ComplianceCode2, 2.2.14 */
    size_t count;          /* of codes: 1, or 2 for all but firewall and automatic updates */
    bool client_component; /* with the failure category client component; not security updates */
};

/* The response, 2.2.3 */
struct wsh_sohr
{
    bool has_antispyware; /* false for a client of Windows XP */
    struct wsh_verdict classes[WSH_CLASSES];
};

/* ---- reading (read.c) ---- */

/*
 * Read an SoH. Its entry must come from libs/soh. Rejected: another id; attributes that lack, are
 * too many or in another order than 2.2.2; values of another size; another vendor; products without
 * a name, or an error with one; what exceeds the limits above.
 *
 * Returns true and fills *soh, or false and fills *error (which may be NULL), whose offset counts
 * from the entry's first attribute; *soh is then zeroed.
 */
bool wsh_soh_read(const struct soh_entry *entry, struct wsh_soh *soh, struct soh_error *error);

/* The same for a response. Fix-up servers may follow the last class. */
bool wsh_sohr_read(const struct soh_entry *entry, struct wsh_sohr *sohr, struct soh_error *error);

/* Is a status or compliance code an error? 2.2.9: it begins with 0xC0, or is the exception. */
bool wsh_is_error(uint32_t code);

/* A product's name as UTF-8, and its length without the NUL. It is cut at the first NUL, and before
 * the first character that does not fit into capacity bytes (at least one); 3 bytes for each unit
 * and 1 are always enough. Malformed characters become U+FFFD. */
size_t wsh_name_text(struct soh_span name, char *text, size_t capacity);

/* ---- writing (write.c) ---- */

enum wsh_status
{
    WSH_OK,
    WSH_TOO_SMALL, /* it would have more bytes than the limit */
    WSH_INVALID    /* a member has a value that the specification does not allow */
};

/*
 * Write an SoH into at most limit bytes of buffer: *entry is then what wsh_soh_read() and libs/soh
 * take, and points into buffer. Invalid: a class with products and an error, or without both; a
 * status that the tables of 2.2.9 lack; bits of `updates` that 2.2.12 lacks; what exceeds the
 * limits above. *entry is then unchanged.
 */
enum wsh_status wsh_soh_write(
        const struct wsh_soh *soh, uint8_t *buffer, size_t limit, struct soh_entry *entry);

/* The same for a response. Invalid: a wrong number of codes, or a failure category of security
 * updates. */
enum wsh_status wsh_sohr_write(
        const struct wsh_sohr *sohr, uint8_t *buffer, size_t limit, struct soh_entry *entry);

/* Put UTF-8 into the form of a product's name: UTF-16 in network order, with a NUL. Returns false
 * if it is malformed or too long; else *name points into wire. */
bool wsh_name_make(const char *text, uint8_t wire[WSH_MAX_NAME_SIZE], struct soh_span *name);

/* ---- in words (names.c, print.c) ---- */

/* Names in static storage; NULL if there is none. */
const char *wsh_class_name(uint8_t health_class); /* "automatic updates" */
const char *wsh_code_name(uint32_t code);         /* "E_MSSHAV_PRODUCT_NOT_INSTALLED" */
const char *wsh_severity_name(uint32_t updates);  /* of its worst bit: "critical" */
const char *wsh_version_name(uint32_t version);   /* "Windows Vista SP1" */

/* What a status or compliance code means for a person: "not installed". NULL if it is not in the
 * tables; a status of products and automatic updates is none of these. */
const char *wsh_code_text(uint32_t code);

/* A status in words, cut to size: "on, out of date". Of the first three classes it is a product's,
 * or the error instead. */
void wsh_status_text(enum wsh_class health_class, uint32_t status, char *text, size_t size);

/* Print an entry of WSH_ID for people, line by line; `indent` blanks begin each line. Bytes from
 * the wire that are not printable ASCII appear escaped. Returns false, and prints nothing, if it is
 * neither the SoH of a request nor the response of a validator. */
bool wsh_print(enum soh_kind kind, const struct soh_entry *entry, unsigned int indent,
        soh_line_fn line, void *ctx);

#endif
