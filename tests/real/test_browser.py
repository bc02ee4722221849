"""The page as its users meet it: a real Chromium, by keyboard, under axe-core."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.data import text_as_yaml
from tests.test_conversations import hold

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
expect.set_options(timeout=60_000)
SCRIPT = "<script>document.title = 'broken'</script><img src=x onerror=\"document.title = 'broken'\">"
SSML = '<speak>&amp;<break time="9s"/></speak>'


def is_free(port: int) -> bool:
    """Below the ports that others' connections take by themselves, so that it is still free after a restart."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Simulator:
    """The server in a process of its own, so that it can be ended and started again."""

    def __init__(self) -> None:
        self.port = next(port for port in range(18_700, 19_700) if is_free(port))
        self.address = f"http://127.0.0.1:{self.port}/"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "skill", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.address in self.process.stdout.readline()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    started = Simulator()
    yield started
    started.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--mute-audio"],  # its sandbox can't be had by root, as in most containers
        )
        yield launched
        launched.close()


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, simulator: Simulator) -> Iterator[Opens]:
    """Opens the page in a fresh profile; at the end nothing may have been complained about in its console.

    But that the server is gone: the browser notes that by itself, in the test that ends it.
    """
    contexts, complaints = [], []

    def open_page(*, before: str = "", voice: str = "", **how: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if before:
            page.add_init_script(before)
        page.goto(simulator.address)
        expect(page.locator("#locale option").first).to_be_attached()
        page.locator("#settings-fold > summary").click()
        page.locator("#voice").select_option(voice)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [one for one in complaints if "net::ERR_CONNECTION_REFUSED" not in one] == []


def say(page: Page, words: str) -> str:
    """Types `words` and presses Enter; the answer."""
    before = page.locator("#transcript > li").count()
    page.locator("#words").fill(words)
    page.locator("#words").press("Enter")
    expect(page.locator("#transcript > li")).to_have_count(before + 1)
    return page.locator("#answer").inner_text()


def unfold(page: Page) -> None:
    page.evaluate(
        "document.querySelectorAll('#inside details, #transcript details').forEach(one => { one.open = true })"
    )


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the control with the accessible `name` has the focus."""
    wanted = page.get_by_role("button", name=name, exact=True)
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} can't be reached by keyboard")


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{one['id']}: {node['html']} {node.get('failureSummary')}" for one in found for node in one["nodes"]]


def test_a_whole_emergency_by_keyboard_alone(opens: Opens) -> None:
    page = opens()
    page.locator("body").press("Home")
    tab_to(page, "Open Face Guide")
    page.keyboard.press("Enter")
    answer = page.locator("#answer")
    expect(answer).to_contain_text("This is Face Guide.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    for words, begins in (
        ("why is my face numb", "If this is new or sudden, call 9 1 1 now."),
        ("her mouth is drooping", "Call 9 1 1 now."),
        ("what now", "Call 9 1 1 now."),
        ("what do i say", "Call 9 1 1 now."),
        ("she's not breathing", "Call 9 1 1 now."),
    ):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(page.locator("#transcript > li").last).to_contain_text(f"You: {words}")
        assert answer.inner_text().startswith(begins), words
        expect(page.locator("#words")).to_be_focused()
        expect(page.locator("#words")).to_have_value("")
    tab_to(page, "Stay silent")
    page.keyboard.press("Space")
    expect(answer).to_contain_text("I heard no answer")
    expect(page.locator("#session")).to_have_text("No session is open.")
    page.keyboard.press("Space")
    expect(page.locator("#note")).to_contain_text("nobody waits for an answer")
    expect(answer).to_contain_text("I heard no answer")


@pytest.mark.parametrize(
    ("width", "colours"),
    [
        (1280, {"color_scheme": "light"}),
        (320, {"color_scheme": "light"}),
        (1280, {"color_scheme": "dark"}),
        (1280, {"color_scheme": "light", "contrast": "more"}),
        (1280, {"color_scheme": "dark", "contrast": "more"}),
        (1280, {"color_scheme": "dark", "forced_colors": "active"}),
    ],
    ids=str,
)
def test_axe_finds_nothing_in_any_state(opens: Opens, width: int, colours: dict[str, Any]) -> None:
    page = opens(viewport={"width": width, "height": 900}, **colours)
    assert violations(page) == []
    for device, words, begins in (
        ("speaker", "why is my face numb", "If this is new or sudden"),
        ("round", "her mouth is drooping", "Call 9 1 1 now."),
        ("wide", "what are the signs of a stroke", "Think of face"),
    ):
        page.locator(f"input[value={device}]").check()
        assert say(page, words).startswith(begins)
        unfold(page)
        assert violations(page) == []
    page.locator("#silent").click()
    page.locator("#silent").click()
    expect(page.locator("#note")).to_contain_text("nobody waits")
    assert violations(page) == []


def test_an_answer_is_announced_once_and_only_where_no_voice_speaks(opens: Opens) -> None:
    page = opens()
    page.evaluate("""() => {
        const region = document.querySelector('[aria-live]');
        globalThis.told = [];
        new MutationObserver(() => told.push([region.ariaLive, region.textContent]))
            .observe(region, {childList: true, characterData: true, subtree: true});
    }""")
    assert page.locator("[aria-live], [role=log], [role=alert]").count() == 1
    answers = [say(page, "why is my face numb"), say(page, "her mouth is drooping")]
    assert page.evaluate("told") == [["polite", answer] for answer in answers]


def test_at_320_pixels_nothing_runs_off_and_every_target_is_large(opens: Opens) -> None:
    """320 CSS pixels are also what 400 % zoom leaves of 1280."""
    for width in (320, 1280):
        page = opens(viewport={"width": width, "height": 640})
        page.locator("input[value=wide]").check()
        say(page, "a" * 300)
        say(page, "her mouth is drooping")
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate("""() =>
            [...document.querySelectorAll('button, select, textarea, summary, input[type=text], label:has(input)')]
            .filter(one => one.checkVisibility())
            .filter(one => Math.min(one.getBoundingClientRect().height, one.getBoundingClientRect().width) < 44)
            .map(one => one.outerHTML)""")
        assert small == []
        assert page.locator("#answer").evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 21


def test_wider_spacing_of_text_hides_nothing(opens: Opens) -> None:
    page = opens(viewport={"width": 320, "height": 640})
    say(page, "her mouth is drooping")
    page.evaluate("""() => { for (const one of document.querySelectorAll('*')) {
        one.style.lineHeight = '1.5'; one.style.letterSpacing = '0.12em'; one.style.wordSpacing = '0.16em'; } }""")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    cut = page.evaluate("""() => [...document.querySelectorAll('p, li, dd, button, summary')]
        .filter(one => one.checkVisibility() && one.scrollHeight > one.clientHeight + 2 && one.clientHeight)
        .map(one => one.outerHTML)""")
    assert cut == []


def test_nothing_moves_for_who_wants_less_motion(opens: Opens) -> None:
    for motion, moves in (("reduce", "none"), ("no-preference", "glow")):
        page = opens(reduced_motion=motion)
        ring = page.locator("#puck div")
        page.evaluate("document.getElementById('puck').dataset.speaking = ''")
        assert ring.evaluate("one => getComputedStyle(one).animationName") == moves


def test_two_tabs_are_two_conversations(opens: Opens) -> None:
    first = opens()
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.locator("#locale option").first).to_be_attached()
    assert say(first, "her mouth is drooping").startswith("Call 9 1 1 now.")
    assert not say(second, "who should i see").startswith("Call 9 1 1 now.")
    assert say(first, "what now").startswith("Call 9 1 1 now.")
    assert not say(second, "what are the signs of a stroke").startswith("Call 9 1 1 now.")


def test_a_server_that_is_restarted_goes_on_with_the_conversation(opens: Opens, simulator: Simulator) -> None:
    page = opens()
    say(page, "her mouth is drooping")
    simulator.end()
    page.locator("#words").fill("who should i see")
    page.locator("#words").press("Enter")
    expect(page.locator("#note")).to_contain_text("face-guide serve")
    expect(page.locator("#words")).to_have_value("who should i see")
    simulator.start()
    page.locator("#words").press("Enter")
    expect(page.locator("#transcript > li")).to_have_count(2)
    assert page.locator("#answer").inner_text().startswith("Call 9 1 1 now.")


@pytest.mark.parametrize("words", ["my face " * 1000, "x" * 8000], ids=["words", "one word"])
def test_eight_thousand_characters(opens: Opens, words: str) -> None:
    page = opens()
    say(page, words)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    for refused, reason in ((words + "x", "fewer words"), ("   ", "")):
        page.locator("#words").fill(refused)
        page.locator("#words").press("Enter")
        assert reason in page.locator("#words:invalid").evaluate("one => one.validationMessage")
    expect(page.locator("#transcript > li")).to_have_count(1)


@pytest.mark.parametrize("pasted", [SCRIPT, SSML, f"her mouth is drooping {SCRIPT}"])
def test_script_and_ssml_are_only_words(opens: Opens, pasted: str) -> None:
    page = opens()
    page.locator("input[value=wide]").check()
    say(page, pasted)
    expect(page.locator("#transcript > li").last).to_contain_text(f"You: {pasted}")
    assert page.title().startswith("Face Guide")
    assert page.locator("img, script:not([src])").count() == 0


def test_a_copied_conversation_is_a_test_that_holds(opens: Opens) -> None:
    page = opens(permissions=["clipboard-read", "clipboard-write"])
    page.locator("#locale").select_option("en-GB")
    page.locator("#open").click()
    expect(page.locator("#answer")).to_contain_text("This is Face Guide")
    for words in (
        "why is my face numb",
        'no: "not\ttoday" # \x85\u2028 \\ {}',
        "her mouth is drooping",
        "(silence)",
        "hello",
    ):
        say(page, words)
    page.locator("#copy").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    script = text_as_yaml(page.evaluate("navigator.clipboard.readText()"))
    assert script["locale"] == "en-GB"
    assert script["launch"] is True
    assert script["turns"][2]["begins"] == "Call 9 9 9 now."
    assert [turn["says"] for turn in script["turns"]][3] == "(silence)"
    hold(script)


def test_strict_ears_and_another_country_begin_another_conversation(opens: Opens) -> None:
    page = opens()
    say(page, "her mouth is drooping")
    page.locator("#locale").select_option("en-AU")
    page.locator("input[value=strict]").check()
    expect(page.locator("#session")).to_have_text("No session is open.")
    page.locator("#words").fill("why is my face so numb today")
    page.locator("#words").press("Enter")
    expect(page.locator("#answer")).to_contain_text("triple zero")
    script = text_as_yaml(page.locator("#script").input_value())
    assert (script["locale"], script["strict"], len(script["turns"])) == ("en-AU", True, 1)
    hold(script)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_screen_of_the_device_shows_the_number_and_the_words(opens: Opens, width: int) -> None:
    page = opens(viewport={"width": width, "height": 900})
    for device, shape in (("round", 1), ("wide", 1024 / 600)):
        page.locator(f"input[value={device}]").check()
        expect(page.locator("#session")).to_have_text("No session is open.")
        answer = say(page, "her mouth is drooping")
        screen = page.locator("#screen")
        expect(screen.get_by_text("911", exact=True)).to_be_visible()
        expect(screen).to_contain_text(answer)
        width_drawn, height_drawn = screen.evaluate("one => [one.offsetWidth, one.offsetHeight]")
        assert abs(width_drawn / height_drawn - shape) < 0.05
    page.locator("input[value=speaker]").check()
    expect(page.locator("#screen")).to_be_hidden()


def test_the_panel_shows_what_was_heard_and_why(opens: Opens) -> None:
    page = opens()
    say(page, "her mouth is drooping")
    say(page, "what now")
    page.get_by_role("button", name="Look inside answer 1").click()
    expect(page.get_by_role("heading", name="Look inside")).to_be_focused()
    panel = page.locator("#inside")
    for words in (
        "face_droop",
        "“mouth is drooping”",
        "heard by rules",
        "emergency/stroke",
        "1 word, about 0.4 seconds",
    ):
        expect(panel).to_contain_text(words)
    panel.get_by_text("Response", exact=True).click()
    expect(panel.locator("pre", has_text="outputSpeech")).to_be_visible()


SPEAKS = """
globalThis.spoken = [];
const voice = lang => ({lang, localService: true, name: lang});
Object.defineProperty(globalThis, 'speechSynthesis', {value: {
    getVoices: () => [{...voice('en-US'), localService: false, name: 'far away'}, voice('en-US'), voice('en-GB')],
    speak: said => {
        spoken.push([said.text, said.rate, said.voice.lang, Math.round(performance.now()), said.voice.name]);
        setTimeout(said.onend, 5);
    },
    cancel() {}, addEventListener() {},
}});
globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def test_the_browsers_voice_keeps_breaks_rates_and_digits_and_stays_on_this_computer(opens: Opens) -> None:
    page = opens(before=SPEAKS, voice="browser")
    page.locator("#locale").select_option("en-GB")
    say(page, "her mouth is drooping")
    expect(page.locator("[aria-live=off]")).to_have_count(1)
    expect(page.locator("#puck[data-speaking]")).to_have_count(0)
    order, rest = page.evaluate("spoken")
    assert order[:3] == ["Call 9 9 9 now.", 1, "en-GB"]
    assert 400 <= rest[3] - order[3] < 3_000
    page.locator("#open").click()
    expect(page.locator("#answer")).to_contain_text("This is Face Guide")
    say(page, "slower")
    expect(page.locator("#puck[data-speaking]")).to_have_count(0)
    assert page.evaluate("spoken").pop()[1] == 0.8
    assert not page.evaluate("spoken.some(said => said.includes('far away'))")


def test_the_installed_voice_is_rendered_here_and_can_be_stopped(opens: Opens) -> None:
    page = opens(voice="rendered")
    with page.expect_response("**/voice") as sound:
        say(page, "her mouth is drooping")
    assert sound.value.headers["content-type"] == "audio/wav"
    assert int(sound.value.headers["content-length"]) > 400_000
    expect(page.locator("#puck[data-speaking]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#puck[data-speaking]")).to_have_count(0)
    page.locator("#voice").select_option("")
