"""The look: Fusion, two palettes of our own, and a short style sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

STYLE_FOLDER = Path(__file__).resolve().parents[1] / "resources" / "style"


class Mode(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Tone(StrEnum):
    """What a colour says. It always comes with words: nobody has to see colours to work here."""

    NORMAL = "normal"
    OK = "ok"
    WARN = "warn"
    STOP = "stop"
    PAUSED = "paused"
    EXCEPTION = "exception"
    UNKNOWN = "unknown"
    MUTED = "muted"
    ACCENT = "accent"


@dataclass(frozen=True, slots=True)
class Colours:
    """One palette: grounds, tones, and the tint that a tone may stand on."""

    dark: bool
    window: str
    base: str
    alternate: str
    header: str
    selection: str
    border: str
    disabled: str
    on_accent: str
    accent_hover: str
    tones: Mapping[Tone, str]
    tints: Mapping[Tone, str]

    def grounds(self) -> tuple[str, ...]:
        """Every ground on which text of any tone is drawn."""
        return (self.window, self.base, self.alternate, self.header, self.selection)


LIGHT = Colours(
    dark=False,
    window="#f3f5f8",
    base="#ffffff",
    alternate="#f7f9fb",
    header="#eaeef3",
    selection="#d9e7fb",
    border="#c5ccd6",
    disabled="#8a929e",
    on_accent="#ffffff",
    accent_hover="#174a95",
    tones={
        Tone.NORMAL: "#1c2330",
        Tone.OK: "#14663a",
        Tone.WARN: "#855000",
        Tone.STOP: "#b3202a",
        Tone.PAUSED: "#5f45a8",
        Tone.EXCEPTION: "#96256a",
        Tone.UNKNOWN: "#0a6072",
        Tone.MUTED: "#505a6b",
        Tone.ACCENT: "#1d57ad",
    },
    tints={
        Tone.NORMAL: "#ffffff",
        Tone.OK: "#e3f3e9",
        Tone.WARN: "#fbf0d9",
        Tone.STOP: "#fbe6e6",
        Tone.PAUSED: "#ece7f8",
        Tone.EXCEPTION: "#f8e4f0",
        Tone.UNKNOWN: "#dff1f4",
        Tone.MUTED: "#e9ecf1",
        Tone.ACCENT: "#e2edfc",
    },
)

DARK = Colours(
    dark=True,
    window="#1a1d23",
    base="#21252c",
    alternate="#252a32",
    header="#2a3039",
    selection="#2c4263",
    border="#434b57",
    disabled="#7a8391",
    on_accent="#101722",
    accent_hover="#aecdff",
    tones={
        Tone.NORMAL: "#e4e7ec",
        Tone.OK: "#74d19b",
        Tone.WARN: "#f0bd5c",
        Tone.STOP: "#ff9a96",
        Tone.PAUSED: "#c4b2ff",
        Tone.EXCEPTION: "#f79dcb",
        Tone.UNKNOWN: "#76d3e2",
        Tone.MUTED: "#a9b2bf",
        Tone.ACCENT: "#8ebcff",
    },
    tints={
        Tone.NORMAL: "#21252c",
        Tone.OK: "#203a2c",
        Tone.WARN: "#3d3219",
        Tone.STOP: "#452628",
        Tone.PAUSED: "#342d4c",
        Tone.EXCEPTION: "#432a3a",
        Tone.UNKNOWN: "#1d3a40",
        Tone.MUTED: "#2f353f",
        Tone.ACCENT: "#243a59",
    },
)

_PARTS = ("tick", "dot", "dash")
_PROPERTY = "tingfu_dark"


def apply(app: QApplication, mode: Mode = Mode.SYSTEM) -> Colours:
    """Dress the whole application and return the colours now in force."""
    dark = mode is Mode.DARK or (mode is Mode.SYSTEM and _system_is_dark())
    colours = DARK if dark else LIGHT
    app.setProperty(_PROPERTY, dark)
    brush.cache_clear()
    # A style made anew would lose the sheet, so it is set once.
    if app.style().name() not in {"fusion", ""}:
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(colours))
    app.setStyleSheet(style_sheet(colours, app))
    return colours


def colours() -> Colours:
    """The colours in force."""
    app = QApplication.instance()
    return DARK if app is not None and app.property(_PROPERTY) else LIGHT


@cache
def brush(tone: Tone) -> QBrush:
    """The brush of a tone in the colours in force."""
    return QBrush(QColor(colours().tones[tone]))


def color(tone: Tone) -> QColor:
    return QColor(colours().tones[tone])


def tint(tone: Tone) -> QColor:
    """The quiet ground for text of this tone."""
    return QColor(colours().tints[tone])


def set_tone(label: QWidget, tone: Tone) -> None:
    """Colour a label's text, in light and in dark."""
    restyle(label, "tone", str(tone))


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and let it look again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def palette(colours: Colours) -> QPalette:
    """Qt's palette made of our colours, for Fusion."""
    roles = QPalette.ColorRole
    text, muted = colours.tones[Tone.NORMAL], colours.tones[Tone.MUTED]
    accent = colours.tones[Tone.ACCENT]
    made = QPalette()
    for role, value in {
        roles.Window: colours.window,
        roles.WindowText: text,
        roles.Base: colours.base,
        roles.AlternateBase: colours.alternate,
        roles.Text: text,
        roles.PlaceholderText: muted,
        roles.Button: colours.header,
        roles.ButtonText: text,
        roles.BrightText: colours.tones[Tone.STOP],
        roles.ToolTipBase: colours.header,
        roles.ToolTipText: text,
        roles.Highlight: colours.selection,
        roles.HighlightedText: text,
        roles.Link: accent,
        roles.LinkVisited: accent,
        roles.Accent: accent,
        roles.Light: colours.base,
        roles.Midlight: colours.header,
        roles.Mid: colours.border,
        roles.Dark: colours.border,
        roles.Shadow: colours.border,
    }.items():
        made.setColor(role, QColor(value))
    for role in (roles.Text, roles.WindowText, roles.ButtonText, roles.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.disabled))
    return made


