"""What a premise leaves out because other words of it say it: ``… are not afraid, but their sister is``.

Each rule puts one such way of speaking in full, so that whatever reads the premise afterwards need not know it.
"""

import re

from overprint.craft.writing.language import base_of, past, plural, third_person
from overprint.craft.writing.vocabulary import lexicon

_W = r"[^\W\d_][\w’-]*"
_ONE = (
    rf"(?:(?i:an?|the|my|our|his|her|their|its|one)(?: {_W}){{1,4}}?(?: (?:called|named) [^\W\d_][\w’-]*)?"
    rf"|(?:(?:old|young|little|big|poor) )?(?-i:[A-Z])[\w’-]*(?: (?:the|and) {_W}| (?-i:[A-Z])[\w’-]*)?)"
)
_BUT = rf"(?P<but>,? (?:but|although|though|while|whereas) |, )(?P<who>{_ONE})"
_END = r"(?=[.,!?;]|$)"
_LINK = r"(?:is|are|was|were)"
_EXCEPT = rf",? (?:except|apart from|besides|but) (?:for )?(?P<who>{_ONE}){_END}"
_NOBODY = r"^(?:nobody|no one|none)(?P<where> (?:in|on|at|of) [^,.;]+?)?"
# "a witch" is told of by who reads it; of a quality nobody is "one too".
_IS_NOT = re.compile(
    rf"\b(?:{_LINK} not|{_LINK}n’t) (?P<what>(?!an? |the |only |just )[^,.;!?]+?){_BUT} (?P<link>{_LINK}){_END}",
    re.IGNORECASE,
)
_IS = re.compile(
    rf"\b{_LINK} (?P<what>(?!not |an? |the )[^,.;!?]+?){_BUT} (?P<link>{_LINK})(?: not|n’t){_END}", re.IGNORECASE
)
_CANNOT = re.compile(rf"\b(?:cannot|can’t|can not) (?P<what>{_W}[^,.;!?]*?){_BUT} can{_END}", re.IGNORECASE)
_CAN = re.compile(rf"\bcan (?P<what>(?!not ){_W}[^,.;!?]*?){_BUT} (?:cannot|can’t|can not){_END}", re.IGNORECASE)
_DOES_NOT = re.compile(
    rf"\b(?:does|do)(?: not|n’t) (?P<verb>{_W})(?P<what>[^,.;!?]*?){_BUT} (?P<link>does|do){_END}", re.IGNORECASE
)
_DOES = re.compile(
    rf"\b(?P<verb>{_W}) (?P<what>[^,.;!?]+?){_BUT} (?P<link>does|do)(?: not|n’t){_END}",
    re.IGNORECASE,
)
_EVERYBODY = r"^(?P<all>(?:everybody|everyone)(?: (?:in|on|at|of) [^,.;]+?)?)"
_ALL_BUT_ONE = re.compile(rf"{_EVERYBODY} can (?P<what>[^,.;]+?){_EXCEPT}", re.IGNORECASE)
_HAD_BY_OTHERS = re.compile(rf"{_EVERYBODY} has (?P<what>an? [^,.;]+?){_EXCEPT}", re.IGNORECASE)
# "a knight with no horse and a horse with no knight"
_EACH_WITHOUT = re.compile(
    rf"^(?P<one>an? (?:{_W} )?(?P<kind>{_W})) (?:with no|without an?) (?P<lack>{_W}),? and "
    rf"(?P<other>an? (?:{_W} )?(?P=lack)) (?:with no|without an?) (?P=kind){_END}",
    re.IGNORECASE,
)
_KNOWN_TO_ONE = re.compile(
    rf"{_NOBODY} (?P<verb>remembers|knows) how to (?P<what>[^,.;]+?)(?: any ?more)?{_EXCEPT}", re.IGNORECASE
)
_AND_NOW = re.compile(r"^(?P<before>[^,.;]+),? and now (?:he|she|it|they) (?P<now>[^.;!?]+)", re.IGNORECASE)
_AND_I = re.compile(rf"^(?:my|our) (?P<before>[^.;,]+?),? and (?:I|we) (?P<mine>{_W})(?= |$)", re.IGNORECASE)
_FOUND_FOR_A_THING = re.compile(
    rf"^(?P<owner>(?:the|an?|my|our) (?P<noun>(?:{_W} )??{_W})) (?:has lost|have lost|lost|loses) "
    rf"(?P<its>her|his|its|their) (?P<thing>(?:{_W} )?{_W}),? (?:and|but|so|until) (?P<who>{_ONE}) "
    rf"(?P<verb>{_W}s) (?:it|them)\b",
    re.IGNORECASE,
)
_HAS_MORE = re.compile(
    r"\b(?:without|with no)(?: an?| any)? (?P<thing>[^\W\d_]+) [^.;!?]*?"
    rf"\b(?:has|have) (?:two|three|four|too many|many|seven|a hundred)(?P<end>){_END}",
    re.IGNORECASE,
)


