"""The HTTP face: the Telegram webhook and health."""
