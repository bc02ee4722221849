"""The skill as a web service that only Alexa can talk to."""
