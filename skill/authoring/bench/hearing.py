"""Hearing alone: by length of sentence next to negspacy with the same phrases, and by size of the lexicon."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from skill.authoring.bench.cold import PEER
from skill.authoring.bench.spread import ratio, spread
from skill.authoring.corpus import rows, split
from skill.authoring.data import ROOT
from skill.hearing.hear import hear
from skill.hearing.judge import judge
from skill.hearing.knowledge import ears
from skill.hearing.lexicon import GAP, Lexicon
from skill.hearing.rules import by_rules
from skill.turn import Slot, Status

NEGSPACY: Final = ROOT / ".venv-negspacy" / "bin" / "python"
LENGTHS: Final = {
    "1 to 5 words": (1, 5),
    "6 to 10": (6, 10),
    "11 to 20": (11, 20),
    "21 to 40": (21, 40),
    "41 on": (41, 999),
}
SIZES: Final = (1, 10, 100)

_TALE: Final = 8
"""Sentences that make a long tale; the corpus itself has none."""

_RULES_ALONE: Final = "rules alone"
_AS_DEPLOYED: Final = "as deployed"


def by_length(most: int, progress: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Microseconds of CPU a sentence, by its length, of at most `most` sentences of the corpus for each.

    negspacy gets every phrase of every sign, a {gap} closed up, so that it has less to do than we. It takes a
    sentence from the same list right after we did. `settled` is the share of sentences in which rules alone decide.
    """
    if not NEGSPACY.is_file():
        raise SystemExit("negspacy is not installed; say: make bench")
    texts = [row.text for row in rows("en") if split(row) != "unseen"]
    random.Random(0).shuffle(texts)  # noqa: S311  # the same sample in every run
    tales = [" ".join(texts[at : at + _TALE]) for at in range(0, len(texts), _TALE)]
    known = ears("en")
    arrangements: dict[str, Callable[[str], object]] = {
        _RULES_ALONE: partial(by_rules, known=known),
        "without the third ear": lambda text: hear(
            [Slot("words", text)], "en", trained=partial(judge, third_ear=lambda *_: None)
        ),
        _AS_DEPLOYED: lambda text: hear([Slot("words", text)], "en"),
    }
    with _negspacy(sorted(_phrases(known.lexicon))) as (about, asked):
        for one in arrangements.values():
            one(texts[0])
        table = {}
        for name, (least, longest) in LENGTHS.items():
            progress(f"hearing: {name}")
            chosen = [text for text in (*texts, *tales) if least <= len(text.split()) <= longest]
            table[name] = _compared(chosen[:most], arrangements, asked)
    return {"peer": about, "lengths": table, "all": _mix(texts[:most], arrangements)}


def by_size(
    sentences: int, progress: Callable[[str], None] = lambda _: None, sizes: Sequence[int] = SIZES
) -> dict[int, Any]:
    """Microseconds a sentence for rules alone, with one, ten and a hundred times the phrases, and how many nodes."""
    texts = [row.text for row in rows("en") if split(row) != "unseen"][:sentences]
    known = ears("en")
    table = {}
    for times in sizes:
        progress(f"lexicon, {times} times the phrases")
        larger = replace(known, lexicon=enlarged(known.lexicon, times))
        for text in texts:
            by_rules(text, larger)
        taken = [_nanoseconds(partial(by_rules, known=larger), text) / 1e3 for text in texts]
        table[times] = {"nodes": len(larger.lexicon.edges), **asdict(spread(taken))}
    return table


def enlarged(lexicon: Lexicon, times: int) -> Lexicon:
    """`lexicon` with `times` as many phrases: each copy starts with the words of the first, and goes on with others."""
    if times == 1:
        return lexicon
    edges = [dict(at) for at in lexicon.edges]
    labels = [list(at) for at in lexicon.labels]
    starts = {}
    for word, node in lexicon.edges[0].items():
        starts[word] = len(edges)
        edges.append(dict(lexicon.edges[node]))
        labels.append(list(lexicon.labels[node]))
    edges[0] = starts
    for number in range(1, times):
        shift = len(edges)
        edges.extend({_other(word, number): shift + to for word, to in at.items()} for at in lexicon.edges)
        labels.extend(list(at) for at in lexicon.labels)
        for word, node in lexicon.edges[0].items():
            inner = lexicon.edges[node].items()
            edges[starts[word]].update({_other(then, number): shift + to for then, to in inner if then != GAP})
    return replace(lexicon, edges=edges, labels=labels)


def _other(word: str, number: int) -> str:
    return word if word == GAP else f"{word}{number}"


def _compared(
    texts: Sequence[str], arrangements: Mapping[str, Callable[[str], object]], asked: Callable[[str], dict[str, int]]
) -> dict[str, Any]:
    taken: dict[str, list[float]] = {name: [] for name in (*arrangements, "negspacy")}
    told = {"ours": 0, "negspacy": 0}
    for text in texts:
        for name, one in arrangements.items():
            taken[name].append(_nanoseconds(one, text) / 1e3)
        peer = asked(text)
        taken["negspacy"].append(peer["ns"] / 1e3)
        told["negspacy"] += peer["signs"] > 0
        told["ours"] += any(f.status is Status.PRESENT for f in hear([Slot("words", text)], "en").findings)
    return {
        **{name: asdict(spread(values)) for name, values in taken.items()},
        "ratio": asdict(ratio(taken[_RULES_ALONE], taken["negspacy"])),
        "told": told,
    }


def _mix(texts: Sequence[str], arrangements: Mapping[str, Callable[[str], object]]) -> dict[str, Any]:
    """All lengths together, as people wrote them, and who decided."""
    known = ears("en")
    shown = {
        name: asdict(spread([_nanoseconds(one, text) / 1e3 for text in texts])) for name, one in arrangements.items()
    }
    return {"sentences": len(texts), "settled": sum(by_rules(text, known).settled for text in texts), **shown}


def _nanoseconds(one: Callable[[str], object], text: str) -> int:
    began = time.thread_time_ns()
    one(text)
    return time.thread_time_ns() - began


def _phrases(lexicon: Lexicon) -> set[str]:
    """Every phrase that ends in a sign."""
    found: set[str] = set()
    unseen: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    while unseen:
        node, said = unseen.pop()
        if any(label.startswith("sign:") for label in lexicon.labels[node]):
            found.add(" ".join(said))
        unseen.extend((to, said if word == GAP else (*said, word)) for word, to in lexicon.edges[node].items())
    return found


@contextmanager
def _negspacy(phrases: Sequence[str]) -> Iterator[tuple[dict[str, Any], Callable[[str], dict[str, int]]]]:
    """The peer in its own environment: what it says of itself, and how to ask it about a sentence."""
    with TemporaryDirectory() as made:
        given = Path(made) / "phrases.txt"
        given.write_text("\n".join(phrases), encoding="utf-8")
        command = [str(NEGSPACY), str(PEER / "negex.py"), str(given)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
            to, back = peer.stdin, peer.stdout
            assert to is not None
            assert back is not None

            def asked(text: str) -> dict[str, int]:
                to.write(f"{' '.join(text.split())}\n")
                to.flush()
                answer: dict[str, int] = json.loads(back.readline())
                return answer

            about = json.loads(back.readline())
            asked("")
            yield about, asked
            to.close()
