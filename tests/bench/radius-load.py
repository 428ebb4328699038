#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""radius-load.py PORT REQUESTS SECRET SSOH: prints the Access-Requests a second that a RADIUS server
on 127.0.0.1 accepts. radclient manages about 1,600 and so measures itself.

Each request has the statement of health and a Message-Authenticator of its own. They are made before
the time counts; 64 are under way at any time."""
import hashlib
import hmac
import os
import socket
import struct
import sys
import time

UNDER_WAY = 64


def attribute(kind, value):
    return bytes([kind, len(value) + 2]) + value


def make_packet(identifier, secret, attributes):
    length = 20 + len(attributes) + 18
    authenticator = os.urandom(16)
    head = struct.pack(">BBH", 1, identifier, length) + authenticator + attributes + bytes([80, 18])
    return head + hmac.new(secret, head + bytes(16), hashlib.md5).digest()


port, count, secret = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode()
with open(sys.argv[4], "rb") as file:
    ssoh = file.read()
carried = struct.pack(">HHIHH", 7, len(ssoh) + 8, 311, 1, len(ssoh)) + ssoh
vendor = struct.pack(">IBB", 311, 55, len(carried) + 2) + carried
attributes = attribute(1, b"nap") + attribute(26, vendor)
# One list for each identifier: it may be used again when its answer is there.
packets = [[make_packet(i, secret, attributes) for _ in range(count // UNDER_WAY)]
           for i in range(UNDER_WAY)]
count = UNDER_WAY * (count // UNDER_WAY)

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.connect(("127.0.0.1", port))
server.settimeout(5)
start = time.monotonic()
for waiting in packets:
    server.send(waiting.pop())
for _ in range(count):
    code, identifier = server.recv(4096)[:2]
    if code != 2:
        sys.exit("radius-load.py: a request was not accepted")
    if packets[identifier]:
        server.send(packets[identifier].pop())
print(round(count / (time.monotonic() - start)))
