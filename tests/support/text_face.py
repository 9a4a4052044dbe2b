"""Rewrites the rules of EB Garamond so that they are asked quickly, after the font was cut down (``fonts/FONTS.md``).

``python -m tests.support.text_face`` does it in place; done again it changes nothing. All words come out in the same
glyphs at the same places; only an f with a mark no longer joins what a zero-width non-joiner parts it from. Two things
were asked about nearly every letter of a novel:

- whether it stands behind an f: letters such as t and i went through two dozen rules to learn that they do not. Now
  the f asks what follows, and changes both.
- how near it comes to the next letter: up to four tables, three of them of classes, have become one of pairs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.otlLib.builder import buildCoverage, buildPairPosGlyphsSubtable
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

from overprint.craft.typesetting.fontfile import FONTS, TEXT_FILE

Places = tuple[frozenset[str], ...]  # which glyphs may stand at each


@dataclass(frozen=True, slots=True)
class Rule:
    """What stands before, the nearest first; what is looked at; what follows; and what of that is changed by which
    lookup."""

    before: Places
    looked_at: Places
    after: Places
    changes: tuple[tuple[int, int], ...]


def quicken(path: Path) -> None:
    """The font file at ``path``, in place."""
    font = TTFont(path, recalcTimestamp=False)
    lookups = font["GSUB"].table.LookupList.Lookup
    for lookup in lookups:
        rules = list(_rules(lookup))
        joined = _joined(rules, lookups)
        if joined != rules:
            _keep(lookup, [_table(rule, font) for rule in joined])
    for lookup in font["GPOS"].table.LookupList.Lookup:
        if len(lookup.SubTable) > 1 and all(isinstance(table, otTables.PairPos) for table in lookup.SubTable):
            _keep(lookup, [_of_pairs(lookup.SubTable, font)])
    font.save(path)


def _rules(lookup: Any) -> Iterator[Rule]:
    """Of a lookup whose rules look round; none of others."""
    for table in lookup.SubTable if lookup.LookupType == 6 else ():
        if table.Format == 3:
            sides = (table.BacktrackCoverage, table.InputCoverage, table.LookAheadCoverage)
            yield _rule(table, [[each.glyphs for each in side] for side in sides])
        else:
            assert table.Format == 1, "classes would have to be read here"
            for glyph, rules in zip(table.Coverage.glyphs, table.ChainSubRuleSet, strict=True):
                for rule in rules.ChainSubRule:
                    sides = (rule.Backtrack, [glyph, *rule.Input], rule.LookAhead)
                    yield _rule(rule, [[[each] for each in side] for side in sides])


def _rule(told: Any, sides: Sequence[Sequence[Sequence[str]]]) -> Rule:
    before, looked_at, after = (tuple(map(frozenset, side)) for side in sides)
    changes = tuple((each.SequenceIndex, each.LookupListIndex) for each in told.SubstLookupRecord)
    return Rule(before, looked_at, after, changes)


def _joined(rules: Sequence[Rule], lookups: Sequence[Any]) -> list[Rule]:
    """``rules``, in which a letter that changes behind another is changed by the rule of that other."""
    behind = [rule for rule in rules if rule.before and not rule.after and len(rule.changes) == 1]
    joined = {
        rule: _with_what_follows(rule, behind, lookups) for rule in rules if rule.after and len(rule.changes) == 1
    }
    done = {other for other in behind if any(two.changes[1:] == _last(other) for two in joined.values())}
    if not done:
        return list(rules)
    first = frozenset[str]().union(*(rule.looked_at[0] for rule in joined))
    made: list[Rule] = []
    for rule in rules:
        if rule in behind and rule.before[-1] <= first:
            made.append(Rule((), (*reversed(rule.before), *rule.looked_at), (), _last(rule)))
        elif rule not in done:
            made.append(joined.get(rule, rule))
    # What only kept letters from looking back has nothing to do any more.
    changing = frozenset[str]().union(*(rule.looked_at[0] for rule in made if rule.changes))
    return [rule for rule in made if rule.looked_at[0] & changing]


def _with_what_follows(rule: Rule, behind: Sequence[Rule], lookups: Sequence[Any]) -> Rule:
    """``rule``, with the change of the letter behind what it makes, where there is one of those ``behind``."""
    mapping = lookups[rule.changes[0][1]].SubTable[0].mapping
    makes = {mapping[glyph] for glyph in rule.looked_at[0]}
    for other in behind:
        between = tuple(reversed(other.before[:-1]))
        last = len(between)
        fits = makes <= other.before[-1] and rule.after[:last] == between
        if fits and len(rule.after) > last and rule.after[last] <= other.looked_at[0]:
            looked_at, after = (*rule.looked_at, *rule.after[: last + 1]), rule.after[last + 1 :]
            return Rule(rule.before, looked_at, after, rule.changes + _last(other))
    return rule


def _last(behind: Rule) -> tuple[tuple[int, int], ...]:
    """Its change, counted from the farthest of what stands before it."""
    return ((len(behind.before), behind.changes[0][1]),)


def _table(rule: Rule, font: TTFont) -> Any:
    table, ids = otTables.ChainContextSubst(), font.getReverseGlyphMap()
    table.Format = 3
    for name in ("Backtrack", "Input", "LookAhead"):
        places = {"Backtrack": rule.before, "Input": rule.looked_at, "LookAhead": rule.after}[name]
        setattr(table, f"{name}Coverage", [buildCoverage(glyphs, ids) for glyphs in places])
        setattr(table, f"{name}GlyphCount", len(places))
    table.SubstLookupRecord = []
    for place, lookup in rule.changes:
        record = otTables.SubstLookupRecord()
        record.SequenceIndex, record.LookupListIndex = place, lookup
        table.SubstLookupRecord.append(record)
    table.SubstCount = len(rule.changes)
    return table


def _of_pairs(tables: Sequence[Any], font: TTFont) -> Any:
    """One table of pairs that says what ``tables`` say, of which the first counts that knows the pair."""
    pairs: dict[tuple[str, str], Any] = {}
    for table in tables:
        for first, second, value in _values(table, font):
            pairs.setdefault((first, second), value)
    told = {pair: (value, None) for pair, value in pairs.items() if value is not None and value.XAdvance}
    return buildPairPosGlyphsSubtable(told, font.getReverseGlyphMap())


def _values(table: Any, font: TTFont) -> Iterator[tuple[str, str, Any]]:
    assert (table.ValueFormat1, table.ValueFormat2) == (4, 0), "more than the first advance would have to be kept"
    for place, first in enumerate(table.Coverage.glyphs):
        if table.Format == 1:
            for record in table.PairSet[place].PairValueRecord:
                yield first, record.SecondGlyph, record.Value1
        else:
            row = table.Class1Record[table.ClassDef1.classDefs.get(first, 0)].Class2Record
            for second in font.getGlyphOrder():
                yield first, second, row[table.ClassDef2.classDefs.get(second, 0)].Value1


def _keep(lookup: Any, tables: list[Any]) -> None:
    lookup.SubTable, lookup.SubTableCount = tables, len(tables)


if __name__ == "__main__":
    quicken(FONTS / TEXT_FILE)
