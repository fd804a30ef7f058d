"""The methods of the Slack Web API, one module per family; each has a table ``METHODS``."""
