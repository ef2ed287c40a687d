"""What processes share, by a real Redis."""
