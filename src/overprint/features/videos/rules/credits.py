"""What the end of a film says of how it was made, in the film's language; English where we have no other. Pure."""

from dataclasses import dataclass

from overprint.ports.provider import Provider


@dataclass(frozen=True, slots=True)
class _Said:
    pictures: str
    motion: str
    voice: str
    made_with: str
    drawn: str
    moved: str
    spoken: str


_ENGLISH = _Said(
    "Pictures: {}",
    "Motion: {}",
    "Voice: {}",
    "Made with {}",
    "drawn by rules",
    "by rules",
    "a formant synthesiser (espeak-ng)",
)
_BY_LANGUAGE = {
    "de": _Said(
        "Bilder: {}",
        "Bewegung: {}",
        "Stimme: {}",
        "Gemacht mit {}",
        "nach Regeln gezeichnet",
        "nach Regeln",
        "ein Formantsynthesizer (espeak-ng)",
    ),
    "fr": _Said(
        "Images : {}",
        "Mouvement : {}",
        "Voix : {}",
        "Réalisé avec {}",
        "dessinées selon des règles",
        "selon des règles",
        "un synthétiseur à formants (espeak-ng)",
    ),
    "es": _Said(
        "Imágenes: {}",
        "Movimiento: {}",
        "Voz: {}",
        "Hecho con {}",
        "dibujadas según reglas",
        "según reglas",
        "un sintetizador de formantes (espeak-ng)",
    ),
}
_EMBEDDED = "embedded"


def credit_lines(
    image: Provider | None, video: Provider, speech: Provider, house: str, language: str
) -> tuple[str, ...]:
    """``language``: two or three letters. What is embedded says what it is; others are called as they call themselves.
    ``image``: None where nobody here drew anything. ``house``: its name, for the last line."""
    said = _BY_LANGUAGE.get(language, _ENGLISH)
    parts = (
        (said.pictures, image, said.drawn),
        (said.motion, video, said.moved),
        (said.voice, speech, said.spoken),
    )
    made_by = (line.format(own if who.name == _EMBEDDED else who.label) for line, who, own in parts if who)
    return (*made_by, said.made_with.format(house))
