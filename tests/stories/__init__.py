"""Whole stories, told over real HTTP."""
