"""On any screen, in any colours, for any reader; and how long a frame takes where there is much to draw."""

from __future__ import annotations

import pytest
from page import Page, program

BUSY = program(
    *[["set", f"'a rather long key, number {number}'", "1"] for number in range(20)],
    ["get", "'spam'"],
    code="def hash_func(key):\n    return 3\n",
)
MAP = program(["fill", "random", 700], size=1000, max_load=None, code="hash_func = hash\n")
CRASH = program(["set", "'spam'", "1"], ["get", "'spam'"], specimen="segfault")


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
@pytest.mark.parametrize("what", [BUSY, MAP, CRASH], ids=["busy", "map", "crash"])
def test_the_page_is_never_wider_than_the_screen(page: Page, width: int, what: dict[str, object]) -> None:
    page.look(width, 844)
    page.open(what)
    page.click("#share")
    page.click("#tour-collision")
    page.settle()
    assert page.script("return document.documentElement.scrollWidth") <= width


def test_a_narrow_screen_has_one_column(page: Page) -> None:
    page.look(390, 844)
    page.open(BUSY)
    lefts = {round(section.rect["x"]) for section in page.all("[role=main] section")}
    assert len(lefts) == 1


CONTRAST = """
const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
const channel = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
const light = (colour) => [0.2126, 0.7152, 0.0722].reduce((sum, by, at) => sum + by * channel(colour[at]), 0);
const ground = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const colour = numbers(getComputedStyle(each).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const bad = [];
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  if (!own || !element.checkVisibility() || element.disabled) continue;
  if (element.closest('.unseen, .cm-editor, svg')) continue;
  if (element.getAttribute('aria-disabled') === 'true') continue;
  const style = getComputedStyle(element);
  const behind = ground(element);
  let opacity = 1;
  for (let each = element; each; each = each.parentElement) opacity *= Number(getComputedStyle(each).opacity);
  const mixed = (part, at) => part * opacity + behind[at] * (1 - opacity);
  const colour = numbers(style.color).slice(0, 3).map(mixed);
  const [one, two] = [light(colour), light(behind)].sort((a, b) => b - a);
  const ratio = (one + 0.05) / (two + 0.05);
  if (ratio < 4.5) bad.push([element.tagName, element.className, element.textContent.slice(0, 30), ratio]);
}
return bad;
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("what", [BUSY, MAP, CRASH], ids=["busy", "map", "crash"])
def test_letters_stand_out_from_their_ground(page: Page, dark: bool, what: dict[str, object]) -> None:
    page.look(1280, 900, dark, still=True)
    page.open(what)
    page.click("#share")
    page.click("#tour-collision")
    page.settle()
    page.seek(page.moment()[1] // 2)
    assert page.script(CONTRAST) == []
    page.open(what)
    assert page.script(CONTRAST) == []


def test_the_switch_outdoes_the_system_and_is_kept(page: Page) -> None:
    page.look(1280, 900, dark=True)
    page.open()

    def ground() -> str:
        return str(page.script("return getComputedStyle(document.body).backgroundColor"))

    dark = ground()
    page.choose("#theme", "light")
    light = ground()
    assert light != dark
    page.look(1280, 900, dark=False)
    page.choose("#theme", "dark")
    assert ground() == dark
    page.browser.refresh()
    page.settle()
    assert ground() == dark
    page.choose("#theme", "")
    assert ground() == light
    page.look(1280, 900, dark=True)
    page.until(lambda: ground() == dark)


def test_who_wants_no_motion_gets_none(page: Page) -> None:
    for still in (True, False):
        page.look(1280, 900, still=still)
        page.open(program(["set", "'spam'", "1"]))
        page.click("#first")
        while not page.all(".entry"):
            page.click("#on")
        names = page.script("return document.getAnimations().map((each) => each.animationName)")
        assert ("come" in names) != still


@pytest.mark.parametrize("what", [BUSY, MAP, CRASH], ids=["busy", "map", "crash"])
def test_all_that_can_be_used_has_a_name(page: Page, what: dict[str, object]) -> None:
    page.open(what)
    page.click("#share")
    page.click("#tour-resize")
    page.settle()
    used = {"button", "textbox", "combobox", "spinbutton", "slider", "listbox", "option", "searchbox"}
    tree = page.browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    names = [
        (node["role"]["value"], node.get("name", {}).get("value"))
        for node in tree
        if not node.get("ignored") and node["role"]["value"] in used
    ]
    assert len(names) > 20
    assert [each for each in names if not each[1]] == []
    ids = page.script("return [...document.querySelectorAll('[id]')].map(({ id }) => id)")
    assert len(ids) == len(set(ids))
    missing = page.script(
        """return ['aria-describedby', 'aria-labelledby', 'aria-controls'].flatMap((name) =>
            [...document.querySelectorAll(`[${name}]`)].flatMap((each) => each.getAttribute(name).split(' ')))
          .filter((id) => !document.getElementById(id))"""
    )
    assert missing == []


FRAMES = """
const [act, many, done] = arguments;
const work = new Function('number', act);
const times = [], works = [];
let number = 0, before = null;
requestAnimationFrame(function frame(now) {
  if (before !== null) times.push(now - before);
  before = now;
  if (number >= many) return done([times, works]);
  const start = performance.now();
  work(number++);
  works.push(performance.now() - start);
  requestAnimationFrame(frame);
});
"""
POINTER = """
const canvas = document.querySelector('canvas');
const { left, top } = canvas.getBoundingClientRect();
const at = (what, x, y) => canvas.dispatchEvent(new PointerEvent(what, {
  pointerId: 1, clientX: left + x, clientY: top + y, bubbles: true }));
canvas.setPointerCapture = () => {};
"""
ACTS = {
    "zoom": "document.querySelector(number % 20 < 10 ? '#nearer' : '#farther').click()",
    "move": POINTER + "const [x, y] = [200 + 150 * Math.sin(number / 9), 200 + 99 * Math.cos(number / 7)];"
    "at(number ? 'pointermove' : 'pointerdown', x, y)",
    "hover": POINTER + "at('pointerup', 0, 0); at('pointermove', (number * 37) % 700, (number * 23) % 400)",
    "scrub": "const slider = document.querySelector('#scrub');"
    "slider.value = Math.abs(number * 7 % (2 * slider.max) - slider.max);"
    "slider.dispatchEvent(new Event('input', { bubbles: true }))",
}


def test_a_hundred_thousand_entries_are_fluid(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    """Measured and printed; how fast a machine is, is no promise of ours."""
    after = [["set", str(-number), "1"] for number in range(1, 60)]
    many = program(["fill", "random", 99_000], *after, size=1 << 17, max_load=None, code="hash_func = hash\n")
    page.open(many)
    assert page.text(".summary").startswith("131,072 bins, 99,059 entries")
    said = []
    for name, act in ACTS.items():
        times, works = page.browser.execute_async_script(FRAMES, act, 120)
        times.sort()
        works.sort()
        said.append(
            f"{name:6} frames: median {times[60]:.1f} ms, 95 % {times[114]:.1f}, longest {times[-1]:.1f}; "
            f"of that our own: median {works[60]:.1f} ms, longest {works[-1]:.1f} ms"
        )
    with capsys.disabled():
        print("\n99,059 entries in 131,072 bins", *said, sep="\n  ")
    page.click("#longest")
    assert page.text(".details").startswith("bin ")
