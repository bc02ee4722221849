"""What puts the skill where people can use it: the package for AWS Lambda, the store, and the proof of both."""
