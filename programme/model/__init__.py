"""Plain dataclasses of the programme, with their transitions."""
