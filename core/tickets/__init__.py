"""电子面单: numbers drawn from a platform, so that a concealed order is printed and shipped."""
