"""Buttons: one CallbackData class per decision."""
