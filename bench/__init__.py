"""Figures for the promises about speed: each beside its floor, measured in the same run."""
