"""What scrolls sideways says where more of it is."""

from playwright.sync_api import expect

EDGES = """async lane => {
  const at = async (width, left) => {
    lane.querySelector("svg").style.width = width;
    lane.scrollLeft = left;
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const {maskImage, maskPosition} = getComputedStyle(lane);
    return maskImage === "none" ? "none" : maskPosition.split(" ")[0];
  };
  return [await at("100px", 0), await at("2000px", 0), await at("2000px", 2000)];
}"""


def test_what_scrolls_sideways_fades_where_more_of_it_is(visit):
    """Nowhere without more; at the right before it is scrolled, at the left in the end."""
    page = visit("residual", size="phone").page
    expect(page.locator(".board:not([data-drawn])")).to_have_count(0)
    assert page.locator(".lane.sideways").evaluate(EDGES) == ["none", "-28px", "0px"]
