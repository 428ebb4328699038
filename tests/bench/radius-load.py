#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""radius-load.py [--bare] PORT REQUESTS SECRET SSOH: sends Access-Requests to a RADIUS server on
127.0.0.1 and prints how many a second it answered. radclient manages about 1,600 and so measures
itself.

Each request has a statement of its own: SSOH, a request with the software version 4.2, with another
correlation id, and every third one with the version 4.1, which the server's policy must restrict. Each
answer must be an Access-Accept with the verdict and the correlation id of its request. None is sent
twice, so a request without an answer is lost, and that is a failure. With --bare the server has no
policy, and only accepts.

The requests are made before the time counts and the answers checked after it; 64 are under way at any time."""
import hashlib
import hmac
import os
import socket
import struct
import sys
import time

UNDER_WAY = 64
IDENTIFIERS = 256  # an identifier is used again as late as can be
PATIENCE = 10  # seconds without an answer
NO_ID = b"\x06" + bytes(24)  # of the statement: type, GUID, time
STATE = struct.pack(">IBBI", 311, 45, 6, 0)[:-1]  # MS-Quarantine-State without its last byte


def attribute(kind, value):
    return bytes([kind, len(value) + 2]) + value


def make_packet(identifier, statement):
    carried = struct.pack(">HHIHH", 7, len(statement) + 8, 311, 1, len(statement)) + statement
    attributes = attribute(1, b"nap") + attribute(26, struct.pack(">IBB", 311, 55, len(carried) + 2) + carried)
    head = struct.pack(">BBH", 1, identifier, 20 + len(attributes) + 18) + os.urandom(16) + attributes
    head += bytes([80, 18])
    return head + hmac.new(secret, head + bytes(16), hashlib.md5).digest()


def make_request(number):
    """Returns packet, verdict, correlation id."""
    correlation_id = b"\x06" + struct.pack(">QQQ", number + 1, os.getpid(), number ^ 0x5A5A5A5A5A5A5A5A)
    statement = ssoh.replace(NO_ID, correlation_id)
    restricted = number % 3 == 0
    if restricted:
        statement = statement.replace(b"4.2", b"4.1")
    return make_packet(number % IDENTIFIERS, statement), int(restricted), correlation_id


def check(answer, packet, verdict, correlation_id):
    signed = hashlib.md5(answer[:4] + packet[4:20] + answer[20:] + secret).digest()
    if signed != answer[4:20]:
        sys.exit("radius-load.py: an answer is not that of its request")
    if answer[0] != 2:
        sys.exit("radius-load.py: a request was not accepted")
    if not bare and STATE + bytes([verdict]) not in answer:
        sys.exit(f"radius-load.py: an answer's state is not {verdict}")
    if not bare and correlation_id not in answer:
        sys.exit("radius-load.py: an answer has not its request's correlation id")


bare = sys.argv[1] == "--bare"
port, count, secret, file_name = sys.argv[1 + bare:]
port, count, secret = int(port), int(count), secret.encode()
with open(file_name, "rb") as file:
    ssoh = file.read()
if ssoh.count(NO_ID) != 1 or ssoh.count(b"4.2") != 1:
    sys.exit("radius-load.py: the statement is not the one that is meant")
requests = [make_request(number) for number in range(count)]

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.connect(("127.0.0.1", port))
server.settimeout(PATIENCE)
waiting, answers, sent = {}, [], 0
start = time.monotonic()
while len(answers) < count:
    while sent < count and len(waiting) < UNDER_WAY and sent % IDENTIFIERS not in waiting:
        waiting[sent % IDENTIFIERS] = requests[sent]
        server.send(requests[sent][0])
        sent += 1
    try:
        answer = server.recv(4096)
    except TimeoutError:
        sys.exit(f"radius-load.py: {len(waiting)} requests have no answer after {len(answers)} others")
    answers.append((answer, waiting.pop(answer[1])))
print(round(count / (time.monotonic() - start)))
for answer, request in answers:
    check(answer, *request)
