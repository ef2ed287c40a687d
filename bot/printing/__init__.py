"""Printed paper as PDF: values in, bytes out; nothing here asks the database or the chat."""
