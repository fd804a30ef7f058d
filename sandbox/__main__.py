"""``python -m sandbox``: the same as the ``bilan-sandbox`` command."""

from sandbox.cli import main

if __name__ == "__main__":
    main()
