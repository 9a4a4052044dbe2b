"""Where sentences begin and end, with quotation marks, abbreviations, initials and dialogue in mind.

Wrong ends are heard: a pause in the middle of ``Mr. Brown``, or ``said Mira`` alone on the highlighter. In doubt two
sentences stay one.
"""

import re

SENTENCE_MAX_CHARACTERS = 400
# How far around a mark is looked: enough for any tag or abbreviation, and the work stays linear in the text.
_AHEAD_CHARACTERS, _BEHIND_CHARACTERS = 160, 24

_OPENERS = "\"'“‘„‚«»‹›([{「『¿¡—–-"
_CLOSERS = "\"'”’“‘»«›‹)]}」』"
_END = re.compile(rf"[.!?…。！？؟۔।]+[{re.escape(_CLOSERS)}]*")
_WIDE = frozenset("。！？")
_QUOTES = frozenset("\"'”’“‘»«›‹」』")
_ABBREVIATIONS = {
    "en": "mr mrs ms mx dr prof st mt capt lt sgt col gen rev hon sr jr vs etc no vol fig approx dept est e.g i.e p pp",
    "de": "hr fr dr prof st nr bzw usw usf ca evtl ggf z.b d.h u.a s bd abb geb vgl inkl mio mrd",
    "fr": "m mm mme mlle dr pr st ste etc p pp env av apr cf n",
    "es": "sr sra srta dr dra d dª ud uds etc p pp pág núm av avda ee.uu",
    "it": "sig sigg sig.ra dott prof ecc pag pagg n",
    "pt": "sr sra dr dra prof etc pág n av",
    "nl": "dhr mevr dr prof st nr bijv enz o.a d.w.z ca",
}
_DATED = frozenset({"de", "da", "nb", "nn", "no", "cs", "sk", "fi", "hu", "pl"})  # "3. Mai": an ordinal, no end
_SPEECH_VERBS = (
    "said says asked asks cried cries called calls whispered whispers shouted shouts answered answers replied replies "
    "murmured muttered laughed sighed sang sings squeaked growled rumbled roared yelled exclaimed explained added "
    "agreed began continued repeated told wondered thought breathed gasped panted chirped hooted barked purred "
    "giggled grumbled insisted promised declared announced begged pleaded suggested admitted echoed snapped hissed "
    "sagte sagt fragte fragt rief ruft flüsterte flüstert antwortete antwortet meinte murmelte lachte seufzte brummte "
    "schrie erwiderte wisperte "
    "dit demanda demande cria crie répondit répond murmura murmure chuchota s’écria s'écria ajouta souffla "
    "dijo dice preguntó pregunta gritó grita susurró respondió responde exclamó murmuró añadió contestó"
)
SPEECH_VERB = rf"(?:{'|'.join(sorted(map(re.escape, _SPEECH_VERBS.split()), key=len, reverse=True))})(?!\w)"
_TAG = re.compile(rf"\s+(?:[^\W\d_][\w’'-]*\s+){{0,4}}{SPEECH_VERB}")
_SOFT_BREAKS = (re.compile(r"[;:,،、，；]\s*|\s[–—]\s"), re.compile(r"\s+"))


def sentences(text: str, language: str = "en") -> tuple[tuple[int, int], ...]:
    """Where each sentence begins and ends (the end not included), in order; white space between them belongs to none.

    What has no letter or digit (``* * *``) joins the sentence before it, or the one after it at the start.
    """
    short = frozenset(_ABBREVIATIONS.get(language.partition("-")[0].lower(), _ABBREVIATIONS["en"]).split())
    ends = [m.end() for m in _END.finditer(text) if _is_end(text, m, short, language.partition("-")[0].lower())]
    spans: list[tuple[int, int]] = []
    begin = 0
    for end in [*ends, len(text)]:
        spans += _trimmed(text, begin, end)
        begin = end
    return tuple(part for span in _joined(text, spans) for part in _cut(text, *span))


def _is_end(text: str, mark: re.Match[str], short: frozenset[str], language: str) -> bool:
    rest = text[mark.end() : mark.end() + _AHEAD_CHARACTERS]
    if not rest:
        return True
    signs = mark.group()
    if signs[0] in _WIDE:
        return True
    if not rest[0].isspace():
        return False
    following = rest.lstrip().lstrip(_OPENERS + " ")
    if following[:1].islower():
        return False
    if signs == "." and _is_short(text[max(0, mark.start() - _BEHIND_CHARACTERS) : mark.start()], short, language):
        return False
    return not (signs[-1] in _QUOTES and _TAG.match(rest))


def _is_short(before: str, short: frozenset[str], language: str) -> bool:
    """Whether the full stop after ``before`` belongs to an abbreviation, an initial or an ordinal."""
    word = re.split(rf"[\s{re.escape(_OPENERS)}]", before)[-1]
    if word.lower() in short:
        return True
    if len(word) == 1 and word.isalpha() and word != "I":
        return True
    return language in _DATED and word.isdigit() and len(word) <= 2


def _trimmed(text: str, first: int, last: int) -> list[tuple[int, int]]:
    part = text[first:last]
    stripped = part.strip()
    if not stripped:
        return []
    begin = first + len(part) - len(part.lstrip())
    return [(begin, begin + len(stripped))]


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Every span with something to say; what has nothing joins a neighbour."""
    kept: list[tuple[int, int]] = []
    waiting: int | None = None
    for first, last in spans:
        if any(letter.isalnum() for letter in text[first:last]):
            kept.append((first if waiting is None else waiting, last))
            waiting = None
        elif kept:
            kept[-1] = (kept[-1][0], last)
        elif waiting is None:
            waiting = first
    return kept


def _cut(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """A sentence without end, cut at its last softer break before the limit."""
    parts: list[tuple[int, int]] = []
    while last - first > SENTENCE_MAX_CHARACTERS:
        window = text[first : first + SENTENCE_MAX_CHARACTERS]
        late = [[m.end() for m in kind.finditer(window, len(window) // 2)] for kind in _SOFT_BREAKS]
        at = first + next((breaks[-1] for breaks in late if breaks), SENTENCE_MAX_CHARACTERS)
        parts += _trimmed(text, first, at)
        first = at
    return _joined(text, [*parts, *_trimmed(text, first, last)])
