"""Experiments: what was measured, what came out, and how to repeat it."""

from pages.n4_scale.experiments.experiment_list import show_experiments
from ui.frame import open_lesson
from ui.navigation.course import way_on

open_lesson(
    "Experiments",
    lead="Each experiment asks one question and changes one thing. Most curves show the **loss** "
    "in nats (natural-log units): the mean of −ln p, where p is the probability given to the next "
    "token (a word or a piece of one). "
    "Lower is better. Your sentence plays no part here.",
)
show_experiments()
way_on("Experiments")
