/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Building an SSoH: the machine, and a part for each registered health agent.
 */
#include "libs/engine/ssoh.h"

#include <string.h>

#include "libs/engine/session.h"

/* FailureCategory */
#define FAILURE_CATEGORY_CLIENT_COMPONENT 2
#define FAILURE_CATEGORY_CLIENT_COMMUNICATION 3

static void build_part(struct soh_builder *builder, const struct part *part)
{
    if (part->code)
    {
        /* The page of INapSystemHealthAgentCallback::GetSoHRequest names category and code. */
        soh_build_agent_entry(builder, part->id,
                part->code == RESULT_NO_CACHED_SOH ? FAILURE_CATEGORY_CLIENT_COMMUNICATION
                                                   : FAILURE_CATEGORY_CLIENT_COMPONENT,
                &part->code, 1);
        return;
    }
    soh_build_soh_bytes(builder, (struct soh_span){part->soh.data, part->soh.size});
}

uint32_t ssoh_build(struct engine *engine, const struct napipc_correlation *correlation,
        const struct parts *parts, uint32_t max_size, size_t *size, uint64_t *digest)
{
    const struct engine_machine *machine = &engine->machine;
    struct soh_builder builder;
    struct soh_mode mode;
    struct soh_system system = {
            .present = SOH_HAS_MACHINE | SOH_HAS_CORRELATION_ID | SOH_HAS_MACHINE_EX
                       | (machine->name[0] ? SOH_HAS_MACHINE_NAME : 0),
            .machine =
                    {
                            .os_major = machine->os_major,
                            .os_minor = machine->os_minor,
                            .os_build = machine->os_build,
                            .sp_major = machine->service_pack_major,
                            .sp_minor = machine->service_pack_minor,
                            .processor = machine->processor,
                    },
            .machine_name = {(const uint8_t *)machine->name, strlen(machine->name)},
            .correlation_id =
                    soh_correlation_id_make(correlation->conn_id.bytes, correlation->time_stamp),
            .machine_ex = {.product_type = machine->product_type},
    };
    uint32_t ids[SOH_MAX_ENTRIES];
    uint8_t wire_ids[4 * SOH_MAX_ENTRIES];
    size_t made = 0, entries;
    unsigned int i;

    for (i = 0; i < parts->count; i++)
        if (parts->part[i].code)
            ids[made++] = parts->part[i].id;
    if (made)
    {
        system.present |= SOH_HAS_GENERATED_IDS;
        system.generated_ids = soh_ids_put(wire_ids, ids, made);
    }
    soh_builder_init(&builder, engine->packet, max_size);
    mode.correlation_id = system.correlation_id;
    mode.intent = SOH_INTENT_REQUEST;
    soh_build_begin(&builder, SOH_REQUEST, engine->policy.mode_header ? &mode : NULL, &system);
    entries = builder.size;
    for (i = 0; i < parts->count; i++)
        build_part(&builder, &parts->part[i]);
    switch (soh_build_end(&builder))
    {
    case SOH_BUILD_OK:
        *size = builder.size;
        *digest = digest_add(DIGEST_OF_NOTHING, engine->packet + entries, builder.size - entries);
        return RESULT_OK;
    case SOH_BUILD_TOO_SMALL:
        engine_log(engine, ENGINE_WARN, 0, "too-large",
                "an SSoH of %u bytes exceeds the connection's maximum of %u",
                (unsigned int)builder.size, (unsigned int)max_size);
        return RESULT_MAXSIZE_TOO_SMALL;
    default:
        engine_log(engine, ENGINE_ERROR, 0, "internal", "cannot build an SSoH: %s", builder.rule);
        return RESULT_INVALIDARG;
    }
}
