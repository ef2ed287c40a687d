"""A whole house, its Telegram and its people in one event loop whose time is not real."""
