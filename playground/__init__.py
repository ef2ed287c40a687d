"""A local Telegram: Bot API server, several people's phones, and a page to watch them."""
