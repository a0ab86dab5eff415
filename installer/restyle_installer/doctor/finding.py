"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass

from ..words import N_, _

__all__ = ["FAIL", "INSTALL", "OK", "PROOF", "WARN", "Finding", "ok"]

OK, WARN, FAIL = "ok", "warn", "fail"
PROOF = N_("proof")
INSTALL = N_("Run `python3 installer install` again.")


@dataclass(frozen=True)
class Finding:
    """check: what was looked at, in English; level: ok, warn or fail; a sentence; what the person can do; in which GIMP."""

    check: str
    level: str
    sentence: str
    remedy: str = ""
    gimp: str = ""

    @property
    def is_proof(self) -> bool:
        """Whether GIMP itself has said it."""
        return self.check == PROOF

    @property
    def title(self) -> str:
        """What was looked at, for the person."""
        return _("%(check)s in %(gimp)s") % {"check": _(self.check), "gimp": self.gimp} if self.gimp else _(self.check)

    @property
    def name(self) -> str:
        """The same, for programs and developers: it is English in every language."""
        return "%s in %s" % (self.check, self.gimp) if self.gimp else self.check

    def describe(self) -> dict[str, str]:
        """As plain data."""
        return {"name": self.name, "level": self.level, "sentence": self.sentence, "remedy": self.remedy}


def ok(check: str, sentence: str, gimp: str = "") -> Finding:
    return Finding(check, OK, sentence, gimp=gimp)
