"""The form of a call in GIMP 2.10 for a procedure of GIMP 3.x.

What changed everywhere: an array had its number before it; a filter took one drawable, not an array of them; a file had a second
name; some enumerations had other numbers.
"""

from .gimp3_values import kind_of

_COUNT = "num-"
_RAW_NAME = "raw-filename"
# A second name of the file was asked for by these.
_READERS = ("-load", "-file-load-layer", "-file-load-layers", "-file-load-thumbnail")
# enumeration → {2.10's number: 3.x's}; all others kept their numbers.
_MOVED = {
    "GimpFillType": {2: 3, 3: 4, 4: 5},
    "GimpConvertPaletteType": {2: 1, 3: 2, 4: 3},
    "GimpRepeatMode": {1: 2, 2: 3, 3: 1},
    "GimpSelectCriterion": {7: 10, 8: 7, 9: 8, 10: 9},
}

__all__ = ["moved", "new_arguments", "old_results", "old_signature"]


def old_signature(name, specs):
    """Return [(name, kind)] of arguments or results as 2.10 would have them."""
    signature = []
    for spec in specs:
        kind = kind_of(spec)
        signature += [(_COUNT + spec.name, "int")] if kind == "array" else []
        signature.append((spec.name, kind))
        signature += [(_RAW_NAME, "string")] if _has_raw_name(name, spec) else []
    return signature


def new_arguments(name, specs, values):
    """Return the values of a call in 2.10's form, or in 3.x's, in 3.x's; whatever is left over stays at the end."""
    given, fitted = list(values), []
    for spec in specs:
        if not given:
            break
        if kind_of(spec) == "array":
            fitted.append(_array(spec, given))
            continue
        fitted.append(moved(spec.value_type.name, given.pop(0)))
        if _has_raw_name(name, spec) and given and isinstance(given[0], str):
            given.pop(0)
    return fitted + given


def old_results(specs, values):
    """Return results in 2.10's form: an array's number comes before it."""
    results = []
    for spec, value in zip(specs, values, strict=True):
        if kind_of(spec) == "array":
            results += [len(value or ()), tuple(value or ()) if not isinstance(value, bytes) else value]
        else:
            results.append(_was(spec, value))
    return results


def moved(enumeration, value):
    """Return 3.x's number for 2.10's of an enumeration ("GimpFillType"); any other value stays."""
    table = _MOVED.get(enumeration)
    return table.get(value, value) if table and isinstance(value, int) else value


def _was(spec, value):
    table = {new: old for old, new in _MOVED.get(spec.value_type.name, {}).items()}
    return table.get(value, value) if table else value


def _array(spec, given):
    """Take an array off the front of the values: with or without its number, or one object alone."""
    first = given.pop(0)
    if not isinstance(first, int) or isinstance(first, bool):
        return first
    if given and not isinstance(given[0], (int, float, str)) and given[0] is not None:
        return given.pop(0)
    if spec.value_type.name == "GimpCoreObjectArray":
        return [first] if first > 0 else []
    return [first]


def _has_raw_name(name, spec):
    return spec.value_type.name == "GFile" and name.endswith(_READERS)
