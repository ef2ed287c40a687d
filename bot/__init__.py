"""The chat face: updates in through aiogram, alerts out through python-telegram-bot."""
