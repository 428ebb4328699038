/*
 * The GUIDs a NAP program carries in its own binary, from the SDK's uuid.lib:
 * spelled out here, because mingw-w64's has none of them.
 *
 * Copyright 2026 the wine-nap authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 */

#include <windows.h>
#include <objbase.h>
#include <initguid.h>
#include <napprotocol.h>
#include <napenforcementclient.h>
#include <napmanagement.h>
#include <napsystemhealthagent.h>

const CLSID CLSID_NapSoHConstructor = {
        0xe8140d53, 0x6535, 0x46a5, {0xb8, 0xa1, 0xda, 0x6c, 0x57, 0x1d, 0xa9, 0xb9}};
const CLSID CLSID_NapSoHProcessor = {
        0xaa160628, 0x8775, 0x46e3, {0x83, 0x7c, 0xf7, 0xa2, 0xae, 0x66, 0xe2, 0xf5}};
const CLSID CLSID_NapEnforcementClientBinding = {
        0x9443b89b, 0x6564, 0x496a, {0xb1, 0x9c, 0x6c, 0x6d, 0x22, 0x70, 0x90, 0x45}};
const CLSID CLSID_NapClientManagement = {
        0xeb082ba1, 0xdf8a, 0x46be, {0x82, 0xf3, 0x35, 0xbf, 0x9e, 0x9b, 0xe5, 0x2f}};
const CLSID CLSID_NapSystemHealthAgentBinding = {
        0x8e594310, 0x16ca, 0x4a00, {0x93, 0x2f, 0xf7, 0x09, 0x69, 0xf9, 0x90, 0xc0}};
