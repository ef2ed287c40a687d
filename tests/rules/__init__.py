"""Pure rules and parsers."""
