"""Reads functions that cloudpickle pickled without an import of cloudpickle.

That import takes three times as long as the start of Python. What is no function, such as a class
of ``__main__``, is left to cloudpickle. The names and parameters here are those that pickles of its
versions 2 and 3 contain.
"""

from __future__ import annotations

import sys
import types
from _pickle import Unpickler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any, Optional


def load(file: IO[bytes]) -> Any:
    """The value that a pickle contains."""
    return _Reader(file).load()


def _make_function(
    code: types.CodeType,
    variables: dict[str, Any],
    name: Optional[str],
    defaults: Optional[tuple[Any, ...]],
    closure: Optional[tuple[types.CellType, ...]],
) -> types.FunctionType:
    variables["__builtins__"] = __builtins__
    return types.FunctionType(code, variables, name, defaults, closure)


def _function_setstate(
    function: types.FunctionType, state: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """Fills a function, which may refer to itself, once it is made."""
    attributes, slots = state
    function.__dict__.update(attributes)
    for name, value in slots.items():
        if name == "__globals__":
            function.__globals__.update(value)
        elif name == "__closure__":
            for own, sent in zip(function.__closure__ or (), value or ()):
                try:
                    own.cell_contents = sent.cell_contents
                except ValueError:
                    pass  # The cell is empty.
        elif name != "_cloudpickle_submodules":
            # Those are imported because the pickle names them.
            setattr(function, name, value)
    function.__globals__["__builtins__"] = __builtins__


def _make_cell(*value: Any) -> types.CellType:
    return types.CellType(*value)


def _builtin_type(name: str) -> Any:
    return getattr(types, name)


def _subimport(name: str) -> types.ModuleType:
    __import__(name)
    return sys.modules[name]


_OWN = {
    "_make_function": _make_function,
    "_function_setstate": _function_setstate,
    "_make_empty_cell": _make_cell,
    "_make_cell": _make_cell,
    "_builtin_type": _builtin_type,
    "subimport": _subimport,
}


class _Reader(Unpickler):  # type: ignore[misc]
    def find_class(self, module: str, name: str) -> Any:
        if name in _OWN and module in ("cloudpickle.cloudpickle", "cloudpickle.cloudpickle_fast"):
            return _OWN[name]
        return super().find_class(module, name)
