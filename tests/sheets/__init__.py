"""Order exports: what they hold, how they are written, and what hides in them."""
