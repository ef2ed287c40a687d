"""The playground is trusted by every other test, so it is tested against real Telegram clients."""
