"""The page of contents names every page; the short way leads through the essentials."""

from pages.n5_reference.contents.syllabus import PARTS
from tests.lessons.test_lessons import GLANCE, said, set_in, visit
from ui.navigation.course import ESSENTIALS

PAGES = [lesson for part in PARTS.values() for lesson in part]
STOPS = [lesson for lesson in PAGES if lesson.task]
CONTENTS = "pages/n5_reference/contents/contents.py"
STATE = {"text": "Hello you", "model": "fable-modern", "path": ESSENTIALS}


def links(app) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def test_every_page_is_listed_with_its_question_and_minutes(folders):
    app = visit(CONTENTS)
    assert not app.exception
    for lesson in PAGES:
        assert lesson.question
        if lesson.title != "Contents":
            assert f"**{lesson.title}**" in links(app)
            assert lesson.question in said(app)
        if lesson.minutes:
            assert f"{lesson.minutes} minutes" in said(app)
    assert f"Essentials in {2 * len(STOPS)} minutes" in said(app)


def test_a_task_is_short():
    assert len(STOPS) == 10
    assert all(len(lesson.task.split()) <= 25 for lesson in STOPS)


def test_the_short_way_leads_from_page_to_page_with_all_that_was_chosen(folders):
    app = visit(GLANCE, **STATE)
    for i, lesson in enumerate(STOPS):
        assert not app.exception
        assert f"**Essentials, {i + 1} of {len(STOPS)}**" in said(app)
        assert lesson.task in said(app)
        assert {"text": app.text_input(key="text").value, **set_in(app)} == STATE
        following = [each.title for each in STOPS[i + 1 : i + 2]]
        assert [label[6:] for label in links(app) if label.startswith("Next: ")] == following
        if following:
            app.switch_page(f"pages/{STOPS[i + 1].file}.py").run()
    app.button(key="leave-path").click().run()
    assert "**Essentials" not in said(app)
    assert "path" not in set_in(app)


def test_a_page_beside_the_short_way_leads_back_to_it(folders):
    app = visit("pages/n1_forward_pass/mask/mask.py", **STATE)
    assert "**Essentials**" in said(app)
    assert "Next: Heads" in links(app)
    assert "Next: At a glance" in links(visit(CONTENTS, **STATE))


def test_without_the_parameter_or_with_nonsense_there_is_no_short_way(folders):
    for path in ("", "<script>"):
        assert "**Essentials" not in said(visit(GLANCE, path=path))
