# -*- coding: utf-8 -*-
"""GTK 2 and GIMP 2.10's widgets by ctypes."""

from __future__ import absolute_import, unicode_literals

import ctypes

from .gimp2_lib import GLIB, Library
from .gimp2_structs import Rectangle

__all__ = [
    "ATK",
    "GDK",
    "GTK",
    "PIXBUF",
    "UI",
    "WIDGETS",
    "Requisition",
    "screen_height",
    "set_focus_order",
    "set_font",
]

PIXBUF = Library(
    ("libgdk_pixbuf-2.0.so.0", "libgdk_pixbuf-2.0-0.dll", "libgdk_pixbuf-2.0.0.dylib"),
    {
        "gdk_pixbuf_new_from_file_at_size": "p:siip",
        "gdk_pixbuf_new_from_data": "p:piiiiiipp",
        "gdk_pixbuf_scale_simple": "p:piii",
    },
)
ATK = Library(
    ("libatk-1.0.so.0", "libatk-1.0-0.dll", "libatk-1.0.0.dylib"),
    {"atk_object_set_name": "v:ps"},
)
PANGO = Library(
    ("libpango-1.0.so.0", "libpango-1.0-0.dll", "libpango-1.0.0.dylib"),
    {"pango_font_description_from_string": "p:s", "pango_font_description_free": "v:p"},
)
GDK = Library(
    ("libgdk-x11-2.0.so.0", "libgdk-win32-2.0-0.dll", "libgdk-quartz-2.0.0.dylib"),
    {
        "gdk_atom_intern": "p:si",
        "gdk_keyval_name": "t:u",
        "gdk_screen_get_default": "p:",
        "gdk_screen_get_primary_monitor": "i:p",
        "gdk_screen_get_monitor_at_window": "i:pp",
        "gdk_screen_get_monitor_geometry": "v:pip",
    },
)
GTK = Library(
    ("libgtk-x11-2.0.so.0", "libgtk-win32-2.0-0.dll", "libgtk-quartz-2.0.0.dylib"),
    {
        "gtk_clipboard_get": "p:p",
        "gtk_clipboard_set_text": "v:psi",
        "gtk_clipboard_store": "v:p",
        "gtk_events_pending": "y:",
        "gtk_main_iteration": "i:",
        "gtk_dialog_new": "p:",
        "gtk_dialog_add_button": "p:psi",
        "gtk_dialog_run": "i:p",
        "gtk_dialog_get_content_area": "p:p",
        "gtk_dialog_get_action_area": "p:p",
        "gtk_dialog_set_default_response": "v:pi",
        "gtk_dialog_set_response_sensitive": "v:pii",
        "gtk_dialog_set_alternative_button_order_from_array": "v:pip",
        "gtk_button_box_set_child_secondary": "v:ppi",
        "gtk_window_set_title": "v:ps",
        "gtk_window_set_role": "v:ps",
        "gtk_window_set_default_size": "v:pii",
        "gtk_window_resize": "v:pii",
        "gtk_window_get_size": "v:ppp",
        "gtk_window_activate_default": "i:p",
        "gtk_widget_destroy": "v:p",
        "gtk_widget_get_accessible": "p:p",
        "gtk_widget_get_toplevel": "p:p",
        "gtk_widget_grab_focus": "v:p",
        "gtk_widget_set_can_focus": "v:pi",
        "gtk_stock_lookup": "i:sp",
        "gtk_widget_get_window": "p:p",
        "gtk_widget_modify_font": "v:pp",
        "gtk_widget_add_events": "v:pi",
        "gtk_widget_get_pointer": "v:ppp",
        "gtk_event_box_new": "p:",
        "gtk_label_set_text": "v:ps",
        "gtk_label_set_text_with_mnemonic": "v:ps",
        "gtk_label_set_justify": "v:pi",
        "gtk_label_set_width_chars": "v:pi",
        "gtk_radio_button_new_from_widget": "p:p",
        "gtk_toggle_button_set_mode": "v:pi",
        "gtk_widget_size_request": "v:pp",
        "gtk_widget_set_no_show_all": "v:pi",
        "gtk_widget_set_visible": "v:pi",
        "gtk_widget_show_all": "v:p",
        "gtk_widget_set_sensitive": "v:pi",
        "gtk_widget_set_size_request": "v:pii",
        "gtk_widget_set_tooltip_text": "v:ps",
        "gtk_container_add": "v:pp",
        "gtk_container_forall": "v:ppp",
        "gtk_container_set_focus_chain": "v:pp",
        "gtk_container_set_focus_vadjustment": "v:pp",
        "gtk_scrolled_window_get_vadjustment": "p:p",
        "gtk_container_set_border_width": "v:pu",
        "gtk_vbox_new": "p:ii",
        "gtk_hbox_new": "p:ii",
        "gtk_box_pack_start": "v:ppiiu",
        "gtk_box_reorder_child": "v:ppi",
        "gtk_alignment_new": "p:ffff",
        "gtk_alignment_set_padding": "v:puuuu",
        "gtk_misc_set_alignment": "v:pff",
        "gtk_misc_set_padding": "v:pii",
        "gtk_label_new": "p:s",
        "gtk_label_set_mnemonic_widget": "v:pp",
        "gtk_label_set_line_wrap": "v:pi",
        "gtk_table_new": "p:uui",
        "gtk_table_set_row_spacings": "v:pu",
        "gtk_table_set_col_spacings": "v:pu",
        "gtk_table_attach": "v:ppuuuuiiuu",
        "gtk_expander_new": "p:s",
        "gtk_expander_set_use_markup": "v:pi",
        "gtk_expander_set_use_underline": "v:pi",
        "gtk_expander_set_label": "v:ps",
        "gtk_expander_get_expanded": "y:p",
        "gtk_frame_new": "p:s",
        "gtk_frame_set_shadow_type": "v:pi",
        "gtk_image_new": "p:",
        "gtk_image_set_from_pixbuf": "v:pp",
        "gtk_image_set_from_icon_name": "v:psi",
        "gtk_image_new_from_icon_name": "p:si",
        "gtk_button_new": "p:",
        "gtk_button_new_with_label": "p:s",
        "gtk_button_set_label": "v:ps",
        "gtk_button_set_use_underline": "v:pi",
        "gtk_button_set_relief": "v:pi",
        "gtk_progress_bar_new": "p:",
        "gtk_progress_bar_set_fraction": "v:pd",
        "gtk_adjustment_new": "p:dddddd",
        "gtk_adjustment_set_value": "v:pd",
        "gtk_adjustment_get_value": "d:p",
        "gtk_hscale_new": "p:p",
        "gtk_scale_set_draw_value": "v:pi",
        "gtk_scale_set_digits": "v:pi",
        "gtk_spin_button_new": "p:pdu",
        "gtk_spin_button_set_numeric": "v:pi",
        "gtk_spin_button_update": "v:p",
        "gtk_entry_new": "p:",
        "gtk_entry_set_text": "v:ps",
        "gtk_entry_get_text": "t:p",
        "gtk_entry_set_width_chars": "v:pi",
        "gtk_entry_set_activates_default": "v:pi",
        "gtk_check_button_new_with_label": "p:s",
        "gtk_toggle_button_set_active": "v:pi",
        "gtk_toggle_button_get_active": "y:p",
        "gtk_combo_box_text_new": "p:",
        "gtk_combo_box_text_new_with_entry": "p:",
        "gtk_combo_box_text_append_text": "v:ps",
        "gtk_combo_box_text_remove": "v:pi",
        "gtk_combo_box_set_active": "v:pi",
        "gtk_combo_box_get_active": "i:p",
        "gtk_combo_box_get_model": "p:p",
        "gtk_list_store_prepend": "v:pp",
        "gtk_list_store_set_value": "v:ppip",
        "gtk_file_chooser_dialog_new": "p:spis",
        "gtk_window_set_transient_for": "v:pp",
        "gtk_file_chooser_button_new_with_dialog": "p:p",
        "gtk_file_chooser_set_filename": "i:ps",
        "gtk_file_chooser_get_filename": "o:p",
        "gtk_file_chooser_unselect_all": "v:p",
        "gtk_file_chooser_set_current_folder": "i:ps",
        "gtk_file_chooser_add_filter": "v:pp",
        "gtk_file_chooser_set_preview_widget": "v:pp",
        "gtk_file_chooser_set_preview_widget_active": "v:pi",
        "gtk_file_chooser_get_preview_filename": "o:p",
        "gtk_file_filter_new": "p:",
        "gtk_file_filter_set_name": "v:ps",
        "gtk_file_filter_add_mime_type": "v:ps",
        "gtk_file_filter_add_pattern": "v:ps",
        "gtk_text_view_new": "p:",
        "gtk_text_view_get_buffer": "p:p",
        "gtk_text_view_set_editable": "v:pi",
        "gtk_text_view_set_wrap_mode": "v:pi",
        "gtk_text_buffer_set_text": "v:psi",
        "gtk_text_buffer_get_bounds": "v:ppp",
        "gtk_text_buffer_get_text": "o:pppi",
        "gtk_scrolled_window_new": "p:pp",
        "gtk_scrolled_window_set_shadow_type": "v:pi",
        "gtk_scrolled_window_set_policy": "v:pii",
        "gtk_scrolled_window_add_with_viewport": "v:pp",
        "gtk_bin_get_child": "p:p",
        "gtk_viewport_set_shadow_type": "v:pi",
    },
)
WIDGETS = Library(
    ("libgimpwidgets-2.0.so.0", "libgimpwidgets-2.0-0.dll", "libgimpwidgets-2.0.0.dylib"),
    {
        "gimp_int_combo_box_set_active": "i:pi",
        "gimp_int_combo_box_get_active": "i:pp",
        "gimp_color_button_new": "p:siipi",
        "gimp_color_button_set_color": "v:pp",
        "gimp_color_button_get_color": "v:pp",
    },
)
UI = Library(
    ("libgimpui-2.0.so.0", "libgimpui-2.0-0.dll", "libgimpui-2.0.0.dylib"),
    {
        "gimp_ui_init": "v:si",
        "gimp_window_set_transient": "v:p",
        "gimp_drawable_get_thumbnail": "p:iiii",
        "gimp_drawable_combo_box_new": "p:pp",
        "gimp_layer_combo_box_new": "p:pp",
        "gimp_channel_combo_box_new": "p:pp",
        "gimp_vectors_combo_box_new": "p:pp",
        "gimp_image_combo_box_new": "p:pp",
        "gimp_font_select_button_new": "p:ss",
        "gimp_font_select_button_get_font": "t:p",
        "gimp_font_select_button_set_font": "v:ps",
        "gimp_gradient_select_button_new": "p:ss",
        "gimp_gradient_select_button_get_gradient": "t:p",
        "gimp_gradient_select_button_set_gradient": "v:ps",
        "gimp_palette_select_button_new": "p:ss",
        "gimp_palette_select_button_get_palette": "t:p",
        "gimp_palette_select_button_set_palette": "v:ps",
        "gimp_pattern_select_button_new": "p:ss",
        "gimp_pattern_select_button_get_pattern": "t:p",
        "gimp_pattern_select_button_set_pattern": "v:ps",
        "gimp_brush_select_button_new": "p:ssdii",
        "gimp_brush_select_button_get_brush": "t:pppp",
        "gimp_brush_select_button_set_brush": "v:psdii",
    },
)


class Requisition(ctypes.Structure):
    """GtkRequisition: the pixels that a widget asks for."""

    _fields_ = [(str("width"), ctypes.c_int), (str("height"), ctypes.c_int)]


def screen_height(widget):
    """Return the pixels of the monitor that a widget's window is on, of the first one where it is not shown yet."""
    screen, window, area = GDK.gdk_screen_get_default(), GTK.gtk_widget_get_window(widget), Rectangle()
    monitor = GDK.gdk_screen_get_monitor_at_window(screen, window) if window else GDK.gdk_screen_get_primary_monitor(screen)
    GDK.gdk_screen_get_monitor_geometry(screen, monitor, ctypes.byref(area))
    return area.height


def set_font(widget, name):
    """Let a widget write in a font: "monospace", or "8" for a size alone."""
    font = PANGO.pango_font_description_from_string(name)
    GTK.gtk_widget_modify_font(widget, font)
    PANGO.pango_font_description_free(font)


def set_focus_order(container, widgets):
    """Let the keyboard's focus go through a container's widgets in that order, wherever they are."""
    chain = None
    for widget in widgets:
        chain = GLIB.g_list_append(chain, widget)
    GTK.gtk_container_set_focus_chain(container, chain)
    GLIB.g_list_free(chain)
