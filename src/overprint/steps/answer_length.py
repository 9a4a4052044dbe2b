"""How long an answer is: in words, as readers of an age like it, and in tokens, as models count."""

from overprint.core.story import Age, ChapterTask, PlanTask, StoryTask

WORDS_A_PAGE: dict[Age, tuple[int, int]] = {
    Age.EARLY: (20, 40),
    Age.YOUNG: (40, 80),
    Age.MIDDLE: (90, 150),
    Age.ALL: (50, 90),
}

# English prose takes 1.3 to 1.5 tokens a word; JSON around it a few for each string. Models write longer than asked,
# and only what is written is paid, so the room is ample: about twice what a good answer takes.
_TOKENS_A_WORD = 1.5
_SLACK = 2
_PLAN_TOKENS, _CHARACTER_TOKENS, _BEAT_TOKENS = 1_000, 500, 250
_CHARACTERS_USUAL = 4
_PAGE_TOKENS, _SCENE_TOKENS = 80, 600


def answer_tokens(task: StoryTask) -> int:
    """Ample room for the answer to ``task``, in tokens."""
    if isinstance(task, PlanTask):
        wanted = _PLAN_TOKENS + _CHARACTERS_USUAL * _CHARACTER_TOKENS + task.brief.pages * _BEAT_TOKENS
    elif isinstance(task, ChapterTask):
        words = WORDS_A_PAGE[task.age][1]
        pages = len(task.outline.chapters[task.index].beats)
        wanted = pages * (round(words * _TOKENS_A_WORD) + _PAGE_TOKENS)
    else:
        wanted = len(task.text.pages) * _SCENE_TOKENS
    return _SLACK * wanted
