"""Says what each page shows: the beat gives place and light, the page's own words give people, poses and things."""

import hashlib

from overprint.core.scene import (
    Actor,
    Area,
    Camera,
    Constraint,
    Depth,
    Expression,
    Mood,
    Place,
    Pose,
    Prop,
    PropKind,
    Relation,
    RelationKind,
    Scene,
    Shot,
)
from overprint.core.story import Beat, ChapterScenes, CharacterRole, PageText, ScenesTask
from overprint.craft.writing.captions import caption
from overprint.craft.writing.page_reading import PageReading, Part, read_page
from overprint.craft.writing.slots import named_with_kind

_ACTORS_MAX = 6
_SHOTS = (Shot.WIDE, Shot.MEDIUM, Shot.CLOSE, Shot.MEDIUM)
_ROW = (Place.LEFT, Place.CENTRE, Place.RIGHT)
_PLACES = {1: (Place.CENTRE,), 2: (Place.LEFT, Place.RIGHT)} | {n: (*_ROW, *_ROW)[:n] for n in range(3, 7)}
_MOODS = {
    Mood.JOYFUL: Expression.HAPPY,
    Mood.TENSE: Expression.WORRIED,
    Mood.SAD: Expression.SAD,
    Mood.WONDER: Expression.SURPRISED,
    Mood.COSY: Expression.HAPPY,
    Mood.CALM: Expression.CALM,
}


def scenes(task: ScenesTask, seed: int) -> ChapterScenes:
    """One scene for each page of the chapter; the same task and seed give the same scenes."""
    chapter = task.outline.chapters[task.index]
    first = sum(len(earlier.beats) for earlier in task.outline.chapters[: task.index])
    shift = int(hashlib.sha256(f"{task.outline.title}|{seed}".encode()).hexdigest(), 16) % len(_SHOTS)
    return ChapterScenes(
        tuple(
            _scene(task, beat, page, first + n + shift)
            for n, (beat, page) in enumerate(zip(chapter.beats, task.text.pages, strict=False))
        )
    )


def _scene(task: ScenesTask, beat: Beat, page: PageText, number: int) -> Scene:
    everybody = task.outline.characters
    nearby = tuple(c for c in everybody if c.id in beat.cast)
    pair = tuple(c for c in nearby if c.role in (CharacterRole.HERO, CharacterRole.COMPANION))
    reading = read_page(page.paragraphs, everybody, nearby, pair)
    if not reading.parts:
        reading.parts = [Part(c) for c in everybody if c.id in beat.cast] or [Part(everybody[0])]
    reading.parts = reading.parts[:_ACTORS_MAX]
    forbidden = {c.subject for c in task.outline.constraints if c.kind.value == "forbid" and c.of is None}
    actors = _actors(reading, beat, number, forbidden)
    props = _props(reading, actors, beat, forbidden)
    return Scene(
        setting=beat.setting,
        place=beat.place,
        caption=caption([named_with_kind(part.character) for part in reading.parts], actors, beat),
        time=beat.time,
        weather=beat.weather,
        season=task.outline.season,
        mood=beat.mood,
        camera=_camera(number, len(actors)),
        actors=actors,
        props=props,
        relations=_relations(reading, actors, props),
        constraints=_constraints(task.outline.constraints, actors),
    )


def _camera(number: int, people: int) -> Camera:
    """Room for words is above on every other page and below on those between. Close-ups, whose feet are outside the
    frame, are among the pages where it is above."""
    return Camera(_shot(number, people), Area.BOTTOM if number % 2 else Area.TOP)


def _shot(number: int, people: int) -> Shot:
    """Neighbours always differ: every other page is medium, those between are wide or close."""
    shot = _SHOTS[number % len(_SHOTS)]
    return Shot.WIDE if shot is Shot.CLOSE and people > 2 else shot


def _actors(reading: PageReading, beat: Beat, number: int, forbidden: set[str]) -> tuple[Actor, ...]:
    places = _PLACES[len(reading.parts)]
    if len(reading.parts) == 1:
        places = ((Place.CENTRE, Place.LEFT, Place.RIGHT)[number % 3],)
    elif number % 4 == 3:
        places = tuple(reversed(places))
    riders = {subject for subject, kind, _ in reading.relations if kind is RelationKind.IN}
    actors = []
    for n, part in enumerate(reading.parts):
        holding = part.holding if part.holding is not None and part.holding.value not in forbidden else None
        pose = part.pose or (Pose.HOLD if holding else _default_pose(beat, n))
        if part.character.id in riders and pose in (Pose.WALK, Pose.STAND, Pose.HOLD):
            pose = Pose.SIT
        if holding and pose is Pose.STAND:
            pose = Pose.HOLD
        if holding is None and pose is Pose.HOLD:
            pose = Pose.STAND
        depth = Depth.MIDDLE if n >= 3 else Depth.NEAR
        actors.append(Actor(part.character.id, pose, part.expression or _MOODS[beat.mood], places[n], depth, holding))
    return tuple(actors)


def _default_pose(beat: Beat, n: int) -> Pose:
    if "road" in beat.purpose or "setting off" in beat.purpose:
        return Pose.WALK
    if beat.mood is Mood.JOYFUL:
        return (Pose.CHEER, Pose.WAVE)[n % 2] if "resolution" in beat.purpose else (Pose.STAND, Pose.WAVE)[n % 2]
    return Pose.STAND


def _props(reading: PageReading, actors: tuple[Actor, ...], beat: Beat, forbidden: set[str]) -> tuple[Prop, ...]:
    held = {actor.holding for actor in actors}
    wanted: list[PropKind] = [
        kind for kind in (*reading.props, *beat.props) if kind not in held and kind.value not in forbidden
    ]
    kinds = list(dict.fromkeys(wanted))[:3]
    free = [
        place for place in (Place.RIGHT, Place.LEFT, Place.CENTRE) if place not in {actor.place for actor in actors}
    ] or [Place.CENTRE]
    return tuple(Prop(kind, free[n % len(free)]) for n, kind in enumerate(kinds))


def _relations(reading: PageReading, actors: tuple[Actor, ...], props: tuple[Prop, ...]) -> tuple[Relation, ...]:
    known = (
        {actor.who for actor in actors}
        | {prop.kind.value for prop in props}
        | {a.holding.value for a in actors if a.holding}
    )
    found = [Relation(a.who, RelationKind.HOLDING, a.holding.value) for a in actors if a.holding]
    found += [
        Relation(subject, kind, thing)
        for subject, kind, thing in reading.relations
        if subject in known and thing in known
    ]
    if len(actors) == 2 and not any(r.object == actors[1].who or r.object == actors[0].who for r in found):
        found.append(Relation(actors[0].who, RelationKind.BESIDE, actors[1].who))
    return tuple(dict.fromkeys(found))[:12]


def _constraints(constraints: tuple[Constraint, ...], actors: tuple[Actor, ...]) -> tuple[Constraint, ...]:
    present = {actor.who for actor in actors}
    return tuple(c for c in constraints if c.of is None or c.of in present)
