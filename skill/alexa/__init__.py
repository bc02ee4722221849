"""The shell on ask-sdk-core: envelopes in, envelopes out, and the last resort."""
