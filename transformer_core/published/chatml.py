"""ChatML, the form in which many models were taught conversations.

A publisher writes the form down as a program in Jinja's language. It is recognised here, never run.
Source: OpenAI's `chatml.md`, 2023.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from transformer_core.tokenizer import Tokenizer

START, END = "<|im_start|>", "<|im_end|>"
_TURN = f"{START}+message[role]++message[content]+{END}"  # without blanks, quotes, line ends
_SYSTEM = re.compile(rf"{re.escape(START)}system(?:\n|\\n)([^'\"{{}}<]+){re.escape(END)}")


@dataclass(frozen=True)
class ChatML:
    """`<|im_start|>role`, a line end, the message, `<|im_end|>`, a line end; for each turn.

    Args:
        system: the message that stands first where the reader gives none, or "".
    """

    system: str

    def turns(self, question: str) -> list[tuple[str, str]]:
        """Role and message of each turn that is there before the answer."""
        first = [("system", self.system)] if self.system else []
        return [*first, ("user", question)]

    def encode(self, tokenizer: Tokenizer, question: str) -> list[int]:
        """The ids of a question in this form, up to where the answer begins.

        What the reader typed is plain text: it cannot end a turn.
        """
        special, ids = tokenizer.special_tokens, []
        for role, message in self.turns(question):
            ids += [special[START], *tokenizer.encode(f"{role}\n{message}")]
            ids += [special[END], *tokenizer.encode("\n")]
        return [*ids, special[START], *tokenizer.encode("assistant\n")]


def chatml_of(tokenizer: Tokenizer) -> ChatML | None:
    """The form of a tokenizer whose template is ChatML; None where it has none, or another one."""
    template = tokenizer.chat_template or ""
    bare = re.sub(r"""\\n|[\s'"]""", "", template).replace(".role", "[role]")
    bare = bare.replace(".content", "[content]")
    if _TURN not in bare or not {START, END} <= set(tokenizer.special_tokens):
        return None
    system = _SYSTEM.search(template)
    return ChatML(system[1] if system else "")
