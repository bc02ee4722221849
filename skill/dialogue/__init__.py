"""State, turn and findings to a reply and the next state: pure functions, without a word of speech in them."""
