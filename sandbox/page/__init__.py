"""The workspace in a browser: what people of the sandbox see, and forms with which they act."""
