"""Where photos of people, and what is confirmed of them, go by the settings: what people are asked to agree to."""

from urllib.parse import urlsplit

from overprint.adapters.hosted.endpoint import is_on_this_machine
from overprint.engine.asking import EMBEDDED
from overprint.features.photos import Consent, Handling, consent_to
from overprint.settings import Settings
from overprint.settings.models import ModelSettings

_VENDORS = {"openai": "OpenAI", "anthropic": "Anthropic", "elevenlabs": "ElevenLabs", "runway": "Runway", "fal": "fal"}


def consent_of(settings: Settings, *, keeps: bool = True) -> Consent:
    """``keeps``: whether a copy of the photo goes to the storage."""
    stored = settings.storage
    elsewhere = _host(stored.endpoint, "a store on this machine") or "Amazon S3" if stored.kind == "s3" else ""
    asked: list[ModelSettings] = [
        chosen for chosen in (settings.text, settings.image, settings.video) if chosen.provider != EMBEDDED
    ]
    if settings.text.provider != EMBEDDED and settings.speech.provider != EMBEDDED:
        asked.append(settings.speech)  # who reads out what a writer made of the look
    told = tuple(dict.fromkeys(map(_name, asked)))
    return consent_to(Handling(elsewhere if keeps else None, told))


def wordings_of(consent: Consent) -> tuple[Consent, ...]:
    """The same in the other languages in which pages are shown."""
    from overprint.http.catalogues import LANGUAGES, PSEUDO, catalogue

    others = [language for language in (*LANGUAGES, PSEUDO) if language != consent.language]
    return tuple(Consent(catalogue(language).retold(consent.text), language) for language in others)


def _name(chosen: ModelSettings) -> str:
    return _host(chosen.base_url, "a model that runs on this machine") or _VENDORS[chosen.provider]


def _host(address: str | None, here: str) -> str:
    """Who is there, as people know them; ``here``: on this very machine."""
    if not address:
        return ""
    parts = urlsplit(address)
    return here if is_on_this_machine(parts.hostname or "") else parts.netloc
