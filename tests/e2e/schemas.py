#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""schemas.py check SCHEMA FILE       the file is one document that matches the schema
schemas.py lines SCHEMA FILE       each of its lines matches, and there is at least one
schemas.py strict SCHEMA FILE      the document matches, and no longer does if anything is removed
                                   from it, added to it or changed in it
SCHEMA is the name of a file of docs/schemas without .json."""
import copy
import json
import pathlib
import re
import sys

import jsonschema

folder = pathlib.Path(__file__).resolve().parents[2] / "docs" / "schemas"
schemas = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


def validator(name):
    """Copies definitions from other files into the schema, which works with every jsonschema."""
    text = json.dumps(schemas[name])
    whole = json.loads(re.sub(r'"[a-z-]+\.json#/', '"#/', text))
    for other in re.findall(r'"([a-z-]+)\.json#/', text):
        whole.setdefault("$defs", {}).update(schemas[other]["$defs"])
    jsonschema.Draft202012Validator.check_schema(whole)
    return jsonschema.Draft202012Validator(whole)


def spoilt(document, path="$"):
    """Yields copies of the document, each with one fault, and the fault's path."""
    if isinstance(document, dict):
        yield path + ".surplus", {**document, "surplus": 1}
        for key, value in document.items():
            yield f"{path}.{key} taken", {k: v for k, v in document.items() if k != key}
            for where, other in spoilt(value, f"{path}.{key}"):
                yield where, {**document, key: other}
    elif isinstance(document, list):
        yield path + " surplus", document + [1]
        for i, value in enumerate(document):
            for where, other in spoilt(value, f"{path}[{i}]"):
                yield where, document[:i] + [other] + document[i + 1:]
    else:
        yield path + " of another type", {"another": "type"}
        if isinstance(document, (int, float)):
            yield path + " a text", "text"
        elif document is not None: # which anything that may be missing can be
            yield path + " a number", 4711


def undescribed(schema, path="#"):
    """Yields properties without a description, a reference or a constant."""
    if isinstance(schema, list):
        for i, item in enumerate(schema):
            yield from undescribed(item, f"{path}/{i}")
    elif isinstance(schema, dict):
        for name, value in schema.get("properties", {}).items():
            if not {"description", "$ref", "const", "oneOf"} & set(value):
                yield f"{path}/properties/{name}"
        for key, value in schema.items():
            yield from undescribed(value, f"{path}/{key}")


def main():
    what, name, file = sys.argv[1:]
    check = validator(name)
    text = pathlib.Path(file).read_text(encoding="utf-8")
    documents = [json.loads(line) for line in text.splitlines()] if what == "lines" else [json.loads(text)]
    faults = [] if documents else ["there is nothing"]
    for document in documents:
        faults += [f"{error.json_path}: {error.message}" for error in check.iter_errors(document)]
        if what == "strict":
            faults += [f"not noticed: {where}" for where, other in spoilt(copy.deepcopy(document))
                       if check.is_valid(other)]
            faults += [f"no description: {where}" for where in undescribed(schemas[name])]
    for fault in faults:
        print(f"{name}: {fault}")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
