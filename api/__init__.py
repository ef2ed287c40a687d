"""The HTTP face: what programs of shops read and do, the Telegram webhook, health."""
