"""What happens by the clock: reminders, silence, quiet hours, digests, figures."""
