"""The face-guide command."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, TextIO, TypeVar

import click
from rich.console import Console
from rich.text import Text

from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.places import language_of
from skill.turn import Slot

_Made = TypeVar("_Made")
_AUTHORING = {
    "build", "models", "check", "corpus", "topics", "export", "diagram", "new-language",
    "screens", "package", "certify", "capacity",
}  # fmt: skip
_COLOURS = {"escalate": "bold red", "clarify": "yellow", "inform": "green"}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="face-guide")
@click.pass_context
def main(context: click.Context) -> None:
    """Talk to Face Guide, look inside it, and build it.

    \b
    In an emergency, use a phone first.
      face-guide ask "why is my face numb"
      face-guide talk
      face-guide hear "her mouth is drooping" --json
    """
    if context.invoked_subcommand in _AUTHORING and not _in_checkout():
        _usage(f"{context.invoked_subcommand} needs a checkout of the project, with its data folders")
    if context.invoked_subcommand != "build" and _in_checkout():
        _rebuild_if_stale()


_locale = click.option("--locale", default="en-US", show_default=True, help="The language and country of the speaker.")
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on standard output, nothing else.")
_batch = click.option("--batch", is_flag=True, help="One answer for each line of standard input.")
_strict = click.option("--strict", is_flag=True, help="Ears that know only the model's own samples.")


@main.command()
@click.argument("utterance", required=False)
@_locale
@_json
@_batch
@_strict
def ask(utterance: str | None, locale: str, as_json: bool, batch: bool, strict: bool) -> None:
    """One question, one answer, in a new session without a launch.

    \b
      face-guide ask "why is my face numb"
      face-guide ask "her mouth is drooping" --locale en-GB --json
      face-guide ask --batch < questions.txt        (an empty line is a Fallback)
    """
    from skill.simulator.conversation import Conversation

    for line in _utterances(utterance, batch=batch):
        _show(Conversation(locale=locale, strict=strict).say(line), as_json=as_json)


@main.command()
@_locale
@_json
@_strict
def talk(locale: str, as_json: bool, strict: bool) -> None:
    """A conversation. Type what you would say; end with Ctrl-D.

    \b
    A line "(silence)" plays the reprompt and ends the session.
      face-guide talk
      face-guide talk --locale en-AU --json < lines.txt
    """
    from skill.simulator.conversation import Conversation

    conversation = Conversation(locale=locale, strict=strict)
    if sys.stdin.isatty():
        click.echo("Type what you would say. Ctrl-D ends the conversation.", err=True)
    _show(conversation.launch(), as_json=as_json)
    for line in _lines():
        _show(conversation.say(line), as_json=as_json)


@main.command(name="hear")
@click.argument("utterance", required=False)
@_locale
@_json
@_batch
def hear_command(utterance: str | None, locale: str, as_json: bool, batch: bool) -> None:
    """What hearing finds in free text, and which words showed it.

    \b
      face-guide hear "no droop but his arm is weak"
      face-guide hear --batch --json < sentences.txt
    """
    from skill.simulator.conversation import finding_record

    for line in _utterances(utterance, batch=batch):
        heard = hear([Slot("words", line)], language_of(locale))
        record = {
            "heard": line,
            "locale": locale,
            "findings": [finding_record(finding) for finding in heard.findings],
            "topic": heard.topic or None,
            "verdict": verdict_of(heard).value,
        }
        if as_json:
            _emit(record)
            continue
        out = Console(highlight=False, soft_wrap=True)
        out.print(Text(f"{record['verdict']}", style=_COLOURS[str(record["verdict"])]))
        for finding in heard.findings:
            out.print(Text(f'  {finding.sign}: {finding.status}, {finding.who}, "{finding.words}" ({finding.ear})'))
        if heard.topic:
            out.print(Text(f"  asks about: {heard.topic}"))


@main.command()
@click.argument("request", type=click.File("r", encoding="utf-8"))
def invoke(request: Iterable[str]) -> None:
    """Send a raw Alexa request envelope through the real handler and print the response envelope.

    \b
      face-guide invoke tests/envelopes/launch.json
      face-guide invoke - < request.json
    """
    from skill.aws_lambda import handler

    text = "".join(request)
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:
        _usage(f"this is not JSON ({error}); give an Alexa request envelope")
    click.echo(json.dumps(handler(event, None), indent=2, ensure_ascii=False))


@main.command()
@click.option("--port", default=8707, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--let-others-connect",
    is_flag=True,
    help="Listen where others can connect. They can read and use the page, unencrypted and without a password.",
)
def serve(port: int, host: str, let_others_connect: bool) -> None:
    """A speaker in the browser, for this computer alone. End with Ctrl-C.

    \b
      face-guide serve
      face-guide serve --port 9000
    """
    from skill.simulator.server import is_loopback, server
    from skill.simulator.voice import finish

    if not is_loopback(host) and not let_others_connect:
        _usage(f"others could connect to {host}; leave --host out, or say --let-others-connect if you want that")
    try:
        listening = server(host, port, _grade())
    except OSError as error:
        _usage(f"can't listen on {host} port {port} ({error.strerror}); choose another with --port")
    with listening:
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"Open http://{shown}:{listening.server_address[1]}/ in a browser. Ctrl-C ends it.")
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            click.echo("Ended.", err=True)
            finish()


@main.command()
def build() -> None:
    """Compile both data folders into what run time reads."""
    from skill.authoring.build import build as build_all

    _or_exit(build_all)
    click.echo("Built.", err=True)


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if a committed model differs from the data.")
def models(check: bool) -> None:
    """Write Alexa's interaction models, one for each locale."""
    from skill.authoring.data import MODELS
    from skill.authoring.models import models as make
    from skill.authoring.models import rendered
    from skill.authoring.templates import read_templates

    made = _or_exit(lambda: make(read_templates().topics))
    left = {path.stem for path in (MODELS / "alexa").glob("*.json")} - set(made)
    stale = [f"interaction_models/alexa/{locale}.json" for locale in sorted(left)] if check else []
    for locale, model in made.items():
        path = MODELS / "alexa" / f"{locale}.json"
        text = rendered(model)
        if check:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(str(path.relative_to(MODELS.parent)))
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        click.echo(f"Out of date: {', '.join(stale)}. Run: make models", err=True)
        sys.exit(1)


