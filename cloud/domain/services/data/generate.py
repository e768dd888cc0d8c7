"""Writes shapes.bin: the output shapes of every operation of every AWS service, from botocore's service models.

    python3 generate.py botocore-VERSION-py3-none-any.whl

botocore (Apache-2.0) carries the models that AWS publishes for its SDKs. Only names, types, required members,
enumerations and the bounds of numbers are kept; its licence and notice lie beside this file.

The file: four bytes with the length of the index (little endian), the index, the services. The index is JSON,
`{SERVICE: [OFFSET, LENGTH]}`, with the service as `aws-sdk:` resources name it; a service is deflated JSON,
`[{OPERATION: SHAPE}, [SHAPE, …]]`. A SHAPE is `"s"` text, `"n"` number, `"b"` boolean, `"a"` anything,
`["e", TEXT…]` one of these texts, `["r", LEAST, MOST]` a number within bounds (either may be null),
`["l", SHAPE]` a list, `["m", SHAPE]` a map by text, `{MEMBER: SHAPE}` a structure whose required members end in `!`,
or the number of a shape in the second list.
"""

import gzip
import json
import pathlib
import re
import struct
import sys
import zipfile
import zlib


def models(wheel):
    """The newest model of each service, by the name that resources have."""
    found = {}
    with zipfile.ZipFile(wheel) as archive:
        for path in archive.namelist():
            if "/service-2.json" not in path:
                continue
            data = archive.read(path)
            model = json.loads(gzip.decompress(data) if path.endswith(".gz") else data)
            metadata = model["metadata"]
            name = metadata.get("serviceId") or metadata["serviceFullName"]
            name = re.sub(r"[^a-z0-9]", "", name.lower())
            version = path.split("/")[-2]
            if name not in found or found[name][0] < version:
                found[name] = (version, model)
    return {name: model for name, (_, model) in sorted(found.items())}


def compacted(model):
    """The service's operations and the shapes that they answer with."""
    shapes, numbers, written = model["shapes"], {}, []

    def shape(name):
        told = shapes[name]
        kind = told["type"]
        if told.get("document"):
            return "a"
        if kind == "string":
            return ["e", *told["enum"]] if told.get("enum") else "s"
        if kind in ("timestamp", "blob", "character"):
            return "s"
        if kind == "boolean":
            return "b"
        if kind in ("integer", "long", "float", "double", "short", "byte", "bigdecimal", "biginteger"):
            least, most = told.get("min"), told.get("max")
            return ["r", least, most] if least is not None or most is not None else "n"
        if name not in numbers:
            numbers[name] = len(written)
            written.append(None)
            if kind == "list":
                entry = ["l", shape(told["member"]["shape"])]
            elif kind == "map":
                entry = ["m", shape(told["value"]["shape"])]
            else:
                required = set(told.get("required", []))
                entry = {
                    member + ("!" if member in required else ""): shape(of["shape"])
                    for member, of in told["members"].items()
                }
            written[numbers[name]] = entry
        return numbers[name]

    operations = {
        name: shape(operation["output"]["shape"])
        for name, operation in sorted(model["operations"].items())
        if "output" in operation
    }
    return [operations, written]


def main(wheel):
    index, bodies, offset = {}, [], 0
    for name, model in models(wheel).items():
        text = json.dumps(compacted(model), separators=(",", ":"))
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = deflate.compress(text.encode()) + deflate.flush()
        index[name] = [offset, len(body)]
        bodies.append(body)
        offset += len(body)
    head = json.dumps(index, separators=(",", ":")).encode()
    target = pathlib.Path(__file__).with_name("shapes.bin")
    target.write_bytes(struct.pack("<I", len(head)) + head + b"".join(bodies))
    print(f"{len(index)} services, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
