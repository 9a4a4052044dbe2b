"""Things to hold and to stand beside: one file a thing, listed here."""

from overprint.core.scene import PropKind
from overprint.craft.drawing.props import (
    apple,
    ball,
    balloon,
    basket,
    boat,
    book,
    cake,
    campfire,
    door,
    flower,
    key,
    kite,
    lantern,
    letter,
    map,
    star,
    teddy,
    telescope,
    umbrella,
    wand,
)  # fmt: skip
from overprint.craft.drawing.props.art import PropArt

PROPS: dict[PropKind, PropArt] = {
    PropKind.LANTERN: lantern.ART,
    PropKind.BALLOON: balloon.ART,
    PropKind.BOOK: book.ART,
    PropKind.BOAT: boat.ART,
    PropKind.KITE: kite.ART,
    PropKind.UMBRELLA: umbrella.ART,
    PropKind.STAR: star.ART,
    PropKind.KEY: key.ART,
    PropKind.MAP: map.ART,
    PropKind.FLOWER: flower.ART,
    PropKind.BASKET: basket.ART,
    PropKind.LETTER: letter.ART,
    PropKind.CAMPFIRE: campfire.ART,
    PropKind.DOOR: door.ART,
    PropKind.BALL: ball.ART,
    PropKind.CAKE: cake.ART,
    PropKind.APPLE: apple.ART,
    PropKind.WAND: wand.ART,
    PropKind.TEDDY: teddy.ART,
    PropKind.TELESCOPE: telescope.ART,
}

__all__ = ["PROPS", "PropArt"]
