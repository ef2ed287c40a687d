"""The machinery of the chat face, tried against the playground and a real database file."""
