"""Selling platforms: how they are asked, signed for and understood."""
