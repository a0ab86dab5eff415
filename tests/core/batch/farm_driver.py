"""A batch on a farm as a program of its own, which can be killed: python -m tests.core.batch.farm_driver PLACE FOLDER."""

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

from tests.core.batch.clients import Scribe

from restyle.batch.farm import Farm
from restyle.batch.ledger import Ledger
from restyle.batch.places import Naming, places
from restyle.batch.work import Batch
from restyle.contract.request import Request
from restyle.pictures.paths import ref_of


def asked(source):
    return Request(filter="enhance-photo", inputs={"content": ref_of(source)})


def main(place, folder):
    out = folder / "out"
    out.mkdir(exist_ok=True)
    found = places([folder / "in"], Naming(out, "enhance-photo"))

    def tell(piece, left_s):
        print(json.dumps([Path(piece.source).stem, piece.state, piece.reason]), file=answers, flush=True)

    # Ray tells there of what it has lost.
    answers = sys.stdout
    with redirect_stdout(sys.stderr), Ledger.open(out) as ledger:
        Batch(found, asked, Farm(place, client=Scribe(folder / "book")), tell).run(ledger)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
