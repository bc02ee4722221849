"""The package that AWS Lambda runs: the skill and the locked libraries, for a runtime that need not be here.

pip installs for any runtime and processor from any Python, as long as there are wheels; nothing is compiled, so no
container is needed. Lambda's Python 3.14 runs on Amazon Linux 2023, whose glibc is 2.34 (AWS Lambda Developer Guide,
"Lambda runtimes"): that says which wheels fit.
"""

from __future__ import annotations

import json
import platform
import py_compile
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from skill.authoring.build import build
from skill.authoring.data import ROOT
from skill.authoring.freshness import STAMP, is_stale
from skill.simulator.request import envelope, launch_request

ROOMS: Final = (
    "__init__.py", "turn.py", "built.py", "places.py", "aws_lambda.py", "hearing", "dialogue", "speaking", "alexa",
    "_built",
)  # fmt: skip
"""What of the skill is deployed: no command line, no simulator, no authoring."""

BUILD_ONLY: Final = ("__pycache__", STAMP, "models")
"""What of the rooms only a checkout needs; the models are for the local ears and for Amazon."""

THIRD_EAR: Final = ("transformer.onnx", "transformer.json", "tokens.json")
"""The weights that go with the libraries in requirements/third_ear.txt; without both the skill hears with two ears."""

NEVER_LOADED: Final = (
    "bin", "**/tests", "onnxruntime/capi/libonnxruntime.so*", "onnxruntime/transformers", "onnxruntime/quantization",
    "onnxruntime/tools", "numpy/f2py",
)  # fmt: skip
"""What the libraries bring and never load here; onnxruntime's own library is a second copy of what its module holds."""

MOST_UNZIPPED: Final = 250 * 1024 * 1024
"""Lambda's limit for a function with all its layers (AWS Lambda Developer Guide, "Lambda quotas")."""

MOST_LIGHT: Final = 6_000_000
"""What the zip without the third ear may take: a small package starts fast."""

_GLIBC: Final = range(17, 35)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Target:
    """A runtime: `python` as in "3.14", `machine` as the kernel calls its processor."""

    python: str
    machine: str

    @property
    def is_here(self) -> bool:
        """Whether this very Python could run what is packaged for it."""
        return self == HERE


LAMBDA: Final = Target("3.14", "aarch64")
"""What deploy/lambda/template.yaml asks for."""

HERE: Final = Target(f"{sys.version_info.major}.{sys.version_info.minor}", platform.machine())


class PackageError(Exception):
    """The package can't be made or breaks a limit; the text says what to do."""


def assemble(folder: Path, target: Target = LAMBDA, *, third_ear: bool = True) -> None:
    """Fills `folder`, which it empties first, with all that `target` needs to run `skill.aws_lambda.handler`.

    Bytecode goes in only where this Python is the target's: no other can write it, and a package without it starts
    more slowly, since Lambda's disk is read-only. Raises PackageError with pip's last words if it can't install.
    """
    if is_stale():
        build()
    shutil.rmtree(folder, ignore_errors=True)
    left_out = shutil.ignore_patterns(*BUILD_ONLY, *(() if third_ear else THIRD_EAR))
    for room in ROOMS:
        source, place = ROOT / "skill" / room, folder / "skill" / room
        if source.is_dir():
            shutil.copytree(source, place, ignore=left_out)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
    _install(folder, target, ["lambda", *(["third_ear"] if third_ear else [])])
    if target.is_here:
        compile_in(folder)


def compile_in(folder: Path, module: str = "skill.aws_lambda") -> None:
    """Puts bytecode beside the skill's own modules in `folder` and beside all that the first answer of `module` loads.

    It is good wherever and whenever it is unzipped. The rest of the libraries is never loaded, and would only make
    the package half as large again.
    """
    launch = json.dumps(envelope(launch_request(), "en-US", None, screen=False))
    code = (
        f"import json, sys; from {module} import handler; handler(json.loads(sys.argv[1]), None); "
        "print(*(found.__file__ for found in sys.modules.values() if getattr(found, '__file__', None)), sep='\\n')"
    )
    command = [sys.executable, "-S", "-B", "-c", code, launch]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(folder)})
    loaded = (Path(file) for file in done.stdout.splitlines() if file.startswith(f"{folder}/") and file.endswith(".py"))
    for file in {*loaded, *(folder / "skill").rglob("*.py")}:
        shown = str(file.relative_to(folder))
        py_compile.compile(str(file), dfile=shown, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


def zipped(folder: Path, path: Path) -> Path:
    """The zip of `folder` at `path`: the same bytes for the same files, so that an upload tells what changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            info = zipfile.ZipInfo(str(file.relative_to(folder)), _EPOCH)
            info.external_attr, info.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, file.read_bytes())
    return path


def contents(path: Path) -> Mapping[str, tuple[int, int]]:
    """Bytes zipped and unzipped by what the zip at `path` holds: the skill by room, the libraries by name, as a sum."""
    sizes: dict[str, tuple[int, int]] = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            parts = Path(info.filename).parts
            name = "/".join(parts[: 2 if parts[0] == "skill" else 1]).partition("-")[0].removesuffix(".libs")
            small, large = sizes.get(name, (0, 0))
            sizes[name] = (small + info.compress_size, large + info.file_size)
    return dict(sorted(sizes.items(), key=lambda item: -item[1][0]))


def within_limits(path: Path, *, third_ear: bool) -> None:
    """Raises PackageError if Lambda would refuse the zip at `path`, or if it has grown past our own limit."""
    unzipped = sum(large for _, large in contents(path).values())
    if unzipped > MOST_UNZIPPED:
        raise PackageError(f"{path.name} unzips to {unzipped:,} bytes; Lambda takes {MOST_UNZIPPED:,}: leave more out")
    if not third_ear and path.stat().st_size > MOST_LIGHT:
        raise PackageError(f"{path.name} has {path.stat().st_size:,} bytes, more than {MOST_LIGHT:,}: leave more out")


def _install(folder: Path, target: Target, locked: list[str]) -> None:
    wheels = [f"--platform=manylinux_2_{minor}_{target.machine}" for minor in _GLIBC]
    command = [
        sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(folder),
        "--implementation=cp", f"--python-version={target.python}", *wheels,
        f"--platform=manylinux2014_{target.machine}", "--only-binary=:all:", "--no-deps", "--no-compile",
        "--require-hashes", *(f"--requirement={ROOT / 'requirements' / name}.txt" for name in locked),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackageError(f"pip could not install for Python {target.python} on {target.machine}:\n{done.stderr}")
    for path in [path for pattern in NEVER_LOADED for path in folder.glob(pattern)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
