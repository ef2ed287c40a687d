"""What a person may do in chat: each handler parses, runs one use case, shows one screen."""
