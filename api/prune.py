#!/usr/bin/env python3
"""Makes model.json, paginators.json and waiters.json of each api crate from an installed botocore.

Run `python3 api/prune.py` (all crates) or `python3 api/prune.py sqs`. Keeps the operations that
`operations.txt` of the crate names and the shapes they reach, and strips the documentation. Names
of all operations stay, so that an operation of AWS that is not here is refused as such.
"""

import gzip
import json
import pathlib
import sys

import botocore

API = pathlib.Path(__file__).parent
DATA = pathlib.Path(botocore.__file__).parent / "data"
DROPPED = {
    "documentation", "documentationUrl", "deprecated", "deprecatedMessage", "deprecatedSince",
    "box", "alias", "authtype", "auth", "endpointdiscovery", "endpoint", "examples", "uid",
    "idempotent", "readonly", "staticContextParams", "contextParam", "operationContextParams",
}


def load(path):
    if path.with_suffix(".json.gz").exists():
        return json.loads(gzip.open(path.with_suffix(".json.gz")).read())
    return json.loads(path.read_text()) if path.exists() else {}


def stripped(node, names=False):
    """Without documentation; `names` marks objects whose keys are AWS's names, all kept."""
    if isinstance(node, list):
        return [stripped(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {key: one for key, one in node.items() if names or key not in DROPPED}
    return {key: stripped(one, key == "members" and not names) for key, one in kept.items()}


def reach(shapes, name, found):
    if name in found:
        return
    found.add(name)
    shape = shapes[name]
    inner = list(shape.get("members", {}).values())
    inner += [shape[part] for part in ("member", "key", "value") if part in shape]
    for one in inner:
        reach(shapes, one["shape"], found)


def write(path, value):
    path.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def described(model, operations):
    """The metadata. A REST model says the namespace of its XML at each input, which is that of
    answers and errors too."""
    spaces = {
        operation["input"]["xmlNamespace"]["uri"]
        for operation in operations.values()
        if "xmlNamespace" in operation.get("input", {})
    }
    metadata = stripped(model["metadata"])
    if metadata["protocol"] == "rest-xml" and len(spaces) == 1:
        metadata.setdefault("xmlNamespace", spaces.pop())
    return metadata


def prune(crate):
    folder = API / crate
    source = DATA / crate / max(path.name for path in (DATA / crate).iterdir())
    model = load(source / "service-2.json")
    wanted = sorted(set((folder / "operations.txt").read_text().split()))
    unknown = [name for name in wanted if name not in model["operations"]]
    if unknown:
        sys.exit(f"{crate}: the model has no {unknown}")
    operations = {name: model["operations"][name] for name in wanted}
    found = set()
    for operation in operations.values():
        parts = [operation.get("input"), operation.get("output"), *operation.get("errors", [])]
        for part in filter(None, parts):
            reach(model["shapes"], part["shape"], found)
    write(folder / "model.json", {
        "metadata": described(model, operations),
        "operations": stripped(operations, names=True),
        "shapes": stripped({name: model["shapes"][name] for name in sorted(found)}, names=True),
        "allOperations": sorted(model["operations"]),
    })
    pages = load(source / "paginators-1.json").get("pagination", {})
    extras = load(source / "paginators-1.sdk-extras.json").get("merge", {}).get("pagination", {})
    for name, extra in extras.items():
        pages.setdefault(name, {}).update(extra)
    pages = {name: page for name, page in pages.items() if name in operations}
    write(folder / "paginators.json", {"pagination": pages})
    waiters = load(source / "waiters-2.json").get("waiters", {})
    waiters = {name: one for name, one in waiters.items() if one["operation"] in operations}
    write(folder / "waiters.json", {"version": 2, "waiters": stripped(waiters, names=True)})
    print(crate, len(operations), "operations", len(found), "shapes")


if __name__ == "__main__":
    for crate in sys.argv[1:] or ["ec2", "iam", "sqs", "ssm", "sts"]:
        prune(crate)
