"""Signing: a stored file in, the same with Content Credentials in it out. The last that is done to a file.

What was made stays as it is: it comes out the same at every rebuild, and ``overprint verify`` makes it again. The
signed file is another one beside it, and is what a person is given. A signature is random, so it is made once: as a
step of its own it is kept like any other, under a recipe of the file, what is said of it and the certificate. A worker
that is killed before its step is delivered leaves bytes that nothing names, which a sweep removes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypedDict

from overprint.core.credentials import UNSIGNED, Source, Statement
from overprint.core.files import MENTIONS, FileKind, StoredFile
from overprint.engine.asking import EMBEDDED
from overprint.engine.context import StepContext
from overprint.ports.credentials import FILE_TYPES, MEDIA_TYPES
from overprint.ports.provider import Provider

FOLDER = "signed"
_JOINT = " and "


@dataclass(frozen=True, slots=True)
class SignOut:
    """``file`` is the signed one of what has the SHA-256 ``of``; None where nothing is signed."""

    of: str
    file: StoredFile | None


@dataclass(frozen=True, slots=True)
class SignIn:
    """``step`` made the file, if there is one, with the providers of the ports ``made_by``: none where that is not
    known. ``parts``: pictures in it, signed before. ``is_brought``: a person brought something that is in it, of which
    nobody here knows who made it."""

    step: str
    file: StoredFile | None
    title: str
    author: str
    made_by: tuple[str, ...]
    parts: Mapping[str, SignOut] = field(default_factory=dict, metadata=MENTIONS)
    is_brought: bool = False


async def sign_file(context: StepContext, need: SignIn) -> SignOut:
    """The body of a step that signs."""
    file, signer = need.file, context.ports.credentials
    if file is None:
        return SignOut("", None)
    if signer is None or file.media_type not in MEDIA_TYPES:
        return SignOut(file.content_hash, None)
    statement = _statement(context, need, await context.recipe_of(need.step))
    about: _About = {
        "media_type": file.media_type,
        "kind": file.kind,
        "name": file.name,
        "folder": FOLDER,
        "width_px": file.width_px,
        "height_px": file.height_px,
        "duration_seconds": file.duration_seconds,
    }
    if file.media_type in FILE_TYPES:
        async with context.scratch() as place:
            await context.lend(file.key, place / UNSIGNED)
            made = await signer.sign_file(place, file.media_type, statement)
            signed = await context.save_file(made, **about)
    else:
        parts = {part.of: await context.read(part.file.key) for part in need.parts.values() if part.file}
        data = await signer.sign(await context.read(file.key), file.media_type, statement, parts)
        signed = await context.save(data, **about)
    return SignOut(file.content_hash, replace(signed, thumbnail_key=file.thumbnail_key))


class _About(TypedDict):
    media_type: str
    kind: FileKind
    name: str
    folder: str
    width_px: int | None
    height_px: int | None
    duration_seconds: float | None


def _statement(context: StepContext, need: SignIn, recipe: str) -> Statement:
    known = context.ports.providers()
    makers = [known[port] for port in need.made_by]
    return Statement(
        title=need.title,
        source=source_of(makers, is_brought=need.is_brought),
        recipe=recipe,
        provider=_JOINT.join(dict.fromkeys(maker.name for maker in makers)),
        model=_JOINT.join(dict.fromkeys(maker.model for maker in makers)),
        author=need.author,
    )


def source_of(makers: list[Provider], *, is_brought: bool = False) -> Source:
    """What is embedded works by rules; everybody else is taken for a trained model."""
    hosted = [maker for maker in makers if maker.name != EMBEDDED]
    if hosted:
        return Source.MODEL if len(makers) == 1 and not is_brought else Source.MIXED
    return Source.PROCEDURE if makers and not is_brought else Source.UNKNOWN
