"""What the board of dates works out in the browser, against the core's own."""

from base64 import b64encode
from pathlib import Path

from pages.n2_architectures.encoder_decoder.date_pass import (
    batch_masks,
    broken,
    later_errors,
    rewritten,
)
from pages.n2_architectures.encoder_decoder.dates_board import packed_dates
from tests.js.golden import compare
from transformer_core.dates import text_of

HERE = Path(__file__).parent
CHANGES = ((0, 0), (0, 5), (3, 2), (7, 9))


def case(text: str):
    now = rewritten(text)
    changed, masks = broken(now), batch_masks(text, len(now.ids))
    errors = later_errors(changed)
    layers, heads, n, _ = now.cross.shape
    return {
        "packed": b64encode(packed_dates({"date": text})).decode(),
        "most": [
            {"layer": i, "head": j, "at": at, "key": int(now.cross[i, j, at].argmax())}
            for i in range(layers)
            for j in range(heads)
            for at in range(n)
        ],
        "changes": [
            {
                "place": place,
                "digit": digit,
                "nats": float(-changed.forced_chances[place, digit].log().mean()),
                "errors": int(errors[place, digit]),
                "free": text_of(changed.free[place, digit].tolist()),
            }
            for place, digit in CHANGES
        ],
        "masks": {
            "encoder": masks.encoder[0].tolist(),
            "decoder": masks.decoder.tolist(),
            "cross": masks.cross[0].tolist(),
        },
    }


def test_the_board_of_dates(tmp_path):
    cases = {"texts": [case("March 3rd, 1987"), case("hello")]}
    compare(HERE / "date_answer.golden.js", tmp_path, cases)
