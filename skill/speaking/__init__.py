"""A reply to what the speaker says: SSML, plain text and card. The only room that knows Jinja."""