@main.group()
def export() -> None:
    """Write what other tools take."""


@export.command()
@_locale
@click.option("-o", "--output", type=click.File("w", encoding="utf-8"), default="-", help="Where to, if not here.")
def nlu(locale: str, output: TextIO) -> None:
    """The labelled utterances as an annotation set for Alexa's NLU evaluation.

    \b
      face-guide export nlu --locale en-GB -o annotations.json
    """
    from skill.authoring.models import LOCALES
    from skill.authoring.nlu import annotation_set

    if locale not in LOCALES:
        _usage(f"{locale} has no interaction model; take one of {', '.join(LOCALES)}")
    _rebuild_if_stale()
    json.dump(_or_exit(lambda: annotation_set(locale)), output, indent=1, ensure_ascii=False)
    output.write("\n")


@main.group()
def package() -> None:
    """Write what is uploaded: the function for AWS Lambda, the project for the store."""


@package.command(name="lambda")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--light", is_flag=True, help="Leave out the third ear: a fifteenth of the size, and worse hearing.")
@click.option(
    "--zip", "zip_path", type=click.Path(path_type=Path, dir_okay=False), help="Zip it too: say what is in it."
)
def lambda_package(folder: Path, light: bool, zip_path: Path | None) -> None:
    """Fill FOLDER with what AWS Lambda runs.

    \b
      face-guide package lambda dist/lambda --zip dist/lambda.zip
    """
    from skill.authoring.deploy.lambda_package import (
        HERE,
        LAMBDA,
        PackageError,
        assemble,
        contents,
        within_limits,
        zipped,
    )

    try:
        _or_exit(lambda: assemble(folder, third_ear=not light))
        if zip_path:
            within_limits(zipped(folder, zip_path), third_ear=not light)
    except PackageError as error:
        click.echo(f"{error}", err=True)
        sys.exit(1)
    if zip_path:
        rows = contents(zip_path)
        click.echo(f"{'zipped':>12} {'unzipped':>12}")
        for name, (small, large) in rows.items():
            click.echo(f"{small:>12,} {large:>12,}  {name}")
        click.echo(f"{zip_path.stat().st_size:>12,} {sum(large for _, large in rows.values()):>12,}  {zip_path}")
    if HERE.python != LAMBDA.python:
        click.echo(f"No bytecode: only Python {LAMBDA.python} writes it, and cold starts are longer without.", err=True)


