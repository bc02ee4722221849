"""negspacy as a peer of hearing: signs by phrase, and whether they are denied. Runs in an environment of its own.

    python negex.py PHRASES      sentences, one a line, on standard input

gives one line of JSON for each sentence: the nanoseconds it took, and how many signs stood without a denial.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import spacy
from negspacy.negation import Negex  # noqa: F401  # names the component "negex"


def main() -> None:
    """Reads the phrases, then answers sentence by sentence until standard input ends."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    phrases = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    ruler.add_patterns([{"label": "SIGN", "pattern": phrase} for phrase in phrases])
    pipeline.add_pipe("negex", config={"ent_types": ["SIGN"]})
    print(json.dumps({"spacy": spacy.__version__, "phrases": len(phrases)}), flush=True)  # noqa: T201
    for line in sys.stdin:
        began = time.thread_time_ns()
        found = pipeline(line.rstrip("\n"))
        took = time.thread_time_ns() - began
        told = sum(not entity._.negex for entity in found.ents)
        print(json.dumps({"ns": took, "signs": told}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
