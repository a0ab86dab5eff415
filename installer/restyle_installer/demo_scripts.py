"""What the demo does inside GIMP: the same session in Script-Fu for 2.10 and in Python for 3.x."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template
from typing import Any, Dict, Tuple

__all__ = ["MARK", "python_session", "result_of", "scheme_session", "shown_filter"]

# Width and height in pixels; a filter as the catalogue describes it.
Size = Tuple[int, int]
Declared = Dict[str, Any]
PROCEDURE = "python-fu-restyle-%s"
# Stands before the line in which the session reports what it found.
MARK = "RESTYLE-DEMO "
# The part of the photo that is painted: an ellipse (x, y, width, height), and its feathered edge, as parts of the picture.
ELLIPSE = (0.06, 0.06, 0.88, 0.88)
FEATHER = 0.1

SCHEME = Template("""
(define restyle-values (list $values))
; Names and types are asked of the procedure database, so that nothing here depends on the order of the arguments.
(define (restyle-argument index)
  (let* ((argument (gimp-procedural-db-proc-arg "$procedure" index))
         (type (car argument))
         (given (assoc (cadr argument) restyle-values)))
    (cond (given (cdr given))
          ((= type PDB-FLOAT) 1.0)
          ((= type PDB-STRING) "")
          ((= type PDB-COLOR) '(128 128 128))
          ((= type PDB-INT32) 0)
          (#t -1))))
(define (restyle-arguments index)
  (if (= index (list-ref (gimp-procedural-db-proc-info "$procedure") 6))
      '()
      (cons (restyle-argument index) (restyle-arguments (+ index 1)))))
(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "$photo" "$photo")))
       (layer (car (gimp-image-get-active-layer image))))
  (gimp-image-select-ellipse image CHANNEL-OP-REPLACE $x $y $width $height)
  (gimp-selection-feather image $feather)
  (set! restyle-values
    (append (list (cons "run-mode" RUN-NONINTERACTIVE) (cons "image" image) (cons "drawable" layer)) restyle-values))
  (apply $procedure (restyle-arguments 0))
  (gimp-selection-none image)
  (let* ((layers (gimp-image-get-layers image))
         (top (aref (cadr layers) 0)))
    (gimp-xcf-save 0 image layer "$xcf" "$xcf")
    (gimp-message (string-append "$mark{\\"layers\\": " (number->string (car layers))
      ", \\"name\\": \\"" (car (gimp-item-get-name top))
      "\\", \\"mask\\": " (if (= -1 (car (gimp-layer-get-mask top))) "false" "true") "}"))
    (gimp-file-save RUN-NONINTERACTIVE image (car (gimp-image-flatten image)) "$png" "$png")
    (gimp-image-delete image)))
""")

PYTHON = Template("""
import json, sys
from gi.repository import Gimp, Gio, GObject
given = json.loads('''$given''')
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(given["photo"]))
layer = image.get_layers()[0]
image.select_ellipse(Gimp.ChannelOps.REPLACE, *given["ellipse"])
Gimp.Selection.feather(image, given["feather"])
procedure = Gimp.get_pdb().lookup_procedure(given["procedure"])
config = procedure.create_config()
config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE) if config.find_property("run-mode") else None
config.set_property("image", image)
config.set_core_object_array("drawables", [layer])
is_file = config.find_property("style-1-file").value_type.is_a(Gio.File)
config.set_property("style-1-file", Gio.File.new_for_path(given["style"]) if is_file else given["style"])
status = procedure.run(config)
if status.index(0) != Gimp.PDBStatusType.SUCCESS:
    raise RuntimeError(status.index(1) if status.length() > 1 else "the procedure failed")
Gimp.Selection.none(image)
top = image.get_layers()[0]
found = {"layers": len(image.get_layers()), "name": top.get_name(), "mask": top.get_mask() is not None}
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(given["xcf"]), None)
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(given["png"]), None)
print(given["mark"] + json.dumps(found), flush=True)
image.delete()
""")


def shown_filter(filters: list[Declared]) -> Declared:
    """The filter that the demo shows: the first in the menu that takes the style of a picture."""
    return next(item for item in filters if any(one["kind"] == "pictures" for one in item["inputs"]))


def scheme_session(declared: Declared, photo: Path, style: Path, size: Size, xcf: Path, png: Path) -> str:
    """Script-Fu for GIMP 2.10; each parameter gets its default."""
    values = ['(cons "style-1-file" "%s")' % _quoted(style)]
    values += [
        '(cons "%s" %s)' % (one["name"].replace("_", "-"), _scheme_value(one)) for one in declared["params"] if one["dialog"]
    ]
    x, y, width, height = _ellipse(size)
    return SCHEME.substitute(
        procedure=PROCEDURE % declared["id"], values=" ".join(values), photo=_quoted(photo), x=x, y=y, width=width, height=height,
        feather=_feather(size), xcf=_quoted(xcf), png=_quoted(png), mark=MARK,
    )  # fmt: skip


def python_session(declared: Declared, photo: Path, style: Path, size: Size, xcf: Path, png: Path) -> str:
    """Python for GIMP 3.x, where arguments that are not given have their defaults."""
    files = {"photo": str(photo), "style": str(style), "xcf": str(xcf), "png": str(png)}
    given = dict(files, procedure=PROCEDURE % declared["id"], ellipse=_ellipse(size), feather=_feather(size), mark=MARK)
    return PYTHON.substitute(given=json.dumps(given).replace("\\", "\\\\").replace("'", "\\'"))


def result_of(output: str) -> dict[str, Any] | None:
    """What the session reported, or None where it did not get that far."""
    for line in output.splitlines():
        # GIMP quotes the whole session after an error in it, the mark included; only a report has an object behind it.
        _, found, report = line.partition(MARK + "{")
        if found:
            read: dict[str, Any] = json.loads("{" + report)
            return read
    return None


def _quoted(path: Path) -> str:
    """The path as it stands between the quotes of a string of Scheme's."""
    return path.as_posix().replace("\\", "\\\\").replace('"', '\\"')


def _ellipse(size: Size) -> list[int]:
    width, height = size
    return [round(ELLIPSE[0] * width), round(ELLIPSE[1] * height), round(ELLIPSE[2] * width), round(ELLIPSE[3] * height)]


def _feather(size: Size) -> int:
    return round(FEATHER * min(*size))


def _scheme_value(param: Declared) -> str:
    """A parameter's default as Script-Fu writes it: a choice by its place, a truth as a number."""
    default = param["default"]
    if param["type"] == "choice":
        return str([choice["value"] for choice in param["choices"]].index(default))
    if param["type"] == "bool":
        return "1" if default else "0"
    if param["type"] == "color":
        return "'(%d %d %d)" % tuple(int(default[at : at + 2], 16) for at in (1, 3, 5))
    return repr(default)
