"""The way through the course: a row of links, menus, and what a reader has set goes along."""

from playwright.sync_api import Locator, expect

PLACE = "text=The+dog+barked&layer=2&head=3&token=2"


def navigation(page) -> Locator:
    return page.get_by_role("navigation", name="Pages")


def test_a_link_takes_along_what_was_set_and_leaves_a_pages_own_settings(visit):
    opened = visit(f"mask?{PLACE}&mask=full")
    page = opened.page
    requests: list[str] = []
    opened.on("request", lambda request: requests.append(request.resource_type))
    link = navigation(page).get_by_role("link", name="Attend", exact=True)
    link.dispatch_event("pointerdown")  # before it is opened in another tab, say
    whole = link.evaluate("link => link.href")
    link.click()
    page.wait_for_url(whole)
    assert PLACE in whole
    assert "mask=" not in whole
    expect(page.locator(".board").get_by_role("radio", name="layer 2")).to_be_checked()
    assert "document" not in requests  # nothing was loaded anew


def test_the_browsers_way_back_is_the_page_and_the_place_before(visit):
    page = visit(f"attend?{PLACE}").page
    layer = page.locator(".board").get_by_role("radio", name="layer 4")
    layer.click()
    page.wait_for_url("**layer=4**")
    navigation(page).get_by_role("link", name="Heads", exact=True).click()
    page.wait_for_url("**/heads?**")
    page.go_back()
    page.wait_for_url("**/attend?**layer=4**")
    expect(layer).to_be_checked()
    expect(page.get_by_role("textbox", name="Your sentence")).to_have_value("The dog barked")


def test_a_menu_closes_by_key_and_by_a_press_elsewhere(visit):
    page = visit().page
    menu = navigation(page).locator("details", has_text="Scale").first
    name, cost = menu.locator("summary"), menu.get_by_role("link", name="Cost")
    name.focus()
    page.keyboard.press("Enter")
    expect(cost).to_be_visible()
    page.keyboard.press("Escape")
    expect(cost).to_be_hidden()
    expect(name).to_be_focused()
    name.click()
    expect(cost).to_be_visible()
    page.mouse.click(700, 700)
    expect(cost).to_be_hidden()


def test_on_a_phone_the_page_is_in_sight_and_one_menu_leads_everywhere(visit):
    page = visit("predict", size="phone").page
    here = navigation(page).locator(".path [aria-current=page]")
    expect(here).to_be_in_viewport()
    navigation(page).locator("summary", has_text="Pages").click()
    cost = navigation(page).locator(".all").get_by_role("link", name="Cost")
    expect(cost).to_be_visible()
    cost.click()
    page.wait_for_url("**/cost**")


def test_what_the_server_changes_stands_in_the_address(visit):
    page = visit("?more=270.513&layer=2").page
    page.get_by_role("button", name="+ 2 sampled").click()
    page.wait_for_function("!location.search.includes('more=')")
    assert "layer=2" in page.url
