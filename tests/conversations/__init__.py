"""Conversations, in the words of the people who have them, through the playground over HTTP."""
