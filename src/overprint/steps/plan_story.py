"""Planning: what is asked for in, a plan that has just that out."""

from dataclasses import dataclass

from overprint.core.story import Brief, Plan, PlanTask
from overprint.core.story_checks import check_plan
from overprint.engine.context import StepContext
from overprint.steps.write_text import write_text


@dataclass(frozen=True, slots=True)
class PlanIn:
    brief: Brief


async def plan_story(context: StepContext, need: PlanIn) -> Plan:
    """The writer's plan; nobody answers one with other chapters or pages than were asked for."""
    return await write_text(context, PlanTask(need.brief), Plan, lambda made: check_plan(made, need.brief))
