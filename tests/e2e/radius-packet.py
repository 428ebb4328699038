#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""radius-packet.py PORT SECRET: sends RADIUS packets to 127.0.0.1, each a line of standard input, and
prints of each answer CODE and TYPE=HEX of its attributes but Message-Authenticator; or "none".

A line: CODE, then attributes TYPE=HEX; signed, or unsigned (no Message-Authenticator), or secret=TEXT
(signed with another one); end=N cuts N bytes, length=N is another length than the packet's. A line
"raw HEX" is sent as it is. A packet without an answer is seen by the next answer, to a Status-Server."""
import hashlib
import hmac
import os
import socket
import struct
import sys

port, secret = int(sys.argv[1]), sys.argv[2].encode()
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.connect(("127.0.0.1", port))
server.settimeout(10)
identifier = 0


def packet_of(words):
    global identifier
    identifier = (identifier + 1) % 256
    options = dict(word.split("=") for word in words[1:] if not word.split("=")[0].isdigit() and "=" in word)
    attributes = b"".join(bytes([int(kind), len(value) // 2 + 2]) + bytes.fromhex(value)
                          for kind, value in (w.split("=") for w in words[1:] if w.split("=")[0].isdigit()))
    signed = "unsigned" not in words
    size = 20 + len(attributes) + 18 * signed
    packet = struct.pack(">BBH", int(words[0]), identifier, int(options.get("length", size)))
    packet += os.urandom(16) + attributes
    if signed:
        packet += bytes([80, 18])
        key = options["secret"].encode() if "secret" in options else secret
        packet += hmac.new(key, packet + bytes(16), hashlib.md5).digest()
    return packet[:len(packet) - int(options.get("end", 0))]


def described(packet, answer):
    """Fails unless both signatures are right."""
    unsigned = answer[:4] + packet[4:20] + answer[20:]
    assert hashlib.md5(unsigned + secret).digest() == answer[4:20], "the response's authenticator is wrong"
    assert answer[20:22] == bytes([80, 18]), "Message-Authenticator is not the first attribute"
    expected = hmac.new(secret, unsigned[:22] + bytes(16) + unsigned[38:], hashlib.md5).digest()
    assert expected == answer[22:38], "Message-Authenticator is wrong"
    assert struct.unpack(">H", answer[2:4])[0] == len(answer), "the length is wrong"
    words, at = [str(answer[0])], 38
    while at < len(answer):
        words.append(f"{answer[at]}={answer[at + 2:at + answer[at + 1]].hex()}")
        at += answer[at + 1]
    return " ".join(words)


for line in sys.stdin:
    words = line.split()
    packet = bytes.fromhex("".join(words[1:])) if words[0] == "raw" else packet_of(words)
    status = packet_of(["12"])
    server.send(packet)
    server.send(status)
    answer = server.recv(4096)
    if answer[1] == status[1]:
        print("none", flush=True)
        continue
    print(described(packet, answer), flush=True)
    assert server.recv(4096)[1] == status[1]