def in_full(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` with nothing left out, and clauses of it that are so before the story begins."""
    for pattern, put in _RULES:
        text = pattern.sub(put, text, count=1)
    return _with_what_came_before(text)


def _link_and_what(found: re.Match[str], said: str) -> str:
    """The whole again, with ``said`` in place of the verb that stood for it."""
    first, is_listed = found.string[found.start() : found.start("but")], found["but"] == ", "
    return f"{first}, {found['who']} {said}" if is_listed else f"{first}. {_raised(found['who'])} {said}"


def _does_so(found: re.Match[str]) -> str:
    """``doesn’t like rain, but Otto does`` → ``…, but Otto likes rain``."""
    base = base_of(found["verb"].lower())
    if base is None:
        return found[0]
    return _link_and_what(found, f"{third_person(base) if found['link'].lower() == 'does' else base}{found['what']}")


def _does_not(found: re.Match[str]) -> str:
    """``loves rain, but Otto does not`` → ``…, but Otto does not love rain``."""
    base = base_of(found["verb"].lower())
    return found[0] if base is None else _link_and_what(found, f"{found['link']} not {base} {found['what']}")


def _cannot_alone(found: re.Match[str]) -> str:
    return f"{_raised(found['who'])} cannot {found['what']}, though everybody else can"


def _teaches(found: re.Match[str]) -> str:
    """Who alone knows how to do something has the others to teach."""
    who, where, what = found["who"], found["where"] or "", found["what"]
    known = f"Nobody{where} {found['verb']} how to {what} except {_in_short(who)}"
    return f"{_raised(who)} wants to teach everybody{where} how to {what}. {known}"


def _has_none(found: re.Match[str]) -> str:
    who = found["who"]
    return f"{_raised(who)} wants {found['what']}. {found['all']} has {found['what']} except {_in_short(who)}"


def _look_for_each_other(found: re.Match[str]) -> str:
    return f"{found['one']} and {found['other']} want to find each other"


def _with_more(found: re.Match[str]) -> str:
    return f"{found[0]} {plural(found['thing'].lower())}"


_RULES = (
    (_IS_NOT, lambda found: _link_and_what(found, f"{found['link']} {found['what']}")),
    (_IS, lambda found: _link_and_what(found, f"{found['link']} not {found['what']}")),
    (_CANNOT, lambda found: _link_and_what(found, f"can {found['what']}")),
    (_CAN, lambda found: _link_and_what(found, f"cannot {found['what']}")),
    (_DOES_NOT, _does_so),
    (_DOES, _does_not),
    (_ALL_BUT_ONE, _cannot_alone),
    (_HAD_BY_OTHERS, _has_none),
    (_KNOWN_TO_ONE, _teaches),
    (_EACH_WITHOUT, _look_for_each_other),
    (_HAS_MORE, _with_more),
)


def _with_what_came_before(text: str) -> tuple[str, tuple[str, ...]]:
    """What led to the story stands before it, and what is so now is the story."""
    now = _AND_NOW.match(text)
    if now and (who := _who_did(now["before"])):
        before = f"{_in_short(who)}{now['before'].removeprefix(who)}"
        return f"{who} {now['now']}{text[now.end() :]}", (before,)
    mine = _AND_I.match(text)
    if mine and _who_did(mine["before"]) and _is_past(mine["mine"]):
        deed = third_person(base_of(mine["mine"]) or mine["mine"])
        return f"A child {deed}{text[mine.end() :]}", (f"the {mine['before']}",)
    lost = _FOUND_FOR_A_THING.match(text)
    if lost and lost["noun"].lower() not in lexicon().beings.keys() | lexicon().kin and base_of(lost["verb"]):
        owner = re.sub(r"^\w+", "the", lost["owner"])
        rest = text[lost.end() :]
        verb = "find" if rest.startswith(" back") else base_of(lost["verb"])  # what nobody had taken is not given back
        deed = f"{verb} {owner}’s {lost['thing']}{rest.removeprefix(' back')}"
        told = f"{_raised(lost['who'])} wants to {deed}"
        return told, (f"{owner} has lost {lost['its']} {lost['thing']}",)
    return text, ()


def _who_did(clause: str) -> str:
    """Whoever stands before the first verb of ``clause``, if it tells of something past; else nothing."""
    words = clause.split()
    return next((" ".join(words[:n]) for n, word in enumerate(words) if n and _is_past(word)), "")


def _is_past(word: str) -> bool:
    base = base_of(word.lower())
    return base is not None and word.lower() == past(base) != base


def _in_short(who: str) -> str:
    """``a goat called Biscuit``, ``our goat Biscuit`` → ``Biscuit``; ``a very old goat`` → ``the very old goat``."""
    called = re.search(r" ([A-Z][\w’-]*)$", who)
    return called[1] if called else re.sub(r"^(?:an?|my|our|one) ", "the ", who, flags=re.IGNORECASE)


def _raised(who: str) -> str:
    return f"{who[0].upper()}{who[1:]}"
