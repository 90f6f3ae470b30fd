"""What holds for every test: one thread, local vocabularies, no deadlines on a busy machine."""

import os
from pathlib import Path

from hypothesis import settings

VOCABULARIES = Path(__file__).parents[2] / "shared" / "tiktoken_cache"

# Read when torch and tiktoken are first used, so set before any test imports them.
os.environ.setdefault("OMP_NUM_THREADS", "1")
if VOCABULARIES.is_dir():
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(VOCABULARIES))

# The same examples in every run: what lands must not depend on luck.
settings.register_profile("forward-pass", deadline=None, derandomize=True)
settings.load_profile("forward-pass")