def style_sheet(colours: Colours, app: QApplication) -> str:
    """Our style sheet with its names replaced by colours and by lengths taken from the font."""
    metrics = QFontMetrics(app.font())
    shade = "dark" if colours.dark else "light"
    words = {
        "window": colours.window,
        "base": colours.base,
        "header": colours.header,
        "selection": colours.selection,
        "border": colours.border,
        "disabled": colours.disabled,
        "on_accent": colours.on_accent,
        "accent_hover": colours.accent_hover,
        "arrow": (STYLE_FOLDER / f"down-{shade}.svg").as_posix(),
        **{part: (STYLE_FOLDER / f"{part}-{shade}.svg").as_posix() for part in _PARTS},
        "half": f"{metrics.height() * 3 // 10 + 1}px",
        "arrow_up": (STYLE_FOLDER / f"up-{shade}.svg").as_posix(),
        "small": f"{metrics.height() * 3 // 5}px",
        "handle": f"{metrics.height() * 2}px",
        "gap": f"{max(2, metrics.height() // 7)}px",
        "pad": f"{max(4, metrics.height() // 3)}px",
        "mark": f"{metrics.height() * 3 // 4}px",
        "drop": f"{metrics.height() * 5 // 4}px",
    }
    words |= {str(tone): value for tone, value in colours.tones.items()}
    words |= {f"{tone}_tint": value for tone, value in colours.tints.items()}
    sheet = (STYLE_FOLDER / "window.qss").read_text(encoding="utf-8")
    for word, value in words.items():
        sheet = sheet.replace(f"@{word}@", value)
    return sheet


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two "#rrggbb" colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(value: str) -> float:
    parts = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
