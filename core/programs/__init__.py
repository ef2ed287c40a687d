"""Programs that act for a shop: their keys, what they follow, the answers they were given."""
