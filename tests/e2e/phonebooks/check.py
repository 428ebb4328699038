# SPDX-License-Identifier: LGPL-2.1-or-later
"""check.py BOOK NAMES: reads a phone book independently of libs/pbk, by Python's configparser.

Every entry must be whole: "First" as it was written at the start, every other one with the settings
that rasapi32 writes, its last one included. NAMES is how many entries there must be, or "any".
"""
import configparser
import re
import sys

path, names = sys.argv[1:]
with open(path, "rb") as book:
    data = book.read()
assert data.startswith(b"; kept\r\n[First]\r\nType=1\r\nUnknown=kept\r\n"), "the start has changed"
assert data.count(b"\n") == data.count(b"\r\n"), "line ends are mixed"
assert data.endswith(b"\r\n"), "the last line has no end"
# Blocks begin with keys that repeat: each becomes a section of its own.
text, entry = [], ""
for line in data.decode("utf-8").split("\r\n"):
    assert re.fullmatch(r"|;.*|\[[^]]+\]|\w+=.*", line), line
    if line.startswith("["):
        entry = line[1:-1]
    block = re.fullmatch(r"(NETCOMPONENTS|MEDIA|DEVICE)=(.*)", line)
    text.append(f"[{entry}|{block[1]}]\nblock={block[2]}" if block else line)
parser = configparser.RawConfigParser(strict=True, delimiters=("=",), comment_prefixes=(";",))
parser.read_string("\n".join(text))
entries = [section for section in parser.sections() if "|" not in section]
for name in entries:
    if name == "First":
        assert dict(parser[name]) == {"type": "1", "unknown": "kept"}
        continue
    assert parser[name]["type"] == "2", name
    assert len(parser[name]["guid"]) == 32, name
    assert parser[name + "|MEDIA"]["device"] == "WAN Miniport (IKEv2)", name
    assert parser[name + "|DEVICE"]["block"] == "vpn", name
    assert parser[name + "|DEVICE"]["phonenumber"] == "vpn.example", name
    assert parser[name + "|DEVICE"]["promotealternates"] == "0", name
assert "First" in entries, "an entry is lost"
assert names == "any" or len(entries) == int(names), f"{len(entries)} entries"
