"""What a screen reader says of the widgets of GIMP 3.x, and the letters of those that are GIMP's own."""

from gi.repository import Atk, Gdk, Gtk

__all__ = ["give_name", "give_names", "label_in", "letters_in"]


def give_name(widget, text):
    """Let a screen reader call a widget so."""
    widget.get_accessible().set_name(text)


def give_names(widget, text):
    """Let a screen reader call everything in a row as the row is called, where nothing else says what it is."""
    for part in _all_in(widget):
        accessible = part.get_accessible()
        relations = accessible.ref_relation_set()
        is_said = accessible.get_name() or relations.contains(Atk.RelationType.LABELLED_BY)
        if part.get_can_focus() and not is_said:
            accessible.set_name(text)


def label_in(widget):
    """Return the label of one of GIMP's rows, None where it has none beside it: the first that is there for another widget."""
    if isinstance(widget, Gtk.Button):
        return None
    labels = [part for part in _all_in(widget) if isinstance(part, Gtk.Label)]
    return next((label for label in labels if label.get_mnemonic_widget()), None)


def letters_in(widget):
    """Return the letters, in lower case, that reach something in a widget."""
    keys = [part.get_mnemonic_keyval() for part in _all_in(widget) if isinstance(part, Gtk.Label)]
    return {chr(Gdk.keyval_to_unicode(key)).lower() for key in keys if key != Gdk.KEY_VoidSymbol}


def _all_in(widget):
    found = [widget]
    if isinstance(widget, Gtk.Container):
        widget.forall(lambda child: found.extend(_all_in(child)))
    return found
