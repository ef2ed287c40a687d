"""Shops, the people who work in them, and whom they are bound to."""
