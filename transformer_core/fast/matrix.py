"""A weight that is only read, and multiplied as fast as this machine can."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from transformer_core.fast.products import Product, product

REFUSAL = (
    "this weight belongs to a prepared model, which is only read: its numbers may lie in memory "
    "twice. Change a copy (copy.deepcopy gives an ordinary model) and prepare that one"
)
OPERATORS = "add sub mul div truediv floordiv mod pow and or xor lshift rshift"
IN_PLACE = {f"__i{name}__" for name in OPERATORS.split()} | {"__setitem__", "__dlpack__"}
SETS_DATA = Tensor.data.__set__  # type: ignore[attr-defined]


class Matrix(Tensor):
    """The numbers of a weight, which `F.linear` multiplies with by the fastest kernel.

    For that they may lie in memory a second time, so that a write would be missed there. Therefore
    writing is refused, also into a part, through `.data` and through NumPy. Whatever is computed
    from them is an ordinary tensor, and a copy (deepcopy, pickle) an ordinary parameter.
    """

    numbers: Tensor | None = None  # the same memory as an ordinary tensor
    product: Product | None = None  # of x with these numbers as [d_out, d_in]
    transposed: Tensor | None = None  # the matrix for `F.linear`, where these are [d_in, d_out]
    joined: Tensor | None = None  # of which these are some columns

    @property
    def mT(self) -> Tensor:  # type: ignore[override]
        """The matrix for `F.linear`, if there is one; else what a tensor says."""
        if self.transposed is None or torch.is_grad_enabled():
            return super().mT
        return self.transposed

    @classmethod
    def __torch_function__(
        cls,
        function: Callable[..., Any],
        types: Any,
        arguments: tuple[Any, ...] = (),
        keywords: dict[str, Any] | None = None,
    ) -> Any:
        """Multiply, refuse a write, or do whatever else is asked with the plain numbers."""
        keywords = keywords or {}
        is_product = function is F.linear and len(arguments) > 1 and not torch.is_grad_enabled()
        if is_product and (multiply := getattr(arguments[1], "product", None)):
            return multiply(arguments[0], *arguments[2:], **keywords)
        inputs = [*arguments, *keywords.values()]
        if writes(function, inputs[0]) or matrices([keywords.get("out")]):
            raise RuntimeError(REFUSAL)
        with torch._C.DisableTorchFunctionSubclass():
            memories = {memory(each) for each in matrices(inputs)}
            return guarded(function(*arguments, **keywords), memories)

    def __deepcopy__(self, known: dict[int, Any]) -> Tensor:
        """An ordinary parameter of the same numbers."""
        return known.setdefault(id(self), ordinary(self))

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Pickled as an ordinary parameter."""
        return nn.Parameter, (ordinary(self).data, self.requires_grad)


def matrix(numbers: Tensor, packing: bool) -> nn.Parameter:
    """A parameter for `F.linear(x, numbers)`, with numbers [d_out, d_in]."""
    made: Any = nn.Parameter(numbers.as_subclass(Matrix), requires_grad=False)
    made.numbers, made.product = numbers, product(numbers, packing)
    return made


def transposed_matrix(numbers: Tensor, packing: bool, joined: Tensor | None = None) -> nn.Parameter:
    """A parameter for `F.linear(x, numbers.mT)`, with numbers [d_in, d_out]."""
    made: Any = nn.Parameter(numbers.as_subclass(Matrix), requires_grad=False)
    made.numbers, made.transposed, made.joined = numbers, matrix(numbers.mT, packing), joined
    return made


def numbers_of(weight: Tensor) -> Tensor:
    """A weight, prepared or not, as an ordinary tensor: what is done with it costs less."""
    plain = getattr(weight, "numbers", None)
    return weight if plain is None else plain


def ordinary(weight: Tensor) -> nn.Parameter:
    """A copy of the numbers, to be written as one likes."""
    with torch._C.DisableTorchFunctionSubclass():
        numbers = weight.detach().as_subclass(Tensor).clone()
        return nn.Parameter(numbers, requires_grad=weight.requires_grad)


def writes(function: Callable[..., Any], first: Any) -> bool:
    """Whether a call changes its first argument's numbers."""
    name = function.__name__.split(".")[0]
    ends = name.endswith("_") and not name.endswith("__") and name != "requires_grad_"
    return bool(matrices([first])) and (ends or name in IN_PLACE or function == SETS_DATA)


def matrices(inputs: Iterable[Any]) -> list[Matrix]:
    """Those among the inputs of a call, also within lists."""
    lists = (each if isinstance(each, list | tuple) else [each] for each in inputs)
    return [each for inner in lists for each in inner if isinstance(each, Matrix)]


def guarded(result: Any, memories: set[int]) -> Any:
    """A result that shares the weight's memory, made read-only too."""
    if isinstance(result, Tensor):
        return result.as_subclass(Matrix) if memory(result) in memories else result
    if isinstance(result, np.ndarray):
        result.flags.writeable = False
    elif isinstance(result, list | tuple):
        return type(result)(guarded(each, memories) for each in result)
    return result


def memory(tensor: Tensor) -> int:
    """Where a tensor's storage begins."""
    return tensor.untyped_storage().data_ptr()