@package.command(name="store")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--pages", default="", help="The https address that privacy.html and terms.html are published under.")
@click.option(
    "--endpoint", "endpoints", multiple=True, metavar="REGION=ARN", help="NA, EU or FE, and its stack's output."
)
def store_package(folder: Path, pages: str, endpoints: tuple[str, ...]) -> None:
    """Fill FOLDER with the project that the ASK CLI deploys, and with the pages to publish.

    \b
      face-guide package store dist/store --pages https://face-guide.example/ --endpoint NA=arn:aws:lambda:...
    """
    from skill.authoring.deploy.store import write_project

    given = {region: arn for region, _, arn in (endpoint.partition("=") for endpoint in endpoints)}
    _or_exit(lambda: write_project(folder, pages, given))
    click.echo(f"{folder}", err=True)


@main.command()
@click.argument("function", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("project", type=click.Path(path_type=Path, exists=True, file_okay=False))
def certify(function: Path, project: Path) -> None:
    """Walk Amazon's test cases against the packaged FUNCTION, under AWS's emulator, and the store's PROJECT.

    \b
      face-guide certify dist/lambda dist/store
    """
    from skill.authoring.deploy.certification import certify as results
    from skill.authoring.deploy.emulator import Emulator, EmulatorError

    failed = 0
    try:
        with Emulator(function, seconds=60) as emulator:  # a busy machine is no finding
            for result in results(emulator.invoke, project):
                failed += bool(result.problems)
                click.secho(f"{'FAIL' if result.problems else 'pass'}  {result.name}", bold=bool(result.problems))
                for problem in result.problems:
                    click.echo(f"        {problem}")
    except EmulatorError as error:
        _usage(f"{error}")
    if failed:
        click.echo(f"{failed} failed.", err=True)
        sys.exit(1)


@main.command()
@click.option("--rounds", default=15, show_default=True, help="Cold starts of each package.")
def capacity(rounds: int) -> None:
    """Measure the package under AWS's emulator and write what it needs and costs: reports/capacity.html."""
    from skill.authoring.deploy.capacity import MOST_TIMES_THE_PEER, REPORT, write_capacity
    from skill.authoring.deploy.emulator import EmulatorError
    from skill.authoring.deploy.lambda_package import PackageError

    try:
        times = write_capacity(rounds, lambda what: click.echo(what, err=True))
    except (EmulatorError, PackageError) as error:
        click.echo(f"{error}", err=True)
        sys.exit(1)
    click.echo(f"{REPORT}")
    if times > MOST_TIMES_THE_PEER:
        click.echo(
            f"A cold start takes at least {times:.2f} times the hello world's; {MOST_TIMES_THE_PEER} is the most.",
            err=True,
        )
        sys.exit(1)


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if the diagram differs from what the code does.")
def diagram(check: bool) -> None:
    """Draw the dialogue's states into docs/dialogue.md, by walking the dialogue itself."""
    from skill.authoring.diagram import PAGE, page

    text = PAGE.read_text(encoding="utf-8")
    made = _or_exit(lambda: page(text))
    if check and made != text:
        click.echo(f"Out of date: docs/{PAGE.name}. Run: face-guide diagram", err=True)
        sys.exit(1)
    if not check:
        PAGE.write_text(made, encoding="utf-8")


@main.command()
def screens() -> None:
    """Photograph the screens for the documentation, with Chromium, into docs/screens."""
    from skill.authoring.screens import FOLDER, photograph

    for picture in _or_exit(lambda: list(photograph(FOLDER))):
        click.echo(f"docs/screens/{picture.name}", err=True)


@main.command()
def check() -> None:
    """Check the data folders: every template in every locale, every rule of sound and safety."""
    from skill.authoring.check import problems
    from skill.authoring.sound import sound_of
    from skill.authoring.templates import languages

    for language in languages():
        click.echo(f"{language}: {sound_of(language).review}", err=True)
    found = _or_exit(lambda: list(problems()))
    for problem in found:
        click.echo(problem, err=True)
    if found:
        click.echo(f"{len(found)} to mend.", err=True)
        sys.exit(1)
    click.echo("The data folders are in order.", err=True)


@main.command(name="new-language")
@click.argument("language")
@click.option("--check", is_flag=True, help="Write nothing; fail if anything is still missing.")
def new_language(language: str, check: bool) -> None:
    """Lay out the empty skeleton of a LANGUAGE, and say what is still missing until it is complete.

    \b
      face-guide new-language fr
    """
    from skill.authoring.new_language import lay_out, missing

    if not check:
        made = _or_exit(lambda: list(lay_out(language)))
        click.echo(f"{len(made)} files laid out." if made else "Nothing to lay out: every file is there.", err=True)
    lacks = _or_exit(lambda: list(missing(language)))
    for lack in lacks:
        click.echo(lack)
    click.echo(f"{len(lacks)} still missing." if lacks else f"{language} is complete.", err=True)
    if check and lacks:
        sys.exit(1)


@main.command()
@_locale
@_json
def topics(locale: str, as_json: bool) -> None:
    """Each topic's length, reading grade, sources and review date, in its full and its short form."""
    from skill.authoring.topic_table import rows, table

    made = _or_exit(lambda: rows(locale))
    if as_json:
        for row in made:
            _emit(row)
    else:
        Console(width=200, soft_wrap=True).print(table(made))


@main.command()
def corpus() -> None:
    """Count the labelled sentences by split, and list near-twins across the splits."""
    from skill.authoring.corpus import near_twins, rows, split
    from skill.authoring.templates import languages

    twins: list[Any] = []
    for language in languages():
        given = _or_exit(partial(rows, language))
        for part in ("train", "validation", "unseen"):
            here = [row for row in given if split(row) == part]
            signs = sum(row.label == "present" for row in here)
            writers = len({row.writer for row in here})
            click.echo(f"{language} {part}: {signs} with a sign, {len(here) - signs} without, {writers} writers")
        twins.extend(near_twins(given))
    for row, twin, likeness in twins:
        click.echo(f"{likeness:.2f} {row.writer}: {row.text!r} is nearly {twin.writer}: {twin.text!r}", err=True)
    if twins:
        click.echo(f"{len(twins)} near-twins: drop them from the validation or unseen files.", err=True)
        sys.exit(1)


def _grade() -> Callable[[str, str], float] | None:
    """The reading measure of a text, where the project's build-time parts are at hand."""
    if not _in_checkout():
        return None
    from skill.authoring.grade import difficulty

    return difficulty


def _utterances(utterance: str | None, *, batch: bool) -> Iterator[str]:
    if batch == (utterance is not None):
        _usage("give one utterance in quotes, or --batch with lines on standard input")
    return iter([utterance]) if utterance is not None else _lines()


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\n")


def _usage(message: str) -> NoReturn:
    raise click.UsageError(message)


def _show(record: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        _emit(record)
        return
    out = Console(highlight=False, soft_wrap=True)
    if record["heard"] is not None and not sys.stdin.isatty():
        out.print(Text(f"You: {record['heard']}"))
    out.print(Text("Face Guide: ", style="bold").append(record["speech"], style=_COLOURS[record["verdict"]]))
    if record["session"] == "closed":
        out.print(Text("(The session is closed.)", style="dim"))


def _emit(record: dict[str, Any]) -> None:
    line = json.dumps(record, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _rebuild_if_stale() -> None:
    """Nobody hears yesterday's words: in a checkout, changed data is compiled before a command runs."""
    from skill.authoring.freshness import is_stale

    if is_stale():
        from skill.authoring.build import build as build_all

        click.echo("The data folders have changed: building.", err=True)
        _or_exit(build_all)


def _in_checkout() -> bool:
    return (Path(__file__).resolve().parents[1] / "interaction_models").is_dir()


def _or_exit(make: Callable[[], _Made]) -> _Made:
    from skill.authoring.data import DataError

    try:
        return make()
    except DataError as error:
        click.echo(f"{error}", err=True)
        sys.exit(1)
