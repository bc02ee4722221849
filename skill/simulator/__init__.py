"""A smart speaker without Amazon: local ears, request envelopes, and a conversation with the real handler."""
