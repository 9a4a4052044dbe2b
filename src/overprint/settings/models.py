"""Settings of who writes, draws, speaks and films: a model in the box, or one of a provider elsewhere."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from overprint.settings.section import Section
from overprint.settings.values import (
    CallsAtOnce,
    CallsPerSecond,
    ClipSeconds,
    Dollars,
    Name,
    PictureSize,
    VoiceName,
    WebAddress,
)

_PER_SECOND = "Calls a second that the provider gets, over all workers; after a pause, a second's worth at once."
_AT_ONCE = "Calls that the provider gets at the same time, over all workers."


def _check_provider(
    section: str, provider: str, model: str | None, api_key: SecretStr | None, base_url: str | None
) -> None:
    if provider == "embedded":
        return
    if model is None:
        raise ValueError(f"OVERPRINT_{section}_MODEL is needed when OVERPRINT_{section}_PROVIDER is {provider}")
    if api_key is None and base_url is None:
        raise ValueError(
            f"{provider} needs OVERPRINT_{section}_API_KEY, or OVERPRINT_{section}_BASE_URL for an own server"
        )


class TextSettings(Section):
    provider: Literal["embedded", "openai", "anthropic"] = Field(
        "embedded", description="Who writes. `openai` is any server that speaks its protocol (Groq, Ollama, vLLM, …)."
    )
    base_url: WebAddress | None = Field(None, description="Address of the provider; empty for the vendor's own.")
    model: Name | None = Field(None, description="Model to ask; needed unless embedded.")
    api_key: SecretStr | None = Field(None, description="Key of the provider; not needed with an own address.")
    structured: Literal["auto", "schema", "object", "prompt"] = Field(
        "auto", description="How answers of a given form are asked for; `auto` chooses by the model."
    )
    calls_per_second: CallsPerSecond = Field(10.0, description=_PER_SECOND)
    calls_at_once: CallsAtOnce = Field(8, description=_AT_ONCE)
    timeout_seconds: int = Field(600, ge=10, le=840, description="Longest wait for a whole answer of a provider.")
    max_output_tokens: int = Field(
        32_000, ge=1_000, le=1_000_000, description="Most the model may write at once, its thinking included."
    )
    temperature: float | None = Field(
        None, ge=0, le=2, description="How free the model is; empty for its own. Some models take none."
    )
    input_dollars_per_million: Dollars | None = Field(
        None, description="What a million tokens read cost, where the price list does not know; with the next one."
    )
    output_dollars_per_million: Dollars | None = Field(None, description="What a million tokens written cost.")

    @model_validator(mode="after")
    def _provider_is_whole(self) -> "TextSettings":
        _check_provider("TEXT", self.provider, self.model, self.api_key, self.base_url)
        if (self.input_dollars_per_million is None) != (self.output_dollars_per_million is None):
            raise ValueError(
                "set both OVERPRINT_TEXT_INPUT_DOLLARS_PER_MILLION and OVERPRINT_TEXT_OUTPUT_DOLLARS_PER_MILLION, "
                "or neither"
            )
        return self


class ImageSettings(Section):
    provider: Literal["embedded", "openai"] = Field(
        "embedded", description="Who draws. `openai` is any server that speaks its images protocol."
    )
    base_url: WebAddress | None = Field(None, description="Address of the provider; empty for the vendor's own.")
    model: Name | None = Field(None, description="Model to ask; needed unless embedded.")
    api_key: SecretStr | None = Field(None, description="Key of the provider; not needed with an own address.")

    timeout_seconds: int = Field(600, ge=10, le=840, description="Longest wait for a picture of a provider.")
    sizes: tuple[PictureSize, ...] = Field(
        ("1024x1024", "1536x1024", "1024x1536"),
        min_length=1,
        max_length=20,
        description="Sizes that the model draws, separated by commas; the one whose shape is nearest is asked for.",
    )
    quality: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,20}$")] = Field(
        "", description="The model's own word (`low`, `medium`, `high`); empty for its default."
    )
    output_format: Literal["", "png", "jpeg", "webp"] = Field(
        "", description="How the model sends its picture; empty for its default. It is kept as JPEG."
    )
    references: int = Field(
        8, ge=0, le=8, description="Portraits of characters that a picture is drawn after; 0 for models that take none."
    )
    dollars_per_picture: Dollars | None = Field(
        None, description="What a picture costs, where the price list does not know."
    )

    calls_per_second: CallsPerSecond = Field(10.0, description=_PER_SECOND)
    calls_at_once: CallsAtOnce = Field(8, description=_AT_ONCE)

    @model_validator(mode="after")
    def _provider_is_whole(self) -> "ImageSettings":
        _check_provider("IMAGE", self.provider, self.model, self.api_key, self.base_url)
        return self


class SpeechSettings(Section):
    provider: Literal["embedded", "openai", "elevenlabs"] = Field(
        "embedded", description="Who reads aloud. `openai` is any server that speaks its speech protocol."
    )
    base_url: WebAddress | None = Field(None, description="Address of the provider; empty for the vendor's own.")
    model: Name | None = Field(None, description="Model to ask; needed unless embedded.")
    api_key: SecretStr | None = Field(None, description="Key of the provider; not needed with an own address.")
    timeout_seconds: int = Field(120, ge=10, le=840, description="Longest wait for a sentence of a provider.")
    voices: tuple[VoiceName, ...] = Field(
        (),
        max_length=100,
        description="Voices of the provider, the narrator's first, separated by commas; how high one sits may follow "
        "(`onyx:low`). Empty: OpenAI's own, or those of the ElevenLabs account.",
    )
    dollars_per_million_characters: Dollars = Field(
        Decimal(0), description="What a million characters cost to speak; there is no price list."
    )
    calls_per_second: CallsPerSecond = Field(10.0, description=_PER_SECOND)
    calls_at_once: CallsAtOnce = Field(8, description=_AT_ONCE)

    @model_validator(mode="after")
    def _provider_is_whole(self) -> "SpeechSettings":
        _check_provider("SPEECH", self.provider, self.model, self.api_key, self.base_url)
        return self


class VideoSettings(Section):
    provider: Literal["embedded", "runway", "fal"] = Field(
        "embedded", description="Who sets pictures in motion. `fal` hosts models of many vendors, Pika among them."
    )
    base_url: WebAddress | None = Field(None, description="Address of the provider; empty for the vendor's own.")
    model: Name | None = Field(
        None, description="Model to ask; needed unless embedded: `gen4_turbo`, `fal-ai/pika/v2.2/image-to-video`."
    )
    api_key: SecretStr | None = Field(None, description="Key of the provider; not needed with an own address.")
    timeout_seconds: int = Field(
        1800, ge=30, le=3000, description="Longest wait for a clip; one that comes later is collected at the next try."
    )
    seconds: tuple[ClipSeconds, ...] = Field(
        (),
        max_length=30,
        description="Lengths that the model films, in seconds, separated by commas; empty for those of the vendor's "
        "usual models. The shortest that is long enough is asked for, and cut.",
    )
    resolution: Literal["", "480p", "720p", "1080p"] = Field(
        "", description="What `fal` is asked for; empty for the model's own."
    )
    dollars_per_second: Dollars | None = Field(
        None,
        description="What a second of film costs, where our list does not know it or is wrong. Films are charged by "
        "it, and a quarter more.",
    )
    calls_per_second: CallsPerSecond = Field(1.0, description=_PER_SECOND)
    calls_at_once: CallsAtOnce = Field(4, description=_AT_ONCE)

    @model_validator(mode="after")
    def _provider_is_whole(self) -> "VideoSettings":
        _check_provider("VIDEO", self.provider, self.model, self.api_key, self.base_url)
        if self.resolution and self.provider != "fal":
            raise ValueError("OVERPRINT_VIDEO_RESOLUTION is for fal; others film in the sizes that they have")
        return self


ModelSettings = TextSettings | ImageSettings | SpeechSettings | VideoSettings
