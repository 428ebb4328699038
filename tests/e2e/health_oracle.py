#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""health_oracle.py states FOLDER
    Reads lines of states: of firewall, antivirus, antispyware, automatic updates and security updates.
    For each it writes into the folder what host-health prints then (on-on-on-installs-none.lines), and
    what must be reported (on-on-on-installs-none.expected).
health_oracle.py serve FOLDER COMMAND...
    The server: takes each SSoH from FOLDER/request, writes what it reports to FOLDER/report and its
    number to FOLDER/flag, and has the command judge it.

It shares nothing with the sources: the numbers are those of [MS-WSH] 2.2 and [MS-SOH] 2.2."""
import os
import pathlib
import struct
import subprocess
import sys
import time

FIREWALL = {
    "on": (["nftables on"], "on"), "off": (["nftables off"], "off"), "none": ([], "none"),
    "unknown": (["nftables unknown"], "unknown"), "both": (["ufw off", "nftables on"], "on"),
    "half": (["ufw unknown", "nftables on"], "on"), "lie": (["nftables off"], "on"),
    "hidden": (["ufw unknown", "nftables off"], "off"), "bare": ([], "on"), "absent": ([], None),
    "odd": (["nftables maybe"], "perhaps"),
}
SCANNER = {
    "on": (["ClamAV on yes"], "on"), "old": (["ClamAV on no"], "on"), "noage": (["ClamAV on unknown"], "on"),
    "off": (["ClamAV off yes"], "off"), "offold": (["ClamAV off no"], "off"), "none": ([], "none"),
    "unknown": (["ClamAV unknown yes"], "unknown"), "absent": ([], None),
    "two": (["ClamAV off no", "Other on yes"], "on"),
}
UPDATES = { # state, since the last scan, how many of each severity
    "none": ("none", "5000", [0, 0, 0, 0, 0]), "critical": ("missing", "60", [1, 0, 2, 0, 0]),
    "important": ("missing", "60", [0, 3, 0, 0, 1]), "moderate": ("missing", "60", [0, 0, 1, 1, 0]),
    "low": ("missing", "60", [0, 0, 0, 9, 9]), "unspecified": ("missing", "60", [0, 0, 0, 0, 7]),
    "uncounted": ("missing", "60", []), "restart": ("restart", "60", []), "unknown": ("unknown", "60", []),
    "never": ("none", "unknown", [0, 0, 0, 0, 0]), "contradiction": ("none", "60", [1, 0, 0, 0, 0]),
    "absent": (None, None, []),
}
AUTOMATIC = {"off": 1, "checks": 2, "downloads": 3, "installs": 4, "never-configured": 5}
SEVERITIES = ["critical", "important", "moderate", "low", "unspecified"]


def lines(firewall, antivirus, antispyware, automatic, updates):
    text = []
    for name, (products, state) in (("firewall", FIREWALL[firewall]), ("antivirus", SCANNER[antivirus]),
                                    ("antispyware", SCANNER[antispyware])):
        for i, product in enumerate(products, 1):
            words = product.split()
            text.append(f"{name}.{i}.name={words[0]}\n{name}.{i}.state={words[1]}\n{name}.{i}.found=a test")
            if len(words) > 2:
                text.append(f"{name}.{i}.up-to-date={words[2]}\n{name}.{i}.signature-age=86400")
        if state:
            text.append(f"{name}={state}")
    if automatic != "absent":
        text.append(f"automatic-updates={automatic}\nautomatic-updates.name=apt")
    state, since, counts = UPDATES[updates]
    if state:
        text.append(f"security-updates={state}\nsecurity-updates.since-scan={since}\nsecurity-updates.found=a test")
        for severity, count in zip(SEVERITIES, counts):
            text.append(f"security-updates.{severity}={count}")
    text.append("a-key-of-the-future=1")
    return "\n".join(text) + "\n"


# The tables of 2.2.9. Unknown is an error, whatever else is known: 0xc0ff0003.
def reported_products(products, state, is_firewall):
    known = [p.split() for p in products if p.split()[1] in ("on", "off")]
    is_on = any(p[1] == "on" for p in known)
    if state == "none" and not products:
        return "c0ff0002"
    if not known or (state, is_on) not in (("on", True), ("off", False)):
        return "c0ff0003"
    if state == "off" and len(known) < len(products):
        return "c0ff0003"
    return "+".join(f"{p[0]}:{(p[1] == 'on') + (0 if is_firewall else 2 * (p[2] == 'yes')):x}" for p in known)


def expected(firewall, antivirus, antispyware, automatic, updates):
    state, since, counts = UPDATES[updates]
    severity = 0x40
    for bit, count in zip((0x400, 0x200, 0x100, 0x80, 0x40), counts):
        if count:
            severity = bit
            break
    security = {"restart": "c0ff0010", "none": "00ff0005 4000", "missing": f"00ff0006 {0x4000 | severity:x}"}
    return " | ".join([
        reported_products(*FIREWALL[firewall], True), reported_products(*SCANNER[antivirus], False),
        reported_products(*SCANNER[antispyware], False),
        f"{AUTOMATIC[automatic]:x}" if automatic in AUTOMATIC else "c0ff0003",
        "c0ff000f" if updates in ("never", "contradiction") else security.get(state, "c0ff000f")])


def attributes(packet):
    """The attributes of the entry 0x00013780, without its id."""
    outer, size, vendor, inner, inner_size = struct.unpack(">HHIHH", packet[:12])
    assert (outer, size, vendor, inner_size) == (7, len(packet) - 4, 0x137, len(packet) - 12), "header"
    at = 12 + (34 if inner == 2 else 0)
    found, mine = [], False
    while at < len(packet):
        kind, size = struct.unpack(">HH", packet[at:at + 4])
        value = packet[at + 4:at + 4 + size]
        assert len(value) == size, "length"
        at += 4 + size
        if kind & 0x3fff == 2:
            mine = value == bytes.fromhex("00013780")
        elif mine:
            found.append((kind & 0x3fff, value))
    return found


def number(value, what):
    assert value[:4] == bytes.fromhex("80370100"), what + ": the vendor is little-endian"
    return struct.unpack("<I", value[4:])[0]


def take(rest, kind, size, what):
    assert rest and rest[0][0] == kind and (size is None or len(rest[0][1]) == size), f"{what}: {rest[:1]}"
    return rest.pop(0)[1]


def read(packet):
    rest = attributes(packet)
    if rest and rest[0][0] == 14:
        return "made by the NAP agent " + rest[1][1].hex()
    assert number(take(rest, 7, 8, "flag"), "flag") >= 1
    assert number(take(rest, 7, 8, "version"), "version") == 0x60001
    parts = []
    for i in range(3):
        assert take(rest, 8, 1, "class") == bytes([i])
        if rest[0][0] == 11:
            parts.append(take(rest, 11, 4, "error").hex())
            continue
        products = []
        while rest[0][0] == 10:
            name = take(rest, 10, None, "name").decode("utf-16-be")
            assert name.endswith("\0")
            status = struct.unpack(">I", take(rest, 11, 4, "status"))[0]
            products.append(f"{name[:-1]}:{status:x}")
        parts.append("+".join(products))
    assert take(rest, 8, 1, "class") == b"\3"
    status = struct.unpack(">I", take(rest, 11, 4, "status"))[0]
    parts.append(f"{status:x}")
    assert take(rest, 8, 1, "class") == b"\4"
    status = take(rest, 11, 4, "status").hex()
    if status in ("00ff0005", "00ff0006"):
        since = number(take(rest, 7, 8, "since"), "since")
        assert 60 <= since <= 90 or 5000 <= since <= 5030, since
        assert take(rest, 7, 5, "server") == bytes.fromhex("0001378000")
        status += f" {number(take(rest, 7, 8, 'updates'), 'updates'):x}"
    assert not rest, rest
    return " | ".join(parts + [status])


def write(path, text):
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)


def serve(folder, command):
    request, asked = folder / "request", folder / "asked"
    while True:
        time.sleep(0.02)
        if not request.exists():
            continue
        request.replace(asked)
        packet = asked.read_bytes()
        try:
            report = read(packet)
            write(folder / "flag", str(number(attributes(packet)[0][1], "flag")))
        except (AssertionError, ValueError, struct.error) as fault:
            report = f"malformed: {fault}"
        subprocess.run([*command, "--request", asked, "--response", folder / "made"], stderr=subprocess.DEVNULL)
        os.replace(folder / "made", folder / "response")
        write(folder / "report", report)


folder = pathlib.Path(sys.argv[2])
if sys.argv[1] == "serve":
    serve(folder, sys.argv[3:])
for states in map(str.split, sys.stdin):
    (folder / f"{'-'.join(states)}.lines").write_text(lines(*states))
    (folder / f"{'-'.join(states)}.expected").write_text(expected(*states))
