"""Experiments: what was measured, what came out, and how to repeat it."""

from pages.n2_scale.experiments.experiment_list import PARAMETER, show_experiments
from ui.frame import address_field, open_lesson, way_on

open_lesson(
    "What do small models show when they are measured?",
    step="Experiments",
    minutes=5,
    lead="Each experiment here asks one question, changes one thing and holds the rest equal. It "
    "was run and recorded: numbers, settings and the command that repeats it are in one file. "
    "Choose one to see its curves. Your sentence plays no part here.",
)
address_field(PARAMETER)
show_experiments()
way_on("Experiments")
