"""``python -m tests.bench [NAME …]``: run the benchmarks, one after the other, each in a process of its own.

Each benchmark is a module of this package with ``main(argv) -> int``; it prints a table, and with ``--json`` one line
of figures. The sheet of pictures is one of them: it writes into build/.
"""

import argparse
import pkgutil
import subprocess
import sys
import time
from pathlib import Path

import tests.bench

HELPERS = {"__main__", "clips", "judge", "metrics", "data", "onnx_network", "peers", "photo_pairs"}
LIMIT_S = 3600


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    names = sorted(item.name for item in pkgutil.iter_modules(tests.bench.__path__) if item.name not in HELPERS)
    parser.add_argument("names", nargs="*", default=names, choices=[*names, []], metavar="NAME", help=", ".join(names))
    failed = 0
    for name in parser.parse_args().names or names:
        started = time.perf_counter()
        print(f"== {name}", flush=True)
        root = Path(__file__).resolve().parents[2]
        result = subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], cwd=root, timeout=LIMIT_S, check=False)
        failed += result.returncode != 0
        print(f"== {name}: {time.perf_counter() - started:.0f} s, exit {result.returncode}\n", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
