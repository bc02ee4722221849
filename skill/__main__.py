"""`python -m skill` is the face-guide command."""

from skill.cli import main

main(prog_name="face-guide")
